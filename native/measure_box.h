// Looks for bricks and square tablets by their four straight sides.
#pragma once

#include "measure_colour.h"
#include "measure_types.h"

namespace relievo {

// Rectangles in perspective with rounded corners, best first, at most `most`; `minSide` px. A side may
// lie beyond the frame. Outlines are cut at the frame.
struct Box {
  std::vector<cv::Point2f> outline;  // pixels of the picture of `steps`
  double odds = 0;                   // of being a face by its sides and colours alone, natural logarithm
};
std::vector<Box> findBoxes(const StepField& steps, const ColourPlanes& planes, double minSide, size_t most);

}  // namespace relievo
