#include "tool_score.h"

#include <algorithm>
#include <cmath>

namespace relievo::tools {
namespace {

constexpr float INFORMATIVE = 0.05f;     // energy of a cell, over the best one's, below which it is not averaged
constexpr float CELL_FLOOR = 0.05f;      // keeps cells without marks from blowing up

float median(float* from, int count) {
  std::nth_element(from, from + count / 2, from + count);
  return from[count / 2];
}

// Both faces' marks on the probe's grid, without what walls explain; b has a border of `reach`.
RELIEVO_WIDE double overlay(const Face& A, const Face& B, const Affine& m, float wallHalf, int reach, Scratch& k) {
  const int n = A.view.size, nb = B.view.size, wide = n + 2 * reach;
  k.a.assign(size_t(n) * n, 0.f);
  k.b.assign(size_t(wide) * wide, 0.f);
  k.known.assign(size_t(n) * n, 0.f);
  const float scale = 1 / (WALL_UNIT * wallHalf);
  double sum = 0;
  for (int y = 0; y < n; y++) {
    float row = 0;
    for (int x = 0; x < n; x++) {
      const size_t i = size_t(y) * n + x;
      const float wa = A.view.walls[i];
      if (wa >= 255) continue;
      const float bx = float(m[0] * x + m[1] * y + m[2]), by = float(m[3] * x + m[4] * y + m[5]);
      if (bx < 0 || by < 0 || bx >= nb - 1 || by >= nb - 1) continue;
      const int ix = int(bx), iy = int(by);
      const float fx = bx - ix, fy = by - iy;
      const size_t j = size_t(iy) * nb + ix;
      const uint8_t* w = B.view.walls + j;
      if (w[0] == 255 || w[1] == 255 || w[nb] == 255 || w[nb + 1] == 255) continue;
      const float w00 = (1 - fx) * (1 - fy), w10 = fx * (1 - fy), w01 = (1 - fx) * fy, w11 = fx * fy;
      const float wb = w00 * w[0] + w10 * w[1] + w01 * w[nb] + w11 * w[nb + 1];
      const int8_t* z = B.view.marks + j;
      const float b = w00 * z[0] + w10 * z[1] + w01 * z[nb] + w11 * z[nb + 1];
      const float wall = std::max(wa, wb) * scale, weight = 1 / (1 + wall * wall), root = std::sqrt(weight);
      k.a[i] = A.view.marks[i] * root;
      k.b[size_t(y + reach) * wide + x + reach] = b * root;
      k.known[i] = weight;
      row += weight;
    }
    sum += row;
  }
  return sum;
}

// maps[cell][shift] = sum over the cell of a(x) b(x + shift).
RELIEVO_WIDE void correlate(const Scratch& from, int n, int reach, int cell, int across, float* maps, float* ea, float* eb) {
  const int wide = n + 2 * reach, side = 2 * reach + 1;
  for (int y = 0; y < n; y++) {
    const float* a = from.a.data() + size_t(y) * n;
    const int cy = y / cell;
    for (int cx = 0; cx < across; cx++) {
      const int x0 = cx * cell, x1 = std::min(n, x0 + cell);
      const int c = cy * across + cx;
      float e = 0;
#pragma omp simd reduction(+ : e)
      for (int x = x0; x < x1; x++) e += a[x] * a[x];
      if (e == 0) continue;
      ea[c] += e;
      const float* own = from.b.data() + size_t(y + reach) * wide + reach;
      float f = 0;
#pragma omp simd reduction(+ : f)
      for (int x = x0; x < x1; x++) f += own[x] * own[x];
      eb[c] += f;
      float* map = maps + size_t(c) * side * side;
      for (int dy = 0; dy < side; dy++)
        for (int dx = 0; dx < side; dx++) {
          const float* b = from.b.data() + size_t(y + dy) * wide + dx;
          float s = 0;
#pragma omp simd reduction(+ : s)
          for (int x = x0; x < x1; x++) s += a[x] * b[x];
          map[dy * side + dx] += s;
        }
    }
  }
}

}  // namespace

void scoreMarks(const Face& A, const Face& B, const ToolSettings& s, const Affine& m, bool detail, Scratch& k, ToolPair& out) {
  const int n = A.view.size, reach = int(std::lround(s.reach * s.pxPerMm)), side = 2 * reach + 1, shifts = side * side;
  const int cell = int(std::lround(s.cell * s.pxPerMm)), across = (n + cell - 1) / cell, cells = across * across;
  // 1 marks of both on one grid
  out.areaMm2 = overlay(A, B, m, float(s.wallHalf), reach, k) / (s.pxPerMm * s.pxPerMm);
  // 2 every cell's agreement under every shift
  k.maps.assign(size_t(cells) * shifts, 0.f);
  k.ea.assign(cells, 0.f);
  k.eb.assign(cells, 0.f);
  correlate(k, n, reach, cell, across, k.maps.data(), k.ea.data(), k.eb.data());
  // 3 all cells under one common shift, above what the other shifts give
  k.total.assign(shifts, 0.f);
  double ea = 0, eb = 0;
  float mostA = 0, mostB = 0;
  for (int c = 0; c < cells; c++) {
    ea += k.ea[c];
    eb += k.eb[c];
    mostA = std::max(mostA, k.ea[c]);
    mostB = std::max(mostB, k.eb[c]);
    for (int i = 0; i < shifts; i++) k.total[i] += k.maps[size_t(c) * shifts + i];
  }
  const double energy = std::sqrt(ea * eb);
  if (!(energy > 0)) return;
  const int best = int(std::max_element(k.total.begin(), k.total.end()) - k.total.begin());
  const float peak = k.total[best];
  std::vector<float> order(k.total);
  out.marks = (peak - median(order.data(), shifts)) / energy;
  const int sx = best % side - reach, sy = best / side - reach;
  out.shiftMm = std::hypot(sx, sy) / s.pxPerMm;
  out.toCandidate = {m[0], m[1], m[2] + m[0] * sx + m[1] * sy, m[3], m[4], m[5] + m[3] * sx + m[4] * sy};
  // 4 the same with every cell on its own scale, so that one strong scratch does not decide alone
  std::vector<float> even(shifts, 0.f);
  int counted = 0;
  if (detail) out.cells.clear();
  const float floor = float(CELL_FLOOR * energy / cells);
  for (int c = 0; c < cells; c++) {
    float* map = k.maps.data() + size_t(c) * shifts;
    const float norm = 1 / (std::sqrt(k.ea[c] * k.eb[c]) + floor);
    for (int i = 0; i < shifts; i++) map[i] *= norm;
    order.assign(map, map + shifts);
    const float level = median(order.data(), shifts);
    const bool counts = k.ea[c] > INFORMATIVE * mostA && k.eb[c] > INFORMATIVE * mostB;
    if (counts) {
      counted++;
      for (int i = 0; i < shifts; i++) even[i] += map[i] - level;
    }
    if (!detail || k.ea[c] == 0) continue;
    ToolCell d;
    d.x = c % across;
    d.y = c / across;
    // a pixel of play: the affine mapping is the whole face's, not the cell's
    d.agreement = -1;
    for (int y = std::max(0, sy + reach - 1); y <= std::min(side - 1, sy + reach + 1); y++)
      for (int x = std::max(0, sx + reach - 1); x <= std::min(side - 1, sx + reach + 1); x++) d.agreement = std::max(d.agreement, map[y * side + x] - level);
    const int own = int(std::max_element(map, map + shifts) - map);
    d.own = map[own] - level;
    d.ownX = float((own % side - reach - sx) / s.pxPerMm);
    d.ownY = float((own / side - reach - sy) / s.pxPerMm);
    float known = 0;
    for (int y = d.y * cell; y < std::min(n, (d.y + 1) * cell); y++)
      for (int x = d.x * cell; x < std::min(n, (d.x + 1) * cell); x++) known += k.known[size_t(y) * n + x];
    d.known = known / float(cell * cell);
    d.energy = float(std::sqrt(double(k.ea[c]) * k.eb[c]) / energy * cells);
    out.cells.push_back(d);
  }
  if (counted > 0) out.evenMarks = *std::max_element(even.begin(), even.end()) / std::sqrt(double(counted));
}

}  // namespace relievo::tools
