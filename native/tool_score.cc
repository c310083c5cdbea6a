#include "tool_score.h"

#include <algorithm>
#include <cmath>

namespace relievo::tools {
namespace {

constexpr float INFORMATIVE = 0.05f;     // energy of a cell, over the best one's, below which it is not averaged
constexpr float CELL_FLOOR = 0.05f;      // keeps cells without marks from blowing up

}  // namespace

void score(const Marks& found, const ToolFaceView& first, const ToolSettings& s, bool detail, Scratch& k, ToolPair& out) {
  const Layout l(first, s);
  const int n = l.n, reach = l.reach, side = 2 * reach + 1, shifts = side * side, cell = l.cell, across = l.across, cells = across * across;
  const int sx = found.best % side - reach, sy = found.best / side - reach;
  const Affine& m = found.mapping;
  out.areaMm2 = found.areaMm2;
  out.marks = found.agreement;
  out.shiftMm = std::hypot(sx, sy) / s.pxPerMm;
  out.toCandidate = {m[0], m[1], m[2] + m[0] * sx + m[1] * sy, m[3], m[4], m[5] + m[3] * sx + m[4] * sy};
  if (!(found.energy > 0)) return;
  // the same with every cell on its own scale, so that one strong scratch does not decide alone
  k.even.assign(shifts, 0.f);
  int counted = 0;
  const float mostA = *std::max_element(found.ea.begin(), found.ea.end()), mostB = *std::max_element(found.eb.begin(), found.eb.end());
  const float floor = float(CELL_FLOOR * found.energy / cells);
  for (int c = 0; c < cells; c++) {
    const bool counts = found.ea[c] > INFORMATIVE * mostA && found.eb[c] > INFORMATIVE * mostB, shown = detail && found.ea[c] > 0;
    if (!counts && !shown) continue;
    k.map.assign(found.maps.begin() + size_t(c) * shifts, found.maps.begin() + size_t(c + 1) * shifts);
    const float norm = 1 / (std::sqrt(found.ea[c] * found.eb[c]) + floor);
    for (float& v : k.map) v *= norm;
    k.order = k.map;
    const float *map = k.map.data(), level = median(k.order);
    if (counts) {
      counted++;
      for (int i = 0; i < shifts; i++) k.even[i] += map[i] - level;
    }
    if (!shown) continue;
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
      for (int x = d.x * cell; x < std::min(n, (d.x + 1) * cell); x++) known += found.known[size_t(y) * n + x];
    d.known = known / float(cell * cell);
    d.energy = float(std::sqrt(double(found.ea[c]) * found.eb[c]) / found.energy * cells);
    out.cells.push_back(d);
  }
  if (counted > 0) out.evenMarks = *std::max_element(k.even.begin(), k.even.end()) / std::sqrt(double(counted));
}

}  // namespace relievo::tools
