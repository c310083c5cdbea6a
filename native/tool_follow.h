// The poses of a pair that its strokes cannot exclude, each registered on them, coarse to fine.
#pragma once

#include <vector>

#include "tool_align.h"

namespace relievo::tools {

// One pose on its way from the logo fields to the marks.
struct Hypothesis {
  Affine m;
  double strokes, carried, areaMm2;
  int pose;
  Fit fit;
  bool near = false;  // not where the strokes lie, but where the marks agree better
};

struct Followed {
  std::vector<Hypothesis> open, kept;  // `kept` is memory that one pair leaves to the next
};

// How far two mappings differ at most within the face, in pixels of the grid.
double apart(const Affine& a, const Affine& b, double size);

// Fills `out.open` with the registered poses, the best strokes first; poses that ran into one place, or that the strokes
// contradict, are dropped on the way. `mappings` lead from the places' grid, of the side `size`, to the squares'.
void follow(const Points* points, const Squares* squares, const std::vector<Affine>& mappings, int size, const ToolSettings& s, Followed& out);

}  // namespace relievo::tools
