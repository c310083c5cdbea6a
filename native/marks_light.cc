#include "marks_light.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "marks_picture.h"

namespace relievo::mark {
namespace {

// Brightness against the outline's normal, least squares: level, and amplitude towards x and y.
struct Regression {
  cv::Matx33d h = cv::Matx33d::zeros();
  cv::Vec3d q{0, 0, 0};
  double count = 0;
  void add(double nx, double ny, double value) {
    const cv::Vec3d row(1, nx, ny);
    h += row * row.t();
    q += row * value;
    count++;
  }
  void add(const Regression& o) {
    h += o.h;
    q += o.q;
    count += o.count;
  }
  cv::Vec3d solve() const {
    cv::Matx33d damped = h;
    for (int i = 0; i < 3; i++) damped(i, i) += 1e-6;
    return damped.inv(cv::DECOMP_SVD) * q;
  }
};

constexpr double BIN_MM = 0.05;      // of the profile from the outline inwards
constexpr double BEVEL_END = 0.5;   // the bevel ends where the profile has fallen to this share of its peak
constexpr double LEAST_PEAK = 0.06;  // a profile that stays below it shows no bevel

}  // namespace

// The grain of plain powder tells the lamp's axis, the bevel, which falls off to all sides, on which end of it
// the lamp stands: its bright side faces the lamp. How deep the rim is that belongs to the bevel shows in the same
// brightness: it stops to depend on the outline's normal.
Lamp readLamp(const cv::Mat& logGrey, const cv::Mat& mask, const cv::Mat& distance, const float light[2], const MarkSettings& s) {
  cv::Mat inside, soft, nx, ny;
  mask.convertTo(inside, CV_32F, 1 / 255.0);
  soft = blurred(inside, s.normalSigma * s.pxPerMm);
  cv::Sobel(soft, nx, CV_32F, 1, 0);
  cv::Sobel(soft, ny, CV_32F, 0, 1);
  const float plain = medianWhere(logGrey, distance > s.plain * s.pxPerMm);
  std::vector<Regression> profile(size_t(std::lround(s.rimMost / BIN_MM)) + 1);
  for (int y = 0; y < mask.rows; y++)
    for (int x = 0; x < mask.cols; x++) {
      const float d = distance.at<float>(y, x);
      const size_t bin = size_t(d / (BIN_MM * s.pxPerMm));
      if (d <= 0 || bin >= profile.size()) continue;
      const double gx = -nx.at<float>(y, x), gy = -ny.at<float>(y, x), n = std::hypot(gx, gy) + 1e-9;
      profile[bin].add(gx / n, gy / n, logGrey.at<float>(y, x) - plain);
    }
  std::vector<double> amplitude;
  for (const Regression& r : profile) amplitude.push_back(r.count > 20 ? cv::norm(r.solve()) : 0);
  const size_t first = size_t(std::lround(s.rimLeast / BIN_MM)), search = std::min(amplitude.size(), size_t(std::lround(s.plain / BIN_MM)));
  const size_t top = size_t(std::max_element(amplitude.begin(), amplitude.begin() + search) - amplitude.begin());
  size_t end = std::max(first, top);
  if (amplitude[top] < LEAST_PEAK) end = size_t(std::lround(s.rim / BIN_MM));
  else
    while (end + 1 < amplitude.size() && std::max(amplitude[end], amplitude[end + 1]) > BEVEL_END * amplitude[top]) end++;
  Regression whole;
  for (size_t i = 0; i < std::max<size_t>(1, std::min(end, profile.size())); i++) whole.add(profile[i]);
  const cv::Vec3d c = whole.solve();
  Lamp out{};
  out.rim = end * BIN_MM + s.rimMargin;
  out.bevel = std::atan2(c[2], c[1]);
  out.contrast = std::hypot(c[1], c[2]);
  out.axis = 0.5 * std::atan2(double(light[1]), double(light[0]));
  if (std::cos(out.axis - out.bevel) < 0) out.axis += CV_PI;
  out.azimuth = std::atan2(std::sin(out.axis) + s.bevelShare * std::sin(out.bevel), std::cos(out.axis) + s.bevelShare * std::cos(out.bevel));
  return out;
}

}  // namespace relievo::mark
