// Lays ground, sheets and specimens into one height field.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "press.h"
#include "press_noise.h"

namespace relievo::press {
namespace {

cv::Vec3f toVec(const Vec3& v) { return {v.x, v.y, v.z}; }

// The ground is out of focus and of coarse texture: half the resolution is enough.
void layGround(Field& whole, const Ground& g) {
  Field f;
  f.cell = 2 * whole.cell, f.left = whole.left, f.top = whole.top;
  f.width = (whole.width + 1) / 2, f.height = (whole.height + 1) / 2;
  f.z.create(f.height, f.width);
  f.albedo.create(f.height, f.width);
  float co = std::cos(g.direction), si = std::sin(g.direction), per = 1 / g.size;
  cv::Vec3f first = toVec(g.albedo), second = toVec(g.second);
  std::vector<float> u(static_cast<size_t>(f.width)), v(u.size());
  std::vector<std::vector<float>> n(6, std::vector<float>(u.size()));
  Row row{u.data(), v.data(), f.width};
  auto one = [&](size_t k, uint32_t seed, float fu, float fv) { noiseRow(g.seed + seed, row, {fu, per}, {fv, per}, n[k].data()); };
  auto sum = [&](size_t k, uint32_t seed, Factor fu, Factor fv, int octaves, float gain) { fractalRow(g.seed + seed, row, fu, fv, octaves, gain, n[k].data()); };
  for (int r = 0; r < f.height; ++r) {
    float y = f.top - (static_cast<float>(r) + 0.5f) * f.cell;
    for (int c = 0; c < f.width; ++c) {
      float x = f.left + (static_cast<float>(c) + 0.5f) * f.cell;
      u[static_cast<size_t>(c)] = co * x + si * y, v[static_cast<size_t>(c)] = -si * x + co * y;
    }
    switch (g.kind) {
      case 0: sum(0, 0, {per}, {per}, 4, 0.6f), one(1, 5, 0.25f, 0.25f), one(2, 8, 3, 3); break;
      case 1: sum(0, 0, {per}, {per, 0.6f}, 3, 0.6f), one(1, 4, 0.3f, 1), sum(2, 7, {0.2f, per}, {0.2f, per}, 2, 0.7f); break;
      case 2: one(0, 0, 1, 1), sum(1, 1, {per, 0.7f}, {per, 0.7f}, 2, 0.6f), sum(2, 2, {0.02f, per}, {0.02f, per}, 3, 0.6f); break;
      case 3: one(0, 0, 0.02f, 0.12f), one(1, 3, 0.1f, 0.5f), one(2, 1, 0.05f, 2), one(3, 2, 0.15f, 2.5f), one(4, 4, 0.1f, 3), one(5, 6, 0.03f, 0.06f); break;
      default: one(0, 0, 0.04f, 2), one(1, 1, 0.1f, 5), one(2, 2, 0.02f, 0.02f); break;
    }
    float* z = f.z[r];
    cv::Vec3f* a = f.albedo[r];
    for (size_t c = 0; c < u.size(); ++c) {
      float height = 0, tone = 1, blend = 0;
      switch (g.kind) {
        case 0:  // velvet: tufts, dark between them, and lint
          height = g.roughness * n[0][c];
          tone = 1 + g.variation * n[0][c] + 0.3f * n[1][c];
          if (n[2][c] > 0.93f) tone += 2.5f;
          break;
        case 1:  // paper and card: felted fibres
          height = g.roughness * (n[0][c] + 0.5f * n[1][c]);
          tone = 1 + g.variation * n[2][c];
          break;
        case 2:  // bench laminate: a speckled print, stains, smooth
          height = g.roughness * n[0][c];
          blend = smoothstep(0.28f, 0.42f, n[1][c]);
          tone = 1 + g.variation * n[2][c];
          break;
        case 3: {  // wood: rings stretched along the grain, with pores
          float ring = n[0][c] * 7 + v[c] * 0.25f * per + 0.35f * n[1][c];
          float w = ring - std::floor(ring);
          blend = 0.75f * w * w + 0.3f * n[2][c];
          float pore = smoothstep(0.45f, 0.7f, n[3][c]);
          height = g.roughness * (0.5f * n[4][c] - 2.5f * pore);
          tone = 1 - 0.45f * pore + g.variation * n[5][c];
          break;
        }
        default: {  // brushed steel
          float s = n[0][c] + 0.6f * n[1][c];
          height = g.roughness * s;
          tone = 1 + g.variation * (s + 0.5f * n[2][c]);
          break;
        }
      }
      blend = clamp01(blend);
      z[c] = height;
      a[c] = (first * (1 - blend) + second * blend) * std::max(0.05f, tone);
    }
  }
  cv::Mat1f z;
  cv::Mat3f albedo;
  cv::resize(f.z, z, {2 * f.width, 2 * f.height}, 0, 0, cv::INTER_LINEAR);
  cv::resize(f.albedo, albedo, z.size(), 0, 0, cv::INTER_LINEAR);
  cv::Rect box(0, 0, whole.width, whole.height);
  z(box).copyTo(whole.z);
  albedo(box).copyTo(whole.albedo);
  whole.gloss = cv::Mat1f(whole.height, whole.width, g.gloss);
}

void laySheet(Field& f, const Sheet& s) {
  float co = std::cos(s.rotation), si = std::sin(s.rotation), reach = 0.5f * std::hypot(s.width, s.height);
  cv::Vec3f paper = toVec(s.albedo), ink = toVec(s.ink);
  int c0 = std::max(0, static_cast<int>((s.x - reach - f.left) / f.cell)), c1 = std::min(f.width - 1, static_cast<int>((s.x + reach - f.left) / f.cell) + 1);
  int r0 = std::max(0, static_cast<int>((f.top - s.y - reach) / f.cell)), r1 = std::min(f.height - 1, static_cast<int>((f.top - s.y + reach) / f.cell) + 1);
  for (int r = r0; r <= r1; ++r)
    for (int c = c0; c <= c1; ++c) {
      float x = f.left + (static_cast<float>(c) + 0.5f) * f.cell - s.x, y = f.top - (static_cast<float>(r) + 0.5f) * f.cell - s.y;
      float u = co * x + si * y, v = -si * x + co * y;
      float du = std::abs(u) - 0.5f * s.width + s.corner, dv = std::abs(v) - 0.5f * s.height + s.corner;
      float in = s.corner - (du > 0 && dv > 0 ? std::hypot(du, dv) : std::max(du, dv));
      float cover = clamp01(in / f.cell + 0.5f);
      if (cover <= 0) continue;
      float rise = s.thickness;
      if (s.round > 0) {  // a rod or a crumb: elliptic section
        float t = clamp01(in / (0.5f * std::min(s.width, s.height)));
        rise *= std::sqrt(t * (2 - t));
      }
      if (s.roughness > 0) rise += s.roughness * fractal(s.seed, u * 6, v * 6, 2, 0.6f);
      f.z(r, c) = std::max(f.z(r, c), cover * rise + (1 - cover) * f.z(r, c));
      float tone = 1 + s.tint * noise(s.seed + 2, u * 0.4f, v * 0.4f);
      f.albedo(r, c) = f.albedo(r, c) * (1 - cover) + paper * tone * cover;
      f.gloss(r, c) = f.gloss(r, c) * (1 - cover) + s.gloss * cover;
      if (s.gloss > 0) f.glossy = true;
    }
  for (int i = 0; i < s.strokes.rows; ++i) {
    const float* q = s.strokes.row(i);
    float half = q[4];
    nearSegment(s.x + co * q[0] - si * q[1], s.y + si * q[0] + co * q[1], s.x + co * q[2] - si * q[3], s.y + si * q[2] + co * q[3], half + f.cell,
                f.left, f.top, f.cell, f.width, f.height, [&](int r, int c, float d, float) {
                  float x = f.left + (static_cast<float>(c) + 0.5f) * f.cell - s.x, y = f.top - (static_cast<float>(r) + 0.5f) * f.cell - s.y;
                  float u = co * x + si * y, v = -si * x + co * y;
                  if (std::abs(u) > 0.5f * s.width || std::abs(v) > 0.5f * s.height) return;
                  float cover = clamp01((half - d) / f.cell + 0.5f);
                  f.albedo(r, c) = f.albedo(r, c) * (1 - cover) + ink * cover;
                });
  }
}

}  // namespace

Field compose(const RenderJob& job, const View& view) {
  float x0 = 1e9f, x1 = -1e9f, y0 = 1e9f, y1 = -1e9f;
  for (float px : {0.0f, static_cast<float>(job.camera.width)})
    for (float py : {0.0f, static_cast<float>(job.camera.height)}) {
      float x, y;
      view.onPlane(px, py, 0, x, y);
      x0 = std::min(x0, x), x1 = std::max(x1, x), y0 = std::min(y0, y), y1 = std::max(y1, y);
    }
  float margin = 0.03f * std::max(x1 - x0, y1 - y0);
  Field f;
  f.cell = 0.8f * job.camera.distance / job.camera.focal;
  f.left = x0 - margin;
  f.top = y1 + margin;
  f.width = static_cast<int>((x1 - x0 + 2 * margin) / f.cell) + 2;
  f.height = static_cast<int>((y1 - y0 + 2 * margin) / f.cell) + 2;
  f.z.create(f.height, f.width);
  f.albedo.create(f.height, f.width);
  f.label = cv::Mat1b(f.height, f.width, static_cast<uchar>(0));
  f.glossy = job.ground.gloss > 0;
  layGround(f, job.ground);
  for (const Sheet& s : job.sheets) laySheet(f, s);
  for (size_t i = 0; i < job.specimens.size(); ++i) laySpecimen(f, job.specimens[i], static_cast<uchar>(i + 1));
  return f;
}

}  // namespace relievo::press
