#include "measure_rim.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "measure_outline.h"

namespace relievo {
namespace {
constexpr int kArcs = 12;
constexpr size_t kWorst = 3;
constexpr double kNearest = 0.04, kFurthest = 0.22, kFinest = 0.01;  // distance of a parallel line, of the mean radius
constexpr double kBeyondOwn = 5;  // pixels within which the outline's own step is seen
constexpr double kLightHalf = 8;  // step of L* that counts half

using Colour = std::array<double, 3>;  // L*, and the chromaticities in hundredths

double meanOfWorst(std::vector<double> arcs) {
  std::sort(arcs.begin(), arcs.end());
  const size_t n = std::min(kWorst, arcs.size());
  return n == 0 ? 0 : std::accumulate(arcs.begin(), arcs.begin() + n, 0.0) / n;
}

// Mean step along the best line parallel to the outline, `side` -1 within it, 1 around it.
double parallelLine(const StepField& steps, const std::vector<cv::Point2f>& outline, const std::vector<cv::Point2f>& normal, double radius, int side) {
  const double nearest = std::max(kNearest, kBeyondOwn / radius);
  const double floor2 = steps.floor * steps.floor;
  double best = 0;
  for (double distance = nearest; distance < kFurthest + kFinest / 2; distance += kFinest) {
    const float d = static_cast<float>(side * distance * radius);
    double sum = 0;
    for (size_t k = 0; k < outline.size(); k++) {
      const cv::Point2f p = outline[k] + normal[k] * d;
      const double g = steps.across(p.x, p.y, normal[k].x, normal[k].y);
      sum += g * g / (g * g + floor2);
    }
    best = std::max(best, sum / outline.size());
  }
  return best;
}

// Colours along the outline shrunk or grown around its centre.
struct Strips {
  const ColourPlanes& planes;
  const std::vector<cv::Point2f>& outline;
  cv::Point2f centre;

  // Median over some sizes and a part of the outline; false where the picture does not reach.
  bool median(std::initializer_list<double> sizes, int from, int to, Colour& out) const {
    std::vector<float> values[3];
    for (double size : sizes)
      for (int k = from; k < to; k += 2) {
        const cv::Point2f p = centre + (outline[k] - centre) * static_cast<float>(size);
        const int x = cvRound(p.x), y = cvRound(p.y);
        if (x < 0 || y < 0 || x >= planes.l.cols || y >= planes.l.rows) continue;
        values[0].push_back(planes.l.at<float>(y, x)), values[1].push_back(100 * planes.u.at<float>(y, x)), values[2].push_back(100 * planes.v.at<float>(y, x));
      }
    if (values[0].empty()) return false;
    for (int i = 0; i < 3; i++) {
      std::nth_element(values[i].begin(), values[i].begin() + values[i].size() / 2, values[i].end());
      out[i] = values[i][values[i].size() / 2];
    }
    return true;
  }
};

void compareSides(const Strips& strips, RimEvidence& out) {
  const int n = static_cast<int>(strips.outline.size());
  Colour middle{}, ground{};
  strips.median({0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, 0, n, middle);
  strips.median({1.3, 1.35, 1.4, 1.45, 1.5}, 0, n, ground);
  const double du = ground[1] - middle[1], dv = ground[2] - middle[2], apart = du * du + dv * dv;
  auto towardsGround = [&](const Colour& c) { return apart < 1e-9 ? 0.5 : std::clamp(((c[1] - middle[1]) * du + (c[2] - middle[2]) * dv) / apart, 0.0, 1.0); };
  std::vector<double> outside, light;
  double arcs = 0;
  for (int a = 0; a < kArcs; a++) {
    Colour in{}, around{};
    const int from = a * n / kArcs, to = (a + 1) * n / kArcs;
    if (!strips.median({0.93, 0.94, 0.95, 0.96, 0.97, 0.98}, from, to, in) || !strips.median({1.02, 1.03, 1.04, 1.05, 1.06, 1.07}, from, to, around)) continue;
    outside.push_back(towardsGround(around));
    const double dl = std::abs(in[0] - around[0]);
    light.push_back(dl / (dl + kLightHalf));
    out.darker += around[0] < 0.9 * in[0], out.brighter += around[0] > 1.1 * in[0], arcs++;
  }
  if (arcs == 0) return;
  out.darker /= arcs, out.brighter /= arcs;
  out.groundOutside = meanOfWorst(outside), out.lightStep = meanOfWorst(light);
}

// A disc under a camera tilted by up to 18 degrees keeps an axis ratio above 0.95, and ovals are made
// longer than 4 : 3. An ellipse between the two is a disc with its side wall, or with a part missing.
void weighEllipse(const cv::Moments& m, RimEvidence& out) {
  const double half = (m.mu20 + m.mu02) / 2, det = std::max(0.0, m.mu20 * m.mu02 - m.mu11 * m.mu11), root = std::sqrt(std::max(0.0, half * half - det));
  const double axisRatio = half + root > 0 ? std::sqrt(std::max(0.0, half - root) / (half + root)) : 1;
  const double misfit = 4 * CV_PI * std::sqrt(det) / (m.m00 * m.m00) - 1;  // 0 for an ellipse, 0.047 for a square
  out.oddEllipse = std::clamp(1 - misfit / 0.02, 0.0, 1.0) * std::clamp((0.955 - axisRatio) / 0.03, 0.0, 1.0) * std::clamp((axisRatio - 0.75) / 0.08, 0.0, 1.0);
}
}  // namespace

RimEvidence rimOf(const StepField& steps, const ColourPlanes& planes, const std::vector<cv::Point2f>& outline) {
  RimEvidence out;
  const cv::Moments m = cv::moments(outline);
  if (m.m00 == 0) return out;
  const cv::Point2f centre(static_cast<float>(m.m10 / m.m00), static_cast<float>(m.m01 / m.m00));
  const double radius = std::sqrt(std::abs(m.m00) / CV_PI);
  std::vector<cv::Point2f> normal;
  for (size_t k = 0; k < outline.size(); k++) normal.push_back(normalAt(outline, static_cast<int>(k)));
  out.inner = parallelLine(steps, outline, normal, radius, -1), out.outer = parallelLine(steps, outline, normal, radius, 1);
  compareSides({planes, outline, centre}, out);
  weighEllipse(m, out);
  return out;
}
}  // namespace relievo
