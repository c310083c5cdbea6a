#include "tool_follow.h"

#include <algorithm>
#include <cmath>

namespace relievo::tools {

double apart(const Affine& a, const Affine& b, double size) {
  double most = 0;
  for (double x : {0.15 * size, 0.85 * size})
    for (double y : {0.15 * size, 0.85 * size})
      most = std::max(most, std::hypot((a[0] - b[0]) * x + (a[1] - b[1]) * y + a[2] - b[2], (a[3] - b[3]) * x + (a[4] - b[4]) * y + a[5] - b[5]));
  return most;
}

void follow(const Points* points, const Squares* squares, const std::vector<Affine>& mappings, int size, const ToolSettings& s, Followed& out) {
  out.open.clear();
  for (size_t i = 0; i < mappings.size(); i++) out.open.push_back({mappings[i], 1, 0, 0, int(i), {}});
  for (int level = 0; level < LEVELS; level++) {
    for (Hypothesis& h : out.open) h.strokes = align(points[level], squares[level], s, level, size, h.m, h.fit);
    std::stable_sort(out.open.begin(), out.open.end(), [](const Hypothesis& a, const Hypothesis& b) { return a.strokes > b.strokes; });
    out.kept.clear();
    for (const Hypothesis& h : out.open) {
      if (h.strokes <= -1 || h.strokes < s.rival * out.open[0].strokes) continue;
      if (std::none_of(out.kept.begin(), out.kept.end(), [&](const Hypothesis& o) { return apart(o.m, h.m, size) < s.same[level] * s.pxPerMm; })) out.kept.push_back(h);
    }
    std::swap(out.open, out.kept);
  }
}

}  // namespace relievo::tools
