// Regions of one channel that may be a face, to begin a search from.
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace relievo {

struct Seed {
  std::vector<cv::Point> contour;
  cv::Rect box;
  double area, score;
};

// Outer contours of what lies above or below many levels of one channel (CV_32F), outside `notFace`
// (which may be empty). `edge` is the strength of the colour step, `edgeFloor` what counts half.
void harvest(const cv::Mat& channel, const cv::Mat& edge, float edgeFloor, const cv::Mat& notFace, double minArea, std::vector<Seed>& out);

}  // namespace relievo
