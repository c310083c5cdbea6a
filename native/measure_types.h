// What the parts of the measuring kernel hand to one another. Pixel centres lie at integer coordinates.
#pragma once

#include <opencv2/core.hpp>

#include <string>
#include <vector>

#include "measure_region.h"

namespace relievo {

// Every length of the search is a fraction of the photograph's or the face's own size: the scale is
// not known yet when a face is looked for.
struct MeasureParameters {
  int searchSidePx;      // long side of the picture in which faces are looked for
  int outlineSidePx;     // long side of the picture in which outlines are refined
  int rulerSidePx;       // long side of the picture in which rulers are looked for
  double minSpan;        // smallest face, fraction of the photograph's short side
  double minScore;       // how likely a reported outline must be a face
  double sureScore;      // the same, where another outline rivals it
  int cropSidePx;        // largest side of a crop
  double tiltAxisRatio;  // an ellipse rounder than this is a tilted circle
};

// Where a refined outline comes from.
enum class Origin { seen, ellipse, fourSides, withoutWall, withDarkBevel };

// A closed outline that might be a face, in pixels of the search picture.
struct Candidate {
  std::vector<cv::Point2f> outline;
  cv::Point2f centre;
  double area = 0;
  double support = 0;   // share of the outline that lies on an edge
  double shadow = 0;    // share of the inner rim that looks like ground in shadow
  double contrast = 0;  // colour step from the inner to the outer rim, 0..1
  double apart = 0;     // how well colours of the inner and the outer rim are told apart, 0..1
  double cropped = 0;   // share of the outline that lies on the frame
  double asymmetry = 0; // mean difference to the outline's best mirror image, of the mean radius
  double solidity = 0;  // area over the area of the convex hull
  size_t refined = 0;   // number of the refined outline it was judged by
  std::vector<double> evidence;  // of a refined outline: what speaks for and against it, one number a term
  double score = 0;     // of the search: any number; of a refined outline: how likely it is a face, 0..1
  Region region;        // which colours are its own
};

// Ticks of a ruler, in pixels of the upright original.
struct Ruler {
  bool found = false;
  std::vector<cv::Point2f> ticks;   // middle of each short tick
  std::vector<double> stepPx;       // length of one finest division at each tick
  std::vector<cv::Point2f> strip;   // the quadrilateral that the short ticks fill
  double relativeError = 0;         // standard error of the period, relative
  std::string reason;               // why none was taken
};

}  // namespace relievo
