// The poses in which two logo fields agree, for a comparison that decides between them on finer grounds.
// Pure computation; design.cc is its door to JavaScript.
//
// 1 decoding (design_face) and rings (design_rings) of a face.
// 2 coarse poses: all rotations at once (design_search).
// 3 refinement of each: Gauss-Newton with the slopes of one field only, which do not change from step to step.
// 4 where both faces are lit by one lamp: the best pose, turned by the symmetries of the candidate or the probe. Each lamp
//   hides other strokes, so that the fields may agree twice as well in a wrong turn as in the right one.
#pragma once

#include <vector>

#include "design_types.h"

namespace relievo {

// candidate -> probe
struct PoseHypothesis {
  double agreement, rotationDeg, shiftX, shiftY, scale;
  bool turned;  // of step 4, with the agreement of the best
};

// For every candidate its poses: those of the search, the best first, then those that are turned.
std::vector<std::vector<PoseHypothesis>> findHypotheses(const FieldView& probe, const std::vector<FieldView>& candidates, const PoseSettings& s);

}  // namespace relievo
