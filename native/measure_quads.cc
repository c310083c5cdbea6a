#include "measure_quads.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace relievo {
namespace {
constexpr double kParallel = 9, kSquare = 10;  // degrees between opposite sides, and off the right angle: perspective and two steps of direction
constexpr double kLeastShare = 0.25;           // of a side: less is no side
constexpr double kBeyond = 0.14;               // of a side: how far its going on beyond the corners is looked at
constexpr size_t kMostQuads = 600;

// Where two lines meet, from the middle of the picture.
cv::Point2f meet(const Line& a, const Line& b) {
  const float d = a.normal.x * b.normal.y - a.normal.y * b.normal.x;
  return {(a.rho * b.normal.y - b.rho * a.normal.y) / d, (b.rho * a.normal.x - a.rho * b.normal.x) / d};
}

// Sum of the evidence and the length seen, between two places of a line.
struct Seen {
  double sum = 0, length = 0;
};

struct Frame {
  float halfWidth, halfHeight;
  void cut(Line& line) const {
    const cv::Point2f along(-line.normal.y, line.normal.x), p = line.normal * line.rho;
    line.from = -1e6f, line.to = 1e6f;
    for (const auto& [at, way, half] : {std::array<float, 3>{p.x, along.x, halfWidth}, std::array<float, 3>{p.y, along.y, halfHeight}}) {
      if (std::abs(way) < 1e-6f) {
        if (std::abs(at) > half) line.to = line.from;
        continue;
      }
      const float u = (-half - at) / way, v = (half - at) / way;
      line.from = std::max(line.from, std::min(u, v)), line.to = std::min(line.to, std::max(u, v));
    }
  }
};

Seen between(const Line& line, float a, float b) {
  Seen out;
  if (line.beyond) return out;
  if (a > b) std::swap(a, b);
  a = std::max(a, line.from), b = std::min(b, line.to);
  if (b <= a) return out;
  const int reach = (static_cast<int>(line.sum.size()) - 2) / 2;
  const int i = std::clamp(cvRound(a) + reach, 0, 2 * reach + 1), j = std::clamp(cvRound(b) + reach, 0, 2 * reach + 1);
  out.sum = line.sum[j] - line.sum[i], out.length = j - i;
  return out;
}

float placeOn(const Line& line, cv::Point2f p) { return -line.normal.y * p.x + line.normal.x * p.y; }

// `side` in order around; each with the next meets in a corner. False where a side is not seen.
bool judgeQuad(const std::array<const Line*, 4>& side, float minSide, Quad& q, double& beyond) {
  for (int i = 0; i < 4; i++) q.corner[i] = meet(*side[i], *side[(i + 1) % 4]);
  double sum = 0, length = 0;
  q.weakest = 1;
  for (int i = 0; i < 4; i++) {
    if (side[i]->beyond) continue;
    const float a = placeOn(*side[i], q.corner[(i + 3) % 4]), b = placeOn(*side[i], q.corner[i]);
    const Seen s = between(*side[i], a, b);
    if (s.length < std::max(0.12f * std::abs(b - a), 0.4f * minSide) || s.sum < kLeastShare * s.length) return false;
    q.weakest = std::min(q.weakest, s.sum / s.length);
    sum += s.sum, length += s.length;
  }
  q.share = sum / length;
  // How far the neighbours go on beyond a side: where both do, the thing does not end there.
  std::array<double, 4> on;
  on.fill(-1);
  for (int i = 0; i < 4; i++) {
    const float a = placeOn(*side[i], q.corner[(i + 3) % 4]), b = placeOn(*side[i], q.corner[i]), whole = std::abs(b - a);
    const float way = b > a ? 1.f : -1.f, gap = 0.03f * whole, reach = static_cast<float>(kBeyond) * whole;
    const Seen past[2] = {between(*side[i], a - way * gap, a - way * (gap + reach)), between(*side[i], b + way * gap, b + way * (gap + reach))};
    for (int k = 0; k < 2; k++) {
      if (past[k].length < 0.4 * reach) continue;
      double& there = on[(i + (k ? 1 : 3)) % 4];
      const double e = past[k].sum / past[k].length;
      there = there < 0 ? e : std::min(there, e);
    }
  }
  beyond = std::max(0.0, *std::max_element(on.begin(), on.end()));
  return true;
}

// How far apart two nearly parallel lines are in the middle of the picture.
float apartBy(const Line& a, const Line& b) { return std::abs(a.rho - (a.normal.dot(b.normal) < 0 ? -b.rho : b.rho)); }

struct Pair {
  const Line *a, *b;
  cv::Point2f normal;
};
}  // namespace

std::vector<Quad> quadsOf(const Field& f, std::vector<Line>& lines, float minSide) {
  const Frame frame{f.middle.x - 3, f.middle.y - 3};
  for (Line& l : lines) frame.cut(l);
  const double parallel = std::cos(kParallel * CV_PI / 180), square = std::sin(kSquare * CV_PI / 180);
  std::vector<Pair> pairs;
  for (size_t i = 0; i < lines.size(); i++)
    for (size_t j = i + 1; j < lines.size(); j++) {
      const double c = lines[i].normal.dot(lines[j].normal);
      if (std::abs(c) < parallel || apartBy(lines[i], lines[j]) < minSide) continue;
      const cv::Point2f n = lines[i].normal + (c < 0 ? -lines[j].normal : lines[j].normal);
      pairs.push_back({&lines[i], &lines[j], n / std::hypot(n.x, n.y)});
    }
  std::vector<Quad> out;
  auto consider = [&](const Pair& p, const Line& c, const Line& d, int open) {
    Quad q;
    double beyond = 0;
    if (!judgeQuad({p.a, &c, p.b, &d}, minSide, q, beyond)) return;
    const std::vector<cv::Point2f> corners(q.corner.begin(), q.corner.end());
    if (!cv::isContourConvex(corners)) return;
    float x0 = 1e6f, y0 = 1e6f, x1 = -1e6f, y1 = -1e6f;
    for (const auto& k : corners) x0 = std::min(x0, k.x), x1 = std::max(x1, k.x), y0 = std::min(y0, k.y), y1 = std::max(y1, k.y);
    q.box = cv::Rect2f(x0, y0, x1 - x0, y1 - y0) & cv::Rect2f(-frame.halfWidth, -frame.halfHeight, 2 * frame.halfWidth, 2 * frame.halfHeight);
    q.score = 0.5 * q.share + 0.5 * q.weakest - 0.35 * beyond - 0.12 * open + 0.1 * std::log(q.box.area());
    q.open = open;
    if (std::min(q.box.width, q.box.height) < minSide) return;
    out.push_back(q);
  };
  for (size_t i = 0; i < pairs.size(); i++) {
    for (size_t j = i + 1; j < pairs.size(); j++)
      if (std::abs(pairs[i].normal.dot(pairs[j].normal)) < square) consider(pairs[i], *pairs[j].a, *pairs[j].b, 0);
    // Sides of this pair that run out of the frame, at one end or at both.
    std::array<Line, 2> beyond;
    for (int k = 0; k < 2; k++) {
      beyond[k].normal = cv::Point2f(-pairs[i].normal.y, pairs[i].normal.x);
      beyond[k].rho = (k ? 1.2f : -1.2f) * halfDiagonal(f), beyond[k].beyond = true;
    }
    consider(pairs[i], beyond[0], beyond[1], 2);
    for (const Line& l : lines)
      if (std::abs(pairs[i].normal.dot(l.normal)) < square)
        for (const Line& b : beyond) consider(pairs[i], l, b, 1);
  }
  const size_t best = std::min(out.size(), kMostQuads);
  std::partial_sort(out.begin(), out.begin() + best, out.end(), [](const Quad& a, const Quad& b) { return a.score > b.score; });
  out.resize(best);
  return out;
}
}  // namespace relievo
