// A pinhole camera over the height field: what every pixel sees.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "press.h"
#include "press_noise.h"
#include "press_rays.h"

namespace relievo::press {

namespace {

struct Hit {
  cv::Vec3f radiance;
  float depth;
  uchar label;
};

class Tracer {
 public:
  Tracer(const RenderJob& job, const View& view, const Field& field, const cv::Mat3f& radiance)
      : job_(job), view_(view), f_(field), radiance_(radiance), bounds_(field), per_(1 / field.cell), cliff_(0.5f * job.shadeScale) {}

  // Makes the rays of n places on the picture ready.
  void aim(Rays& rays, int n) const { aimRays(view_, f_, bounds_, rays, n); }

  // What ray i meets.
  Hit trace(const Rays& rays, size_t i) const {
    float sx = rays.sx[i], sy = rays.sy[i], x0 = rays.x0[i], y0 = rays.y0[i], top = rays.top[i], low = rays.low[i], face = job_.camera.faceZ;
    if (top - low <= cliff_) {
      // Gentle relief: the height under the ray's own point, a few times over, finds the point.
      float z = 0.5f * (top + low), h = z;
      for (int k = 0; k < 4; ++k) {
        h = height(x0 + z * sx, y0 + z * sy);
        if (std::abs(h - z) < 0.012f * job_.shadeScale) break;
        z = k < 2 ? h : 0.5f * (z + h);
      }
      return blend(x0 + z * sx, y0 + z * sy, z);
    }
    top += 1e-3f;
    low -= 1e-3f;
    float slant = std::max(std::abs(sx), std::abs(sy));
    float drop = std::min(0.3f * f_.cell / std::max(slant, 1e-4f), 0.1f * (top - low));
    float high = top, z = top, below = face - 0.8f * job_.shadeScale;
    while (z > low && height(x0 + z * sx, y0 + z * sy) < z) {
      high = z;
      z -= z > below ? drop : 3 * drop;  // the rim wants small steps, the way down its side does not
    }
    float under = std::max(z, low);
    for (int k = 0; k < 6; ++k) {
      float m = 0.5f * (high + under);
      if (height(x0 + m * sx, y0 + m * sy) >= m) under = m; else high = m;
    }
    return shade(x0 + under * sx, y0 + under * sy, under, slant);
  }

 private:
  void cellOf(float x, float y, int& c, int& r, float& fu, float& fv) const {
    float u = std::clamp((x - f_.left) * per_ - 0.5f, 0.0f, static_cast<float>(f_.width) - 1.01f);
    float v = std::clamp((f_.top - y) * per_ - 0.5f, 0.0f, static_cast<float>(f_.height) - 1.01f);
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

  float depthOf(float x, float y, float z) const {
    return (x - view_.eye.x) * view_.forward.x + (y - view_.eye.y) * view_.forward.y + (z - view_.eye.z) * view_.forward.z;
  }

  Hit blend(float x, float y, float z) const {
    int c, r;
    float fu, fv;
    cellOf(x, y, c, r, fu, fv);
    const cv::Vec3f *a = radiance_[r] + c, *b = radiance_[r + 1] + c;
    float w00 = (1 - fu) * (1 - fv), w01 = fu * (1 - fv), w10 = (1 - fu) * fv, w11 = fu * fv;
    cv::Vec3f out;
    for (int k = 0; k < 3; ++k) out[k] = a[0][k] * w00 + a[1][k] * w01 + b[0][k] * w10 + b[1][k] * w11;
    return {out, depthOf(x, y, z), f_.label(fv < 0.5f ? r : r + 1, fu < 0.5f ? c : c + 1)};
  }

  // Top, foot or side of a wall. Rims are smooth because their cells are as high as they are covered; what is seen is
  // decided by height, and its brightness comes from the nearest cell that lies wholly on that side.
  Hit shade(float x, float y, float z, float slant) const {
    int c, r;
    float fu, fv;
    cellOf(x, y, c, r, fu, fv);
    float hi = -1e9f, lo = 1e9f;
    int r0 = std::max(0, r - 1), r1 = std::min(f_.height - 1, r + 2), c0 = std::max(0, c - 1), c1 = std::min(f_.width - 1, c + 2);
    for (int j = r0; j <= r1; ++j)
      for (int i = c0; i <= c1; ++i) hi = std::max(hi, f_.z(j, i)), lo = std::min(lo, f_.z(j, i));
    if (hi - lo <= cliff_) return blend(x, y, z);
    float tall = hi - lo, seen = slant * tall * per_;  // how many cells wide the wall appears
    float rim = hi - 0.3f * cliff_, foot = seen < 1.5f ? rim : lo + 0.15f * cliff_;
    if (z < rim && z > foot) return wallAt(c, r, x, y, z, hi, lo);
    bool top = z >= rim;
    int bestR = r, bestC = c;
    float best = 1e9f;
    for (int j = r0; j <= r1; ++j)
      for (int i = c0; i <= c1; ++i) {
        float h = f_.z(j, i);
        if (top ? h < hi - 0.3f * cliff_ : h > lo + 0.3f * cliff_) continue;
        float dx = static_cast<float>(i - c) - fu, dy = static_cast<float>(j - r) - fv, d = dx * dx + dy * dy;
        if (d < best) best = d, bestR = j, bestC = i;
      }
    return {radiance_(bestR, bestC), depthOf(x, y, z), f_.label(bestR, bestC)};
  }

  // The side of a specimen, which the height field has no cells for: shaded here from the direction it faces.
  Hit wallAt(int c, int r, float x, float y, float z, float hi, float lo) const {
    int reach = 4;
    float edge = hi - std::min(cliff_, 0.4f * (hi - lo));  // of a thin thing, cells that are covered by half do not count
    float nx = 0, ny = 0;
    int upC = c, upR = r;
    float best = -1e9f;
    for (int j = -reach; j <= reach; ++j)
      for (int i = -reach; i <= reach; ++i) {
        int rr = std::clamp(r + j, 0, f_.height - 1), cc = std::clamp(c + i, 0, f_.width - 1);
        float h = f_.z(rr, cc);
        nx -= h * static_cast<float>(i);
        ny += h * static_cast<float>(j);
        float score = (h > edge ? 100.0f : 0.0f) - static_cast<float>(i * i + j * j);
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
    float level = clamp01((z - lo) / std::max(0.1f, hi - lo));
    const Lamp& lamp = job_.lamp;
    float grain = 25 / job_.shadeScale;
    float rough = 1 + 0.25f * noise(77, (x * ny - y * nx) * grain, z * grain) + 0.15f * noise(78, (x * ny - y * nx) * grain * 0.2f, z * grain * 0.2f);
    cv::Vec3f sky = 0.5f * cv::Vec3f(lamp.ambient.x, lamp.ambient.y, lamp.ambient.z);
    cv::Vec3f albedo = f_.albedo(upR, upC);
    cv::Vec3f radiance = rough * albedo.mul(cv::Vec3f(lamp.colour.x, lamp.colour.y, lamp.colour.z) * (lit * (0.75f + 0.25f * level)) + sky + thrownBack(x, y, z - std::max(0.0f, lo), nx, ny));
    return {radiance, depthOf(x, y, z), static_cast<uchar>(254)};
  }

  // What the ground in front of a wall throws onto it `above` mm higher up: a vertical patch sees as much ground as sky. Of
  // that half a third each comes from nearer and farther strips, seen under angles whose sines are 5/6, 1/2 and 1/6.
  cv::Vec3f thrownBack(float x, float y, float above, float nx, float ny) const {
    cv::Vec3f sum(0, 0, 0);
    for (float reach : {0.66f, 1.73f, 5.92f}) {
      float d = 2 * f_.cell + reach * std::max(0.0f, above);
      int c, r;
      float fu, fv;
      cellOf(x + nx * d, y + ny * d, c, r, fu, fv);
      sum += radiance_(r, c);
    }
    return sum * (0.5f / 3);
  }

  const RenderJob& job_;
  const View& view_;
  const Field& f_;
  const cv::Mat3f& radiance_;
  Bounds bounds_;
  float per_, cliff_;
};

}  // namespace

Layers look(const RenderJob& job, const View& view, const Field& field, const cv::Mat3f& radiance) {
  int w = job.camera.width, h = job.camera.height;
  Tracer tracer(job, view, field, radiance);
  Layers out{cv::Mat3f(h, w), cv::Mat3f(h, w), cv::Mat1f(h, w), cv::Mat1f(h, w), cv::Mat1b(h, w)};
  auto& [front, back, cover, depth, label] = out;
  auto put = [front = front, back = back, cover = cover, depth = depth](int r, int c, const cv::Vec3f& near, const cv::Vec3f& far, float nears, float z) mutable {
    front(r, c) = near;
    back(r, c) = far;
    cover(r, c) = nears;
    depth(r, c) = z;
  };
  Rays row(static_cast<size_t>(w));
  for (int r = 0; r < h; ++r) {
    for (int c = 0; c < w; ++c) row.px[static_cast<size_t>(c)] = static_cast<float>(c) + 0.5f, row.py[static_cast<size_t>(c)] = static_cast<float>(r) + 0.5f;
    tracer.aim(row, w);
    for (int c = 0; c < w; ++c) {
      Hit hit = tracer.trace(row, static_cast<size_t>(c));
      label(r, c) = hit.label;
      if (hit.label == 0) put(r, c, {0, 0, 0}, hit.radiance, 0, hit.depth); else put(r, c, hit.radiance, {0, 0, 0}, 1, hit.depth);
    }
  }

  // Pixels on an edge get more rays.
  constexpr int kSide = 3;
  constexpr float kShare = 1.0f / (kSide * kSide);
  float jump = 0.25f * job.shadeScale;
  cv::Mat1b edge(h, w, static_cast<uchar>(0));
  for (int r = 0; r + 1 < h; ++r)
    for (int c = 0; c + 1 < w; ++c) {
      const uchar *l = &label(r, c), *below = &label(r + 1, c);
      if (l[0] != l[1] || std::abs(depth(r, c) - depth(r, c + 1)) > jump) edge(r, c) = edge(r, c + 1) = 1;
      if (l[0] != below[0] || std::abs(depth(r, c) - depth(r + 1, c)) > jump) edge(r, c) = edge(r + 1, c) = 1;
    }
  Rays several(kSide * kSide);
  for (int r = 0; r < h; ++r)
    for (int c = 0; c < w; ++c) {
      if (!edge(r, c)) continue;
      cv::Vec3f near(0, 0, 0), far(0, 0, 0);
      float nears = 0, z = 0;
      for (size_t k = 0; k < several.px.size(); ++k) {
        several.px[k] = static_cast<float>(c) + (static_cast<float>(k % kSide) + 0.5f) / kSide;
        several.py[k] = static_cast<float>(r) + (static_cast<float>(k / kSide) + 0.5f) / kSide;
      }
      tracer.aim(several, kSide * kSide);
      for (size_t k = 0; k < several.px.size(); ++k) {
        Hit sub = tracer.trace(several, k);
        if (sub.label == 0) far += sub.radiance; else near += sub.radiance, nears += 1;
        z += sub.depth;
      }
      put(r, c, near * kShare, far * kShare, nears * kShare, z * kShare);
    }

  if (job.camera.rays > 1) {
    cv::Size size(w / job.camera.rays, h / job.camera.rays);
    cv::resize(front, front, size, 0, 0, cv::INTER_AREA);
    cv::resize(back, back, size, 0, 0, cv::INTER_AREA);
    cv::resize(cover, cover, size, 0, 0, cv::INTER_AREA);
    cv::resize(depth, depth, size, 0, 0, cv::INTER_AREA);
    cv::resize(label, label, size, 0, 0, cv::INTER_NEAREST);
  }

  return out;
}

}  // namespace relievo::press
