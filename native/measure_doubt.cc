#include "measure_doubt.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

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

cv::Mat maskOf(const std::vector<cv::Point2f>& outline, cv::Size size, cv::Point2f centre, float grow) {
  std::vector<cv::Point> p;
  for (const auto& q : outline) p.emplace_back(cvRound(centre.x + grow * (q.x - centre.x)), cvRound(centre.y + grow * (q.y - centre.y)));
  cv::Mat m = cv::Mat::zeros(size, CV_8U);
  cv::fillPoly(m, std::vector<std::vector<cv::Point>>{p}, cv::Scalar(255));
  return m;
}

// What holds that mask.
cv::Rect boxOf(const Candidate& c, cv::Size size, float grow) {
  const cv::Rect2f box = cv::boundingRect(c.outline);
  const cv::Point2f from = c.centre + grow * (box.tl() - c.centre), to = c.centre + grow * (box.br() - c.centre);
  return cv::Rect(cv::Point(cvFloor(from.x) - 1, cvFloor(from.y) - 1), cv::Point(cvCeil(to.x) + 2, cvCeil(to.y) + 2)) & cv::Rect(cv::Point(0, 0), size);
}

struct Colour {
  double l = 0, u = 0, v = 0;
};

// Median colour under a mask, which holds nothing outside `box`.
Colour colourOf(const SearchPicture& picture, const cv::Mat& mask, cv::Rect box) {
  std::vector<float> c[3];
  box &= cv::Rect(0, 0, mask.cols, mask.rows);
  for (int y = box.y + box.y % 2; y < box.br().y; y += 2)
    for (int x = box.x + box.x % 2; x < box.br().x; x += 2)
      if (mask.at<uint8_t>(y, x)) c[0].push_back(picture.lab.at<cv::Vec3f>(y, x)[0]), c[1].push_back(picture.u.at<float>(y, x)), c[2].push_back(picture.v.at<float>(y, x));
  double m[3] = {0, 0, 0};
  for (int i = 0; i < 3; i++) {
    if (c[i].empty()) continue;
    std::nth_element(c[i].begin(), c[i].begin() + c[i].size() / 2, c[i].end());
    m[i] = c[i][c[i].size() / 2];
  }
  return {m[0], m[1], m[2]};
}

// Root mean square distance from the fitted ellipse, of the mean radius.
double ellipseMisfit(const std::vector<cv::Point2f>& outline) {
  const cv::RotatedRect e = cv::fitEllipse(outline);
  const double t = e.angle * CV_PI / 180, c = std::cos(t), s = std::sin(t);
  double sum = 0;
  for (const auto& q : outline) {
    const double x = q.x - e.center.x, y = q.y - e.center.y, r = std::hypot((c * x + s * y) * 2 / e.size.width, (-s * x + c * y) * 2 / e.size.height) - 1;
    sum += r * r;
  }
  return std::sqrt(sum / outline.size());
}

double hue(const Colour& a, const Colour& b) { return 100 * std::hypot(a.u - b.u, a.v - b.v); }
double step(const Colour& a, const Colour& b) { return std::hypot(a.l - b.l, hue(a, b)); }
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
  if (std::abs(cv::contourArea(outline)) < 0.82 * box.size.area()) return false;
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

void weighNested(std::vector<Candidate>& all, const SearchPicture& picture) {
  const cv::Size size = picture.edge.size();
  std::vector<cv::Mat> masks;
  std::vector<cv::Rect> boxes;
  std::vector<int> counts;
  std::vector<std::optional<Colour>> own(all.size());
  for (const Candidate& c : all) {
    masks.push_back(maskOf(c.outline, size, c.centre, 1));
    boxes.push_back(boxOf(c, size, 1)), counts.push_back(cv::countNonZero(masks.back()(boxes.back())));
  }
  std::vector<double> factor(all.size(), 1);
  for (size_t o = 0; o < all.size(); o++) {
    const Candidate& outer = all[o];
    Colour ground;
    bool known = false;
    for (size_t i = 0; i < all.size(); i++) {
      const Candidate& inner = all[i];
      if (i == o || inner.area > 0.95 * outer.area || inner.area < 0.02 * outer.area) continue;
      const cv::Rect common = boxes[i] & boxes[o];
      if (common.empty() || common.area() < 0.95 * counts[i] || cv::countNonZero(masks[i](common) & masks[o](common)) < 0.95 * counts[i]) continue;
      cv::Mat between = masks[o].clone();
      between.setTo(0, maskOf(inner.outline, size, inner.centre, 1.04f));
      if (cv::countNonZero(between(boxes[o])) < 0.03 * outer.area) continue;
      if (!known) ground = colourOf(picture, maskOf(outer.outline, size, outer.centre, 1.3f) & ~maskOf(outer.outline, size, outer.centre, 1.06f), boxOf(outer, size, 1.3f)), known = true;
      if (!own[i]) own[i] = colourOf(picture, masks[i], boxes[i]);
      const Colour a = *own[i], b = colourOf(picture, between, boxes[o]);
      // Shadow: darker than the ground and of the ground's chromaticity, not of the specimen's.
      if (inner.area > 0.35 * outer.area && inner.score > 0.4 * outer.score && b.l < 0.85 * ground.l && hue(a, b) > 6 && hue(b, ground) < 0.4 * hue(a, b)) factor[o] = std::min(factor[o], 0.35);
      // The side wall of a tilted disc: the face is an ellipse, the face and a crescent of wall is none.
      if (inner.area > 0.8 * outer.area && inner.support > 0.75 * outer.support && hue(a, b) < hue(b, ground) && hue(b, ground) > 3) {
        const double in = ellipseMisfit(inner.outline), out = ellipseMisfit(outer.outline);
        if (in < 0.01 && in < 0.6 * out && out < 0.03) factor[o] = std::min(factor[o], 0.95 * std::min(1.0, inner.score / std::max(1e-6, outer.score)));
        continue;
      }
      // An engraving: the same substance goes on beyond the inner outline, up to the outer one.
      if (inner.apart < 0.9 && outer.score > 0.45 * inner.score && step(b, ground) > 5 && step(a, b) < 0.4 * step(b, ground)) factor[i] = std::min(factor[i], 0.85 * std::min(1.0, outer.score / std::max(1e-6, inner.score)));
    }
  }
  for (size_t i = 0; i < all.size(); i++) all[i].nested = factor[i];
}
}  // namespace relievo
