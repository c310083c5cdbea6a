#include "measure_judge.h"

#include <algorithm>
#include <cmath>

namespace relievo {
namespace {
constexpr double kBase = -7.14, kAligned = 3.92, kApart = 6.37, kShadow = -2.65, kAsymmetry = -1.95, kCropped = -6.68, kNested = -1.26, kArea = 0.45, kEllipseBase = -3.86, kEllipse = 3.1;
}  // namespace

// Weights by regularised maximum likelihood on the outlines of development photographs (three simulated
// seeds and the path-traced set), an outline counting as a face from IoU 0.92 of its box on (without or with its wall). All inputs are
// shares of one, so the weights tell how much each matters.
double likelihoodOf(const Candidate& c, double pictureArea) {
  const double odds = kBase + kAligned * c.aligned + kApart * c.apart + kShadow * std::min(1.0, 2 * c.shadow) + kAsymmetry * std::min(1.0, 10 * c.asymmetry) +
                      kCropped * c.cropped + kNested * (1 - c.nested) + kArea * std::log(c.area / pictureArea) + (c.ellipse > 0 ? kEllipseBase + kEllipse * c.ellipse : 0);
  return 1 / (1 + std::exp(-odds));
}
}  // namespace relievo
