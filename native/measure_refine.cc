#include "measure_refine.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

#include "measure_ellipse.h"
#include "measure_outline.h"

namespace relievo {
namespace {
constexpr int kAngles = 240;
constexpr double kRange = 0.02, kStiffness = 6;  // how far an outline is moved, of its radius, and how unwillingly
constexpr double kEllipse = 0.9;                 // share of an outline that lies on an ellipse where it is one

cv::Point2f centroidOf(const std::vector<cv::Point2f>& outline) {
  const cv::Moments m = cv::moments(outline);
  return {static_cast<float>(m.m10 / m.m00), static_cast<float>(m.m01 / m.m00)};
}

// 0..1: how much a step stands out of texture and noise.
double standing(double g, double floor) { return g * g / (g * g + floor * floor); }

// Strongest step across the outline at a point, a pixel to both sides.
double stepAt(const StepField& steps, cv::Point2f p, cv::Point2f normal) {
  double g = 0;
  for (int d = -1; d <= 1; d++) g = std::max<double>(g, steps.across(p.x + d * normal.x, p.y + d * normal.y, normal.x, normal.y));
  return standing(g, steps.floor);
}

std::vector<cv::Point2f> settle(const StepField& steps, const std::vector<cv::Point2f>& guess) {
  OutlineSearch s;
  s.angles = kAngles;
  s.inner = 1 - kRange;
  s.outer = 1 + kRange;
  s.radii = 49;
  s.stiffness = kStiffness;
  s.floor = steps.floor;
  const cv::Point2f centre = centroidOf(guess);
  std::vector<cv::Point2f> out = polygonOf(centre, bestOutline(steps, centre, radiiOf(guess, centre, s.angles), s));
  for (auto& q : out) {
    q.x = std::clamp(q.x, 0.f, float(steps.tensor.cols - 1));
    q.y = std::clamp(q.y, 0.f, float(steps.tensor.rows - 1));
  }
  return out;
}

// A disc of which a part is hidden, torn off, or joined with a shadow is still an ellipse where it is seen.
std::optional<std::vector<cv::Point2f>> completeEllipse(const StepField& steps, const std::vector<cv::Point2f>& outline) {
  std::vector<double> weight;
  for (size_t k = 0; k < outline.size(); k++) weight.push_back(onFrame(steps, outline[k]) ? 0 : 0.1 + stepAt(steps, outline[k], normalAt(outline, static_cast<int>(k))));
  cv::RotatedRect e;
  if (ellipseThrough(outline, weight, e) < kEllipse) return std::nullopt;
  return polygonOf(e, kAngles);
}
}  // namespace

bool onFrame(const StepField& steps, cv::Point2f p) { return p.x < 4 || p.y < 4 || p.x > steps.tensor.cols - 5 || p.y > steps.tensor.rows - 5; }

std::vector<cv::Point2f> refineOutline(const StepField& steps, const std::vector<cv::Point2f>& rough) {
  const std::vector<cv::Point2f> settled = settle(steps, rough);
  return completeEllipse(steps, settled).value_or(settled);
}
}  // namespace relievo
