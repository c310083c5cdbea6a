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
    for (int c = 0; c < w; ++c)
      for (int k = 0; k < 3; ++k) grain(r, c)[k] = nearlyNormal(s.seed + 977u * static_cast<uint32_t>(k), static_cast<uint32_t>(r * w + c));
  if (s.noiseGrain > 0.2f) {  // demosaicking and the camera's own smoothing spread the noise
    cv::GaussianBlur(grain, grain, {}, s.noiseGrain);
    grain *= 3.3 * s.noiseGrain;
  }

  std::vector<uchar> curve(4097);
  for (int i = 0; i <= 4096; ++i) curve[static_cast<size_t>(i)] = cv::saturate_cast<uchar>(255 * srgb(static_cast<float>(i) / 4096));
  out.rgb.create(h, w);
  float half = 0.5f * std::hypot(static_cast<float>(w), static_cast<float>(h));
  for (int r = 0; r < h; ++r)
    for (int c = 0; c < w; ++c) {
      cv::Vec3f v = back(r, c) * (1 / std::max(0.02f, hidden(r, c))) * (1 - cover(r, c)) + front(r, c);
      if (s.depthBlur > 0) {
        float share = clamp01(s.depthBlur * std::abs(depth(r, c) - job.camera.distance)) * cover(r, c);
        v += (soft(r, c) - front(r, c)) * (share * smoothstep(0.9f, 1.0f, cover(r, c)));
      }
      float dx = (static_cast<float>(c) - 0.5f * static_cast<float>(w)) / half, dy = (static_cast<float>(r) - 0.5f * static_cast<float>(h)) / half;
      float d2 = dx * dx + dy * dy, shade = 1 - s.vignette * d2;
      cv::Vec3b& o = out.rgb(r, c);
      float balance[3] = {s.balance.x, s.balance.y, s.balance.z};
      for (int k = 0; k < 3; ++k) {
        float e = v[k] * gain * balance[k] * shade;
        e += grain(r, c)[k] * std::sqrt(s.shot * s.shot * std::max(0.0f, e) + s.read * s.read);
        e = e > 0.8f ? 0.8f + 0.2f * std::tanh((e - 0.8f) / 0.2f) : e;  // the shoulder of the tone curve
        o[k] = curve[static_cast<size_t>(std::clamp(e, 0.0f, 1.0f) * 4096.0f)];
      }
    }
  return out;
}

}  // namespace relievo::press
