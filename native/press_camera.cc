// A pinhole camera over the height field, its lens and its sensor.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "press.h"
#include "press_noise.h"

namespace relievo::press {

// The camera looks at (0, 0, faceZ) from `distance`, tipped from the vertical by `tilt` towards `tiltAzimuth`;
// with no tilt the picture's right is +x and its up is +y.
View::View(const Camera& c) : camera(c) {
  float st = std::sin(c.tilt), ct = std::cos(c.tilt), sa = std::sin(c.tiltAzimuth), ca = std::cos(c.tiltAzimuth);
  Vec3 out{st * ca, st * sa, ct};
  eye = {c.distance * out.x, c.distance * out.y, c.faceZ + c.distance * out.z};
  forward = {-out.x, -out.y, -out.z};
  // Turn the untilted frame about the horizontal axis that is perpendicular to the tilt (Rodrigues).
  Vec3 axis{-sa, ca, 0};
  auto turn = [&](Vec3 v) {
    float dot = axis.x * v.x + axis.y * v.y + axis.z * v.z;
    Vec3 cross{axis.y * v.z - axis.z * v.y, axis.z * v.x - axis.x * v.z, axis.x * v.y - axis.y * v.x};
    return Vec3{v.x * ct + cross.x * st + axis.x * dot * (1 - ct), v.y * ct + cross.y * st + axis.y * dot * (1 - ct), v.z * ct + cross.z * st + axis.z * dot * (1 - ct)};
  };
  right = turn({1, 0, 0});
  up = turn({0, 1, 0});
}

Vec3 View::ray(float px, float py) const {
  float a = px - 0.5f * static_cast<float>(camera.width), b = 0.5f * static_cast<float>(camera.height) - py, f = camera.focal;
  return {forward.x * f + right.x * a + up.x * b, forward.y * f + right.y * a + up.y * b, forward.z * f + right.z * a + up.z * b};
}

void View::onPlane(float px, float py, float z, float& x, float& y) const {
  Vec3 d = ray(px, py);
  float t = (z - eye.z) / d.z;
  x = eye.x + t * d.x;
  y = eye.y + t * d.y;
}

namespace {

constexpr int kBlock = 16;

struct Bounds {
  int width, height;
  std::vector<float> least, most;

  explicit Bounds(const Field& f) : width((f.width + kBlock - 1) / kBlock), height((f.height + kBlock - 1) / kBlock) {
    cv::Mat1f lo(height, width, 1e9f), hi(height, width, -1e9f);
    for (int r = 0; r < f.height; ++r) {
      const float* z = f.z[r];
      float *a = lo[r / kBlock], *b = hi[r / kBlock];
      for (int c = 0; c < f.width; ++c) {
        a[c / kBlock] = std::min(a[c / kBlock], z[c]);
        b[c / kBlock] = std::max(b[c / kBlock], z[c]);
      }
    }
    // A ray near a block's edge may cross into its neighbour.
    cv::Mat1f loWide, hiWide;
    cv::erode(lo, loWide, cv::Mat::ones(3, 3, CV_8U));
    cv::dilate(hi, hiWide, cv::Mat::ones(3, 3, CV_8U));
    least.assign(loWide.begin(), loWide.end());
    most.assign(hiWide.begin(), hiWide.end());
  }
};

struct Hit {
  cv::Vec3f radiance;
  float depth;
  uchar label;
  bool ground;
};

class Tracer {
 public:
  Tracer(const RenderJob& job, const View& view, const Field& field, const cv::Mat3f& radiance)
      : job_(job), view_(view), f_(field), radiance_(radiance), bounds_(field), cliff_(0.5f * job.shadeScale) {}

  // Needs more than one sample: a wall of some height near this pixel.
  bool steep(float px, float py) const {
    float x, y;
    view_.onPlane(px, py, job_.camera.faceZ, x, y);
    int b = block(x, y);
    return bounds_.most[b] - bounds_.least[b] > 2 * cliff_;
  }

  Hit trace(float px, float py) const {
    Vec3 d = view_.ray(px, py);
    float sx = d.x / d.z, sy = d.y / d.z;  // lateral step for one mm of height
    auto at = [&](float z, float& x, float& y) { x = view_.eye.x + (z - view_.eye.z) * sx, y = view_.eye.y + (z - view_.eye.z) * sy; };
    float x, y, top = bounds_.most[0], low = bounds_.least[0];
    // From the highest thing in reach to the lowest: first where the face would be, then where the ground would be.
    at(job_.camera.faceZ, x, y);
    int a = block(x, y);
    at(0, x, y);
    int b = block(x, y);
    top = std::max(bounds_.most[a], bounds_.most[b]) + 1e-3f;
    low = std::min(bounds_.least[a], bounds_.least[b]) - 1e-3f;
    float slant = std::max(std::abs(sx), std::abs(sy));
    float drop = slant > 1e-4f ? std::min(0.8f * f_.cell / slant, 0.5f * (top - low) + 1e-4f) : 0.5f * (top - low) + 1e-4f;
    float zHigh = top, z = top;
    for (int k = 0; k < 400; ++k) {
      at(z, x, y);
      if (height(x, y) >= z || z <= low) break;
      zHigh = z;
      z -= drop;
    }
    float zLow = z;
    for (int k = 0; k < 7; ++k) {
      float m = 0.5f * (zHigh + zLow);
      at(m, x, y);
      if (height(x, y) >= m) zLow = m; else zHigh = m;
    }
    at(zLow, x, y);
    return shade(x, y, zLow);
  }

 private:
  int block(float x, float y) const {
    int c = std::clamp(static_cast<int>((x - f_.left) / f_.cell) / kBlock, 0, bounds_.width - 1);
    int r = std::clamp(static_cast<int>((f_.top - y) / f_.cell) / kBlock, 0, bounds_.height - 1);
    return r * bounds_.width + c;
  }

  void cellOf(float x, float y, int& c, int& r, float& fu, float& fv) const {
    float u = std::clamp((x - f_.left) / f_.cell - 0.5f, 0.0f, static_cast<float>(f_.width) - 1.001f);
    float v = std::clamp((f_.top - y) / f_.cell - 0.5f, 0.0f, static_cast<float>(f_.height) - 1.001f);
    c = static_cast<int>(u), r = static_cast<int>(v);
    fu = u - static_cast<float>(c), fv = v - static_cast<float>(r);
  }

  float height(float x, float y) const {
    int c, r;
    float fu, fv;
    cellOf(x, y, c, r, fu, fv);
    const float *a = f_.z[r] + c, *b = f_.z[r + 1] + c;
    float top = a[0] + (a[1] - a[0]) * fu, bottom = b[0] + (b[1] - b[0]) * fu;
    return top + (bottom - top) * fv;
  }

  Hit shade(float x, float y, float z) const {
    int c, r;
    float fu, fv;
    cellOf(x, y, c, r, fu, fv);
    const float *a = f_.z[r] + c, *b = f_.z[r + 1] + c;
    float hi = std::max({a[0], a[1], b[0], b[1]}), lo = std::min({a[0], a[1], b[0], b[1]});
    Vec3 to{x - view_.eye.x, y - view_.eye.y, z - view_.eye.z};
    float depth = to.x * view_.forward.x + to.y * view_.forward.y + to.z * view_.forward.z;
    if (hi - lo > cliff_) {
      // Top and foot of a wall share these cells: take the one the ray met, or the wall itself.
      if (z > hi - 0.25f * cliff_ || z < lo + 0.1f * cliff_) {
        bool top = z > hi - 0.25f * cliff_;
        int bestR = r, bestC = c;
        float best = 1e9f;
        for (int j = 0; j < 2; ++j)
          for (int i = 0; i < 2; ++i) {
            bool high = f_.z(r + j, c + i) > 0.5f * (hi + lo);
            if (high != top) continue;
            float d = std::abs(static_cast<float>(i) - fu) + std::abs(static_cast<float>(j) - fv);
            if (d < best) best = d, bestR = r + j, bestC = c + i;
          }
        uchar label = f_.label(bestR, bestC);
        return {radiance_(bestR, bestC), depth, label, label == 0};
      }
      return wall(c, r, z, hi, lo, depth);
    }
    cv::Vec3f top = radiance_(r, c) * (1 - fu) + radiance_(r, c + 1) * fu, bottom = radiance_(r + 1, c) * (1 - fu) + radiance_(r + 1, c + 1) * fu;
    uchar label = f_.label(fv < 0.5f ? r : r + 1, fu < 0.5f ? c : c + 1);
    return {top * (1 - fv) + bottom * fv, depth, label, label == 0};
  }

  // The side of a specimen, which the height field has no cells for: shaded here from the direction it faces.
  Hit wall(int c, int r, float z, float hi, float lo, float depth) const {
    int reach = 3;
    float nx = 0, ny = 0;
    int upC = c, upR = r;
    float best = -1e9f;
    for (int j = -reach; j <= reach; ++j)
      for (int i = -reach; i <= reach; ++i) {
        int rr = std::clamp(r + j, 0, f_.height - 1), cc = std::clamp(c + i, 0, f_.width - 1);
        float h = f_.z(rr, cc);
        nx -= h * static_cast<float>(i);
        ny += h * static_cast<float>(j);
        float score = (h > 0.5f * (hi + lo) ? 100.0f : 0.0f) - static_cast<float>(i * i + j * j);
        if (score > best) best = score, upC = cc, upR = rr;
      }
    float norm = 1 / std::max(1e-6f, std::hypot(nx, ny));
    nx *= norm, ny *= norm;
    float lit = 0;
    const Table& samples = job_.lamp.samples;
    for (int i = 0; i < samples.rows; ++i) {
      const float* s = samples.row(i);
      lit += s[3] * std::max(0.0f, s[0] * nx + s[1] * ny);
    }
    float level = clamp01(z / std::max(0.1f, hi));
    const Lamp& lamp = job_.lamp;
    float rough = 1 + 0.12f * noise(77, static_cast<float>(c) * 0.3f, z * 9 / job_.shadeScale + static_cast<float>(r) * 0.3f);
    cv::Vec3f sky = cv::Vec3f(lamp.ambient.x, lamp.ambient.y, lamp.ambient.z) * (0.2f + 0.35f * level);
    cv::Vec3f albedo = f_.albedo(upR, upC);
    cv::Vec3f radiance = albedo.mul(cv::Vec3f(lamp.colour.x, lamp.colour.y, lamp.colour.z) * (lit * rough * (0.75f + 0.25f * level)) + sky * rough);
    return {radiance, depth, static_cast<uchar>(254), false};
  }

  const RenderJob& job_;
  const View& view_;
  const Field& f_;
  const cv::Mat3f& radiance_;
  Bounds bounds_;
  float cliff_;
};

float srgb(float v) {
  v = clamp01(v);
  return v <= 0.0031308f ? 12.92f * v : 1.055f * std::pow(v, 1 / 2.4f) - 0.055f;
}

}  // namespace

Picture photograph(const RenderJob& job, const View& view, const Field& field, const cv::Mat3f& radiance) {
  int w = job.camera.width, h = job.camera.height;
  Tracer tracer(job, view, field, radiance);
  Picture out;
  out.label.create(h, w);
  cv::Mat3f front(h, w), back(h, w);     // specimens premultiplied by their cover, and the ground behind them
  cv::Mat1f cover(h, w), depth(h, w);
  for (int r = 0; r < h; ++r)
    for (int c = 0; c < w; ++c) {
      float px = static_cast<float>(c), py = static_cast<float>(r);
      int side = tracer.steep(px + 0.5f, py + 0.5f) ? 2 : 1;
      cv::Vec3f near(0, 0, 0), far(0, 0, 0);
      float nears = 0, fars = 0, z = 0, step = 1 / static_cast<float>(side);
      for (int j = 0; j < side; ++j)
        for (int i = 0; i < side; ++i) {
          Hit hit = tracer.trace(px + (static_cast<float>(i) + 0.5f) * step, py + (static_cast<float>(j) + 0.5f) * step);
          if (hit.ground) far += hit.radiance, fars += 1; else near += hit.radiance, nears += 1;
          z += hit.depth;
          out.label(r, c) = hit.label;
        }
      float all = 1 / static_cast<float>(side * side);
      front(r, c) = near * all;
      back(r, c) = far * all;
      cover(r, c) = nears * all;
      depth(r, c) = z * all;
    }

  // Lens: the ground lies below the plane of focus and is blurred more; what it hides does not shine through.
  const Sensor& s = job.sensor;
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
