// Where the design explains what is seen.
#pragma once

#include "marks_relief.h"

namespace relievo::mark {

// Energy of the walls over its mean, whatever the side of a lamp; every exposure counts alike.
cv::Mat wallsOf(const std::vector<Exposure>& exposures, const cv::Mat& innerMask, const MarkSettings& s);

}  // namespace relievo::mark
