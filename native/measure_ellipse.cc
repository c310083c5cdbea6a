#include "measure_ellipse.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace relievo {
namespace {
constexpr double kOnEllipse = 0.012;  // distance of a point from an ellipse it lies on, of its radius there
constexpr double kLeastAxisRatio = 0.35;
constexpr int kDraws = 120, kPoints = 6;  // random samples, points of each

bool plausible(const cv::RotatedRect& e) {
  const double least = std::min(e.size.width, e.size.height), most = std::max(e.size.width, e.size.height);
  return std::isfinite(e.center.x) && std::isfinite(e.center.y) && std::isfinite(most) && least > kLeastAxisRatio * most;
}

std::vector<cv::Point2f> on(const std::vector<cv::Point2f>& points, const cv::RotatedRect& e) {
  const double t = e.angle * CV_PI / 180, c = std::cos(t), s = std::sin(t), a = e.size.width / 2, b = e.size.height / 2;
  std::vector<cv::Point2f> out;
  for (const auto& q : points) {
    const double x = q.x - e.center.x, y = q.y - e.center.y;
    if (std::abs(std::hypot((c * x + s * y) / a, (c * y - s * x) / b) - 1) < kOnEllipse) out.push_back(q);
  }
  return out;
}
}  // namespace

std::vector<cv::Point2f> polygonOf(const cv::RotatedRect& ellipse, int angles) {
  const double turn = ellipse.angle * CV_PI / 180, c = std::cos(turn), s = std::sin(turn);
  std::vector<cv::Point2f> out;
  for (int k = 0; k < angles; k++) {
    const double t = k * 2 * CV_PI / angles, u = ellipse.size.width / 2 * std::cos(t), v = ellipse.size.height / 2 * std::sin(t);
    out.emplace_back(static_cast<float>(ellipse.center.x + c * u - s * v), static_cast<float>(ellipse.center.y + s * u + c * v));
  }
  return out;
}

double ellipseThrough(const std::vector<cv::Point2f>& points, cv::RotatedRect& best) {
  const int n = static_cast<int>(points.size());
  if (n < 2 * kPoints) return 0;
  size_t most = 0;
  cv::RNG random(1);
  for (int draw = 0; draw < kDraws; draw++) {
    // spread over an arc of random length
    const int start = random.uniform(0, n);
    const double span = n * random.uniform(0.35, 1.0);
    std::vector<cv::Point2f> some;
    for (int i = 0; i < kPoints; i++) some.push_back(points[(start + static_cast<int>(span * i / kPoints) + random.uniform(0, std::max(1, n / 40))) % n]);
    const cv::RotatedRect e = cv::fitEllipseDirect(some);
    if (!plausible(e)) continue;
    const size_t count = on(points, e).size();
    if (count > most) most = count, best = e;
  }
  for (int round = 0; round < 3 && most > 0; round++) {
    const std::vector<cv::Point2f> near = on(points, best);
    if (near.size() < 2 * kPoints) break;
    const cv::RotatedRect e = cv::fitEllipseDirect(near);
    const size_t count = plausible(e) ? on(points, e).size() : 0;
    if (count < most) break;
    most = count, best = e;
  }
  return double(most) / n;
}
}  // namespace relievo
