#include "design_hypotheses.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>

#include "design_order.h"
#include "design_search.h"

namespace relievo {
using namespace pose;
namespace {

constexpr int FREE = 4;    // shift in x and y, rotation, log scale
constexpr int EVERY = 2;   // every how manieth cell of a field is laid on the other
constexpr int CHUNK = 256;
// How far one step may go, in cells, radians and log scale: beyond it the linear model says nothing.
constexpr double LONGEST[FREE] = {2, 2, 0.06, 0.03};
constexpr double DAMPING = 0.02;

// Known cells of one field, and what a small movement of it changes in each.
struct Cells {
  int count = 0;
  std::vector<float> x, y, weight;  // place from the turning point, in cells
  std::vector<float> value[3];      // re, im, relief
  std::vector<float> square;        // of the value
  std::vector<float> slope[FREE][3];
  std::vector<float> own[FREE];     // value times slope
  double curvature[FREE][FREE] = {};
  double energy = 0;
};

void cellsOf(const Face& f, Cells& out) {
  const int n = f.grid;
  const float half = n / 2.f - 0.5f;
  const size_t most = size_t(n / EVERY + 1) * (n / EVERY + 1);
  for (auto* list : {&out.x, &out.y, &out.weight, &out.value[0], &out.value[1], &out.value[2], &out.square}) list->resize(most);
  for (int k = 0; k < FREE; k++)
    for (auto* list : {&out.slope[k][0], &out.slope[k][1], &out.slope[k][2], &out.own[k]}) list->resize(most);
  out.energy = 0;
  std::fill_n(&out.curvature[0][0], FREE * FREE, 0.0);
  int i = 0;
  for (int row = EVERY / 2; row < n - 1; row += EVERY)
    for (int column = EVERY / 2; column < n - 1; column += EVERY) {
      const V4* q = f.fine.data() + row * n + column;
      if (q[0][2] <= 0 || q[1][2] <= 0 || q[-1][2] <= 0 || q[n][2] <= 0 || q[-n][2] <= 0) continue;
      const V4 gx = (q[1] - q[-1]) * 0.5f, gy = (q[n] - q[-n]) * 0.5f;
      const float x = column - half, y = row - half, w = q[0][2];
      const float value[3] = {q[0][0], q[0][1], q[0][3]}, turned[3] = {2 * value[1], -2 * value[0], 0};
      const float dx[3] = {gx[0], gx[1], gx[3]}, dy[3] = {gy[0], gy[1], gy[3]};
      out.x[i] = x;
      out.y[i] = y;
      out.weight[i] = w;
      out.square[i] = value[0] * value[0] + value[1] * value[1] + value[2] * value[2];
      float curvature[FREE][FREE] = {};
      for (int p = 0; p < 3; p++) {
        const float j[FREE] = {dx[p], dy[p], -y * dx[p] + x * dy[p] + turned[p], x * dx[p] + y * dy[p]};
        out.value[p][i] = value[p];
        out.energy += w * value[p] * value[p];
        for (int k = 0; k < FREE; k++) {
          out.slope[k][p][i] = j[k];
          for (int l = 0; l < FREE; l++) curvature[k][l] += j[k] * j[l];
        }
      }
      for (int k = 0; k < FREE; k++) {
        out.own[k][i] = value[0] * out.slope[k][0][i] + value[1] * out.slope[k][1][i] + value[2] * out.slope[k][2][i];
        for (int l = 0; l < FREE; l++) out.curvature[k][l] += w * curvature[k][l];
      }
      i++;
    }
  out.count = i;
}

struct Sums {
  double cross = 0, ea = 0, eb = 0, shown[FREE] = {}, own[FREE] = {};
  double agreement() const { return cross / std::sqrt(std::max(1e-9, ea * eb)); }
};

// Lays the cells of B on A in pose `p`; `slopes`: also what the next step needs.
RELIEVO_WIDE Sums lay(const Face& A, const Cells& B, const PoseSettings& s, const Pose& p, bool slopes) {
  const int n = A.grid;
  const float c = float(std::exp(p.logScale) * std::cos(p.rotation)), d = float(std::exp(p.logScale) * std::sin(p.rotation));
  const float c2 = float(std::cos(2 * p.rotation)), s2 = float(std::sin(2 * p.rotation));
  const float half = n / 2.f - 0.5f, cell = float(n / (2 * s.halfSpan)), sx = float(p.x) * cell + half, sy = float(p.y) * cell + half, edge = std::nextafter(float(n - 1), 0.f);
  int at[CHUNK];
  float fx[CHUNK], fy[CHUNK], re[CHUNK], im[CHUNK], relief[CHUNK], weight[CHUNK];
  V4 seen[CHUNK];
  const float* a = &seen[0][0];
  Sums out;
  for (int from = 0; from < B.count; from += CHUNK) {
    const int m = std::min(CHUNK, B.count - from);
    const float *x = B.x.data() + from, *y = B.y.data() + from, *w = B.weight.data() + from;
#pragma omp simd
    for (int i = 0; i < m; i++) {
      const float ax = c * x[i] - d * y[i] + sx, ay = d * x[i] + c * y[i] + sy;
      const float bx = smaller(larger(0.f, ax), edge), by = smaller(larger(0.f, ay), edge), known = w[i];
      const int ix = int(bx), iy = int(by);
      at[i] = iy * n + ix;
      fx[i] = bx - ix;
      fy[i] = by - iy;
      weight[i] = (bx == ax) & (by == ay) ? known : 0.f;
    }
    for (int i = 0; i < m; i++) {
      const V4* q = A.fine.data() + at[i];
      const V4 top = q[0] + (q[1] - q[0]) * fx[i], low = q[n] + (q[n + 1] - q[n]) * fx[i];
      seen[i] = top + (low - top) * fy[i];
    }
#pragma omp simd
    for (int i = 0; i < m; i++) {
      const float a0 = a[4 * i], a1 = a[4 * i + 1];
      re[i] = a0 * c2 + a1 * s2;  // A's orientation seen in B's frame
      im[i] = a1 * c2 - a0 * s2;
      relief[i] = a[4 * i + 3];
      weight[i] *= a[4 * i + 2];
    }
    const float *b0 = B.value[0].data() + from, *b1 = B.value[1].data() + from, *b2 = B.value[2].data() + from, *square = B.square.data() + from;
    float cross = 0, ea = 0, eb = 0;
#pragma omp simd reduction(+ : cross, ea, eb)
    for (int i = 0; i < m; i++) {
      cross += weight[i] * (re[i] * b0[i] + im[i] * b1[i] + relief[i] * b2[i]);
      ea += weight[i] * (re[i] * re[i] + im[i] * im[i] + relief[i] * relief[i]);
      eb += weight[i] * square[i];
    }
    out.cross += cross;
    out.ea += ea;
    out.eb += eb;
    for (int k = 0; k < FREE && slopes; k++) {
      const float *j0 = B.slope[k][0].data() + from, *j1 = B.slope[k][1].data() + from, *j2 = B.slope[k][2].data() + from, *own = B.own[k].data() + from;
      float along = 0, itself = 0;
#pragma omp simd reduction(+ : along, itself)
      for (int i = 0; i < m; i++) {
        along += weight[i] * (re[i] * j0[i] + im[i] * j1[i] + relief[i] * j2[i]);
        itself += weight[i] * own[i];
      }
      out.shown[k] += along;
      out.own[k] += itself;
    }
  }
  return out;
}

// Solves the damped system by elimination.
bool solve(const double curvature[FREE][FREE], double x[FREE]) {
  double h[FREE][FREE];
  for (int i = 0; i < FREE; i++)
    for (int k = 0; k < FREE; k++) h[i][k] = curvature[i][k] * (i == k ? 1 + DAMPING : 1);
  for (int i = 0; i < FREE; i++) {
    if (!(h[i][i] > 1e-9)) return false;
    for (int r = i + 1; r < FREE; r++) {
      const double f = h[r][i] / h[i][i];
      for (int k = i; k < FREE; k++) h[r][k] -= f * h[i][k];
      x[r] -= f * x[i];
    }
  }
  for (int i = FREE - 1; i >= 0; i--) {
    for (int k = i + 1; k < FREE; k++) x[i] -= h[i][k] * x[k];
    x[i] /= h[i][i];
  }
  return true;
}

// Moves `p` to the best pose near by; returns the agreement there. A shows B's cells times a gain, so that the step is
// that of the residual beyond the gain.
double refine(const Face& A, const Cells& B, const PoseSettings& s, Pose& p) {
  const double cell = s.grid / (2 * s.halfSpan);
  Pose best = p, now = p;
  double most = -2;
  for (int i = 0;; i++) {
    const Sums sums = lay(A, B, s, now, i < s.iterations);
    if (sums.agreement() > most) {
      most = sums.agreement();
      best = now;
    }
    const double gain = sums.cross / std::max(1e-9, sums.eb);
    if (i == s.iterations || !(gain > 0.05)) break;
    double x[FREE];
    for (int k = 0; k < FREE; k++) x[k] = -(sums.shown[k] - gain * sums.own[k]) / gain * (B.energy / sums.eb);
    if (!solve(B.curvature, x)) break;
    for (int k = 0; k < FREE; k++) x[k] = std::clamp(x[k], -LONGEST[k], LONGEST[k]);
    const double c = std::exp(now.logScale) * std::cos(now.rotation), d = std::exp(now.logScale) * std::sin(now.rotation);
    now.x += (c * x[0] - d * x[1]) / cell;
    now.y += (d * x[0] + c * x[1]) / cell;
    now.rotation += x[2];
    now.logScale += x[3];
  }
  p = best;
  return most;
}

// One face, ready to be laid on another.
struct Laid {
  Spectrum reference;
  Cells cells;
  std::vector<double> symmetry;  // turns, in radians, by which it lies on itself again
};

// Of symmetries of two to six; a turn back is as good as a turn.
constexpr double TURNS[] = {2 * PI / 2, 2 * PI / 3, 2 * PI / 4, 2 * PI / 5, 4 * PI / 5, 2 * PI / 6};

bool underOneLamp(const Face& f, const PoseSettings& s) { return std::hypot(f.light[0], f.light[1]) >= (s.lampFrom + s.lampFull) / 2; }

// Without a lamp that hides strokes, the fields tell the right turn themselves. A round drawing agrees with itself in every
// turn: a symmetry stands out of the least of them.
void symmetryOf(const Face& f, const Cells& cells, const PoseSettings& s, std::vector<double>& out) {
  out.clear();
  if (!underOneLamp(f, s)) return;
  double agreement[std::size(TURNS)], least = 1;
  for (size_t i = 0; i < std::size(TURNS); i++) {
    agreement[i] = lay(f, cells, s, {0, 0, TURNS[i], 0}, false).agreement();
    least = std::min(least, agreement[i]);
  }
  for (size_t i = 0; i < std::size(TURNS); i++) {
    if (agreement[i] < s.symmetryFrom + std::max(0.0, least)) continue;
    out.push_back(TURNS[i]);
    if (TURNS[i] < PI) out.push_back(-TURNS[i]);
  }
}

struct Memory {
  Scratch scratch;
  Lanes lanes;
  Spectrum one;
  std::vector<Coarse> kept;
};

// Poses of B on A.
std::vector<PoseHypothesis> compareOne(const Face& A, const Expanded& e, const Laid& B, const PoseSettings& s, Memory& k) {
  coarsePoses(e, B.reference, s, k.lanes, k.kept);
  std::vector<PoseHypothesis> out;
  for (const Coarse& start : k.kept) {
    if (start.score < s.refineFloor && !out.empty()) break;
    const Variant& v = e.variants[start.variant];
    Pose p{v.x, v.y, 2 * PI * start.angle / ANGLES, std::log(v.scale)};
    const double agreement = refine(A, B.cells, s, p);
    out.push_back({agreement, p.rotation * 180 / PI, p.x, p.y, std::exp(p.logScale), false});
  }
  std::stable_sort(out.begin(), out.end(), [](const PoseHypothesis& x, const PoseHypothesis& y) { return x.agreement > y.agreement; });
  if (out.empty() || !underOneLamp(A, s)) return out;
  for (double turn : B.symmetry) {
    PoseHypothesis turned = out[0];
    turned.rotationDeg += turn * 180 / PI;
    turned.turned = true;
    out.push_back(turned);
  }
  return out;
}

}  // namespace

std::vector<std::vector<PoseHypothesis>> findHypotheses(const FieldView& probe, const std::vector<FieldView>& candidates, const PoseSettings& s) {
  const Rings g(s);
  const std::vector<int32_t> centre = sampleCells(g, s, {0, 0, 1});
  auto k = std::make_unique<Memory>();
  const auto ready = [&](const Face& f, std::unique_ptr<Laid>& out) {
    if (!out) out = std::make_unique<Laid>();
    ringSpectrum(f, g, s, centre.data(), true, k->scratch, out->reference);
    cellsOf(f, out->cells);
    symmetryOf(f, out->cells, s, out->symmetry);
  };
  const Face own = decode(probe, s);
  std::unique_ptr<Laid> ownLaid, otherLaid;  // made when first needed
  std::unique_ptr<Plan> plans[2];            // whole, partial; likewise
  std::unique_ptr<Expanded> expanded[2];     // of the probe
  std::vector<float> reuse;
  std::vector<std::vector<PoseHypothesis>> out;
  out.reserve(candidates.size());
  for (const FieldView& candidate : candidates) {
    const Face other = decode(candidate, s);
    const bool wide = probe.partial || candidate.partial;
    if (!plans[wide]) plans[wide] = std::make_unique<Plan>(g, s, wide);
    if (before(probe, candidate, s.grid)) {
      if (!expanded[wide]) expanded[wide] = std::make_unique<Expanded>(expand(own, g, s, *plans[wide], k->scratch, k->one));
      ready(other, otherLaid);
      out.push_back(compareOne(own, *expanded[wide], *otherLaid, s, *k));
    } else {
      if (!ownLaid) ready(own, ownLaid);
      Expanded e = expand(other, g, s, *plans[wide], k->scratch, k->one, std::move(reuse));
      out.push_back(compareOne(other, e, *ownLaid, s, *k));
      for (PoseHypothesis& h : out.back()) invert(h);
      reuse = std::move(e.spectra);
    }
  }
  return out;
}

}  // namespace relievo
