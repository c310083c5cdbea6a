// Seeded noise for the press simulator: the same seed gives the same surface on every machine.
#pragma once

#include <cmath>
#include <cstdint>

namespace relievo::press {

inline uint32_t mix(uint32_t h) {
  h ^= h >> 16;
  h *= 0x7feb352du;
  h ^= h >> 15;
  h *= 0x846ca68bu;
  h ^= h >> 16;
  return h;
}

// A value in [-1, 1) that belongs to one point of the integer lattice.
inline float lattice(uint32_t seed, int x, int y) {
  uint32_t h = mix(seed ^ (static_cast<uint32_t>(x) * 0x9e3779b1u) ^ (static_cast<uint32_t>(y) * 0x85ebca77u));
  return static_cast<float>(static_cast<int32_t>(h)) * (1.0f / 2147483648.0f);
}

inline int floorInt(float v) {
  int i = static_cast<int>(v);
  return v < static_cast<float>(i) ? i - 1 : i;
}

// Value noise with features of about one unit, in [-1, 1], standard deviation about 0.37.
inline float noise(uint32_t seed, float x, float y) {
  int ix = floorInt(x), iy = floorInt(y);
  float fx = x - static_cast<float>(ix), fy = y - static_cast<float>(iy);
  fx = fx * fx * (3.0f - 2.0f * fx);
  fy = fy * fy * (3.0f - 2.0f * fy);
  float a = lattice(seed, ix, iy), b = lattice(seed, ix + 1, iy);
  float c = lattice(seed, ix, iy + 1), d = lattice(seed, ix + 1, iy + 1);
  float top = a + (b - a) * fx, bottom = c + (d - c) * fx;
  return top + (bottom - top) * fy;
}

// Fractal sum of `octaves` noises, each twice as fine and `gain` times as strong.
inline float fractal(uint32_t seed, float x, float y, int octaves, float gain) {
  float sum = 0.0f, amplitude = 1.0f;
  for (int o = 0; o < octaves; ++o) {
    sum += amplitude * noise(seed + 0x3c6ef372u * static_cast<uint32_t>(o + 1), x, y);
    x = 2.0f * x + 17.3f;
    y = 2.0f * y - 9.1f;
    amplitude *= gain;
  }
  return sum;
}

// The sum of four 16-bit parts of two hashes: normal enough for a sensor (kurtosis 2.7), mean 0, deviation 1.
inline float nearlyNormal(uint32_t seed, uint32_t index) {
  uint32_t a = mix(seed ^ (index * 0x9e3779b1u)), b = mix(a + 0x632be5abu);
  int sum = static_cast<int>((a & 0xffffu) + (a >> 16) + (b & 0xffffu) + (b >> 16)) - 131070;
  return static_cast<float>(sum) * (1.0f / 37837.0f);
}

// A row of points; the noise of a row is computed in wide registers and is the same as point by point.
struct Row {
  const float *u, *v;
  int n;
};

// u or v times these two, in this order.
struct Factor {
  float a, b = 1;
};

// noise(seed, u fu, v fv) and fractal(seed, u fu, v fv, octaves, gain) of every point; `out` holds n numbers.
void noiseRow(uint32_t seed, const Row& row, Factor fu, Factor fv, float* out);
void fractalRow(uint32_t seed, const Row& row, Factor fu, Factor fv, int octaves, float gain, float* out);

inline float clamp01(float v) { return v < 0.0f ? 0.0f : (v > 1.0f ? 1.0f : v); }

inline float smoothstep(float a, float b, float v) {
  float t = clamp01((v - a) / (b - a));
  return t * t * (3.0f - 2.0f * t);
}

}  // namespace relievo::press
