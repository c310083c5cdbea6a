#include "measure_wrap.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace relievo {
namespace {
constexpr double kSmallestPart = 0.12, kLargestStrip = 0.4;  // of the rectangle's area
constexpr double kLeast = 0.03;  // likelihood of a rectangle below which it takes no part
// Weights of the decision for the rectangle, by logistic regression on 2142 pairs of which one was right,
// from 254 development photographs: bricks and tablets, simulated and path-traced.
constexpr double kBase = 1.41, kScore = 1.12, kSides = 0.37, kShare = -3.4, kApart = -1.53, kAligned = 6.8;

double odds(double p) { return std::log(std::max(1e-6, p) / std::max(1e-6, 1 - p)); }

bool inside(const Candidate& inner, const Candidate& outer) {
  const cv::Rect2f a = cv::boundingRect(inner.outline), b = cv::boundingRect(outer.outline);
  if ((a & b).area() < 0.9f * a.area()) return false;
  const float slack = static_cast<float>(-0.02 * std::sqrt(outer.area));  // torn and straightened sides
  size_t out = 0;
  for (size_t k = 0; k < inner.outline.size(); k += 4) out += cv::pointPolygonTest(outer.outline, inner.outline[k], true) < slack;
  return out * 4 < 0.06 * inner.outline.size();
}
}  // namespace

void weighWrapped(std::vector<Candidate>& all) {
  std::vector<double> score;
  for (const Candidate& c : all) score.push_back(c.score);
  for (size_t o = 0; o < all.size(); o++) {
    if (all[o].sides <= 0 || score[o] < kLeast) continue;
    for (size_t i = 0; i < all.size(); i++) {
      if (i == o || all[i].area > 0.97 * all[o].area || all[i].area < kSmallestPart * all[o].area || !inside(all[i], all[o])) continue;
      const double forWhole = kBase + kScore * (odds(score[o]) - odds(score[i])) + kSides * odds(all[o].sides) + kShare * std::log(std::max(kLargestStrip, all[i].area / all[o].area)) +
                              kApart * (all[o].apart - all[i].apart) + kAligned * (all[o].aligned - all[i].aligned);
      const double whole = 1 / (1 + std::exp(-forWhole));
      all[o].score = std::max(all[o].score, whole * score[i]);
      all[i].score = std::min(all[i].score, (1 - whole) * score[i]);
    }
  }
}
}  // namespace relievo
