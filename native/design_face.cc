#include "design_face.h"

#include <algorithm>
#include <cmath>

namespace relievo::pose {
namespace {

RELIEVO_WIDE void smooth(std::vector<V4>& m, int n, double sigma) {
  const int radius = std::max(1, int(std::ceil(2.5 * sigma)));
  std::vector<float> k(2 * radius + 1);
  float sum = 0;
  for (int i = -radius; i <= radius; i++) sum += k[i + radius] = float(std::exp(-0.5 * i * i / (sigma * sigma)));
  for (float& v : k) v /= sum;
  std::vector<V4> t(m.size());
  const V4 zero = {0, 0, 0, 0};
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      V4 a = zero;
      for (int i = std::max(-radius, -x); i <= std::min(radius, n - 1 - x); i++) a += m[y * n + x + i] * k[i + radius];
      t[y * n + x] = a;
    }
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      V4 a = zero;
      for (int i = std::max(-radius, -y); i <= std::min(radius, n - 1 - y); i++) a += t[(y + i) * n + x] * k[i + radius];
      m[y * n + x] = a;
    }
}

// Lowers the weight of cells that an engraved circle explains: on a ring whose orientations agree
// all around, what points to the centre is the circle. Many designs have one, it tells neither
// design nor rotation, and being long it would outweigh the strokes that do.
void lowerCircles(Face& f, const PoseSettings& s) {
  const int n = f.grid;
  const float perCell = float(2 * s.halfSpan / n), half = n / 2.f - 0.5f;
  const int bins = n;
  // the circle's centre need not be the outline's: the shift under which the rings agree best
  const int reach = int(std::lround(s.circleShift / (2 * s.halfSpan) * n));
  const float from = float(s.circleFrom) / perCell;
  const float begins = float(s.circleAgreementFrom), rise = float(s.circleAgreementFull - s.circleAgreementFrom);
  float best = -1;
  std::vector<float> sum(bins), energy(bins), kept(bins);
  float bestX = 0, bestY = 0;
  for (int sy = -reach; sy <= reach; sy++)
    for (int sx = -reach; sx <= reach; sx++) {
      std::fill(sum.begin(), sum.end(), 0.f);
      std::fill(energy.begin(), energy.end(), 0.f);
      for (int y = 0; y < n; y += 2)
        for (int x = 0; x < n; x++) {
          const V4 q = f.fine[y * n + x];
          const float dx = x - half - sx, dy = y - half - sy, r2 = dx * dx + dy * dy;
          const int b = int(std::sqrt(r2));
          if (q[2] <= 0 || b >= bins || r2 < 1) continue;
          sum[b] += q[2] * (q[0] * (dx * dx - dy * dy) + q[1] * 2 * dx * dy) / r2;
          energy[b] += q[2] * std::sqrt(q[0] * q[0] + q[1] * q[1]);
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
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      V4& q = f.fine[y * n + x];
      const float dx = x - half - bestX, dy = y - half - bestY, r2 = std::max(1.f, dx * dx + dy * dy);
      const int b = int(std::sqrt(r2));
      const float length = std::sqrt(q[0] * q[0] + q[1] * q[1]);
      if (b >= bins || kept[b] <= 0 || length <= 0) continue;
      const float radial = (q[0] * (dx * dx - dy * dy) + q[1] * 2 * dx * dy) / r2 / length;
      q[2] *= 1 - kept[b] * float(1 - s.circleWeight) * std::clamp(radial, 0.f, 1.f);
    }
}

}  // namespace

Face decode(const FieldView& v, const PoseSettings& s) {
  const int cells = s.grid * s.grid;
  Face f{s.grid, v.partial, {v.light[0], v.light[1]}, std::vector<V4>(cells), {}, {}, {}, {}};
  std::vector<V4> coarse(cells);
  double oriented = 0, raised = 0;
  for (int i = 0; i < cells; i++) {
    const float w = v.weight[i] / 255.f, re = v.field[3 * i] / 127.f, im = v.field[3 * i + 1] / 127.f, e = v.field[3 * i + 2] / 127.f;
    f.fine[i] = V4{re, im, w, e};
    oriented += w * (re * re + im * im);
    raised += w * e * e;
  }
  const float share = raised > 0 ? float(std::sqrt(s.reliefShare * oriented / raised)) : 0.f;
  for (int i = 0; i < cells; i++) {
    V4& q = f.fine[i];
    q[3] *= share;
    coarse[i] = V4{q[2] * q[0], q[2] * q[1], q[2], q[2] * q[3]};
  }
  smooth(coarse, s.grid, s.coarseSigma * s.grid / (2 * s.halfSpan));
  std::vector<float>* planes[4] = {&f.re, &f.im, &f.weight, &f.relief};
  for (int p = 0; p < 4; p++) {
    planes[p]->resize(cells + 1);
    for (int i = 0; i < cells; i++) (*planes[p])[i] = coarse[i][p];
  }
  lowerCircles(f, s);
  return f;
}

}  // namespace relievo::pose
