// Which of two faces comes first, so that a pair has one score whichever of the two is the probe.
#pragma once

#include <cmath>
#include <cstring>

#include "design_types.h"

namespace relievo::pose {

inline bool before(const FieldView& a, const FieldView& b, int grid) {
  const int c = std::memcmp(a.field, b.field, size_t(grid) * grid * 3);
  return c < 0 || (c == 0 && std::memcmp(a.weight, b.weight, size_t(grid) * grid) <= 0);
}

// probe -> candidate to candidate -> probe.
template <typename WithPose>
void invert(WithPose& p) {
  const double t = -p.rotationDeg * PI / 180, c = std::cos(t) / p.scale, d = std::sin(t) / p.scale;
  const double x = -(c * p.shiftX - d * p.shiftY), y = -(d * p.shiftX + c * p.shiftY);
  p.rotationDeg = -p.rotationDeg;
  p.scale = 1 / p.scale;
  p.shiftX = x;
  p.shiftY = y;
}

}  // namespace relievo::pose
