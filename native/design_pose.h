// Finds the pose in which two logo fields agree best, and says how well they agree there.
// Pure computation; design.cc is its door to JavaScript.
//
// 1 decoding: the stored field, with engraved circles lowered (design_face).
// 2 rings: spectra over angle (design_rings).
// 3 coarse poses: every shift and scale, all rotations at once (design_search).
// 4 refinement: Gauss-Newton from each of the best (design_agree).
// 5 evidence: agreement of the whole and of the parts that agree worst, as far as both lamps show them (design_evidence).
#pragma once

#include <vector>

#include "design_types.h"

namespace relievo {

struct PairPose {
  double score = 0;      // agreement at the best pose, as a whole and in its worst part, 0..1
  double coarse = 0;
  double rotationDeg = 0, shiftX = 0, shiftY = 0, scale = 1;  // candidate -> probe
  double overlap = 0;
};

std::vector<PairPose> comparePoses(const FieldView& probe, const std::vector<FieldView>& candidates,
                                   const PoseSettings& s);

}  // namespace relievo
