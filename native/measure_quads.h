// Four lines that may be the sides of a rectangle in perspective.
#pragma once

#include <array>
#include <vector>

#include "measure_lines.h"

namespace relievo {

struct Quad {
  std::array<cv::Point2f, 4> corner;  // from the middle of the small picture
  double share = 0, weakest = 0;  // share of the sides, and of the weakest one, on which a step lies
  double score = 0;               // to sort them by
  int open = 0;  // sides beyond the frame
  cv::Rect2f box;  // the part of its box inside the frame
};

// Best first. Sides may lie beyond the frame; `minSide` px of the small picture.
std::vector<Quad> quadsOf(const Field& f, std::vector<Line>& lines, float minSide);

}  // namespace relievo
