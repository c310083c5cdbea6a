// Which pixels look like what lies inside an outline, and which like what lies around it, by colour.
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace relievo {

// Number of the histogram's cell of a colour: L*, and the two chromaticities of `ColourPlanes`.
int colourBin(float l, float u, float v);

struct Region {
  cv::Mat bins;  // CV_16U, colour bin of every pixel of the picture
  cv::Mat side;  // CV_32F, one row: -1 ground .. 1 specimen, for every bin

  bool empty() const { return side.empty(); }
  float at(int x, int y) const { return side.ptr<float>()[bins.ptr<uint16_t>(y)[x]]; }
};

// Learns the colours within an outline and in a ring around it. `radii` over equal steps of angle.
Region regionOf(const cv::Mat& bins, cv::Point2f centre, const std::vector<float>& radii);

}  // namespace relievo
