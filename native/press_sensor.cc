// Lens and sensor: blur, exposure, noise, vignetting, tone curve.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "press.h"
#include "press_noise.h"

namespace relievo::press {
namespace {

float srgb(float v) {
  v = clamp01(v);
  return v <= 0.0031308f ? 12.92f * v : 1.055f * std::pow(v, 1 / 2.4f) - 0.055f;
}

// Noise of one colour of a row; every place has its own number.
__attribute__((target_clones("avx2", "default"))) void grainRow(uint32_t seed, uint32_t first, int n, float* __restrict out) {
  for (int c = 0; c < n; ++c) out[3 * c] = nearlyNormal(seed, first + static_cast<uint32_t>(c));
}

struct Exposure {
  float gain, balance[3], shot2, read2;
};

// Ground and specimens laid over each other, what is out of focus softened.
__attribute__((target_clones("avx2", "default"))) void layOver(const float* front, const float* back, const float* cover, const float* hidden, int n, float* __restrict out) {
  for (int c = 0; c < n; ++c) {
    float clear = 1 / (hidden[c] > 0.02f ? hidden[c] : 0.02f), behind = 1 - cover[c];
    for (int k = 0; k < 3; ++k) out[3 * c + k] = back[3 * c + k] * clear * behind + front[3 * c + k];
  }
}

__attribute__((target_clones("avx2", "default"))) void soften(const float* soft, const float* front, const float* cover, const float* depth, float blur, float focus, int n, float* __restrict out) {
  for (int c = 0; c < n; ++c) {
    float share = clamp01(blur * std::abs(depth[c] - focus)) * cover[c] * smoothstep(0.9f, 1.0f, cover[c]);
    for (int k = 0; k < 3; ++k) out[3 * c + k] += (soft[3 * c + k] - front[3 * c + k]) * share;
  }
}

// What the sensor makes of it: vignetting, balance, noise.
__attribute__((target_clones("avx2", "default"))) void exposeRow(const float* grain, Exposure e, float vignette, float dy, float halfWidth, float half, int n, float* __restrict v) {
  for (int c = 0; c < n; ++c) {
    float dx = (static_cast<float>(c) - halfWidth) / half, shade = 1 - vignette * (dx * dx + dy * dy);
    for (int k = 0; k < 3; ++k) {
      float x = v[3 * c + k] * e.gain * e.balance[k] * shade;
      v[3 * c + k] = x + grain[3 * c + k] * std::sqrt(e.shot2 * (x > 0 ? x : 0.0f) + e.read2);
    }
  }
}

}  // namespace

Picture develop(const RenderJob& job, Layers layers) {
  auto& [front, back, cover, depth, label] = layers;
  const Sensor& s = job.sensor;
  int h = front.rows, w = front.cols;
  Picture out;
  out.label = label;

  // Lens: the ground lies below the plane of focus and is blurred more; what it hides does not shine through.
  cv::Mat1f hidden = 1 - cover;
  cv::GaussianBlur(back, back, {}, s.ground);
  cv::GaussianBlur(hidden, hidden, {}, s.ground);
  cv::Mat3f soft;
  if (s.depthBlur > 0) cv::GaussianBlur(front, soft, {}, s.sharp + 2.5);
  cv::GaussianBlur(front, front, {}, s.sharp);
  cv::GaussianBlur(cover, cover, {}, s.sharp);

  // Exposure: the bright part of the specimens (97 in 100 of their pixels) comes to the level the photographer chose.
  std::vector<float> levels;
  for (int r = 0; r < h; r += 3)
    for (int c = 0; c < w; c += 3)
      if (cover(r, c) > 0.98f) levels.push_back(front(r, c)[1] * 0.7f + front(r, c)[0] * 0.2f + front(r, c)[2] * 0.1f);
  float bright = 0.5f;
  if (!levels.empty()) {
    auto at = levels.begin() + static_cast<std::ptrdiff_t>(0.97 * static_cast<double>(levels.size() - 1));
    std::nth_element(levels.begin(), at, levels.end());
    bright = std::max(1e-4f, *at);
  }
  float gain = s.exposure / bright;

  cv::Mat3f grain(h, w);
  for (int r = 0; r < h; ++r)
    for (int k = 0; k < 3; ++k) grainRow(s.seed + 977u * static_cast<uint32_t>(k), static_cast<uint32_t>(r * w), w, grain.ptr<float>(r) + k);
  if (s.noiseGrain > 0.2f) {  // demosaicking and the camera's own smoothing spread the noise
    cv::GaussianBlur(grain, grain, {}, s.noiseGrain);
    grain *= 3.3 * s.noiseGrain;
  }

  std::vector<uchar> curve(4097);
  for (int i = 0; i <= 4096; ++i) curve[static_cast<size_t>(i)] = cv::saturate_cast<uchar>(255 * srgb(static_cast<float>(i) / 4096));
  out.rgb.create(h, w);
  float half = 0.5f * std::hypot(static_cast<float>(w), static_cast<float>(h));
  Exposure e{gain, {s.balance.x, s.balance.y, s.balance.z}, s.shot * s.shot, s.read * s.read};
  std::vector<float> row(static_cast<size_t>(w) * 3);
  for (int r = 0; r < h; ++r) {
    layOver(front.ptr<float>(r), back.ptr<float>(r), cover[r], hidden[r], w, row.data());
    if (s.depthBlur > 0) soften(soft.ptr<float>(r), front.ptr<float>(r), cover[r], depth[r], s.depthBlur, job.camera.distance, w, row.data());
    exposeRow(grain.ptr<float>(r), e, s.vignette, (static_cast<float>(r) - 0.5f * static_cast<float>(h)) / half, 0.5f * static_cast<float>(w), half, w, row.data());
    uchar* o = out.rgb.ptr<uchar>(r);
    for (size_t i = 0; i < row.size(); ++i) {
      float v = row[i];
      if (v > 0.8f) v = 0.8f + 0.2f * std::tanh((v - 0.8f) / 0.2f);  // the shoulder of the tone curve
      o[i] = curve[static_cast<size_t>(std::clamp(v, 0.0f, 1.0f) * 4096.0f)];
    }
  }
  return out;
}

}  // namespace relievo::press
