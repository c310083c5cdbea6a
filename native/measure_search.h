// Looks for closed outlines that may be faces in a small picture.
#pragma once

#include "measure_types.h"

namespace relievo {

// The small picture in the forms the search needs; all CV_32F, one channel unless said.
struct SearchPicture {
  cv::Mat lab;       // CV_32FC3, L 0..100
  cv::Mat u, v;      // chromaticity: red-green and blue-yellow share of the light, damped in the dark
  cv::Mat edge;      // strength of the colour step, Lab units a pixel
  cv::Mat shadow;    // 1 where the colour is the ground's and the light is less, else 0
  double edgeFloor;  // step that ground texture and noise alone reach
  cv::Vec3f ground;  // L of lit ground, u, v
  cv::Mat bins;      // CV_16U, colour bin of every pixel
};

SearchPicture prepare(const cv::Mat& rgbSmall);

// Outlines in falling order of score; overlapping ones are still among them.
std::vector<Candidate> searchFaces(const SearchPicture& picture, const Ruler& ruler, const MeasureParameters& p);

}  // namespace relievo
