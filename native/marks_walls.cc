#include "marks_walls.h"

#include <cmath>

namespace relievo::mark {
namespace {

constexpr double HALF = 0.5;  // energy over its mean at which a place counts half as free

// Share of the face that walls leave free.
double freeShare(const cv::Mat& energy, double mean, const cv::Mat& innerMask) {
  double free = 0, count = 0;
  for (int y = 0; y < energy.rows; y++)
    for (int x = 0; x < energy.cols; x++)
      if (innerMask.at<uint8_t>(y, x)) {
        const double wall = energy.at<float>(y, x) / (HALF * mean);
        free += 1 / (1 + wall * wall);
        count++;
      }
  return count > 0 ? free / count : 1;
}

}  // namespace

cv::Mat wallsOf(const std::vector<Exposure>& exposures, const cv::Mat& innerMask, const MarkSettings& s) {
  cv::Mat walls = cv::Mat::zeros(innerMask.size(), CV_64F);
  for (const Exposure& e : exposures) {
    const Spectrum spectrum(e.detail, s.pxPerMm);
    const auto along = [&](double ax, double ay) {
      return spectrum.band(s.wallFine, s.wallCoarse, [&](int x, int y, double kx, double ky) { return times(spectrum.values().at<cv::Vec2f>(y, x), cv::Vec2d(0, ax * kx + ay * ky)); });
    };
    const cv::Mat gx = along(1, 0), gy = along(0, 1);
    const cv::Mat energy = blurred(gx.mul(gx) + gy.mul(gy), s.wallSpread * s.pxPerMm);
    double mean = std::max(1e-12, cv::mean(energy, innerMask)[0]);
    // In a face full of strokes the mean is that of walls, and what is left of them would drown the marks.
    mean *= std::pow(std::min(1.0, freeShare(energy, mean, innerMask) / s.fullOfStrokes), s.firmness);
    for (int y = 0; y < walls.rows; y++)
      for (int x = 0; x < walls.cols; x++) walls.at<double>(y, x) += energy.at<float>(y, x) / mean;
  }
  return walls / double(exposures.size());
}

}  // namespace relievo::mark
