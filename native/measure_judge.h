// What speaks for and against an outline, and how likely that makes it a face.
#pragma once

#include "measure_search.h"

namespace relievo {

// Number of the histogram cell of a colour: L*, and the two chromaticities of `ColourPlanes`.
int colourBin(float l, float u, float v);

// Learns the colours within the outline and in a ring around it, and tells every pixel's side:
// CV_32F, -1 ground .. 1 specimen. `radii` over equal steps of angle.
cv::Mat regionOf(const SearchPicture& picture, cv::Point2f centre, const std::vector<float>& radii);

// Fills in all that can be told of an outline in the small picture, and a rough score. Centre and region are given.
void judge(Candidate& c, const SearchPicture& picture);

// The same for an outline alone.
void judgeOutline(Candidate& c, const SearchPicture& picture);

// Logistic regression on what speaks for and against a refined outline; `pictureArea` in the pixels of `c.area`.
double likelihoodOf(const Candidate& c, double pictureArea);

}  // namespace relievo
