#include "measure_choose.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace relievo {
namespace {
// Weights of the terms in the order of `evidenceOf`: the conditional logit (McFadden 1974) under which, of all
// outlines of a specimen, those whose box overlaps the face's by IoU >= 0.92 are preferred; and of the logistic
// regression that tells from the preference and from the rivals how likely an outline is a face. Both by
// `node benchmarks/accuracy/outline-weights.ts`.
constexpr std::array kPreference{4.36, 5.38, 4.18, -2.60, -3.72, -2.97, 0.83, 13.46, 0.86, 1.70, 0.78, -1.19, 1.63, 1.41, -0.81, 3.20, -3.75, -0.62, 0.10, 1.37, -2.01, -3.43, -0.99};
constexpr double kFaceBase = -14.06, kFacePreference = 0.676, kFaceRivals = 0.328;

constexpr double kAsLikely = 0.9;

double commonShare(const Candidate& a, const Candidate& b) {
  const cv::Rect p = cv::boundingRect(a.outline), q = cv::boundingRect(b.outline);
  return double((p & q).area()) / std::max(1, std::min(p.area(), q.area()));
}
}  // namespace

std::vector<double> evidenceOf(const Candidate& c, const Refined& refined, const RimEvidence& rim, bool ticks, double pictureArea) {
  const bool box = refined.origin == Origin::fourSides, bare = refined.origin == Origin::withoutWall;
  const std::array<double, kPreference.size()> terms{
      refined.edge.mean,                                         // it lies on a step
      refined.edge.weakest,                                      // everywhere
      c.apart,                                                   // its two sides differ in colour
      std::min(1.0, 2 * c.shadow),                               // within it there is ground in shadow
      std::min(1.0, 10 * c.asymmetry),                           // it is lopsided
      c.cropped,                                                 // it lies on the frame
      std::log(c.area / pictureArea),                            // it is large
      c.solidity,                                                // it has no notch
      refined.ellipse,                                           // it completes an ellipse
      box ? 1.0 : 0.0,                                           // it is a rectangle
      box ? std::clamp(refined.sideOdds, -6.0, 6.0) : 0.0,       // by its sides
      bare ? 1.0 : 0.0,                                          // it is another one without a side wall
      bare ? refined.nearRim : 0.0,                              // whose rim is seen
      refined.origin == Origin::withDarkBevel ? 1.0 : 0.0,       // it is another one with its dark bevel
      ticks ? 1.0 : 0.0,                                         // a ruler's ticks run along a side
      rim.inner, rim.outer,                                      // parallel lines: a bevel within, a larger thing around
      rim.groundOutside, rim.lightStep, rim.darker, rim.brighter,  // what lies along its sides
      rim.oddEllipse,                                            // it is a disc and its wall
      refined.almost,                                            // it is a disc and something else
  };
  return {terms.begin(), terms.end()};
}

double preferenceOf(const std::vector<double>& evidence) { return std::inner_product(evidence.begin(), evidence.end(), kPreference.begin(), 0.0); }

void weighRivals(std::vector<Candidate>& all) {
  std::vector<double> preference;
  for (const Candidate& c : all) preference.push_back(preferenceOf(c.evidence));
  for (size_t i = 0; i < all.size(); i++) {
    double rivals = 0;  // of its own, in units of its own weight
    for (size_t j = 0; j < all.size(); j++)
      if (commonShare(all[i], all[j]) > 0.1) rivals += std::exp(std::min(30.0, preference[j] - preference[i]));
    all[i].score = 1 / (1 + std::exp(-(kFaceBase + kFacePreference * preference[i] - kFaceRivals * std::log(rivals - 1 + 1e-3))));
  }
  std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
}

std::vector<Candidate> chooseFaces(const std::vector<Candidate>& all, const MeasureParameters& p) {
  std::vector<Candidate> out;
  // A doubtful outline is taken only where no other thing in the photograph rivals it.
  if (!all.empty() && all[0].score < p.sureScore)
    for (const Candidate& c : all)
      if (c.score > all[0].score / 2 && commonShare(c, all[0]) < 0.8) return out;
  // Of things that are about as likely the largest comes first: the rest are blocks and digits of a ruler.
  std::vector<Candidate> order = all;
  const auto largest = std::max_element(order.begin(), order.end(), [&](const Candidate& a, const Candidate& b) { return (a.score < kAsLikely * all[0].score ? 0 : a.area) < (b.score < kAsLikely * all[0].score ? 0 : b.area); });
  if (largest != order.end() && commonShare(*largest, order[0]) <= 0.1) std::rotate(order.begin(), largest, largest + 1);
  for (const Candidate& c : order) {
    if (c.score < p.minScore) continue;
    bool free = true;
    for (const Candidate& o : out) {
      if (commonShare(c, o) > 0.1) free = false;
      // Several specimens in one photograph are alike in size and in how well they are seen.
      if (c.area < 0.45 * o.area || c.area > o.area / 0.45) free = false;
      if (c.score < 0.5 * o.score || c.cropped > 0.02 || c.shadow > 0.3) free = false;
    }
    if (free) out.push_back(c);
  }
  return out;
}
}  // namespace relievo
