// Lights a height field: lamps as a few directions each, cast shadows by sweeping every row away from the lamp.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "press.h"
#include "press_noise.h"

namespace relievo::press {
namespace {

// One orientation of the field (as it is, or transposed), with its slopes and the light gathered so far.
struct Sheaf {
  cv::Mat1f z, gx, gy, inverse, light;
};

struct Sweep {
  bool downwards;      // the lamp is on the side of row 0
  float shift;         // columns to step towards the lamp for one row
  float fall;          // how much the shadow's ceiling sinks in one row, mm
  float step;          // length of one row's step, mm
  float lx, ly, lz, weight, spread;
};

// One row: the ceiling of the shadow comes from the row nearer to the lamp, sinks, and is lifted by what stands here.
// `distance` remembers how far away the thing lies that casts it, which widens the penumbra.
__attribute__((target_clones("avx2", "default"))) void sweepRow(const float* ceiling, const float* distance, float* __restrict nextCeiling, float* __restrict nextDistance,
                                                                const float* z, const float* gx, const float* gy, const float* inverse,
                                                                float* __restrict light, int n, int whole, float part, Sweep s) {
  const float* c0 = ceiling + whole;
  const float* d0 = distance + whole;
  float hard = 0.3f * s.fall + 1e-5f;
  for (int i = 0; i < n; ++i) {
    float c = c0[i] + (c0[i + 1] - c0[i]) * part - s.fall;
    float d = d0[i] + (d0[i + 1] - d0[i]) * part + s.step;
    float above = z[i] - c;
    float half = s.spread * d + hard;
    float v = 0.5f + 0.5f * above / half;
    v = v < 0 ? 0 : (v > 1 ? 1 : v);
    float cosine = (s.lz - gx[i] * s.lx - gy[i] * s.ly) * inverse[i];
    cosine = cosine > 0 ? cosine : 0;
    light[i] += s.weight * v * cosine;
    nextCeiling[i] = above > 0 ? z[i] : c;
    nextDistance[i] = above > 0 ? 0.0f : d;
  }
}

// All lamps that shine across this sheaf from the same side, row by row.
void sweepAll(Sheaf& f, const std::vector<Sweep>& lamps, bool downwards) {
  struct State {
    Sweep s;
    int whole;
    float part;
    std::vector<float> rows[4];
    float *ceiling, *distance, *nextCeiling, *nextDistance;
  };
  int rows = f.z.rows, n = f.z.cols, pad = 3;
  std::vector<State> states;
  for (const Sweep& s : lamps) {
    if (s.downwards != downwards) continue;
    State t{s, static_cast<int>(std::floor(s.shift)), 0, {}, nullptr, nullptr, nullptr, nullptr};
    t.part = s.shift - static_cast<float>(t.whole);
    states.push_back(std::move(t));
  }
  for (State& t : states) {
    for (auto& b : t.rows) b.assign(static_cast<size_t>(n + 2 * pad), 0.0f);
    t.ceiling = t.rows[0].data() + pad, t.distance = t.rows[1].data() + pad, t.nextCeiling = t.rows[2].data() + pad, t.nextDistance = t.rows[3].data() + pad;
  }
  for (int k = 0; k < rows; ++k) {
    int r = downwards ? k : rows - 1 - k;
    for (State& t : states) {
      if (k == 0) std::copy(f.z[r], f.z[r] + n, t.ceiling);
      for (int p = 1; p <= pad; ++p) {
        t.ceiling[-p] = t.ceiling[0], t.distance[-p] = t.distance[0];
        t.ceiling[n - 1 + p] = t.ceiling[n - 1], t.distance[n - 1 + p] = t.distance[n - 1];
      }
      sweepRow(t.ceiling, t.distance, t.nextCeiling, t.nextDistance, f.z[r], f.gx[r], f.gy[r], f.inverse[r], f.light[r], n, t.whole, t.part, t.s);
      std::swap(t.ceiling, t.nextCeiling);
      std::swap(t.distance, t.nextDistance);
    }
  }
}

// Slopes by central differences; at a cliff the flatter side counts, so that its rim is not a wall.
__attribute__((target_clones("avx2", "default"))) void slopeRow(const float* z, const float* above, const float* below, float* __restrict gx,
                                                                float* __restrict gy, float* __restrict inverse, int n, float cliff, float per) {
  auto pick = [cliff](float back, float ahead) {
    float b = std::abs(back) > cliff ? 0.0f : back, a = std::abs(ahead) > cliff ? 0.0f : ahead;
    float share = std::abs(back) > cliff || std::abs(ahead) > cliff ? 1.0f : 0.5f;
    return share * (a + b);
  };
  for (int c = 1; c + 1 < n; ++c) {
    float x = pick(z[c] - z[c - 1], z[c + 1] - z[c]) * per, y = pick(z[c] - below[c], above[c] - z[c]) * per;
    gx[c] = x;
    gy[c] = y;
    inverse[c] = 1 / std::sqrt(1 + x * x + y * y);
  }
  gx[0] = gy[0] = gx[n - 1] = gy[n - 1] = 0;
  inverse[0] = inverse[n - 1] = 1;
}

void slopes(const Field& f, float cliff, cv::Mat1f& gx, cv::Mat1f& gy, cv::Mat1f& inverse) {
  for (int r = 0; r < f.height; ++r)
    slopeRow(f.z[r], f.z[std::max(0, r - 1)], f.z[std::min(f.height - 1, r + 1)], gx[r], gy[r], inverse[r], f.width, cliff, 1 / f.cell);
}

// Share of the sky a cell sees, from how far it lies under the mean height of its surroundings on four scales.
cv::Mat1f openSky(const Field& f, float scale) {
  cv::Mat1f sky(f.height, f.width, 1.0f);
  for (float radius : {0.06f, 0.25f, 1.0f, 3.5f}) {
    float sigma = radius * scale / f.cell;
    int shrink = std::clamp(static_cast<int>(sigma / 2.0f), 1, 32);
    cv::Mat1f small, wide;
    cv::resize(f.z, small, {std::max(4, f.width / shrink), std::max(4, f.height / shrink)}, 0, 0, cv::INTER_AREA);
    cv::GaussianBlur(small, small, {}, std::max(0.5f, sigma / static_cast<float>(shrink)), 0, cv::BORDER_REPLICATE);
    cv::resize(small, wide, sky.size(), 0, 0, cv::INTER_LINEAR);
    float per = 1 / (1.5f * radius * scale);
    for (int r = 0; r < f.height; ++r) {
      const float *z = f.z[r], *w = wide[r];
      float* s = sky[r];
      for (int c = 0; c < f.width; ++c) s[c] *= 1 - 0.45f * clamp01((w[c] - z[c]) * per);
    }
  }
  return sky;
}

struct Colour {
  float c[3];
};

// The lamp's fall-off along a row, and what the row throws back of it.
__attribute__((target_clones("avx2", "default"))) void litRow(const float* albedo, float left, float cell, float lampX, float dy, float lampZ, float far2, int n, float* __restrict light, float* __restrict out) {
  for (int c = 0; c < n; ++c) {
    float dx = left + (static_cast<float>(c) + 0.5f) * cell - lampX;
    light[c] *= far2 / (dx * dx + dy * dy + lampZ * lampZ);
  }
  for (int c = 0; c < n; ++c)
    for (int k = 0; k < 3; ++k) out[3 * c + k] = albedo[3 * c + k] * light[c];
}

// Lamp, sky and neighbours together.
__attribute__((target_clones("avx2", "default"))) void fillRow(const float* albedo, const float* bounced, const float* sky, const float* inverse, Colour lamp, Colour ambient, float bounce, int n, float* __restrict out) {
  for (int c = 0; c < n; ++c) {
    float open = sky[c] * (0.5f + 0.5f * inverse[c]), hidden = bounce * (1.15f - sky[c] * inverse[c]);
    for (int k = 0; k < 3; ++k) {
      float fill = ambient.c[k] * open + bounced[3 * c + k] * lamp.c[k] * hidden;
      out[3 * c + k] = out[3 * c + k] * lamp.c[k] + albedo[3 * c + k] * fill;
    }
  }
}

}  // namespace

cv::Mat3f light(const RenderJob& job, const Field& field) {
  Sheaf upright, lying;
  upright.gx.create(field.height, field.width);
  upright.gy.create(field.height, field.width);
  upright.inverse.create(field.height, field.width);
  upright.z = field.z;
  slopes(field, 0.35f * job.shadeScale, upright.gx, upright.gy, upright.inverse);
  upright.light = cv::Mat1f(field.height, field.width, 0.0f);

  Vec3 mean{0, 0, 0};
  std::vector<Sweep> along, across;
  const Table& samples = job.lamp.samples;
  for (int i = 0; i < samples.rows; ++i) {
    const float* s = samples.row(i);
    mean.x += s[3] * s[0], mean.y += s[3] * s[1], mean.z += s[3] * s[2];
    bool acrossRows = std::abs(s[1]) >= std::abs(s[0]);
    float main = acrossRows ? s[1] : s[0], side = acrossRows ? s[0] : s[1];
    float steep = std::max(1e-3f, std::abs(main));
    // Towards the lamp: y up is row down, and the transposed field has y along its columns.
    float shift = acrossRows ? side / steep : -side / steep;
    float step = field.cell * std::hypot(main, side) / steep;
    float tangent = s[2] / std::max(1e-3f, std::hypot(main, side));
    Sweep w{acrossRows ? main > 0 : main < 0, shift, step * tangent, step, s[0], s[1], s[2], s[3], job.lamp.spread * (1 + tangent * tangent)};
    (acrossRows ? along : across).push_back(w);
  }
  sweepAll(upright, along, true);
  sweepAll(upright, along, false);
  if (!across.empty()) {
    cv::transpose(upright.z, lying.z);
    cv::transpose(upright.gx, lying.gx);
    cv::transpose(upright.gy, lying.gy);
    cv::transpose(upright.inverse, lying.inverse);
    lying.light = cv::Mat1f(field.width, field.height, 0.0f);
    sweepAll(lying, across, true);
    sweepAll(lying, across, false);
    cv::Mat1f back;
    cv::transpose(lying.light, back);
    upright.light += back;
  }

  cv::Mat1f sky = openSky(field, job.shadeScale);
  const Lamp& lamp = job.lamp;
  cv::Mat3f out(field.height, field.width);
  float far2 = lamp.position.x * lamp.position.x + lamp.position.y * lamp.position.y + lamp.position.z * lamp.position.z;
  float norm = 1 / std::max(1e-6f, std::sqrt(mean.x * mean.x + mean.y * mean.y + mean.z * mean.z));
  Vec3 half{mean.x * norm, mean.y * norm, mean.z * norm + 1};
  float halfNorm = 1 / std::sqrt(half.x * half.x + half.y * half.y + half.z * half.z);
  half = {half.x * halfNorm, half.y * halfNorm, half.z * halfNorm};

  for (int r = 0; r < field.height; ++r) {
    float y = field.top - (static_cast<float>(r) + 0.5f) * field.cell;
    litRow(field.albedo.ptr<float>(r), field.left, field.cell, lamp.position.x, y - lamp.position.y, lamp.position.z, far2, field.width, upright.light[r], out.ptr<float>(r));
  }

  // What lit surfaces throw into hollows: their light, blurred over about a millimetre, where the sky is hidden.
  cv::Mat3f bounce;
  {
    float sigma = 0.7f * job.shadeScale / field.cell;
    int shrink = std::clamp(static_cast<int>(sigma / 2.5f), 1, 32);
    cv::Mat3f small;
    cv::resize(out, small, {std::max(4, field.width / shrink), std::max(4, field.height / shrink)}, 0, 0, cv::INTER_AREA);
    cv::GaussianBlur(small, small, {}, std::max(0.5f, sigma / static_cast<float>(shrink)), 0, cv::BORDER_REPLICATE);
    cv::resize(small, bounce, out.size(), 0, 0, cv::INTER_LINEAR);
  }
  Colour lampColour{{lamp.colour.x, lamp.colour.y, lamp.colour.z}}, ambient{{lamp.ambient.x, lamp.ambient.y, lamp.ambient.z}};
  for (int r = 0; r < field.height; ++r) {
    fillRow(field.albedo.ptr<float>(r), bounce.ptr<float>(r), sky[r], upright.inverse[r], lampColour, ambient, lamp.bounce, field.width, out.ptr<float>(r));
    if (!field.glossy) continue;
    cv::Vec3f* o = out[r];
    for (int c = 0; c < field.width; ++c) {
      float gloss = field.gloss(r, c);
      if (gloss <= 0) continue;
      float nh = (half.z - upright.gx(r, c) * half.x - upright.gy(r, c) * half.y) * upright.inverse(r, c);
      float lobe = nh > 0 ? std::pow(nh, 40.0f) : 0.0f;
      o[c] += cv::Vec3f(lampColour.c) * (gloss * lobe * std::min(1.0f, 2 * upright.light(r, c)));
    }
  }
  return out;
}

}  // namespace relievo::press
