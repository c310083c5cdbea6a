// Finds a ruler by its ticks.
#pragma once

#include "measure_types.h"

namespace relievo {
// Ticks and period in pixels of `grey` (CV_8U). `notRuler` may be empty.
Ruler findRuler(const cv::Mat& grey);
}  // namespace relievo
