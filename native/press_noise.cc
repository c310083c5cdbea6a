#include "press_noise.h"

#include <vector>

namespace relievo::press {
namespace {

__attribute__((target_clones("avx2", "default"))) void scaleRow(const float* in, float a, float b, int n, float* __restrict out) {
  for (int i = 0; i < n; ++i) out[i] = in[i] * a * b;
}

__attribute__((target_clones("avx2", "default"))) void addNoise(uint32_t seed, float amplitude, float* __restrict x, float* __restrict y, int n, float* __restrict out) {
  for (int i = 0; i < n; ++i) {
    out[i] += amplitude * noise(seed, x[i], y[i]);
    x[i] = 2.0f * x[i] + 17.3f;
    y[i] = 2.0f * y[i] - 9.1f;
  }
}

}  // namespace

void fractalRow(uint32_t seed, const Row& row, Factor fu, Factor fv, int octaves, float gain, float* out) {
  thread_local std::vector<float> x, y;
  x.resize(static_cast<size_t>(row.n));
  y.resize(static_cast<size_t>(row.n));
  scaleRow(row.u, fu.a, fu.b, row.n, x.data());
  scaleRow(row.v, fv.a, fv.b, row.n, y.data());
  for (int i = 0; i < row.n; ++i) out[i] = 0;
  float amplitude = 1;
  for (int o = 0; o < octaves; ++o) {
    addNoise(seed + 0x3c6ef372u * static_cast<uint32_t>(o + 1), amplitude, x.data(), y.data(), row.n, out);
    amplitude *= gain;
  }
}

// One octave of a fractal has its seed moved on by one step: here it is moved back.
void noiseRow(uint32_t seed, const Row& row, Factor fu, Factor fv, float* out) { fractalRow(seed - 0x3c6ef372u, row, fu, fv, 1, 1, out); }

}  // namespace relievo::press
