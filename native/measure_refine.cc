#include "measure_refine.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "measure_ellipse.h"
#include "measure_outline.h"

namespace relievo {
namespace {
constexpr int kAngles = 240;
constexpr double kBeyondOwn = 5;        // pixels within which a step's own blur is seen
constexpr double kEllipseShare = 0.5;   // of the outline
constexpr double kSmallestWall = 0.055;  // less is within the width of a rim
constexpr double kLeastRim = 0.3;       // mean step along the near rim, of 1
constexpr double kLargestWall = 0.2;    // visible side wall of a tablet at 20 degrees of tilt, of the mean radius

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

bool onFrame(const StepField& steps, cv::Point2f p) { return p.x < 4 || p.y < 4 || p.x > steps.tensor.cols - 5 || p.y > steps.tensor.rows - 5; }

OnEdge edgeOf(const StepField& steps, const std::vector<cv::Point2f>& outline) {
  const int arcs = 12, n = static_cast<int>(outline.size());
  std::vector<double> sum(arcs, 0), length(arcs, 0);
  for (int k = 0; k < n; k++) {
    if (onFrame(steps, outline[k])) continue;
    const cv::Point2f along = outline[(k + 1) % n] - outline[(k + n - 1) % n];
    const double d = std::hypot(along.x, along.y);
    sum[k * arcs / n] += d * stepAt(steps, outline[k], normalAt(outline, k)), length[k * arcs / n] += d;
  }
  OnEdge out;
  double all = 0, total = 0;
  std::vector<double> share;
  for (int a = 0; a < arcs; a++) {
    all += sum[a], total += length[a];
    if (length[a] > 0) share.push_back(sum[a] / length[a]);
  }
  if (share.empty()) return out;
  std::sort(share.begin(), share.end());
  const size_t worst = std::max<size_t>(1, share.size() / 4);
  for (size_t i = 0; i < worst; i++) out.weakest += share[i] / worst;
  out.mean = all / total;
  return out;
}

std::vector<cv::Point2f> settle(const StepField& steps, const std::vector<cv::Point2f>& guess, double range, double stiffness) {
  OutlineSearch s;
  s.angles = kAngles;
  s.inner = 1 - range;
  s.outer = 1 + range;
  s.radii = 49;
  s.stiffness = stiffness;
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
std::optional<Refined> completeEllipse(const StepField& steps, const std::vector<cv::Point2f>& outline) {
  Refined out;
  std::vector<double> weight;
  for (size_t k = 0; k < outline.size(); k++) weight.push_back(onFrame(steps, outline[k]) ? 0 : 0.1 + stepAt(steps, outline[k], normalAt(outline, static_cast<int>(k))));
  Ellipse e;
  if (ellipseThrough(outline, weight, e) < kEllipseShare) return std::nullopt;
  for (int round = 0; round < 2; round++) {
    const std::vector<cv::Point2f> settled = settle(steps, e.polygon(kAngles), round ? 0.02 : 0.04, 12);
    std::vector<double> seen;
    for (size_t k = 0; k < settled.size(); k++) seen.push_back(onFrame(steps, settled[k]) ? 0 : stepAt(steps, settled[k], normalAt(settled, static_cast<int>(k))));
    Ellipse next;
    const double share = ellipseThrough(settled, seen, next);
    if (share < kEllipseShare) break;
    e = next;
    out.ellipse = share;
  }
  if (out.ellipse <= 0) return std::nullopt;
  out.origin = Origin::ellipse;
  out.outline = e.polygon(kAngles);
  out.edge = edgeOf(steps, out.outline);
  return out;
}

// Mean step on the silhouette's outline, moved by `shift` against the wall, where it faces the wall.
double rimEvidence(const StepField& steps, const std::vector<cv::Point2f>& outline, const std::vector<cv::Point2f>& normal, cv::Point2f way, float size) {
  double on = 0, all = 0;
  for (size_t k = 0; k < outline.size(); k++) {
    if (normal[k].dot(way) < 0.3f) continue;
    const cv::Point2f p = outline[k] - way * size;
    on += standing(steps.across(p.x, p.y, normal[k].x, normal[k].y), steps.floor), all++;
  }
  return all > 0 ? on / all : 0;
}

// What a shape and its copy, moved by `shift`, share.
std::vector<cv::Point2f> sharedBy(const std::vector<cv::Point2f>& outline, cv::Point2f shift, cv::Size size) {
  cv::Mat a = cv::Mat::zeros(size, CV_8U), b = a.clone();
  std::vector<cv::Point> here, moved;  // 1/16 pixel
  for (const auto& q : outline) here.emplace_back(cvRound(16 * q.x), cvRound(16 * q.y)), moved.emplace_back(cvRound(16 * (q.x + shift.x)), cvRound(16 * (q.y + shift.y)));
  cv::fillPoly(a, std::vector<std::vector<cv::Point>>{here}, cv::Scalar(255), cv::LINE_8, 4);
  cv::fillPoly(b, std::vector<std::vector<cv::Point>>{moved}, cv::Scalar(255), cv::LINE_8, 4);
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(a & b, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  if (contours.empty()) return {};
  const auto& largest = *std::max_element(contours.begin(), contours.end(), [](const auto& p, const auto& q) { return cv::contourArea(p) < cv::contourArea(q); });
  return {largest.begin(), largest.end()};
}
}  // namespace

std::vector<Refined> refineOutline(const StepField& steps, const std::vector<cv::Point2f>& outline) {
  Refined own;
  own.outline = settle(steps, outline, 0.06, 2);
  own.edge = edgeOf(steps, own.outline);
  std::vector<Refined> out{own};
  if (const auto ellipse = completeEllipse(steps, own.outline)) out.push_back(*ellipse);
  return out;
}

Refined onSides(const StepField& steps, const Box& box) {
  Refined out;
  out.outline = box.outline;
  out.edge = edgeOf(steps, settle(steps, box.outline, 0.03, 3));
  out.origin = Origin::fourSides;
  out.sideOdds = box.odds;
  return out;
}

// The silhouette of a tilted tablet is its face swept along the wall's direction. Where the face's near
// rim is seen inside it, the silhouette's outline, moved against that direction, lies on a step; moved
// the other way it does not, as it would on a bevel, which runs all around.
std::optional<Refined> withoutWall(const StepField& steps, const Refined& silhouette) {
  const std::vector<cv::Point2f>& outline = silhouette.outline;
  const double radius = std::sqrt(std::abs(cv::contourArea(outline)) / CV_PI);
  std::vector<cv::Point2f> normal;
  for (size_t k = 0; k < outline.size(); k++) normal.push_back(normalAt(outline, static_cast<int>(k)));
  const double finest = std::max(1.0, 0.008 * radius), smallest = std::max(3.0, kSmallestWall * radius);
  const int ways = 48, sizes = std::max(1, static_cast<int>((kLargestWall * radius - smallest) / finest));
  cv::Mat evidence(ways, sizes, CV_64F);
  int bestWay = 0, bestSize = 0;
  double most = -1;
  for (int d = 0; d < ways; d++)
    for (int j = 0; j < sizes; j++) {
      const double t = d * 2 * CV_PI / ways, e = rimEvidence(steps, outline, normal, cv::Point2f(static_cast<float>(std::cos(t)), static_cast<float>(std::sin(t))), static_cast<float>(smallest + j * finest));
      evidence.at<double>(d, j) = e;
      if (e > most) most = e, bestWay = d, bestSize = j;
    }
  if (most < kLeastRim) return std::nullopt;
  double back = 0;
  for (int d = -4; d <= 4; d++)
    for (int j = std::max(0, bestSize - bestSize / 3 - 2); j < std::min(sizes, bestSize + bestSize / 3 + 3); j++) back = std::max(back, evidence.at<double>((bestWay + ways / 2 + d + ways) % ways, j));
  const double t = bestWay * 2 * CV_PI / ways, size = smallest + bestSize * finest;
  const std::vector<cv::Point2f> rest = sharedBy(outline, cv::Point2f(static_cast<float>(-size * std::cos(t)), static_cast<float>(-size * std::sin(t))), steps.tensor.size());
  if (rest.size() < 16) return std::nullopt;
  Refined face;
  face.outline = settle(steps, rest, 0.025, 4);
  face.edge = edgeOf(steps, face.outline);
  if (const auto ellipse = completeEllipse(steps, face.outline); ellipse && ellipse->ellipse > 0.9) face = *ellipse;
  face.origin = Origin::withoutWall;
  face.nearRim = most - back;
  return face;
}

// Under a raking lamp the step from the lit face to its dark bevel is stronger than the one from the
// bevel to the shadow on the ground. Where a second, parallel step lies a little further out along a
// broad arc, with something between that is darker than the face and lighter than what lies beyond,
// that is the outline.
std::optional<Refined> withDarkBevel(const StepField& steps, const cv::Mat& lightness, const Refined& lit) {
  const cv::Point2f centre = centroidOf(lit.outline);
  std::vector<float> r = radiiOf(lit.outline, centre, kAngles);
  OutlineSearch s;
  s.angles = kAngles;
  s.inner = 1.025;
  s.outer = 1.16;
  s.radii = 49;
  s.stiffness = 6;
  s.floor = steps.floor;
  const std::vector<float> further = bestOutline(steps, centre, r, s);
  auto at = [&](int k, double radius) {
    const double t = k * 2 * CV_PI / kAngles;
    const int x = cvRound(centre.x + radius * std::cos(t)), y = cvRound(centre.y + radius * std::sin(t));
    return x < 0 || y < 0 || x >= lightness.cols || y >= lightness.rows ? -1.0 : static_cast<double>(lightness.at<float>(y, x));
  };
  std::vector<double> vote(kAngles, 0);
  for (int k = 0; k < kAngles; k++) {
    const double a = r[k], b = further[k];
    double inside = 0, between = 0, beyond = 0;
    bool seen = true;
    for (int j = 0; j < 5; j++) {
      const double p = at(k, a * (0.96 + 0.005 * j)), q = at(k, a + (b - a) * (0.3 + 0.1 * j)), o = at(k, b * (1.012 + 0.006 * j));
      seen = seen && p >= 0 && q >= 0 && o >= 0;
      inside += p / 5, between += q / 5, beyond += o / 5;
    }
    vote[k] = seen && b - a > kBeyondOwn && inside > 1.1 * between && between > 1.15 * beyond + 1;
  }
  // The lamp leaves one side dark: a broad arc, not a spot.
  const int reach = kAngles / 8;
  std::vector<bool> dark(kAngles, false);
  int count = 0;
  for (int k = 0; k < kAngles; k++) {
    double sum = 0;
    for (int d = -reach; d <= reach; d++) sum += vote[(k + d + kAngles) % kAngles];
    dark[k] = sum > 0.6 * (2 * reach + 1);
    count += dark[k];
  }
  if (count < kAngles / 6) return std::nullopt;
  for (int k = 0; k < kAngles; k++)
    if (dark[k] || (vote[k] && (dark[(k + 4) % kAngles] || dark[(k + kAngles - 4) % kAngles]))) r[k] = further[k];
  Refined out;
  out.outline = settle(steps, polygonOf(centre, r), 0.02, 6);
  out.edge = edgeOf(steps, out.outline);
  if (out.edge.mean < lit.edge.mean - 0.15) return std::nullopt;
  out.origin = Origin::withDarkBevel;
  return out;
}
}  // namespace relievo
