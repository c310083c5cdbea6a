// What the parts of the measuring kernel hand to one another. Pixel centres lie at integer coordinates.
#pragma once

#include <opencv2/core.hpp>

#include <string>
#include <vector>

namespace relievo {

// Every length is a fraction of the photograph's or the face's own size: the scale is not known yet
// when a face is looked for.
struct MeasureParameters {
  int outlineSidePx;     // long side of the picture in which faces are looked for
  int rulerSidePx;       // long side of the picture in which rulers are looked for
  double minSpan;        // smallest face, fraction of the photograph's short side
  double sureScore;      // expected overlap from which an outline is not looked at again
  double minScore;       // expected overlap that a reported outline must have
  int cropSidePx;        // largest side of a crop
  double tiltAxisRatio;  // an ellipse rounder than this is a tilted circle
};

// A closed outline that might be a face.
struct Candidate {
  std::vector<cv::Point2f> outline;
  double score = 0;     // expected overlap (intersection over union) with a face, 0..1
  double cropped = 0;   // share of the outline that lies on the frame
  double solidity = 0;  // area over the area of the convex hull
};

// Ticks of a ruler, in pixels of the upright original.
struct Ruler {
  bool found = false;
  std::vector<cv::Point2f> ticks;   // middle of each short tick
  std::vector<double> stepPx;       // length of one finest division at each tick
  double relativeError = 0;         // standard error of the period, relative
  std::string reason;               // why none was taken
};

// Maps between pictures of two sizes that show the same.
std::vector<cv::Point2f> rescale(const std::vector<cv::Point2f>& points, cv::Size from, cv::Size to);

}  // namespace relievo
