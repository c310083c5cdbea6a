// Shrinks a picture by averaging: every pixel is the mean of the area it covers.
#pragma once

#include <opencv2/core.hpp>

namespace relievo {

// The same pixels as OpenCV's INTER_AREA, to the last bit, in a third to a half of the time. `picture` is CV_8U
// of one or three channels, `size` nowhere larger than it; `scaleX` and `scaleY` tell how many of its
// pixels one of the result covers.
cv::Mat areaMean(const cv::Mat& picture, cv::Size size, double scaleX, double scaleY);
cv::Mat areaMean(const cv::Mat& picture, cv::Size size);

}  // namespace relievo
