// Moves outlines onto their edges in the larger picture, and proposes what else they may be: the
// ellipse of which a part is hidden, or the face without the side wall that a tilted camera sees.
#pragma once

#include "measure_box.h"
#include "measure_colour.h"
#include "measure_types.h"

#include <optional>

namespace relievo {

// How an outline lies on the steps of the picture.
struct OnEdge {
  double mean = 0;     // share of the outline with a step across it, 0..1
  double weakest = 0;  // the same on the worst quarter of twelve arcs
};

struct Refined {
  std::vector<cv::Point2f> outline;  // pixels of the larger picture
  OnEdge edge;
  Origin origin = Origin::seen;
  double ellipse = 0;  // share of the outline from which an ellipse was completed; 0: it was not
  double almost = 0;   // the share of it that lies on an ellipse, where that ellipse is another outline
  double sideOdds = 0; // natural logarithm of the odds of a rectangle by its four sides and their colours
  double nearRim = 0;  // without wall: how much better a step is seen along the near rim than along the far one, -1..1
};

// The outline on its edge, and the ellipse where most of it lies on one.
std::vector<Refined> refineOutline(const StepField& steps, const std::vector<cv::Point2f>& outline);

// A rectangle's outline, weighed by the steps that lie on it or, where the sides are torn, beside it.
Refined onSides(const StepField& steps, const Box& box);

// What is left of `silhouette` if it holds the face's side wall too; nothing where there is no step along a near rim.
std::optional<Refined> withoutWall(const StepField& steps, const Refined& silhouette);

// The outline with the bevel that a raking lamp leaves dark; nothing where none is seen. `lightness` is L*.
std::optional<Refined> withDarkBevel(const StepField& steps, const cv::Mat& lightness, const Refined& lit);

}  // namespace relievo
