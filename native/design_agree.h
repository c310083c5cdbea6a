// How well two faces agree in a given pose, and the pose near by in which they agree best.
#pragma once

#include <algorithm>
#include <cmath>

#include "design_face.h"

namespace relievo::pose {

// What two fields share as a whole.
struct Agreement {
  double cross = 0, energyA = 0, energyB = 0, overlap = 0;
  double score() const { return cross / std::sqrt(std::max(1e-9, energyA * energyB)); }
};

// Lays B's cells (every `step`-th) on A and sums; with `h`, also the normal equations of a
// Gauss-Newton step on |A - B|^2 in (x, y, rotation, log scale).
Agreement overlay(const Face& A, const Face& B, const PoseSettings& s, const Pose& p, int step, double (*h)[5]);

// Moves `p` to the best pose near by; returns the agreement there.
double refine(const Face& A, const Face& B, const PoseSettings& s, Pose& p);

}  // namespace relievo::pose
