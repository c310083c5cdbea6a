// What speaks for one design and what against it, once the best pose is known.
#pragma once

#include "design_face.h"

namespace relievo::pose {

struct Evidence {
  double whole = 0;    // agreement over the face, -1..1
  double worst = 0;    // agreement of the parts that agree worst, -1..1
  double hidden = 0;   // share of the strokes' energy that the other photograph's lamp cannot show, 0..1
  double overlap = 0;  // cells known on both
};

Evidence weigh(const Face& A, const Face& B, const PoseSettings& s, const Pose& p);

// 0..1. Two photographs of one design agree less the more of it one lamp hides from the other: the
// odds of the agreement grow by what was hidden. `offset` keeps the order of pairs whose worst parts contradict.
double scoreOf(const Evidence& e, double offset);

}  // namespace relievo::pose
