// Circles in a picture, by votes of its edges.
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace relievo {

struct Circle {
  cv::Point2f centre;
  float radius;
};

struct CircleSearch {
  double strongEdge;         // Sobel response that begins an edge; half of it carries one on
  double apart;              // least distance of two centres, px
  int minRadius, maxRadius;  // px
  size_t most;               // circles wanted
};

// Those with most of their edge seen come first. `grey` is CV_8U.
std::vector<Circle> circlesIn(const cv::Mat& grey, const CircleSearch& s);

}  // namespace relievo
