// The poses in which two logo fields agree, for a comparison that decides between them on finer grounds.
// Pure computation; design.cc is its door to JavaScript.
//
// 1 decoding (design_face) and rings (design_rings) of a face.
// 2 coarse poses: all rotations at once (design_search).
// 3 refinement of each: Gauss-Newton with the slopes of one field only, which do not change from step to step.
#pragma once

#include <vector>

#include "design_types.h"

namespace relievo {

// candidate -> probe
struct PoseHypothesis {
  double agreement, rotationDeg, shiftX, shiftY, scale;
};

// For every candidate its poses, the best first.
std::vector<std::vector<PoseHypothesis>> findHypotheses(const FieldView& probe, const std::vector<FieldView>& candidates, const PoseSettings& s);

}  // namespace relievo
