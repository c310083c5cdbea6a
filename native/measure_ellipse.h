// The ellipse on which most of an outline lies.
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace relievo {

// By random samples (Fischler and Bolles 1981), the same every time; gives the share of the points that lie on it, 0 where
// none was found.
double ellipseThrough(const std::vector<cv::Point2f>& points, cv::RotatedRect& best);

// Points on it at equal steps of the angle, counter-clockwise on the screen's axes.
std::vector<cv::Point2f> polygonOf(const cv::RotatedRect& ellipse, int angles);

}  // namespace relievo
