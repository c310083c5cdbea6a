// An outline moved onto the edges of a picture, and completed to an ellipse where it is one.
#pragma once

#include "measure_colour.h"

#include <vector>

namespace relievo {

// The closed outline near `rough` along which the colour changes most. Where nearly all of it lies on an ellipse it is
// that ellipse, so that chips and cast shadows do not dent it. Pixels of the picture that `steps` were taken of;
// 240 points seen from the middle, counter-clockwise on the screen's axes.
std::vector<cv::Point2f> refineOutline(const StepField& steps, const std::vector<cv::Point2f>& rough);

// True where a point lies so near to the frame that the picture may have cut its outline off.
bool onFrame(const StepField& steps, cv::Point2f p);

}  // namespace relievo
