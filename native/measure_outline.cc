#include "measure_outline.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace relievo {
namespace {
float bilinear(const cv::Mat& m, float x, float y) {
  const int x0 = static_cast<int>(std::floor(x)), y0 = static_cast<int>(std::floor(y));
  if (x0 < 0 || y0 < 0 || x0 + 1 >= m.cols || y0 + 1 >= m.rows) return 0;
  const float fx = x - x0, fy = y - y0;
  const float* a = m.ptr<float>(y0) + x0;
  const float* b = m.ptr<float>(y0 + 1) + x0;
  return (1 - fy) * ((1 - fx) * a[0] + fx * a[1]) + fy * ((1 - fx) * b[0] + fx * b[1]);
}
// One step of the shortest path: the cheapest way to every place from places at most `reach` away.
// `before` can be read `reach` places beyond both ends.
__attribute__((target_clones("avx2", "default"))) void relax(const float* before, const float* toll, int reach, int m, float* low, int32_t* from) {
  for (int j = 0; j < m; j++) low[j] = std::numeric_limits<float>::max(), from[j] = 0;
  for (int d = -reach; d <= reach; d++) {
    const float t = toll[d + reach];
    const float* b = before + d;
    for (int j = 0; j < m; j++) {
      const float e = b[j] + t;
      from[j] = e < low[j] ? d : from[j];
      low[j] = e < low[j] ? e : low[j];
    }
  }
}

constexpr float kAtFrame = 0.35f;  // the frame may cut a face

std::vector<float> factorsOf(const OutlineSearch& s) {
  std::vector<float> factor(s.radii);
  const double lo = std::log(s.inner), step = (std::log(s.outer) - lo) / (s.radii - 1);
  for (int j = 0; j < s.radii; j++) factor[j] = static_cast<float>(std::exp(lo + j * step));
  return factor;
}

// The cheapest closed path through `cost` (angles x radii), as radii.
std::vector<float> shortestLoop(const std::vector<float>& cost, const std::vector<float>& guess, const OutlineSearch& s) {
  const int n = static_cast<int>(guess.size()), m = s.radii;
  const double lo = std::log(s.inner), step = (std::log(s.outer) - lo) / (m - 1);
  // The guess is part of the path's shape: what is penalised is a change of the factor and of the radius itself.
  const int reach = 6;
  std::vector<float> best(m + 2 * reach, std::numeric_limits<float>::infinity()), low(m);
  std::vector<int32_t> from(static_cast<size_t>(n + 1) * m);
  auto pass = [&](int start, std::vector<int>& path) {
    for (int j = 0; j < m; j++) best[reach + j] = start < 0 || j == start ? cost[j] : std::numeric_limits<float>::max() / 4;
    for (int k = 1; k <= n; k++) {
      const int a = k % n, b = k - 1;
      const double bend = std::log(std::max(1e-3f, guess[a]) / std::max(1e-3f, guess[b]));
      float toll[2 * reach + 1];
      for (int d = -reach; d <= reach; d++) {
        const double slide = -d * step;    // leaving the guess's shape
        const double turn = slide + bend;  // leaving a circle
        const double change = std::min(std::abs(slide), std::abs(turn)) * n / (2 * CV_PI);
        toll[d + reach] = static_cast<float>(s.stiffness * change * change / (0.25 + change));
      }
      relax(best.data() + reach, toll, reach, m, low.data(), &from[static_cast<size_t>(k) * m]);
      for (int j = 0; j < m; j++) best[reach + j] = low[j] + (k < n ? cost[static_cast<size_t>(a) * m + j] : 0.f);
    }
    int end = start;
    if (end < 0) {
      end = 0;
      for (int j = 1; j < m; j++)
        if (best[reach + j] < best[reach + end]) end = j;
    }
    path.assign(n + 1, end);
    for (int k = n; k > 0; k--) path[k - 1] = path[k] + from[static_cast<size_t>(k) * m + path[k]];
  };
  std::vector<int> path;
  pass(-1, path);
  // Closed: run again from where the open path is at the far side of its start (it has settled there).
  const int settled = path[0] == path[n] ? path[0] : path[n];
  pass(settled, path);
  std::vector<float> out(n);
  for (int k = 0; k < n; k++) {
    // sub-step by a parabola through the cost
    const int j = path[k];
    double offset = 0;
    if (j > 0 && j + 1 < m) {
      const float* q = &cost[static_cast<size_t>(k) * m + j];
      const double den = q[-1] - 2.0 * q[0] + q[1];
      if (den > 1e-6) offset = std::clamp(0.5 * (q[-1] - q[1]) / den, -0.5, 0.5);
    }
    out[k] = static_cast<float>(guess[k] * std::exp(lo + (j + offset) * step));
  }
  return out;
}
}  // namespace

std::vector<float> radiiOf(const std::vector<cv::Point2f>& outline, cv::Point2f centre, int angles) {
  std::vector<float> r(angles, 0.f);
  const size_t n = outline.size();
  for (size_t i = 0; i < n; i++) {
    const cv::Point2f a = outline[i] - centre, b = outline[(i + 1) % n] - centre;
    const double ta = std::atan2(a.y, a.x), tb = std::atan2(b.y, b.x);
    double d = tb - ta;
    if (d > CV_PI) d -= 2 * CV_PI;
    if (d < -CV_PI) d += 2 * CV_PI;
    const double lo = d >= 0 ? ta : ta + d, span = std::abs(d);
    const int first = static_cast<int>(std::ceil(lo / (2 * CV_PI) * angles - 1e-9));
    const int last = static_cast<int>(std::floor((lo + span) / (2 * CV_PI) * angles + 1e-9));
    for (int k = first; k <= last; k++) {
      const double t = k * 2 * CV_PI / angles, c = std::cos(t), s = std::sin(t);
      // centre + r (c, s) on the segment a..b
      const double den = c * (b.y - a.y) - s * (b.x - a.x);
      const double radius = std::abs(den) < 1e-9 ? std::hypot(a.x, a.y) : (a.x * double(b.y) - a.y * double(b.x)) / den;
      if (!std::isfinite(radius) || radius < 0) continue;
      float& slot = r[((k % angles) + angles) % angles];
      slot = std::max(slot, static_cast<float>(radius));
    }
  }
  for (int pass = 0; pass < 2; pass++)  // an angle the outline skips takes its neighbour's radius
    for (int k = 0; k < angles; k++)
      if (r[k] <= 0) r[k] = r[(k + angles - 1) % angles];
  return r;
}

cv::Point2f normalAt(const std::vector<cv::Point2f>& outline, int k) {
  const int n = static_cast<int>(outline.size());
  const cv::Point2f along = outline[(k + 1) % n] - outline[(k + n - 1) % n];
  const float length = std::max(1e-6f, std::hypot(along.x, along.y));
  return {along.y / length, -along.x / length};
}

std::vector<float> bestOutline(const cv::Mat& edge, const Region& region, cv::Point2f centre, const std::vector<float>& guess, const OutlineSearch& s) {
  const int n = static_cast<int>(guess.size()), m = s.radii;
  std::vector<float> cost(static_cast<size_t>(n) * m);
  const std::vector<float> factor = factorsOf(s);
  for (int k = 0; k < n; k++) {
    const float c = std::cos(k * 2 * CV_PI / n), sn = std::sin(k * 2 * CV_PI / n);
    float gained = 0, before = 0;  // specimen gathered along the ray so far
    for (int j = 0; j < m; j++) {
      const float r = guess[k] * factor[j], x = centre.x + r * c, y = centre.y + r * sn;
      if (!region.empty()) {
        const int xi = std::clamp(cvRound(x), 0, edge.cols - 1), yi = std::clamp(cvRound(y), 0, edge.rows - 1);
        if (j > 0) gained += region.at(xi, yi) * (r - before);
        before = r;
      }
      const bool inside = x >= 2 && y >= 2 && x < edge.cols - 3 && y < edge.rows - 3;
      const float g = inside ? bilinear(edge, x, y) : 0.f;
      const float q = inside ? g * g / (g * g + static_cast<float>(s.floor * s.floor)) : kAtFrame;
      cost[static_cast<size_t>(k) * m + j] = 1.f - q - static_cast<float>(s.region) * gained;
    }
  }
  return shortestLoop(cost, guess, s);
}

std::vector<float> bestOutline(const StepField& steps, cv::Point2f centre, const std::vector<float>& guess, const OutlineSearch& s) {
  const int n = static_cast<int>(guess.size()), m = s.radii;
  std::vector<float> cost(static_cast<size_t>(n) * m);
  const std::vector<float> factor = factorsOf(s);
  const std::vector<cv::Point2f> outline = polygonOf(centre, guess);
  for (int k = 0; k < n; k++) {
    const float c = std::cos(k * 2 * CV_PI / n), sn = std::sin(k * 2 * CV_PI / n);
    const cv::Point2f normal = normalAt(outline, k);
    for (int j = 0; j < m; j++) {
      const float r = guess[k] * factor[j], x = centre.x + r * c, y = centre.y + r * sn;
      const bool inside = x >= 2 && y >= 2 && x < steps.tensor.cols - 3 && y < steps.tensor.rows - 3;
      const float g = inside ? steps.across(x, y, normal.x, normal.y) : 0.f;
      cost[static_cast<size_t>(k) * m + j] = 1.f - (inside ? g * g / (g * g + static_cast<float>(s.floor * s.floor)) : kAtFrame);
    }
  }
  return shortestLoop(cost, guess, s);
}

std::vector<cv::Point2f> polygonOf(cv::Point2f centre, const std::vector<float>& radii) {
  std::vector<cv::Point2f> out;
  const int n = static_cast<int>(radii.size());
  for (int k = 0; k < n; k++) {
    const double t = k * 2 * CV_PI / n;
    out.emplace_back(centre.x + radii[k] * std::cos(t), centre.y + radii[k] * std::sin(t));
  }
  return out;
}
}  // namespace relievo
