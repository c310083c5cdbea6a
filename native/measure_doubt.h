// What speaks against an outline although it lies on edges: it is lopsided, or it is a ruler.
#pragma once

#include "measure_search.h"

namespace relievo {

// Mean difference of the radius to that of the mirror image over the mean radius, for the best of all
// mirror axes through the centroid. Punches and moulds are mirror symmetric; an outline that took a
// part of the ground or lost a part of the specimen is not.
double asymmetry(const std::vector<cv::Point2f>& outline);

// True where regular marks run along a side of an outline that fills a rectangle.
bool holdsTicks(const cv::Mat& lightness, const std::vector<cv::Point2f>& outline);

// Share of the smallest turned rectangle around an outline that it fills.
double fillOfBox(const std::vector<cv::Point2f>& outline);

// Longer over shorter side of the smallest turned rectangle around an outline.
double longOverWide(const std::vector<cv::Point2f>& outline);

// True where an outline holds so many of the ruler's ticks that it is the ruler's, or its cast shadow's.
bool holdsRuler(const std::vector<cv::Point2f>& outline, const Ruler& ruler);

}  // namespace relievo
