#include "tool_align.h"

#include <algorithm>
#include <cmath>

namespace relievo::tools {
namespace {

using pose::V4;
constexpr int FREE = 6;       // unknowns of an affine step
constexpr int FEWEST = 200;   // cells without which there is nothing to solve
constexpr float LEAST_GAIN = 0.1f;
constexpr double STILL_PX = 0.02;

struct Sums {
  double h[FREE][FREE] = {}, q[FREE] = {};
  double cross = 0, aa = 0, bb = 0, count = 0;
};

// A row of cells that both show, side by side, so that the sums over it run in vectors.
struct Row {
  std::vector<float> a, b, gx, gy, u;
  explicit Row(int cells) : a(cells), b(cells), gx(cells), gy(cells), u(cells) {}
};

// Cells of the probe's row y that the candidate shows too: values of both, the candidate's gradient in the probe's frame.
int gather(const Level& A, const Level& B, const Affine& m, int y, int sample, float half, Row& row) {
  const float inv = 1.f / B.stride, Y = float(y * A.stride);
  const float m0 = float(m[0]), m1 = float(m[1]), m3 = float(m[3]), m4 = float(m[4]);
  const float x0 = (m1 * Y + float(m[2])) * inv, y0 = (m4 * Y + float(m[5])) * inv, dx = m0 * A.stride * inv, dy = m3 * A.stride * inv;
  const V4* own = A.cells.data() + size_t(y) * A.size;
  const float last = float(B.size - 1);
  int n = 0;
  for (int x = 0; x < A.size; x += sample) {
    const V4& a4 = own[x];
    if (a4[3] < 1) continue;
    const float bx = x0 + dx * x, by = y0 + dy * x;
    if (!(bx >= 0 && by >= 0 && bx < last && by < last)) continue;
    const int ix = int(bx), iy = int(by);
    const V4* p = B.cells.data() + size_t(iy) * B.size + ix;
    const V4 top = p[0] + (p[1] - p[0]) * (bx - ix), low = p[B.size] + (p[B.size + 1] - p[B.size]) * (bx - ix);
    const V4 b4 = top + (low - top) * (by - iy);
    if (b4[3] < 0.99f) continue;
    row.a[n] = a4[0];
    row.b[n] = b4[0];
    row.gx[n] = b4[1] * m0 + b4[2] * m3;
    row.gy[n] = b4[1] * m1 + b4[2] * m4;
    row.u[n] = x * A.stride / half - 1;
    n++;
  }
  return n;
}

// One pass over the probe's cells: with `gain` and `variance` of the former pass, the normal equations of the next step.
// The step is affine, J = (gx, gy, gx u, gx v, gy u, gy v), so that within a row (v is constant) three products of the
// gradient and two of the residual, times powers of u, are all that has to be summed.
RELIEVO_WIDE Sums pass(const Level& A, const Level& B, const Affine& m, int sample, float gain, float variance, float doubt, float half) {
  Sums out;
  Row row(A.size);
  const float least = 1 / (doubt * variance);
  for (int y = 0; y < A.size; y += sample) {
    const int n = gather(A, B, m, y, sample, half, row);
    if (n == 0) continue;
    float cross = 0, aa = 0, bb = 0;
    float xx = 0, xy = 0, yy = 0, xxu = 0, xyu = 0, yyu = 0, xxuu = 0, xyuu = 0, yyuu = 0, qx = 0, qy = 0, qxu = 0, qyu = 0;
#pragma omp simd reduction(+ : cross, aa, bb, xx, xy, yy, xxu, xyu, yyu, xxuu, xyuu, yyuu, qx, qy, qxu, qyu)
    for (int i = 0; i < n; i++) {
      const float a = row.a[i], b = row.b[i], r = a - gain * b, w = 1 / (1 + r * r * least), u = row.u[i];
      const float gx = gain * row.gx[i], gy = gain * row.gy[i], wx = w * gx, wy = w * gy;
      cross += a * b;
      aa += a * a;
      bb += b * b;
      const float pxx = wx * gx, pxy = wx * gy, pyy = wy * gy, rx = wx * r, ry = wy * r;
      xx += pxx;
      xy += pxy;
      yy += pyy;
      xxu += pxx * u;
      xyu += pxy * u;
      yyu += pyy * u;
      xxuu += pxx * u * u;
      xyuu += pxy * u * u;
      yyuu += pyy * u * u;
      qx += rx;
      qy += ry;
      qxu += rx * u;
      qyu += ry * u;
    }
    out.cross += cross;
    out.aa += aa;
    out.bb += bb;
    out.count += n;
    const double v = y * A.stride / half - 1;
    const double h[FREE][FREE] = {{xx, xy, xxu, xx * v, xyu, xy * v},
                                  {0, yy, xyu, xy * v, yyu, yy * v},
                                  {0, 0, xxuu, xxu * v, xyuu, xyu * v},
                                  {0, 0, 0, xx * v * v, xyu * v, xy * v * v},
                                  {0, 0, 0, 0, yyuu, yyu * v},
                                  {0, 0, 0, 0, 0, yy * v * v}};
    const double q[FREE] = {qx, qy, qxu, qx * v, qyu, qy * v};
    for (int i = 0; i < FREE; i++) {
      out.q[i] += q[i];
      for (int l = i; l < FREE; l++) out.h[i][l] += h[i][l];
    }
  }
  for (int i = 0; i < FREE; i++)
    for (int l = 0; l < i; l++) out.h[i][l] = out.h[l][i];
  return out;
}

bool solve(double h[FREE][FREE], double q[FREE]) {
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

Face decode(const ToolFaceView& v) {
  Face f{v, {}};
  for (int l = 0; l < LEVELS; l++) {
    Level& level = f.levels[l];
    level.stride = v.stride[l];
    level.size = (v.size + level.stride - 1) / level.stride;
    const int n = level.size;
    level.cells.assign(size_t(n) * n, V4{0, 0, 0, 0});
    const int8_t* z = v.strokes[l];
    const float slope = 0.125f / level.stride;
    for (int y = 1; y < n - 1; y++)
      for (int x = 1; x < n - 1; x++) {
        if (v.walls[size_t(y) * level.stride * v.size + size_t(x) * level.stride] == 255) continue;
        const int8_t *up = z + size_t(y - 1) * n + x, *at = up + n, *low = at + n;
        const float gx = slope * ((up[1] - up[-1]) + 2 * (at[1] - at[-1]) + (low[1] - low[-1]));
        const float gy = slope * ((low[-1] - up[-1]) + 2 * (low[0] - up[0]) + (low[1] - up[1]));
        level.cells[size_t(y) * n + x] = V4{float(at[0]), gx, gy, 1};
      }
  }
  return f;
}

Affine gridMapping(const ToolFaceView& a, const ToolFaceView& b, const CropPose& p) {
  const double t = p.rotationDeg * pose::PI / 180, c = std::cos(t) / p.scale, d = std::sin(t) / p.scale;
  const double ma = a.size / 2.0 - 0.5, mb = b.size / 2.0 - 0.5, k = a.unit / b.unit;
  // place in the probe's crop of its grid's origin, less the shift
  const double ux = a.centre[0] - a.unit * ma - p.shiftX, uy = a.centre[1] - a.unit * ma - p.shiftY;
  return {c * k, d * k, (c * ux + d * uy - b.centre[0]) / b.unit + mb, -d * k, c * k, (c * uy - d * ux - b.centre[1]) / b.unit + mb};
}

double align(const Face& A, const Face& B, const ToolSettings& s, int level, Affine& m) {
  const double half = A.view.size / 2.0;
  const double longest = s.longestStep * s.pxPerMm;
  double agreement = -1;
  float gain = 1, variance = 1e12f;
  for (int i = -1;; i++) {  // the first pass only measures gain and variance
    Sums sums = pass(A.levels[level], B.levels[level], m, s.sample[level], gain, variance, float(s.doubt), float(half));
    if (sums.count < FEWEST) return -1;
    agreement = sums.cross / std::sqrt(std::max(1e-9, sums.aa * sums.bb));
    gain = std::max(LEAST_GAIN, float(sums.cross / std::max(1e-9, sums.bb)));
    variance = float((sums.aa - 2 * gain * sums.cross + gain * gain * sums.bb) / sums.count);
    if (i < 0) continue;
    if (i == s.iterations[level]) return agreement;
    double trace = 0;
    for (int k = 2; k < FREE; k++) trace += sums.h[k][k];
    for (int k = 0; k < FREE; k++) sums.h[k][k] += (k < 2 ? 0 : s.stiffness * trace / 4) + 1e-6;
    if (!solve(sums.h, sums.q)) return agreement;
    double most = 0;
    for (double q : sums.q) most = std::max(most, std::abs(q));
    if (most > longest)
      for (double& q : sums.q) q *= longest / most;
    m = moved(m, sums.q, half);
    if (most < STILL_PX) return agreement;
  }
}

}  // namespace relievo::tools
