// Which pixels of a photograph are a face, by a small neural network.
#pragma once

#include <opencv2/core.hpp>

namespace relievo {

// Probability of every pixel to be of a face; CV_32F. `rgb`: CV_8UC3 of any size; the map shows the same at a longer
// side of 192. The same on every machine up to rounding. Throws cv::Exception only if the network that was built in
// cannot be read.
cv::Mat faceMap(const cv::Mat& rgb);

}  // namespace relievo
