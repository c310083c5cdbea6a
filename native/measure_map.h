// Which pixels of a photograph are a face, by a small neural network.
#pragma once

#include <opencv2/core.hpp>

namespace relievo {

constexpr int kFaceViews = 8;  // ways to turn and mirror a picture

// Probability of every pixel to be of a face, a mean over `count` of the views from the `first` on; CV_32F, not turned.
// `rgb`: CV_8UC3 of any size; the map shows the same at a longer side of 192. The same on every machine up to rounding.
// Views are counted from 0 and there must be as many. Throws cv::Exception only if the network that was built in cannot be
// read.
cv::Mat faceMap(const cv::Mat& rgb, int first, int count);

}  // namespace relievo
