#include "design_agree.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace relievo::pose {
namespace {

// How far one step of the refinement may go, in cells, radians and log scale: beyond it the linear model says nothing.
constexpr double LONGEST_SHIFT = 2, LONGEST_TURN = 0.06, LONGEST_SCALING = 0.03;
// Levenberg's damping: added to the diagonal of the system, as a share of it.
constexpr double DAMPING = 0.02;

// Solves the damped 4 x 4 system by elimination.
bool solve(double h[4][5], double x[4]) {
  for (int i = 0; i < 4; i++) h[i][i] *= 1 + DAMPING;
  for (int i = 0; i < 4; i++) {
    if (std::abs(h[i][i]) < 1e-9) return false;
    for (int r = i + 1; r < 4; r++) {
      const double f = h[r][i] / h[i][i];
      for (int c = i; c < 5; c++) h[r][c] -= f * h[i][c];
    }
  }
  for (int i = 3; i >= 0; i--) {
    x[i] = h[i][4];
    for (int c = i + 1; c < 4; c++) x[i] -= h[i][c] * x[c];
    x[i] /= h[i][i];
  }
  return true;
}

}  // namespace

RELIEVO_WIDE Agreement overlay(const Face& A, const Face& B, const PoseSettings& s, const Pose& p, int step, double (*h)[5]) {
  const int n = A.grid;
  const float cell = float(n / (2 * s.halfSpan));
  const float c = float(std::exp(p.logScale) * std::cos(p.rotation)), d = float(std::exp(p.logScale) * std::sin(p.rotation));
  const float c2 = float(std::cos(2 * p.rotation)), s2 = float(std::sin(2 * p.rotation));
  const float half = n / 2.f - 0.5f;
  Agreement out;
  float cross = 0, ea = 0, eb = 0, ov = 0;
  float H[4][5] = {};
  for (int y = step / 2; y < n; y += step) {
    const float by = y - half;
    for (int x = step / 2; x < n; x += step) {
      const V4 b = B.fine[y * n + x];
      if (b[2] <= 0) continue;
      const float bx = x - half;
      const float rx = c * bx - d * by, ry = d * bx + c * by;  // from the turning point, in cells
      const float ax = rx + float(p.x) * cell + half, ay = ry + float(p.y) * cell + half;
      const int ix = int(ax), iy = int(ay);
      if (ax < 0 || ay < 0 || ix >= n - 1 || iy >= n - 1) continue;
      const float fx = ax - ix, fy = ay - iy;
      const V4* q = A.fine.data() + iy * n + ix;
      const V4 top = q[0] + (q[1] - q[0]) * fx, low = q[n] + (q[n + 1] - q[n]) * fx;
      const V4 a = top + (low - top) * fy;
      const float w = a[2] * b[2];
      if (w <= 0) continue;
      // A's orientation seen in B's frame
      const float re = a[0] * c2 + a[1] * s2, im = a[1] * c2 - a[0] * s2;
      cross += w * (re * b[0] + im * b[1] + a[3] * b[3]);
      ea += w * (re * re + im * im + a[3] * a[3]);
      eb += w * (b[0] * b[0] + b[1] * b[1] + b[3] * b[3]);
      ov += w;
      if (!h) continue;
      const V4 gx = (q[1] - q[0]) * (1 - fy) + (q[n + 1] - q[n]) * fy, gy = low - top;
      const float xr = gx[0] * c2 + gx[1] * s2, xi = gx[1] * c2 - gx[0] * s2;
      const float yr = gy[0] * c2 + gy[1] * s2, yi = gy[1] * c2 - gy[0] * s2;
      const float jr[4] = {xr, yr, -ry * xr + rx * yr + 2 * im, rx * xr + ry * yr};
      const float ji[4] = {xi, yi, -ry * xi + rx * yi - 2 * re, rx * xi + ry * yi};
      const float jh[4] = {gx[3], gy[3], -ry * gx[3] + rx * gy[3], rx * gx[3] + ry * gy[3]};
      const float er = b[0] - re, ei = b[1] - im, eh = b[3] - a[3];
      for (int i = 0; i < 4; i++) {
        for (int j = i; j < 4; j++) H[i][j] += w * (jr[i] * jr[j] + ji[i] * ji[j] + jh[i] * jh[j]);
        H[i][4] += w * (jr[i] * er + ji[i] * ei + jh[i] * eh);
      }
    }
  }
  out.cross = cross;
  out.energyA = ea;
  out.energyB = eb;
  out.overlap = ov;
  if (h)
    for (int i = 0; i < 4; i++)
      for (int j = 0; j < 5; j++) h[i][j] = j < i ? H[j][i] : H[i][j];
  return out;
}

double refine(const Face& A, const Face& B, const PoseSettings& s, Pose& p) {
  const double cell = s.grid / (2 * s.halfSpan);
  double h[4][5], x[4];
  Pose best = p, now = p;
  double bestScore = -2;
  for (int i = 0; i <= s.iterations; i++) {
    const double score = overlay(A, B, s, now, 2, h).score();
    if (score > bestScore) {
      bestScore = score;
      best = now;
    }
    if (i == s.iterations || !solve(h, x)) break;
    now.x += std::clamp(x[0], -LONGEST_SHIFT, LONGEST_SHIFT) / cell;
    now.y += std::clamp(x[1], -LONGEST_SHIFT, LONGEST_SHIFT) / cell;
    now.rotation += std::clamp(x[2], -LONGEST_TURN, LONGEST_TURN);
    now.logScale += std::clamp(x[3], -LONGEST_SCALING, LONGEST_SCALING);
  }
  p = best;
  return bestScore;
}

}  // namespace relievo::pose
