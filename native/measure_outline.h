// The best closed outline around a centre: a shortest path over angle and radius.
#pragma once

#include "measure_colour.h"

#include <vector>

namespace relievo {

struct OutlineSearch {
  int angles = 180;
  double inner = 0.7, outer = 1.35;  // range of radius searched, times the first guess
  int radii = 80;
  double stiffness = 0.6;            // cost of a change of relative radius between neighbours
  double floor = 4;                  // edge strength that counts half
};

// radius(angle) of `outline` seen from `centre`; the outermost crossing.
std::vector<float> radiiOf(const std::vector<cv::Point2f>& outline, cv::Point2f centre, int angles);

// Moves the first guess onto the strongest steps that lie across its own direction; those along it are another thing's.
std::vector<float> bestOutline(const StepField& steps, cv::Point2f centre, const std::vector<float>& guess, const OutlineSearch& s);

// Unit normal of a closed outline at its k-th point, outward where the points run counter-clockwise on the screen's axes (as `polygonOf` gives them).
cv::Point2f normalAt(const std::vector<cv::Point2f>& outline, int k);

std::vector<cv::Point2f> polygonOf(cv::Point2f centre, const std::vector<float>& radii);

}  // namespace relievo
