#include "measure_box.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include "measure_quads.h"

namespace relievo {
namespace {
constexpr double kMouldAspect = 1.43, kMouldSpread = 0.08;  // moulds of kilogram bricks are 200 x 140 mm; logarithms
constexpr size_t kMostJudged = 40;
constexpr double kLeastOdds = -3;  // of a rectangle whose outline is looked at

// Longer over shorter side; of what runs out of the frame, of its box.
double aspectOf(const Quad& q) {
  double a, b;
  if (q.open > 0) {
    a = q.box.width, b = q.box.height;
  } else {
    auto side = [&](int i) { return std::hypot(q.corner[i].x - q.corner[(i + 1) % 4].x, q.corner[i].y - q.corner[(i + 1) % 4].y); };
    a = side(0) + side(2), b = side(1) + side(3);
  }
  return std::max(a, b) / std::min(a, b);
}

// What the colours say of a four-sided thing: a label a pixel of the small picture, and how much more
// often each label lies inside than around.
cv::Mat labelsOf(const ColourPlanes& planes, cv::Size size) {
  cv::Mat l, u, v, out(size, CV_16U);
  cv::resize(planes.l, l, size, 0, 0, cv::INTER_AREA);
  cv::resize(planes.u, u, size, 0, 0, cv::INTER_AREA);
  cv::resize(planes.v, v, size, 0, 0, cv::INTER_AREA);
  for (int y = 0; y < size.height; y++)
    for (int x = 0; x < size.width; x++) {
      const int a = std::clamp(static_cast<int>(l.at<float>(y, x) / 10), 0, 9), b = std::clamp(static_cast<int>((u.at<float>(y, x) + 0.25f) / 0.06f), 0, 7), c = std::clamp(static_cast<int>((v.at<float>(y, x) + 0.3f) / 0.07f), 0, 7);
      out.at<uint16_t>(y, x) = static_cast<uint16_t>((a * 8 + b) * 8 + c);
    }
  return out;
}

struct Apart {
  double mean = 0, weakest = 1;
};

Apart apartOf(const cv::Mat& labels, const std::array<cv::Point2f, 4>& corner, cv::Point2f middle) {
  std::array<float, 640> in{}, out{};
  auto labelAt = [&](float s, float t) {
    const cv::Point2f p = corner[0] * ((1 - s) * (1 - t)) + corner[1] * (s * (1 - t)) + corner[2] * (s * t) + corner[3] * ((1 - s) * t) + middle;
    const int x = cvRound(p.x), y = cvRound(p.y);
    return x < 0 || y < 0 || x >= labels.cols || y >= labels.rows ? -1 : static_cast<int>(labels.at<uint16_t>(y, x));
  };
  float inside = 1, outside = 1;
  for (int i = -9; i <= 31; i++)
    for (int j = -9; j <= 31; j++) {
      const float s = (i - 0.5f) / 21, t = (j - 0.5f) / 21, far = std::max(std::abs(s - 0.5f), std::abs(t - 0.5f));
      if (far > 0.46f && far < 0.54f) continue;
      const int k = labelAt(s, t);
      if (k < 0) continue;
      if (far < 0.5f) in[k]++, inside++;
      else out[k]++, outside++;
    }
  Apart a;
  double sum = 0;
  int sides = 0;
  for (int side = 0; side < 4; side++) {
    double here = 0;
    int n = 0;
    for (int i = 0; i < 16; i++)
      for (float d : {0.04f, 0.08f, 0.12f}) {
        const float s = 0.06f + 0.88f * i / 15;
        const int p = side == 0 ? labelAt(s, d) : side == 1 ? labelAt(1 - d, s) : side == 2 ? labelAt(s, 1 - d) : labelAt(d, s);
        const int q = side == 0 ? labelAt(s, -d) : side == 1 ? labelAt(1 + d, s) : side == 2 ? labelAt(s, 1 + d) : labelAt(-d, s);
        if (p < 0 || q < 0) continue;
        auto odds = [&](int k) { return std::clamp(std::log((in[k] / inside + 2e-3f) / (out[k] / outside + 2e-3f)), -2.f, 2.f); };
        here += (odds(p) - odds(q)) / 4, n++;
      }
    if (n < 12) continue;
    here /= n, sum += here, sides++;
    a.weakest = std::min(a.weakest, here);
  }
  a.mean = sides ? sum / sides : 0;
  return a;
}

// How far the two neighbours of a side go on beyond it, at most a little further out: wrapping is wider than what it holds.
double goingOn(const Field& f, const std::array<cv::Point2f, 4>& corner) {
  double most = 0;
  const float size = (std::hypot(corner[0].x - corner[2].x, corner[0].y - corner[2].y) + std::hypot(corner[1].x - corner[3].x, corner[1].y - corner[3].y)) / 2;
  const cv::Point2f centre = (corner[0] + corner[1] + corner[2] + corner[3]) * 0.25f;
  for (int i = 0; i < 4; i++) {  // the side from corner i to corner i + 1
    double least = 1;
    for (int k = 0; k < 2; k++) {
      const cv::Point2f from = corner[(i + k) % 4], before = corner[(i + (k ? 2 : 3)) % 4];
      const cv::Point2f d = (from - before) / std::hypot(from.x - before.x, from.y - before.y);
      cv::Point2f out(-d.y, d.x);
      if (out.dot(from - centre) < 0) out = -out;
      double best = 0;
      int seen = 0;
      for (float aside = -0.015f; aside < 0.06f; aside += 1.5f / size) {
        double sum = 0;
        seen = 0;
        for (int j = 0; j < 12; j++) {
          const cv::Point2f p = from + f.middle + d * (size * (0.03f + 0.008f * j)) + out * (aside * size);
          if (p.x < 3 || p.y < 3 || p.x > f.tensor.cols - 4 || p.y > f.tensor.rows - 4) continue;
          sum += f.at(p.x, p.y, out), seen++;
        }
        if (seen > 4) best = std::max(best, sum / seen);
      }
      if (seen > 4) least = std::min(least, best);
    }
    if (least < 1) most = std::max(most, least);
  }
  return most;
}

// The line through the steps that lie near p..q, in the larger picture: where a side is torn or wrapped
// in places, the longest part of it that is straight tells.
void straighten(const StepField& steps, cv::Point2f& p, cv::Point2f& q, float range) {
  const cv::Point2f d = q - p;
  const float length = std::hypot(d.x, d.y);
  const cv::Point2f along = d / length, normal(along.y, -along.x);
  const int n = 64, reach = cvCeil(range);
  struct Place {
    float s, d, w;
  };
  std::vector<Place> places;
  for (int i = 0; i < n; i++) {
    const float s = length * (0.05f + 0.9f * i / (n - 1));
    Place best{s, 0, 0};
    for (int o = -reach; o <= reach; o++) {
      const cv::Point2f at = p + along * s + normal * static_cast<float>(o);
      if (at.x < 4 || at.y < 4 || at.x > steps.tensor.cols - 5 || at.y > steps.tensor.rows - 5) continue;
      const float g = steps.across(at.x, at.y, normal.x, normal.y);
      const float w = g * g / (g * g + static_cast<float>(steps.floor * steps.floor)) * (1 - 0.3f * std::abs(o) / range);
      if (w > best.w) best.d = static_cast<float>(o), best.w = w;
    }
    if (best.w > 0.15f) places.push_back(best);
  }
  if (places.size() < 8) return;
  const float near = 0.3f * range;
  float most = 0, slope = 0, offset = 0;
  for (size_t i = 0; i < places.size(); i += 2)
    for (size_t j = i + 8; j < places.size(); j += 2) {
      const float m = (places[j].d - places[i].d) / (places[j].s - places[i].s), c = places[i].d - m * places[i].s;
      if (std::abs(m) > 0.08f) continue;
      float sum = 0;
      for (const Place& k : places) {
        const float e = (k.d - c - m * k.s) / near;
        if (std::abs(e) < 1) sum += k.w * (1 - e * e);
      }
      if (sum > most) most = sum, slope = m, offset = c;
    }
  if (most <= 0) return;
  double w = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const Place& k : places)
    if (std::abs(k.d - offset - slope * k.s) < 1.2f * near) w += k.w, x += k.w * k.s, y += k.w * k.d, xx += k.w * k.s * k.s, xy += k.w * k.s * k.d;
  const double den = w * xx - x * x;
  if (den > 1e-3) slope = static_cast<float>((w * xy - x * y) / den), offset = static_cast<float>((y - slope * x) / w);
  const cv::Point2f from = p;
  p = from + normal * offset;
  q = from + along * length + normal * (offset + slope * length);
}

cv::Point2f crossing(cv::Point2f a, cv::Point2f b, cv::Point2f c, cv::Point2f d) {
  const cv::Point2f u = b - a, v = d - c;
  const float den = u.x * v.y - u.y * v.x, t = std::abs(den) < 1e-6f ? 0 : ((c.x - a.x) * v.y - (c.y - a.y) * v.x) / den;
  return a + u * t;
}

// The four-sided outline with corners rounded by `radius`, counter-clockwise on the screen's axes as `polygonOf` gives them.
std::vector<cv::Point2f> rounded(const std::array<cv::Point2f, 4>& corner, float radius) {
  std::vector<cv::Point2f> out;
  const int perCorner = 8, perSide = 52;
  for (int i = 0; i < 4; i++) {
    const cv::Point2f a = corner[(i + 3) % 4], b = corner[i], c = corner[(i + 1) % 4];
    const cv::Point2f u = (a - b) / std::hypot(a.x - b.x, a.y - b.y), v = (c - b) / std::hypot(c.x - b.x, c.y - b.y);
    for (int k = 0; k < perCorner; k++) {  // a quarter of an ellipse that touches both sides
      const double t = (k + 0.5) / perCorner * CV_PI / 2;
      out.push_back(b + u * (radius * static_cast<float>(1 - std::sin(t))) + v * (radius * static_cast<float>(1 - std::cos(t))));
    }
    const cv::Point2f from = b + v * radius, to = c - v * radius;
    for (int k = 0; k < perSide; k++) out.push_back(from + (to - from) * ((k + 0.5f) / perSide));
  }
  return out;
}

double evidenceOn(const StepField& steps, const std::vector<cv::Point2f>& outline) {
  double on = 0, all = 0;
  const int n = static_cast<int>(outline.size());
  for (int k = 0; k < n; k++) {
    const cv::Point2f d = outline[(k + 1) % n] - outline[(k + n - 1) % n];
    const float length = std::max(1e-6f, std::hypot(d.x, d.y));
    const double g = steps.across(outline[k].x, outline[k].y, d.y / length, -d.x / length);
    on += length * g * g / (g * g + steps.floor * steps.floor), all += length;
  }
  return on / all;
}
// Sides and corners of a rectangle on the steps of the larger picture, `k` times as large; nothing where it collapses.
std::vector<cv::Point2f> outlineOf(const StepField& steps, const Quad& q, cv::Point2f middle, float k) {
  std::array<cv::Point2f, 4> c;
  for (int i = 0; i < 4; i++) c[i] = (q.corner[i] + middle + cv::Point2f(0.5f, 0.5f)) * k - cv::Point2f(0.5f, 0.5f);
  std::array<std::array<cv::Point2f, 2>, 4> side;
  const float range = 0.02f * k * (q.box.width + q.box.height);
  for (int i = 0; i < 4; i++) {
    side[i] = {c[i], c[(i + 1) % 4]};
    straighten(steps, side[i][0], side[i][1], range);
  }
  for (int i = 0; i < 4; i++) c[i] = crossing(side[(i + 3) % 4][0], side[(i + 3) % 4][1], side[i][0], side[i][1]);
  if (cv::contourArea(std::vector<cv::Point2f>(c.begin(), c.end()), true) < 0) std::reverse(c.begin(), c.end());
  float shortest = std::hypot(c[0].x - c[3].x, c[0].y - c[3].y);
  for (int i = 0; i < 3; i++) shortest = std::min(shortest, std::hypot(c[i].x - c[i + 1].x, c[i].y - c[i + 1].y));
  std::vector<cv::Point2f> out;
  if (!(shortest > 8)) return out;
  double most = -1;
  for (float r : {0.02f, 0.06f, 0.1f, 0.15f, 0.2f, 0.26f}) {
    std::vector<cv::Point2f> o = rounded(c, r * shortest);
    const double share = evidenceOn(steps, o);
    if (share > most) most = share, out = std::move(o);
  }
  for (auto& p : out) p.x = std::clamp(p.x, 0.f, steps.tensor.cols - 1.f), p.y = std::clamp(p.y, 0.f, steps.tensor.rows - 1.f);
  return out;
}

// How likely a rectangle is a face by its sides, its colours and its proportions, natural logarithm of
// the odds. Weights by logistic regression on the rectangles of 200 development photographs of bricks.
double oddsOf(const Field& f, const cv::Mat& labels, const Quad& q) {
  const Apart a = apartOf(labels, q.corner, f.middle);
  const double aspect = std::log(aspectOf(q) / kMouldAspect), elongation = std::max(0.0, aspect - 0.05);
  const double moulded = q.open ? 0 : std::exp(-aspect * aspect / (2 * kMouldSpread * kMouldSpread));
  return -7 + 2.5 * q.share + 2.1 * q.weakest - 0.2 * q.open + 1.2 * a.weakest + 2.05 * a.mean - 1.2 * goingOn(f, q.corner) + 1.6 * std::log(q.box.area() / labels.total()) - elongation + 1.85 * moulded;
}
}  // namespace

std::vector<Box> findBoxes(const StepField& steps, const ColourPlanes& planes, double minSide, size_t most) {
  const Field f = fieldOf(steps);
  const float k = static_cast<float>(steps.tensor.cols) / f.tensor.cols;
  std::vector<Line> lines = linesOf(f);
  std::vector<Quad> kept;
  for (const Quad& q : quadsOf(f, lines, static_cast<float>(minSide / k))) {
    if (kept.size() >= kMostJudged) break;
    bool known = false;
    for (const Quad& o : kept) {
      const double both = (q.box & o.box).area();
      known = known || both > 0.93 * (q.box.area() + o.box.area() - both);
    }
    if (!known) kept.push_back(q);
  }
  std::vector<Box> out;
  if (kept.empty()) return out;
  const cv::Mat labels = labelsOf(planes, f.tensor.size());
  for (Quad& q : kept) q.score = oddsOf(f, labels, q);
  std::sort(kept.begin(), kept.end(), [](const Quad& p, const Quad& q) { return p.score > q.score; });
  for (const Quad& q : kept) {
    if (out.size() >= most || q.score < kLeastOdds) break;
    std::vector<cv::Point2f> outline = outlineOf(steps, q, f.middle, k);
    if (!outline.empty()) out.push_back({std::move(outline), q.score});
  }
  return out;
}
}  // namespace relievo
