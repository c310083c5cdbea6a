// The best closed outline around a centre: a shortest path over angle and radius.
#pragma once

#include "measure_types.h"

namespace relievo {

struct OutlineSearch {
  int angles = 180;
  double inner = 0.7, outer = 1.35;  // range of radius searched, times the first guess
  int radii = 80;
  double stiffness = 0.6;            // cost of a change of relative radius between neighbours
  double floor = 4;                  // edge strength that counts half
  double region = 0.1;               // weight of a pixel on the wrong side, where a region map is given
};

// radius(angle) of `outline` seen from `centre`; the outermost crossing.
std::vector<float> radiiOf(const std::vector<cv::Point2f>& outline, cv::Point2f centre, int angles);

// Moves the first guess onto the strongest edges. `edge` is CV_32F; `region` is empty or CV_32F with
// -1 (ground) .. 1 (specimen) for every pixel.
std::vector<float> bestOutline(const cv::Mat& edge, const cv::Mat& region, cv::Point2f centre, const std::vector<float>& guess, const OutlineSearch& s);

std::vector<cv::Point2f> polygonOf(cv::Point2f centre, const std::vector<float>& radii);

}  // namespace relievo
