// The ellipse on which most of an outline lies.
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace relievo {

struct Ellipse {
  cv::Point2d centre;
  double a = 0, b = 0;   // half axes
  double c = 1, s = 0;   // direction of the first

  std::vector<cv::Point2f> polygon(int angles) const;
};

// By random samples (Fischler and Bolles 1981); gives the share of the weight of the points that lie on it, 0 where none was found.
double ellipseThrough(const std::vector<cv::Point2f>& points, const std::vector<double>& weight, Ellipse& best);

}  // namespace relievo
