// Registration of two faces of one design on their strokes, seen as signed relief.
#pragma once

#include <vector>

#include "design_types.h"
#include "tool_types.h"

namespace relievo::tools {

constexpr int LEVELS = 3;

// One band of strokes: value, its gradient in grid pixels, 1 where it is known.
struct Level {
  int size = 0, stride = 1;
  std::vector<pose::V4> cells;
};

struct Face {
  ToolFaceView view;
  Level levels[LEVELS];
};

Face decode(const ToolFaceView& v);

// The grids' mapping that a pose of the crops stands for.
Affine gridMapping(const ToolFaceView& probe, const ToolFaceView& candidate, const CropPose& p);

// Moves `m` to the affine mapping near by in which one band of the strokes agrees best; returns the agreement there, -1..1.
double align(const Face& probe, const Face& candidate, const ToolSettings& s, int level, Affine& m);

}  // namespace relievo::tools
