// What a photograph tells of its lamp.
#pragma once

#include <opencv2/core.hpp>

#include "marks_field.h"

namespace relievo::mark {

// Angles in radians from the crop's right towards its bottom; `rim` in mm.
struct Lamp {
  double azimuth, contrast, axis, bevel, rim;
};

Lamp readLamp(const cv::Mat& logGrey, const cv::Mat& mask, const cv::Mat& distance, const float light[2], const MarkSettings& s);

}  // namespace relievo::mark
