#include "measure_ellipse.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace relievo {
namespace {
constexpr double kOnEllipse = 0.012;  // distance of a point from an ellipse it lies on, of its radius there
constexpr double kLeastAxisRatio = 0.35;
constexpr int kDraws = 120, kPoints = 6;  // random samples, points of each

bool plausible(const cv::RotatedRect& e) {
  const double least = std::min(e.size.width, e.size.height), most = std::max(e.size.width, e.size.height);
  return std::isfinite(e.center.x) && std::isfinite(e.center.y) && std::isfinite(most) && least > kLeastAxisRatio * most;
}

std::vector<bool> on(const std::vector<cv::Point2f>& points, const cv::RotatedRect& e) {
  const double t = e.angle * CV_PI / 180, c = std::cos(t), s = std::sin(t), a = e.size.width / 2, b = e.size.height / 2;
  std::vector<bool> out;
  for (const auto& q : points) {
    const double x = q.x - e.center.x, y = q.y - e.center.y;
    out.push_back(std::abs(std::hypot((c * x + s * y) / a, (c * y - s * x) / b) - 1) < kOnEllipse);
  }
  return out;
}

double sumOver(const std::vector<bool>& chosen, const std::vector<double>& weight) {
  double sum = 0;
  for (size_t k = 0; k < weight.size(); k++) sum += chosen[k] ? weight[k] : 0;
  return sum;
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

double ellipseThrough(const std::vector<cv::Point2f>& points, const std::vector<double>& weight, cv::RotatedRect& best) {
  const int n = static_cast<int>(points.size());
  const double total = std::accumulate(weight.begin(), weight.end(), 0.0);
  if (n < 2 * kPoints || total <= 0) return 0;
  double most = 0;
  cv::RNG random(1);
  for (int draw = 0; draw < kDraws; draw++) {
    // spread over an arc of random length
    const int start = random.uniform(0, n);
    const double span = n * random.uniform(0.35, 1.0);
    std::vector<cv::Point2f> some;
    for (int i = 0; i < kPoints; i++) some.push_back(points[(start + static_cast<int>(span * i / kPoints) + random.uniform(0, std::max(1, n / 40))) % n]);
    const cv::RotatedRect e = cv::fitEllipseDirect(some);
    if (!plausible(e)) continue;
    const double sum = sumOver(on(points, e), weight);
    if (sum > most) most = sum, best = e;
  }
  for (int round = 0; round < 3 && most > 0; round++) {
    const std::vector<bool> chosen = on(points, best);
    std::vector<cv::Point2f> near;
    for (int k = 0; k < n; k++)
      if (chosen[k]) near.push_back(points[k]);
    if (near.size() < 2 * kPoints) break;
    const cv::RotatedRect e = cv::fitEllipseDirect(near);
    const double sum = plausible(e) ? sumOver(on(points, e), weight) : 0;
    if (sum < most) break;
    most = sum, best = e;
  }
  return most / total;
}
}  // namespace relievo
