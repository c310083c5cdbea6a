#include "tool_score.h"

#include <algorithm>
#include <cmath>

namespace relievo::tools {
namespace {

constexpr float CELL_FLOOR = 0.05f;      // keeps cells without marks from blowing up

}  // namespace

void score(const Marks& found, const ToolFaceView& first, const ToolSettings& s, bool detail, Scratch& k, ToolPair& out) {
  const Layout l(first, s);
  const int n = l.n, reach = l.reach, side = 2 * reach + 1, shifts = side * side, cell = l.cell, across = l.across, cells = across * across;
  const int sx = found.best % side - reach, sy = found.best / side - reach;
  const Affine& m = found.mapping;
  out.areaMm2 = found.areaMm2;
  out.marks = found.agreement;
  out.carrying = found.carrying;
  out.carried = found.carried;
  out.toCandidate = {m[0], m[1], m[2] + m[0] * sx + m[1] * sy, m[3], m[4], m[5] + m[3] * sx + m[4] * sy};
  if (!detail || !(found.energy > 0)) return;
  const float floor = float(CELL_FLOOR * found.energy / cells);
  for (int c = 0; c < cells; c++) {
    if (!(found.ea[c] > 0)) continue;
    k.map.assign(found.maps.begin() + size_t(c) * shifts, found.maps.begin() + size_t(c + 1) * shifts);
    const float norm = 1 / (std::sqrt(found.ea[c] * found.eb[c]) + floor);
    for (float& v : k.map) v *= norm;
    k.order = k.map;
    const float *map = k.map.data(), level = median(k.order);
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
}

}  // namespace relievo::tools
