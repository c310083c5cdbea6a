// Finds a ruler by its ticks.
#pragma once

#include "measure_types.h"

namespace relievo {
// Ticks and divisions in pixels of `grey` (CV_8U).
Ruler findRuler(const cv::Mat& grey);

// Number of the tick that lies nearest to a point.
size_t nearestTick(const Ruler& ruler, cv::Point2f point);
}  // namespace relievo
