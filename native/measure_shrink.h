// Pictures made smaller by averaging blocks of pixels.
#pragma once

#include <opencv2/core.hpp>

namespace relievo {

// Means of blocks of side * side pixels of a CV_8UC3 picture; what does not fill a block at the right
// and at the bottom is left out. The only pass over a photograph at its full resolution.
cv::Mat blockMeans(const cv::Mat& rgb, int side);

}  // namespace relievo
