#include "measure_outline.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace relievo {
namespace {
constexpr int kReach = 6;        // steps of the radius from one angle to the next, at most
constexpr int kMostRadii = 128;  // places on a ray, at most

// One step of the shortest path: the cheapest way to every place from places at most kReach away.
// `before` can be read kReach places beyond both ends.
__attribute__((target_clones("avx2", "default"))) void relax(const float* before, const float* toll, int m, float* low, int32_t* from) {
  for (int j = 0; j < m; j++) {
    float lowest = std::numeric_limits<float>::max();
    int32_t way = 0;
#pragma GCC unroll 13
    for (int d = -kReach; d <= kReach; d++) {
      const float e = before[j + d] + toll[d + kReach];
      way = e < lowest ? d : way;
      lowest = e < lowest ? e : lowest;
    }
    low[j] = lowest, from[j] = way;
  }
}

constexpr float kAtFrame = 0.35f;  // the frame may cut a face

// A ray from the centre of an outline: its points lie at `guess` times the factors searched.
struct Ray {
  cv::Point2f centre;
  float c, s, guess;
};

// Its places between four pixels. Loads from anywhere keep a loop from being vectorised, so they have
// one of their own, between that which tells where and that which makes a cost of what was found.
struct Places {
  int32_t at[kMostRadii], inside[kMostRadii];
  float fx[kMostRadii], fy[kMostRadii], corner[4][kMostRadii];
};

__attribute__((target_clones("avx2", "default"))) void placesOf(const Ray& ray, int cols, int rows, const float* factor, int m, Places& p) {
  for (int j = 0; j < m; j++) {
    const float r = ray.guess * factor[j], x = ray.centre.x + r * ray.c, y = ray.centre.y + r * ray.s;
    p.inside[j] = (x >= 2) & (y >= 2) & (x < cols - 3) & (y < rows - 3);
    const float px = p.inside[j] ? x : 0, py = p.inside[j] ? y : 0;
    const int x0 = static_cast<int>(px), y0 = static_cast<int>(py);
    p.at[j] = y0 * cols + x0, p.fx[j] = px - x0, p.fy[j] = py - y0;
  }
}

// 1 without a step; the corners hold the squares of its strength.
__attribute__((target_clones("avx2", "default"))) void stepCosts(const Places& p, int m, float floor2, float* cost) {
  for (int j = 0; j < m; j++) {
    const float fx = p.fx[j], fy = p.fy[j];
    const float t = (1 - fy) * ((1 - fx) * p.corner[0][j] + fx * p.corner[1][j]) + fy * ((1 - fx) * p.corner[2][j] + fx * p.corner[3][j]);
    const float g2 = t > 0 ? t : 0;
    cost[j] = 1.f - (p.inside[j] ? g2 / (g2 + floor2) : kAtFrame);
  }
}

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
  const int tolls = 2 * kReach + 1;
  std::vector<float> toll(static_cast<size_t>(n + 1) * tolls);
  for (int k = 1; k <= n; k++) {
    const double bend = std::log(std::max(1e-3f, guess[k % n]) / std::max(1e-3f, guess[k - 1]));
    for (int d = -kReach; d <= kReach; d++) {
      const double slide = -d * step;    // leaving the guess's shape
      const double turn = slide + bend;  // leaving a circle
      const double change = std::min(std::abs(slide), std::abs(turn)) * n / (2 * CV_PI);
      toll[static_cast<size_t>(k) * tolls + d + kReach] = static_cast<float>(s.stiffness * change * change / (0.25 + change));
    }
  }
  std::vector<float> best(m + 2 * kReach, std::numeric_limits<float>::infinity()), low(m);
  std::vector<int32_t> from(static_cast<size_t>(n + 1) * m);
  auto pass = [&](int start, std::vector<int>& path) {
    for (int j = 0; j < m; j++) best[kReach + j] = start < 0 || j == start ? cost[j] : std::numeric_limits<float>::max() / 4;
    for (int k = 1; k <= n; k++) {
      relax(best.data() + kReach, &toll[static_cast<size_t>(k) * tolls], m, low.data(), &from[static_cast<size_t>(k) * m]);
      for (int j = 0; j < m; j++) best[kReach + j] = low[j] + (k < n ? cost[static_cast<size_t>(k) * m + j] : 0.f);
    }
    int end = start;
    if (end < 0) {
      end = 0;
      for (int j = 1; j < m; j++)
        if (best[kReach + j] < best[kReach + end]) end = j;
    }
    path.assign(n + 1, end);
    for (int k = n; k > 0; k--) path[k - 1] = path[k] + from[static_cast<size_t>(k) * m + path[k]];
  };
  std::vector<int> path;
  pass(-1, path);
  // Closed: run again from where the open path ends (it has settled there). One that is closed is the best that is.
  if (path[0] != path[n]) pass(path[n], path);
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

std::vector<float> bestOutline(const StepField& steps, cv::Point2f centre, const std::vector<float>& guess, const OutlineSearch& s) {
  const int n = static_cast<int>(guess.size()), m = s.radii;
  std::vector<float> cost(static_cast<size_t>(n) * m);
  const std::vector<float> factor = factorsOf(s);
  const std::vector<cv::Point2f> outline = polygonOf(centre, guess);
  CV_Assert(steps.tensor.isContinuous() && steps.tensor.cols > 1 && steps.tensor.rows > 1 && m <= kMostRadii);
  Places places;
  const int cols = steps.tensor.cols;
  for (int k = 0; k < n; k++) {
    const Ray ray{centre, static_cast<float>(std::cos(k * 2 * CV_PI / n)), static_cast<float>(std::sin(k * 2 * CV_PI / n)), guess[k]};
    placesOf(ray, cols, steps.tensor.rows, factor.data(), m, places);
    const cv::Point2f normal = normalAt(outline, k);
    const float wa = normal.x * normal.x - normal.y * normal.y, wb = 2 * normal.x * normal.y;  // the tensor's share across
    for (int j = 0; j < m; j++) {
      const cv::Vec2f* t = steps.tensor.ptr<cv::Vec2f>() + places.at[j];
      int c = 0;
      for (const cv::Vec2f* q : {t, t + 1, t + cols, t + cols + 1}) places.corner[c++][j] = (*q)[0] * wa + (*q)[1] * wb;
    }
    stepCosts(places, m, static_cast<float>(s.floor * s.floor), &cost[static_cast<size_t>(k) * m]);
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
