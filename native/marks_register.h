// How far a photograph of an unmoved face lies from the first one.
#pragma once

#include "marks_relief.h"

namespace relievo::mark {

// In pixels of the grid, from the first photograph to the other, which is the `place`-th (the first is 0).
// Throws KernelError photographs-apart where their powder does not agree.
cv::Point2d offsetOf(const Exposure& first, const Exposure& other, size_t place, const cv::Mat& inner, const MarkSettings& s);

}  // namespace relievo::mark
