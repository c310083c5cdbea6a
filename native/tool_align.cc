#include "tool_align.h"

#include <algorithm>
#include <cmath>

#include "design_types.h"

namespace relievo::tools {
namespace {

constexpr int FREE = 6;       // unknowns of an affine step
constexpr int MOMENTS = 6;    // 1, u, v, uu, uv, vv
constexpr int FEWEST = 200;   // places without which there is nothing to solve
constexpr int CHUNK = 256;    // places at a time: what is known of them stays in the nearest memory
constexpr float LEAST_GAIN = 0.1f, LEAST_VARIANCE = 1e-6f;
constexpr double STILL_PX[LEVELS] = {0.16, 0.08, 0.02};  // a coarse band need not find what the next one finds again

struct Sums {
  double q[FREE] = {};
  double cross = 0, aa = 0, bb = 0, count = 0;
};

struct Chunk {
  int32_t at[CHUNK];
  uint32_t four[CHUNK];
  float fx[CHUNK], fy[CHUNK];
  float known[CHUNK], b[CHUNK];           // what the other face shows at the places
  float xx[CHUNK], xy[CHUNK], yy[CHUNK];  // weighted products of the slopes
};

// What the field shows at `n` places: its value between the four nearest cells, and 1 where it is known.
inline __attribute__((always_inline)) void look(const float* px, const float* py, int n, const Squares& B, const Affine& m, Chunk& c) {
  const float inv = 1.f / B.stride, last = float(B.size - 1);
  const float m0 = float(m[0]) * inv, m1 = float(m[1]) * inv, m2 = float(m[2]) * inv, m3 = float(m[3]) * inv, m4 = float(m[4]) * inv, m5 = float(m[5]) * inv;
  const int size = B.size;
#pragma omp simd
  for (int i = 0; i < n; i++) {
    const float x = m0 * px[i] + m1 * py[i] + m2, y = m3 * px[i] + m4 * py[i] + m5;
    const float bx = smaller(larger(0.f, x), last), by = smaller(larger(0.f, y), last);  // no face reaches the grid's border
    const int ix = int(bx), iy = int(by);
    c.at[i] = iy * size + ix;
    c.fx[i] = bx - float(ix);
    c.fy[i] = by - float(iy);
  }
  const uint32_t* cells = B.cells.data();
#pragma GCC unroll 8
  for (int i = 0; i < n; i++) c.four[i] = cells[c.at[i]];
  for (int i = 0; i < n; i++) {
    const uint32_t q = c.four[i];
    const float z00 = float(int(q & 255)), z10 = float(int(q >> 8 & 255)), z01 = float(int(q >> 16 & 255)), z11 = float(int(q >> 24));
    const float top = z00 + (z10 - z00) * c.fx[i], low = z01 + (z11 - z01) * c.fx[i], between = top + (low - top) * c.fy[i] - 128;
    c.known[i] = q != 0 ? 1.f : 0.f;
    c.b[i] = q != 0 ? between : 0.f;
  }
}

// Agreement of the two faces at the places both show.
RELIEVO_WIDE void agreement(const Points& A, const Squares& B, const Affine& m, Chunk& c, Sums& out) {
  for (int from = 0; from < A.count; from += CHUNK) {
    const int n = std::min(CHUNK, A.count - from);
    const float* a = A.relief.data() + from;
    look(A.x.data() + from, A.y.data() + from, n, B, m, c);
    float cross = 0, aa = 0, bb = 0, count = 0;
#pragma omp simd reduction(+ : cross, aa, bb, count)
    for (int i = 0; i < n; i++) {
      cross += a[i] * c.b[i];
      aa += a[i] * a[i] * c.known[i];
      bb += c.b[i] * c.b[i];
      count += c.known[i];
    }
    out.cross += cross;
    out.aa += aa;
    out.bb += bb;
    out.count += count;
  }
}

// Sums of one product times 1, u, v, uu, uv, vv.
inline __attribute__((always_inline)) void moments(const float* p, const float* u, const float* v, int n, double to[MOMENTS]) {
  float s = 0, su = 0, sv = 0, suu = 0, suv = 0, svv = 0;
#pragma omp simd reduction(+ : s, su, sv, suu, suv, svv)
  for (int i = 0; i < n; i++) {
    const float pu = p[i] * u[i], pv = p[i] * v[i];
    s += p[i];
    su += pu;
    sv += pv;
    suu += pu * u[i];
    suv += pu * v[i];
    svv += pv * v[i];
  }
  to[0] += s;
  to[1] += su;
  to[2] += sv;
  to[3] += suu;
  to[4] += suv;
  to[5] += svv;
}

// The right side of the next step's normal equations, with the `gain` and least variance of the pass before, and on the
// first step its curvature. What the field shows is explained by the places times the gain: their slopes do not change from
// step to step, and the curvature hardly does. The step is affine, J = (gx, gy, gx u, gx v, gy u, gy v): all that is summed
// are three products of the slope and two of the residual, times powers of u and v.
template <bool curved>
inline __attribute__((always_inline)) void sumUp(const Points& A, const Squares& B, const Affine& m, float gain, float least, Chunk& c, Sums& out, double h[FREE][FREE]) {
  double xx[MOMENTS] = {}, xy[MOMENTS] = {}, yy[MOMENTS] = {};
  for (int from = 0; from < A.count; from += CHUNK) {
    const int n = std::min(CHUNK, A.count - from);
    const float *a = A.relief.data() + from, *sx = A.gx.data() + from, *sy = A.gy.data() + from, *u = A.u.data() + from, *v = A.v.data() + from;
    look(A.x.data() + from, A.y.data() + from, n, B, m, c);
    float cross = 0, aa = 0, bb = 0, count = 0, x = 0, y = 0, xu = 0, xv = 0, yu = 0, yv = 0;
#pragma omp simd reduction(+ : cross, aa, bb, count, x, y, xu, xv, yu, yv)
    for (int i = 0; i < n; i++) {
      const float b = c.b[i], r = gain * a[i] - b, w = c.known[i] / (1 + r * r * least), wx = w * sx[i], wy = w * sy[i], rx = wx * r, ry = wy * r;
      cross += a[i] * b;
      aa += a[i] * a[i] * c.known[i];
      bb += b * b;
      count += c.known[i];
      x += rx;
      y += ry;
      xu += rx * u[i];
      xv += rx * v[i];
      yu += ry * u[i];
      yv += ry * v[i];
      if (curved) {
        c.xx[i] = wx * sx[i];
        c.xy[i] = wx * sy[i];
        c.yy[i] = wy * sy[i];
      }
    }
    out.cross += cross;
    out.aa += aa;
    out.bb += bb;
    out.count += count;
    const float q[FREE] = {x, y, xu, xv, yu, yv};
    for (int i = 0; i < FREE; i++) out.q[i] += q[i] / gain;
    if (!curved) continue;
    moments(c.xx, u, v, n, xx);
    moments(c.xy, u, v, n, xy);
    moments(c.yy, u, v, n, yy);
  }
  if (!curved) return;
  constexpr int AXIS[FREE] = {0, 1, 0, 0, 1, 1}, POWER[FREE] = {0, 0, 1, 2, 1, 2};
  constexpr int PRODUCT[3][3] = {{0, 1, 2}, {1, 3, 4}, {2, 4, 5}};
  const double* products[3] = {xx, xy, yy};
  for (int i = 0; i < FREE; i++)
    for (int l = 0; l < FREE; l++) h[i][l] = products[AXIS[i] + AXIS[l]][PRODUCT[POWER[i]][POWER[l]]];
}

RELIEVO_WIDE void firstStep(const Points& A, const Squares& B, const Affine& m, float gain, float least, Chunk& c, Sums& out, double h[FREE][FREE]) { sumUp<true>(A, B, m, gain, least, c, out, h); }
RELIEVO_WIDE void nextStep(const Points& A, const Squares& B, const Affine& m, float gain, float least, Chunk& c, Sums& out) { sumUp<false>(A, B, m, gain, least, c, out, nullptr); }

bool solve(const double curvature[FREE][FREE], double q[FREE]) {
  double h[FREE][FREE];
  std::copy_n(&curvature[0][0], FREE * FREE, &h[0][0]);
  for (int i = 0; i < FREE; i++) {
    if (!(h[i][i] > 1e-12)) return false;
    for (int r = i + 1; r < FREE; r++) {
      const double f = h[r][i] / h[i][i];
      for (int c = i; c < FREE; c++) h[r][c] -= f * h[i][c];
      q[r] -= f * q[i];
    }
  }
  for (int i = FREE - 1; i >= 0; i--) {
    for (int c = i + 1; c < FREE; c++) q[i] -= h[i][c] * q[c];
    q[i] /= h[i][i];
  }
  return true;
}

// m after a step that moves what is seen at x to x + d(x), d affine about the middle of the grid.
Affine moved(const Affine& m, const double d[FREE], double half) {
  const double l[4] = {d[2] / half, d[3] / half, d[4] / half, d[5] / half};
  const double t[6] = {1 + l[0], l[1], d[0] - (l[0] + l[1]) * half, l[2], 1 + l[3], d[1] - (l[2] + l[3]) * half};
  return {m[0] * t[0] + m[1] * t[3], m[0] * t[1] + m[1] * t[4], m[0] * t[2] + m[1] * t[5] + m[2],
          m[3] * t[0] + m[4] * t[3], m[3] * t[1] + m[4] * t[4], m[3] * t[2] + m[4] * t[5] + m[5]};
}

}  // namespace

Affine gridMapping(const ToolFaceView& a, const ToolFaceView& b, const CropPose& p) {
  const double t = p.rotationDeg * pose::PI / 180, c = std::cos(t) / p.scale, d = std::sin(t) / p.scale;
  const double ma = a.size / 2.0 - 0.5, mb = b.size / 2.0 - 0.5, k = a.unit / b.unit;
  // place in the probe's crop of its grid's origin, less the shift
  const double ux = a.centre[0] - a.unit * ma - p.shiftX, uy = a.centre[1] - a.unit * ma - p.shiftY;
  return {c * k, d * k, (c * ux + d * uy - b.centre[0]) / b.unit + mb, -d * k, c * k, (c * uy - d * ux - b.centre[1]) / b.unit + mb};
}

double align(const Points& A, const Squares& B, const ToolSettings& s, int level, int side, Affine& m, Fit& fit) {
  const double half = side / 2.0, longest = s.longestStep * s.pxPerMm;
  Chunk c;
  double h[FREE][FREE], shape = 0, size = 0;
  for (int i = fit.variance > 0 ? 0 : -1;; i++) {  // a pass before the first step where nothing is known of gain and variance, one after the last
    Sums sums;
    const bool step = i >= 0 && i < s.iterations[level];
    const float least = float(1 / (s.doubt * fit.variance));
    if (step && i == 0) firstStep(A, B, m, fit.gain, least, c, sums, h);
    else if (step) nextStep(A, B, m, fit.gain, least, c, sums);
    else agreement(A, B, m, c, sums);
    if (sums.count < FEWEST) return -1;
    const double agreed = sums.cross / std::sqrt(std::max(1e-9, sums.aa * sums.bb));
    fit.gain = std::max(LEAST_GAIN, float(sums.cross / std::max(1e-9, sums.aa)));
    fit.variance = std::max(LEAST_VARIANCE, float((sums.bb - 2 * fit.gain * sums.cross + fit.gain * fit.gain * sums.aa) / sums.count));
    if (i < 0) continue;
    if (!step) return agreed;
    if (i == 0) {
      double trace = 0;
      for (int k = 2; k < FREE; k++) trace += h[k][k];
      for (int k = 0; k < FREE; k++) h[k][k] += (k < 2 ? 0 : s.stiffness * trace / 4) + 1e-6;
      // normal priors of how much a mapping stretches and of how much larger it is, next to what the strokes tell
      const double noise = s.alike * fit.variance / (double(fit.gain) * fit.gain * half);
      shape = noise / (s.stretch * s.stretch);
      size = noise / (s.scaleError * s.scaleError);
      for (auto [k, l] : {std::pair{2, 2}, {5, 5}}) h[k][l] += (size + shape) / (2 * half);
      for (auto [k, l] : {std::pair{2, 5}, {5, 2}}) h[k][l] += (size - shape) / (2 * half);
      for (auto [k, l] : {std::pair{3, 3}, {3, 4}, {4, 3}, {4, 4}}) h[k][l] += shape / (2 * half);
    }
    // how far the mapping stretches as it is, m = R (1 + s)
    const double s00 = 0.5 * (m[0] * m[0] + m[3] * m[3] - 1), s01 = 0.5 * (m[0] * m[1] + m[3] * m[4]), s11 = 0.5 * (m[1] * m[1] + m[4] * m[4] - 1);
    const double larger = 0.5 * size * (s00 + s11), longer = 0.5 * shape * (s00 - s11);
    sums.q[2] -= larger + longer;
    sums.q[3] -= shape * s01;
    sums.q[4] -= shape * s01;
    sums.q[5] -= larger - longer;
    if (!solve(h, sums.q)) return agreed;
    double most = 0;
    for (double q : sums.q) most = std::max(most, std::abs(q));
    if (most > longest)
      for (double& q : sums.q) q *= longest / most;
    m = moved(m, sums.q, half);
    if (most < STILL_PX[level]) return agreed;
  }
}

}  // namespace relievo::tools
