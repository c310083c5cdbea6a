// A stored logo field, made ready for the search of poses.
#pragma once

#include <vector>

#include "design_types.h"

namespace relievo::pose {

// One face, decoded: fine as stored, the planes smoothed for the rings of the coarse search.
struct Face {
  int grid;
  bool partial;
  float light[2];  // the lamp's azimuth as a doubled angle
  std::vector<V4> fine;    // re, im, weight, relief; not weighted, relief scaled to its share of the energy
  std::vector<float> re, im, weight, relief;  // smoothed: weighted re, weighted im, weight, weighted relief; one empty cell behind the last
};

Face decode(const FieldView& v, const PoseSettings& s);

}  // namespace relievo::pose
