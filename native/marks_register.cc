#include "marks_register.h"

#include <algorithm>
#include <cmath>

#include "common_error.h"

namespace relievo::mark {
namespace {

constexpr double CALM = 0.1;  // share of the mean power that keeps places without grain from blowing up

// What an exposure tells of the grain, with the side of its lamp undone, so that exposures agree with their sign. The
// shadows of deep walls lie where the lamp throws them, 0.1 mm off and more: what is strong counts little.
cv::Mat grainOf(const Exposure& e, const cv::Mat& inner, const MarkSettings& s) {
  const cv::Mat fine = Relief::joint({e}, s).band(s.markFine, s.markCoarse).mul(inner);
  const cv::Mat power = blurred(fine.mul(fine), s.markSpread * s.pxPerMm);
  return fine / (power + std::max(1e-12, CALM * cv::mean(power)[0]));
}

// Where a parabola through three values has its top, from the middle one.
double top(double before, double at, double after) {
  const double bend = before - 2 * at + after;
  return bend < 0 ? std::clamp(0.5 * (before - after) / bend, -0.5, 0.5) : 0;
}

}  // namespace

cv::Point2d offsetOf(const Exposure& first, const Exposure& other, size_t place, const cv::Mat& inner, const MarkSettings& s) {
  const cv::Mat a = grainOf(first, inner, s), b = grainOf(other, inner, s);
  cv::Mat product, map;
  cv::mulSpectrums(Spectrum(b, s.pxPerMm).values(), Spectrum(a, s.pxPerMm).values(), product, 0, true);
  cv::dft(product, map, cv::DFT_INVERSE | cv::DFT_SCALE | cv::DFT_REAL_OUTPUT);
  const int n = map.rows, reach = std::min(n / 4, cvCeil(s.unmoved * s.pxPerMm));
  const auto at = [&](int y, int x) { return double(map.at<float>((y + n) % n, (x + n) % n)); };
  int bx = 0, by = 0;
  for (int y = -reach; y <= reach; y++)
    for (int x = -reach; x <= reach; x++)
      if (at(y, x) > at(by, bx)) bx = x, by = y;
  const double agreement = at(by, bx) / std::max(1e-12, std::sqrt(a.dot(a) * b.dot(b)));
  if (!(agreement >= s.unmovedAgreement)) throw KernelError("photographs-apart", "within " + std::to_string(s.unmoved).substr(0, 3) + " mm of the first, photograph " + std::to_string(place + 1) + " agrees with it by " + std::to_string(agreement).substr(0, 4) + ", " + std::to_string(s.unmovedAgreement).substr(0, 4) + " is needed");
  return {bx + top(at(by, bx - 1), at(by, bx), at(by, bx + 1)), by + top(at(by - 1, bx), at(by, bx), at(by + 1, bx))};
}

}  // namespace relievo::mark
