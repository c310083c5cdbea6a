#include "tool_near.h"

#include <algorithm>
#include <cmath>

#include "design_types.h"

namespace relievo::tools {
namespace {

constexpr int THIRD = 3;               // places of 3 x 3, about the width of a mark
constexpr float CELL_FLOOR = 0.3f;     // of a cell's energy, over the usual one: keeps cells without marks from blowing up

// Means of 3 x 3 places of a plane whose rows begin at `from`, `wide` apart.
RELIEVO_WIDE void thirdsOf(const int16_t* from, int n, int wide, std::vector<int16_t>& sums, int16_t* to, int toWide) {
  const int out = n / THIRD;
  sums.resize(n);
  for (int y = 0; y < out; y++) {
    const int16_t *r0 = from + size_t(THIRD * y) * wide, *r1 = r0 + wide, *r2 = r1 + wide;
    int16_t *sum = sums.data(), *row = to + size_t(y) * toWide;
    for (int x = 0; x < n; x++) sum[x] = int16_t(r0[x] + r1[x] + r2[x]);
    for (int x = 0; x < out; x++) row[x] = int16_t((sum[THIRD * x] + sum[THIRD * x + 1] + sum[THIRD * x + 2]) / (THIRD * THIRD));
  }
}

// How far a turn about the middle moves the middle of each cell, in coarse places.
struct Turned {
  double c, s;
  std::pair<int, int> at(const Layout& l, int cell) const {
    const double middle = 0.5 * (l.n - 1), half = 0.5 * (l.cell - 1), x = cell % l.across * l.cell + half - middle, y = cell / l.across * l.cell + half - middle;
    return {int(std::lround((c - 1) * x - s * y)), int(std::lround(s * x + (c - 1) * y))};
  }
};

Turned turned(double degrees) { return {std::cos(degrees * pose::PI / 180), std::sin(degrees * pose::PI / 180)}; }

// How far it moves the middle of any cell: the last ones may lie beyond the grid's end.
int turnReach(const Layout& l, double degrees) {
  int most = 0;
  for (double turn : {-degrees, degrees})
    for (int c = 0; c < l.across * l.across; c++) {
      const auto [x, y] = turned(turn).at(l, c);
      most = std::max({most, std::abs(x), std::abs(y)});
    }
  return most;
}

}  // namespace

bool nearBy(const ToolFaceView& first, const ToolSettings& s, Scratch& k, Marks& found, Affine& m) {
  const Layout fine(first, s);
  const int shift = int(std::lround(s.nearShift * s.pxPerMm / THIRD)), turns = std::max(1, int(std::lround(0.5 * first.size / THIRD * s.nearTurn * pose::PI / 180)));  // one coarse place at the rim each
  const Layout l(first.size / THIRD, shift + turnReach(Layout(first.size / THIRD, 0, Vector::COUNT), s.nearTurn), Vector::COUNT);
  const int cells = l.across * l.across, side = l.side(), wide = l.across * l.cell;
  Overlaid& o = k.coarse;
  // 1 both on coarser places
  o.b.assign(size_t(l.wide) * l.wide + Vector::COUNT, 0);
  thirdsOf(k.fine.b.data() + size_t(fine.reach) * fine.wide + fine.reach, fine.n, fine.wide, k.row, o.b.data() + size_t(l.reach) * l.wide + l.reach, l.wide);
  k.thirds.assign(size_t(wide) * wide, 0);
  thirdsOf(k.plane.data(), fine.n, fine.n, k.row, k.thirds.data(), wide);
  o.a.resize(size_t(cells) * l.cell * l.padded / Vector::COUNT);
  o.rows.assign(cells, {l.cell, 0});
  o.windows.resize(cells);
  for (int c = 0; c < cells; c++) {
    for (int y = 0; y < l.cell; y++) {
      const int16_t* row = k.thirds.data() + size_t(c / l.across * l.cell + y) * wide + c % l.across * l.cell;
      std::copy_n(row, l.cell, o.a.data()->v + (size_t(c) * l.cell + y) * l.padded);
      if (std::all_of(row, row + l.cell, [](int16_t v) { return v == 0; })) continue;
      o.rows[c] = {std::min(o.rows[c].first, y), y + 1};
    }
    const auto [x0, y0] = turned(-s.nearTurn).at(l, c);
    const auto [x1, y1] = turned(s.nearTurn).at(l, c);
    o.windows[c] = {l.reach - shift + std::min({x0, x1, 0}), l.reach + shift + std::max({x0, x1, 0}), l.reach - shift + std::min({y0, y1, 0}), l.reach + shift + std::max({y0, y1, 0})};
  }
  // 2 every cell under the shifts that a turn and a shift give it
  correlate(l, o, found);
  double ea = 0, eb = 0;
  int shown = 0;
  for (int c = 0; c < cells; c++) {
    ea += found.ea[c];
    eb += found.eb[c];
    shown += found.ea[c] > 0;
  }
  const float floor = shown > 0 ? float(CELL_FLOOR * std::sqrt(ea * eb) / shown) : 0;
  if (!(floor > 0)) return false;
  // 3 all cells under one turn and one shift
  float usual = 0, best = 0;
  double turn = 0;
  int shiftX = 0, shiftY = 0;
  std::vector<float>& totals = k.order;
  for (int t = -turns; t <= turns; t++) {
    const double degrees = t * s.nearTurn / turns;
    const Turned by = turned(degrees);
    totals.assign(size_t(2 * shift + 1) * (2 * shift + 1), 0.f);
    for (int c = 0; c < cells; c++) {
      if (found.ea[c] == 0) continue;
      const auto [dx, dy] = by.at(l, c);
      const float* map = found.maps.data() + size_t(c) * l.shifts() + size_t(l.reach + dy) * side + l.reach + dx;
      const float norm = 1 / (std::sqrt(found.ea[c] * found.eb[c]) + floor);
      for (int y = -shift, i = 0; y <= shift; y++)
        for (int x = -shift; x <= shift; x++, i++) totals[i] += map[y * side + x] * norm;
    }
    for (int y = -shift, i = 0; y <= shift; y++)
      for (int x = -shift; x <= shift; x++, i++) {
        if (t == 0 && std::max(std::abs(x), std::abs(y)) * THIRD <= fine.reach) usual = std::max(usual, totals[i]);
        if (totals[i] <= best) continue;
        best = totals[i];
        turn = degrees;
        shiftX = x;
        shiftY = y;
      }
  }
  if (best - usual <= s.nearGain * shown) return false;
  // 4 a place of the first face shows what lay at that place turned and shifted
  const auto [c, si] = turned(turn);
  const double middle = 0.5 * (THIRD * l.n - 1), x = middle - c * middle + si * middle + THIRD * shiftX, y = middle - si * middle - c * middle + THIRD * shiftY;
  m = {m[0] * c + m[1] * si, m[1] * c - m[0] * si, m[0] * x + m[1] * y + m[2], m[3] * c + m[4] * si, m[4] * c - m[3] * si, m[3] * x + m[4] * y + m[5]};
  return true;
}

}  // namespace relievo::tools
