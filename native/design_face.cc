#include "design_face.h"

#include <algorithm>
#include <cmath>

namespace relievo::pose {
namespace {

// Adds numbers that lie `step` apart, each times its tap: tap by tap, in long runs.
RELIEVO_WIDE void mix(const float* from, int step, const std::vector<float>& taps, int count, float* __restrict to) {
  std::fill_n(to, count, 0.f);
  for (const float tap : taps) {
    for (int x = 0; x < count; x++) to[x] += from[x] * tap;
    from += step;
  }
}

void smooth(std::vector<float>& m, int n, double sigma) {
  const int radius = std::max(1, int(std::ceil(2.5 * sigma)));
  std::vector<float> k(2 * radius + 1);
  float sum = 0;
  for (int i = -radius; i <= radius; i++) sum += k[i + radius] = float(std::exp(-0.5 * i * i / (sigma * sigma)));
  for (float& v : k) v /= sum;
  // nothing lies beyond the border
  std::vector<float> row(n + 2 * radius, 0.f), rows(size_t(n) * (n + 2 * radius), 0.f);
  for (int y = 0; y < n; y++) {
    std::copy_n(m.begin() + y * n, n, row.begin() + radius);
    mix(row.data(), 1, k, n, rows.data() + (y + radius) * n);
  }
  mix(rows.data(), n, k, n * n, m.data());
}

// One row of cells seen from the centre of a circle.
struct Row {
  std::vector<int> bin;                      // whole cells from the centre
  std::vector<float> radial, length, share;  // the part that points to the centre, times the weight; the whole, likewise; the first over the second
  explicit Row(int n) : bin(n), radial(n), length(n), share(n) {}
};

// `x0` and `y`: from the centre to the row's first cell.
RELIEVO_WIDE void towardsCentre(const V4* cells, int n, float x0, float y, Row& out) {
  const float* q = &cells[0][0];
  int* bin = out.bin.data();
  float *radial = out.radial.data(), *length = out.length.data(), *share = out.share.data();
#pragma omp simd
  for (int i = 0; i < n; i++) {
    const float re = q[4 * i], im = q[4 * i + 1], w = q[4 * i + 2], x = float(i) + x0, r2 = std::max(1.f, x * x + y * y);
    const float along = re * (x * x - y * y) + im * 2 * x * y, whole = std::sqrt(re * re + im * im);
    bin[i] = int(std::sqrt(r2));
    radial[i] = w * along / r2;
    length[i] = w * whole;
    share[i] = along / r2 / whole;
  }
}

// Lowers the weight of cells that an engraved circle explains: on a ring whose orientations agree
// all around, what points to the centre is the circle. Many designs have one, it tells neither
// design nor rotation, and being long it would outweigh the strokes that do.
void lowerCircles(Face& f, const PoseSettings& s) {
  const int n = f.grid;
  const float perCell = float(2 * s.halfSpan / n), half = n / 2.f - 0.5f;
  const int bins = n;  // no cell lies further from a centre that is shifted by a fifth of the radius at most
  // the circle's centre need not be the outline's: the shift under which the rings agree best
  const int reach = int(std::lround(s.circleShift / (2 * s.halfSpan) * n));
  const float from = float(s.circleFrom) / perCell;
  const float begins = float(s.circleAgreementFrom), rise = float(s.circleAgreementFull - s.circleAgreementFrom);
  float best = -1;
  std::vector<float> sum(bins), energy(bins), kept(bins);
  Row row(n);
  float bestX = 0, bestY = 0;
  for (int sy = -reach; sy <= reach; sy++)
    for (int sx = -reach; sx <= reach; sx++) {
      std::fill(sum.begin(), sum.end(), 0.f);
      std::fill(energy.begin(), energy.end(), 0.f);
      for (int y = 0; y < n; y += 2) {
        towardsCentre(f.fine.data() + y * n, n, -half - sx, y - half - sy, row);
        for (int x = 0; x < n; x++) {
          sum[row.bin[x]] += row.radial[x];
          energy[row.bin[x]] += row.length[x];
        }
      }
      float total = 0;
      for (int b = int(from); b < bins; b++) total += sum[b] * sum[b] / std::max(energy[b], 1.f);
      if (total > best) {
        best = total;
        bestX = float(sx);
        bestY = float(sy);
        for (int b = 0; b < bins; b++) kept[b] = b < from ? 0.f : std::clamp((sum[b] / std::max(energy[b], 1.f) - begins) / rise, 0.f, 1.f);
      }
    }
  if (std::none_of(kept.begin(), kept.end(), [](float v) { return v > 0; })) return;
  for (int y = 0; y < n; y++) {
    towardsCentre(f.fine.data() + y * n, n, -half - bestX, y - half - bestY, row);
    for (int x = 0; x < n; x++)
      if (kept[row.bin[x]] > 0 && row.length[x] > 0) f.fine[y * n + x][2] *= 1 - kept[row.bin[x]] * float(1 - s.circleWeight) * std::clamp(row.share[x], 0.f, 1.f);
  }
}

// The numbers that bytes stand for.
struct Decoded {
  float share[256], part[256];
  Decoded() {
    for (int i = 0; i < 256; i++) {
      share[i] = i / 255.f;
      part[i] = int8_t(i) / 127.f;
    }
  }
};
const Decoded DECODED;

// Scales the relief; the weighted planes of all.
RELIEVO_WIDE void weighted(Face& f, float share) {
  float *q = &f.fine[0][0], *re = f.re.data(), *im = f.im.data(), *weight = f.weight.data(), *relief = f.relief.data();
  const int cells = f.grid * f.grid;
#pragma omp simd
  for (int i = 0; i < cells; i++) {
    const float w = q[4 * i + 2], e = q[4 * i + 3] * share;
    q[4 * i + 3] = e;
    re[i] = w * q[4 * i];
    im[i] = w * q[4 * i + 1];
    weight[i] = w;
    relief[i] = w * e;
  }
}

}  // namespace

Face decode(const FieldView& v, const PoseSettings& s) {
  const int cells = s.grid * s.grid;
  Face f{s.grid, v.partial, {v.light[0], v.light[1]}, std::vector<V4>(cells), {}, {}, {}, {}};
  for (auto* plane : {&f.re, &f.im, &f.weight, &f.relief}) plane->resize(cells + 1);
  double oriented = 0, raised = 0;
  for (int i = 0; i < cells; i++) {
    const int8_t* q = v.field + 3 * i;
    const float w = DECODED.share[v.weight[i]], re = DECODED.part[uint8_t(q[0])], im = DECODED.part[uint8_t(q[1])], e = DECODED.part[uint8_t(q[2])];
    f.fine[i] = V4{re, im, w, e};
    oriented += w * (re * re + im * im);
    raised += w * e * e;
  }
  weighted(f, raised > 0 ? float(std::sqrt(s.reliefShare * oriented / raised)) : 0.f);
  for (auto* plane : {&f.re, &f.im, &f.weight, &f.relief}) smooth(*plane, s.grid, s.coarseSigma * s.grid / (2 * s.halfSpan));
  lowerCircles(f, s);
  return f;
}

}  // namespace relievo::pose
