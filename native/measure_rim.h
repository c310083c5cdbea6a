// What lies along both sides of a refined outline: other lines, and other colours.
#pragma once

#include "measure_colour.h"

namespace relievo {

// "Weakest" and "worst" speak of the three of twelve arcs of the outline where a number speaks least for a face.
struct RimEvidence {
  double inner = 0;          // mean step along the best line parallel to the outline, within it: the edge of a bevel; 0..1
  double outer = 0;          // the same around it: the outline is a part of something larger
  double groundOutside = 0;  // how far the colour just outside has gone from the middle's to the ground's, on the worst arcs; 0..1
  double lightStep = 0;      // of lightness, from just inside to just outside, on the worst arcs; 0..1
  double darker = 0, brighter = 0;  // share of arcs outside which it is darker, brighter
  double oddEllipse = 0;     // 1: an ellipse too long for a disc that is tilted and too round for an oval, as a disc and its wall are; else less, to 0
};

// `outline` in pixels of the planes. "The worst" are three of twelve arcs. Deterministic; nothing is thrown.
RimEvidence rimOf(const StepField& steps, const ColourPlanes& planes, const std::vector<cv::Point2f>& outline);

}  // namespace relievo
