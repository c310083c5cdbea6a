// Moves outlines onto their edges in the larger picture, and proposes what else they may be: the
// ellipse of which a part is hidden, or the face without the side wall that a tilted camera sees.
#pragma once

#include "measure_colour.h"
#include "measure_types.h"

namespace relievo {

// How an outline lies on the steps of the picture.
struct OnEdge {
  double mean = 0;     // share of the outline with a step across it, 0..1
  double weakest = 0;  // the same on the worst quarter of twelve arcs
};

struct Refined {
  std::vector<cv::Point2f> outline;  // pixels of the larger picture
  OnEdge edge;
  double ellipseShare = 0;  // share of the outline from which the ellipse was completed; 0: no ellipse
  double wallBack = 0, wallMean = 0, wallShift = 0;
  int from = -1;
  double wallEdge = 0;      // share of the inner rim on which a step parts face and side wall; 0: no wall taken off
};

// The outline on its edge first; the ellipse and the face without its wall where there are such.
std::vector<Refined> refineOutline(const StepField& steps, const std::vector<cv::Point2f>& outline);

}  // namespace relievo
