// Lays one specimen into the height field: outline, bevel, dome, relief, grain, and what broke, stuck or was wrapped around.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "press.h"
#include "press_noise.h"

namespace relievo::press {
namespace {

cv::Vec3f toVec(const Vec3& v) { return {v.x, v.y, v.z}; }

// Distance to the outline, positive inside, on a coarse grid: exact at the nodes, bilinear between.
struct Inside {
  int width = 0, height = 0;
  float left = 0, top = 0, step = 0, halfWidth = 0, halfHeight = 0;
  std::vector<float> d;

  Inside(const Table& outline, float margin) {
    float x0 = 1e9f, x1 = -1e9f, y0 = 1e9f, y1 = -1e9f;
    for (int i = 0; i < outline.rows; ++i) {
      const float* p = outline.row(i);
      x0 = std::min(x0, p[0]), x1 = std::max(x1, p[0]), y0 = std::min(y0, p[1]), y1 = std::max(y1, p[1]);
    }
    step = std::max(x1 - x0, y1 - y0) / 110;
    halfWidth = std::max(x1, -x0), halfHeight = std::max(y1, -y0);
    margin += 2 * step;
    left = x0 - margin, top = y1 + margin;
    width = static_cast<int>((x1 - x0 + 2 * margin) / step) + 2;
    height = static_cast<int>((y1 - y0 + 2 * margin) / step) + 2;
    d.resize(static_cast<size_t>(width) * height);
    int n = outline.rows;
    for (int r = 0; r < height; ++r)
      for (int c = 0; c < width; ++c) {
        float x = left + static_cast<float>(c) * step, y = top - static_cast<float>(r) * step, best = 1e12f;
        bool in = false;
        for (int i = 0, j = n - 1; i < n; j = i++) {
          const float *a = outline.row(j), *b = outline.row(i);
          float dx = b[0] - a[0], dy = b[1] - a[1], l2 = dx * dx + dy * dy;
          float t = l2 > 0 ? std::clamp(((x - a[0]) * dx + (y - a[1]) * dy) / l2, 0.0f, 1.0f) : 0.0f;
          float ex = x - a[0] - t * dx, ey = y - a[1] - t * dy;
          best = std::min(best, ex * ex + ey * ey);
          if ((a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]) in = !in;
        }
        best = std::sqrt(best);
        d[static_cast<size_t>(r) * width + c] = in ? best : -best;
      }
  }

  float at(float x, float y) const {
    float u = (x - left) / step, v = (top - y) / step;
    if (u < 0 || v < 0 || u >= static_cast<float>(width - 1) || v >= static_cast<float>(height - 1)) return -1e3f;
    int c = static_cast<int>(u), r = static_cast<int>(v);
    float fu = u - static_cast<float>(c), fv = v - static_cast<float>(r);
    const float* p = &d[static_cast<size_t>(r) * width + c];
    float a = p[0] + (p[1] - p[0]) * fu, b = p[width] + (p[width + 1] - p[width]) * fu;
    return a + (b - a) * fv;
  }
};

float sampleRelief(const cv::Mat1f& relief, float cell, float x, float y) {
  float u = x / cell + 0.5f * static_cast<float>(relief.cols) - 0.5f, v = 0.5f * static_cast<float>(relief.rows) - 0.5f - y / cell;
  u = std::clamp(u, 0.0f, static_cast<float>(relief.cols) - 1.001f);
  v = std::clamp(v, 0.0f, static_cast<float>(relief.rows) - 1.001f);
  int c = static_cast<int>(u), r = static_cast<int>(v);
  float fu = u - static_cast<float>(c), fv = v - static_cast<float>(r);
  const float *a = relief[r] + c, *b = relief[r + 1] + c;
  float top = a[0] + (a[1] - a[0]) * fu, bottom = b[0] + (b[1] - b[0]) * fu;
  return top + (bottom - top) * fv;
}

struct Placed {
  const Specimen& s;
  float co, si;
  void local(float x, float y, float& u, float& v) const { u = co * (x - s.x) + si * (y - s.y), v = -si * (x - s.x) + co * (y - s.y); }
  void scene(float u, float v, float& x, float& y) const { x = s.x + co * u - si * v, y = s.y + si * u + co * v; }
};

// Pits, chips, places where powder stuck to the punch, granules.
void addBlob(Field& f, const Placed& p, const float* b, uchar label) {
  int type = static_cast<int>(b[0]);
  float x, y, radius = b[3], depth = b[4], rough = b[5];
  p.scene(b[1], b[2], x, y);
  auto seed = static_cast<uint32_t>(b[6]);
  nearSegment(x, y, x, y, radius * 1.5f, f.left, f.top, f.cell, f.width, f.height, [&](int r, int c, float d, float) {
    if (f.label(r, c) != label) return;
    float cx = f.left + (static_cast<float>(c) + 0.5f) * f.cell, cy = f.top - (static_cast<float>(r) + 0.5f) * f.cell, u, v;
    p.local(cx, cy, u, v);
    float t = d / radius;
    if (type != 0) t *= 1 + 0.75f * rough * fractal(seed, 1.8f * u / radius, 1.8f * v / radius, 2, 0.6f);
    if (t >= 1) return;
    float& z = f.z(r, c);
    if (type == 0) {
      z -= depth * (1 - t * t) * (1 - t * t);
    } else if (type == 3) {
      z += depth * (1 - t * t);
    } else {  // a broken surface: steep ragged rim, granular floor
      float rim = smoothstep(1.0f, type == 1 ? 0.6f : 0.75f, t);
      float g = fractal(seed + 3, u * 0.45f / p.s.grainSize, v * 0.45f / p.s.grainSize, 3, 0.55f) + noise(seed + 5, 2 * u / radius, 2 * v / radius);
      z -= rim * depth * (0.8f + 0.3f * rough * g);
      f.albedo(r, c) *= 1 + rim * b[7];
    }
  });
}

}  // namespace

void laySpecimen(Field& f, const Specimen& s, uchar label) {
  Placed p{s, std::cos(s.rotation), std::sin(s.rotation)};
  float overhang = 0;
  for (int i = 0; i < s.tape.rows; ++i) overhang = std::max(overhang, s.tape.row(i)[7]);
  Inside inside(s.outline, s.tear + overhang);
  cv::Mat1f relief(s.reliefHeight, s.reliefWidth, const_cast<float*>(s.relief));
  // What the field's cells cannot hold must not appear in them as something else.
  float blur = std::hypot(s.fill, 0.4f * std::max(0.0f, f.cell - s.reliefCell));
  if (blur > 0.3f * s.reliefCell) {
    cv::Mat1f soft;
    cv::GaussianBlur(relief, soft, {}, blur / s.reliefCell);
    relief = soft;
  }
  float reach = 0;
  for (int i = 0; i < s.outline.rows; ++i) reach = std::max(reach, std::hypot(s.outline.row(i)[0], s.outline.row(i)[1]));
  reach += s.tear + overhang;
  int c0 = std::max(0, static_cast<int>((s.x - reach - f.left) / f.cell)), c1 = std::min(f.width - 1, static_cast<int>((s.x + reach - f.left) / f.cell) + 1);
  int r0 = std::max(0, static_cast<int>((f.top - s.y - reach) / f.cell)), r1 = std::min(f.height - 1, static_cast<int>((f.top - s.y + reach) / f.cell) + 1);
  cv::Vec3f colour = toVec(s.albedo);
  float fine = 1 / s.grainSize, coarse = 1 / s.coarseSize, warp = 1 / s.warpSize, mottle = 1 / s.mottleSize, tear = s.tearSize > 0 ? 1 / s.tearSize : 0;
  std::vector<float> us(static_cast<size_t>(std::max(0, c1 - c0 + 1))), vs(us.size()), ds(us.size()), grains(us.size()), coarses(us.size()), warps(us.size()), mottles(us.size()), spots(us.size());
  for (int r = r0; r <= r1; ++r) {
    int first = c1 + 1, last = c0 - 1;  // what of this row lies on the specimen, its wrapping left aside
    for (int c = c0; c <= c1; ++c) {
      auto i = static_cast<size_t>(c - c0);
      p.local(f.left + (static_cast<float>(c) + 0.5f) * f.cell, f.top - (static_cast<float>(r) + 0.5f) * f.cell, us[i], vs[i]);
      ds[i] = inside.at(us[i], vs[i]);
      if (ds[i] > -0.8f * f.cell - 1.5f * s.tear) first = std::min(first, c), last = c;  // a torn edge may come out so far
    }
    if (first <= last) {
      auto i = static_cast<size_t>(first - c0);
      Row row{&us[i], &vs[i], last - first + 1};
      fractalRow(s.seed + 1, row, {fine}, {fine}, 2, 0.7f, &grains[i]);
      noiseRow(s.seed + 4, row, {coarse}, {coarse}, &coarses[i]);
      noiseRow(s.seed + 6, row, {warp}, {warp}, &warps[i]);
      fractalRow(s.seed + 9, row, {mottle}, {mottle}, 3, 0.75f, &mottles[i]);
      noiseRow(s.seed + 12, row, {fine, 0.8f}, {fine, 0.8f}, &spots[i]);
    }
    for (int c = c0; c <= c1; ++c) {
      auto i = static_cast<size_t>(c - c0);
      float u = us[i], v = vs[i], d = ds[i];
      if (d < -1e2f) continue;
      float bare = d;
      if (s.tear > 0) d += s.tear * (fractal(s.seed + 21, u * tear, v * tear, 4, 0.55f) - 0.6f);
      if (d > -0.8f * f.cell) {  // the wall falls over one cell, so that its rim is smooth and where it should be
        float cover = std::min(1.0f, d / f.cell + 0.8f);
        d = std::max(0.0f, d);
        float t = std::max(1e-6f, 1 - d / s.bevel);
        float fall = s.drop * t * t / (t + s.bevelEase) * (1 + s.bevelEase);
        float rim = d < s.edgeRound ? 1 - d / s.edgeRound : 0.0f;
        float fromMiddle = (u * u) / (inside.halfWidth * inside.halfWidth) + (v * v) / (inside.halfHeight * inside.halfHeight);
        float z = s.thickness - fall - 0.5f * s.edgeRound * rim * rim + s.dome * (1 - fromMiddle);
        z += s.press * sampleRelief(relief, s.reliefCell, u, v);
        z += s.grain * grains[i] + s.coarse * coarses[i] + s.warp * warps[i];
        f.z(r, c) += (z - f.z(r, c)) * cover;
        if (cover < 0.5f) continue;
        float tone = 1 + s.mottle * (mottles[i] + 0.8f * spots[i]);
        f.albedo(r, c) = colour * tone;
        f.gloss(r, c) = 0;
        f.label(r, c) = label;
      }
      for (int k = 0; k < s.tape.rows; ++k) {
        const float* t = s.tape.row(k);
        auto seed = static_cast<uint32_t>(t[9]);
        float rag = t[8] * (noise(seed, u * 0.04f, v * 0.04f) + 0.3f * noise(seed + 1, u * 0.15f, v * 0.15f));
        float over = t[0] * u + t[1] * v - t[2] + rag;
        if (over < 0 || bare < -t[7] * (0.8f + 0.5f * noise(seed + 2, u * 0.05f, v * 0.05f))) continue;
        float fold = fractal(seed + 3, u * 0.035f, v * 0.05f, 2, 0.5f) + 0.12f * noise(seed + 4, u * 0.3f, v * 0.25f);
        float crease = 1 - std::abs(fractal(seed + 5, u * 0.045f + 0.6f * fold, v * 0.1f, 2, 0.5f));
        float edge = std::min(1.0f, over / 1.5f);
        f.z(r, c) = s.thickness + 0.8f * edge + 0.9f * fold + 1.6f * crease * crease * crease - (bare < 0 ? s.thickness * 0.22f * -bare / std::max(1.0f, t[7]) : 0.0f);
        f.albedo(r, c) = cv::Vec3f(t[3], t[4], t[5]) * (1 + 0.25f * noise(seed + 7, u * 0.3f, v * 0.3f));
        f.gloss(r, c) = t[6];
        f.glossy = true;
        f.label(r, c) = 255;  // covers the face, is none of it
      }
    }
  }

  for (int i = 0; i < s.blobs.rows; ++i) addBlob(f, p, s.blobs.row(i), label);
  for (int i = 0; i < s.cracks.spec.rows; ++i) {
    const float* spec = s.cracks.spec.row(i);
    for (int k = s.cracks.start[i]; k + 1 < s.cracks.start[i + 1]; ++k) {
      float xa, ya, xb, yb;
      p.scene(s.cracks.xy[2 * k], s.cracks.xy[2 * k + 1], xa, ya);
      p.scene(s.cracks.xy[2 * k + 2], s.cracks.xy[2 * k + 3], xb, yb);
      nearSegment(xa, ya, xb, yb, spec[0], f.left, f.top, f.cell, f.width, f.height, [&](int r, int c, float d, float) {
        if (f.label(r, c) != label) return;
        f.z(r, c) = std::min(f.z(r, c), s.thickness - spec[1] * (1 - d / spec[0]));
        f.albedo(r, c) *= 0.75f + 0.25f * d / spec[0];
      });
    }
  }
  for (int i = 0; i < s.speckles.rows; ++i) {
    const float* q = s.speckles.row(i);
    float x, y;
    p.scene(q[0], q[1], x, y);
    auto seed = static_cast<uint32_t>(q[6]);
    nearSegment(x, y, x, y, q[2] * 1.5f, f.left, f.top, f.cell, f.width, f.height, [&](int r, int c, float d, float) {
      if (f.label(r, c) != label) return;
      float t = d / q[2] * (1 + 0.7f * noise(seed, static_cast<float>(c) * f.cell * 2 / q[2], static_cast<float>(r) * f.cell * 2 / q[2]));
      float cover = 0.85f * smoothstep(1.0f, 0.5f, t);
      f.albedo(r, c) = f.albedo(r, c) * (1 - cover) + cv::Vec3f(q[3], q[4], q[5]) * cover;
    });
  }
}

}  // namespace relievo::press
