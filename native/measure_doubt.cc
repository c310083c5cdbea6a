#include "measure_doubt.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "measure_outline.h"

namespace relievo {
namespace {
// The period of a profile: least correlation with itself moved by one and by two periods.
struct Period {
  int lag = 0;
  double strength = 0;
};

Period periodOf(const std::vector<float>& profile) {
  const int n = static_cast<int>(profile.size()), half = std::max(4, n / 10);
  Period best;
  if (n < 32) return best;
  std::vector<double> sum(n + 1, 0), d(n);
  for (int i = 0; i < n; i++) sum[i + 1] = sum[i] + profile[i];
  std::vector<double> size(n);
  for (int i = 0; i < n; i++) {
    const int a = std::max(0, i - half), b = std::min(n, i + half + 1);
    d[i] = profile[i] - (sum[b] - sum[a]) / (b - a);
    size[i] = std::abs(d[i]);
  }
  std::nth_element(size.begin(), size.begin() + n / 2, size.end());
  const double limit = 3 * size[n / 2];  // the border of a shadow is no mark
  double variance = 0;
  for (double& q : d) q = std::clamp(q, -limit, limit), variance += q * q / n;
  if (variance < 9) return best;  // three units of lightness
  auto correlation = [&](int lag) {
    double ab = 0, aa = 1e-9, bb = 1e-9;
    for (int i = 0; i + lag < n; i++) ab += d[i] * d[i + lag], aa += d[i] * d[i], bb += d[i + lag] * d[i + lag];
    return ab / std::sqrt(aa * bb);
  };
  for (int lag = 4; lag * 5 <= n; lag++) {
    const double one = correlation(lag), two = std::max({correlation(2 * lag - 1), correlation(2 * lag), correlation(2 * lag + 1)});
    if (std::min(one, two) > best.strength && correlation(lag + lag / 2) < 0.15) best = {lag, std::min(one, two)};
  }
  return best;
}
}  // namespace

double asymmetry(const std::vector<cv::Point2f>& outline) {
  const int n = 120;
  const cv::Moments m = cv::moments(outline);
  if (m.m00 == 0) return 1;
  const std::vector<float> r = radiiOf(outline, cv::Point2f(static_cast<float>(m.m10 / m.m00), static_cast<float>(m.m01 / m.m00)), n);
  double mean = 0, best = 1e9;
  for (float q : r) mean += q / n;
  for (int axis = 0; axis < n; axis++) {  // r(k) against r(axis - k)
    double sum = 0;
    for (int k = 0; k < n; k++) sum += std::abs(r[k] - r[(axis - k + n) % n]) / n;
    best = std::min(best, sum);
  }
  return best / std::max(1e-6, mean);
}

bool holdsTicks(const cv::Mat& lightness, const std::vector<cv::Point2f>& outline) {
  const cv::RotatedRect box = cv::minAreaRect(outline);
  if (fillOfBox(outline) < 0.82) return false;
  cv::Point2f corner[4];
  box.points(corner);
  for (int side = 0; side < 4; side++) {
    const cv::Point2f a = corner[side], along = corner[(side + 1) % 4] - a, in = corner[(side + 3) % 4] - a;
    const int n = static_cast<int>(0.92 * std::hypot(along.x, along.y));
    int last = 0;
    for (float depth : {0.04f, 0.06f, 0.08f, 0.1f, 0.12f}) {  // ticks begin at the side, a relief does not
      std::vector<float> profile;
      for (int i = 0; i < n; i++) {
        const cv::Point2f q = a + along * (0.04f + 0.92f * i / n) + in * depth;
        const int x = cvRound(q.x), y = cvRound(q.y);
        if (x >= 0 && y >= 0 && x < lightness.cols && y < lightness.rows) profile.push_back(lightness.at<float>(y, x));
      }
      const Period p = periodOf(profile);
      const int lag = p.strength > 0.45 ? p.lag : 0;
      if (lag > 0 && std::abs(lag - last) <= 1 + lag / 10) return true;  // two lines agree
      last = lag;
    }
  }
  return false;
}

double fillOfBox(const std::vector<cv::Point2f>& outline) { return std::abs(cv::contourArea(outline)) / std::max(1e-3f, cv::minAreaRect(outline).size.area()); }

double longOverWide(const std::vector<cv::Point2f>& outline) {
  const cv::Size2f size = cv::minAreaRect(outline).size;
  return std::max(size.width, size.height) / std::max(1e-3f, std::min(size.width, size.height));
}

bool holdsRuler(const std::vector<cv::Point2f>& outline, const Ruler& ruler) {
  if (!ruler.found) return false;
  size_t inside = 0;
  for (const auto& q : ruler.ticks) inside += cv::pointPolygonTest(outline, q, false) > 0;
  return inside > 0.35 * ruler.ticks.size();
}
}  // namespace relievo
