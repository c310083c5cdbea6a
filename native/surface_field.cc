#include "surface_field.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "common_error.h"

namespace relievo {
namespace {

// Sigma of the Gaussian that passes half of a wave of length 1 (ISO 16610-61): alpha / sqrt(2 pi), alpha = sqrt(ln 2 / pi).
constexpr double SIGMA_OF_CUTOFF = 0.18738;
constexpr double LEAST_SUPPORT = 0.2;   // share of the Gaussian that must fall on measured surface
constexpr double TILT_RIDGE = 1e-3;     // holds the slope back where too little is measured to tell it
constexpr double ROBUST = 1.4826;       // standard deviation of a normal sample over its median deviation
constexpr int LEVELLING_ROUNDS = 4, SPIKE_ROUNDS = 2;
constexpr int LEAST_PIXELS = 400;
constexpr double MM_PER_M = 1e3, UM_PER_MM = 1e3;
constexpr double COARSEST_STEP = 4;   // cells of the grid; a coarser scan shows no marks
// A side of 1 + 6 k has its middle and both ends on every second and on every third cell: planes with strides stay in place when mirrored.
constexpr int SIDE_STEP = 6;
constexpr int LARGEST_GRID = 2000, LEAST_GRID = 48;

double medianOf(std::vector<double>& v) {
  std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
  return v[v.size() / 2];
}

// 1 levelling: the plane that most of the surface lies on (least squares, reweighted), taken away in place.
void level(cv::Mat& z, const cv::Mat& known) {
  double spread = 0;
  for (int round = 0; round < LEVELLING_ROUNDS; round++) {
    cv::Matx33d h = cv::Matx33d::zeros();
    cv::Vec3d q(0, 0, 0);
    for (int y = 0; y < z.rows; y++)
      for (int x = 0; x < z.cols; x++) {
        if (!known.at<uint8_t>(y, x)) continue;
        const double r = z.at<float>(y, x), t = spread > 0 ? r / (3 * spread) : 0, w = 1 / (1 + t * t);
        const cv::Vec3d row(x / double(z.cols) - 0.5, y / double(z.rows) - 0.5, 1);
        h += row * row.t() * w;
        q += row * (r * w);
      }
    const cv::Vec3d plane = h.inv(cv::DECOMP_SVD) * q;
    std::vector<double> rest;
    for (int y = 0; y < z.rows; y++)
      for (int x = 0; x < z.cols; x++) {
        z.at<float>(y, x) -= float(plane[0] * (x / double(z.cols) - 0.5) + plane[1] * (y / double(z.rows) - 0.5) + plane[2]);
        if (known.at<uint8_t>(y, x)) rest.push_back(std::abs(double(z.at<float>(y, x))));
      }
    spread = ROBUST * medianOf(rest);
  }
}

// One axis of the Gaussian times 1, u, u * u.
std::vector<cv::Mat> kernels(double sigma) {
  const int reach = std::max(1, cvCeil(3.5 * sigma));
  std::vector<cv::Mat> out(3);
  for (cv::Mat& k : out) k.create(1, 2 * reach + 1, CV_32F);
  double sum = 0;
  for (int i = -reach; i <= reach; i++) sum += std::exp(-0.5 * i * i / (sigma * sigma));
  for (int i = -reach; i <= reach; i++)
    for (int p = 0; p < 3; p++) out[p].at<float>(0, i + reach) = float(std::pow(i, p) * std::exp(-0.5 * i * i / (sigma * sigma)) / sum);
  return out;
}

struct Smooth {
  cv::Mat value, support;
};

// Gaussian regression filter of first order (areal form of ISO 16610-31): in every place the plane that fits the
// measured surroundings best, weighted by a Gaussian. Neither holes nor edges pull it.
Smooth regression(const cv::Mat& z, const cv::Mat& weight, double sigmaX, double sigmaY) {
  const std::vector<cv::Mat> kx = kernels(sigmaX), ky = kernels(sigmaY);
  const cv::Mat weighted = z.mul(weight);
  const auto moment = [&](const cv::Mat& of, int px, int py) {
    cv::Mat out;
    cv::sepFilter2D(of, out, CV_32F, kx[px], ky[py], cv::Point(-1, -1), 0, cv::BORDER_CONSTANT);
    return out;
  };
  const cv::Mat s0 = moment(weight, 0, 0), sx = moment(weight, 1, 0), sy = moment(weight, 0, 1), sxx = moment(weight, 2, 0), sxy = moment(weight, 1, 1), syy = moment(weight, 0, 2);
  const cv::Mat z0 = moment(weighted, 0, 0), zx = moment(weighted, 1, 0), zy = moment(weighted, 0, 1);
  Smooth out{cv::Mat::zeros(z.size(), CV_32F), s0};
  for (int y = 0; y < z.rows; y++)
    for (int x = 0; x < z.cols; x++) {
      const double n = s0.at<float>(y, x);
      if (n < 1e-4) continue;
      const double a = sx.at<float>(y, x), b = sy.at<float>(y, x), c = sxy.at<float>(y, x);
      const double d = sxx.at<float>(y, x) + TILT_RIDGE * n * sigmaX * sigmaX, e = syy.at<float>(y, x) + TILT_RIDGE * n * sigmaY * sigmaY;
      const double p = z0.at<float>(y, x), q = zx.at<float>(y, x), r = zy.at<float>(y, x);
      const double det = n * (d * e - c * c) - a * (a * e - c * b) + b * (a * c - d * b);
      out.value.at<float>(y, x) = float((p * (d * e - c * c) - a * (q * e - c * r) + b * (q * c - d * r)) / det);
    }
  return out;
}

cv::Mat asWeight(const cv::Mat& known) {
  cv::Mat out;
  known.convertTo(out, CV_32F, 1 / 255.0);
  return out;
}

// Divided by the roughness around, but where the surface is smooth by a share of the usual one.
cv::Mat evened(const cv::Mat& band, const cv::Mat& known, double sigma, double floor) {
  const cv::Mat weight = asWeight(known), masked = band.mul(weight);
  cv::Mat power, share, rms;
  cv::GaussianBlur(masked.mul(masked), power, cv::Size(), sigma, sigma, cv::BORDER_CONSTANT);
  cv::GaussianBlur(weight, share, cv::Size(), sigma, sigma, cv::BORDER_CONSTANT);
  cv::sqrt(power / cv::max(share, 1e-3), rms);
  std::vector<double> usual;
  for (int y = 0; y < band.rows; y++)
    for (int x = 0; x < band.cols; x++)
      if (known.at<uint8_t>(y, x)) usual.push_back(rms.at<float>(y, x));
  return masked / cv::max(rms, std::max(1e-9, usual.empty() ? 0 : floor * medianOf(usual)));
}

std::string cells(double count) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", count);
  return text;
}

// Before anything that costs: no filter is run on what cannot be compared.
void checkSize(const cv::Rect& box, double stepX, double stepY, double gridPerMm) {
  const double a = box.width * stepX * gridPerMm, b = box.height * stepY * gridPerMm, longer = std::max(a, b), shorter = std::min(a, b);
  if (!(longer <= LARGEST_GRID && longer >= LEAST_GRID && shorter >= LEAST_GRID / 4.0))
    throw KernelError("surface-unusable", "it spans " + cells(a) + " x " + cells(b) + " cells of the grid, " + std::to_string(LEAST_GRID) + " to " + std::to_string(LARGEST_GRID) + " can be compared");
  if (std::max(stepX, stepY) * gridPerMm > COARSEST_STEP) throw KernelError("surface-unusable", "its steps are " + cells(std::max(stepX, stepY) * gridPerMm) + " cells of the grid, too coarse for marks");
}

std::vector<int8_t> packed(const cv::Mat& m, int stride, double clip) {
  std::vector<int8_t> out;
  for (int y = 0; y < m.rows; y += stride)
    for (int x = 0; x < m.cols; x += stride) out.push_back(int8_t(cvRound(std::clamp(double(m.at<float>(y, x)), -clip, clip) * 127 / clip)));
  return out;
}

}  // namespace

SurfaceField surfaceField(const double* heights, int width, int height, double stepX, double stepY, const SurfaceSettings& s) {
  // what was measured: what lies within the reach of an instrument from the middle height; codes for no value lie far off
  std::vector<double> finite;
  for (size_t i = 0; i < size_t(width) * height; i++)
    if (std::isfinite(heights[i])) finite.push_back(heights[i]);
  const double usual = finite.empty() ? 0 : medianOf(finite);
  cv::Mat z(height, width, CV_32F, cv::Scalar(0)), known(height, width, CV_8U, cv::Scalar(0));
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      const double mm = (heights[size_t(y) * width + x] - usual) * MM_PER_M;
      if (!(std::abs(mm) <= s.tallest)) continue;
      z.at<float>(y, x) = float(mm * UM_PER_MM);
      known.at<uint8_t>(y, x) = 255;
    }
  const int count = cv::countNonZero(known);
  if (count < LEAST_PIXELS) throw KernelError("surface-unusable", "only " + std::to_string(count) + " heights were measured, " + std::to_string(LEAST_PIXELS) + " are needed");
  checkSize(cv::boundingRect(known), stepX, stepY, s.gridPerMm);
  // 1 levelling
  level(z, known);
  // 2 spikes: single heights far off their surroundings are faults of the instrument
  const double formX = SIGMA_OF_CUTOFF * s.form / stepX, formY = SIGMA_OF_CUTOFF * s.form / stepY;
  const cv::Mat measured = known.clone();
  for (int round = 0; round < SPIKE_ROUNDS; round++) {  // spikes pull the form they are told from, so that it is fitted again without them
    const cv::Mat form = regression(z, asWeight(known), formX, formY).value;
    std::vector<double> departures;
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        if (known.at<uint8_t>(y, x)) departures.push_back(std::abs(double(z.at<float>(y, x) - form.at<float>(y, x))));
    if (departures.empty()) break;
    const double most = s.outlier * ROBUST * medianOf(departures);
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++) known.at<uint8_t>(y, x) = measured.at<uint8_t>(y, x) && std::abs(double(z.at<float>(y, x) - form.at<float>(y, x))) <= most ? 255 : 0;
  }
  // 3 grid: the measured part in the middle, smoothed as far as the grid is coarser than the scan
  const cv::Rect box = cv::boundingRect(known);
  if (box.area() == 0) throw KernelError("surface-unusable", "no height is left beside spikes");
  SurfaceField out;
  const double middleX = box.x + (box.width - 1) / 2.0, middleY = box.y + (box.height - 1) / 2.0;
  const double sideMm = std::max(box.width * stepX, box.height * stepY);
  const int n = 1 + SIDE_STEP * cvCeil((sideMm * s.gridPerMm + 1) / SIDE_STEP);
  const double ratioX = 1 / (s.gridPerMm * stepX), ratioY = 1 / (s.gridPerMm * stepY);
  const auto antialias = [](double ratio) { return 0.45 * std::sqrt(std::max(0.04, ratio * ratio - 1)); };
  const Smooth fine = regression(z, asWeight(known), antialias(ratioX), antialias(ratioY));
  cv::Mat supported = (fine.support > 0.5) & known;
  const cv::Matx23d toSurface(ratioX, 0, middleX - ratioX * (n - 1) / 2.0, 0, ratioY, middleY - ratioY * (n - 1) / 2.0);
  cv::Mat grid, seen;
  cv::warpAffine(fine.value, grid, toSurface, cv::Size(n, n), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, 0);
  cv::warpAffine(supported, seen, toSurface, cv::Size(n, n), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, 0);
  seen = seen >= 255;
  if (cv::countNonZero(seen) < LEAST_PIXELS) throw KernelError("surface-unusable", "too little of it was measured");
  // 4 what is compared: without a rim, where a border of what was not measured deforms the heights
  cv::Mat distance;
  cv::copyMakeBorder(seen, distance, 1, 1, 1, 1, cv::BORDER_CONSTANT, 0);
  cv::distanceTransform(distance, distance, cv::DIST_L2, cv::DIST_MASK_5);
  const cv::Mat inner = distance(cv::Rect(1, 1, n, n)) > std::max(1.0, s.rim * s.gridPerMm);
  out.size = n;
  // 5 bands
  const cv::Mat weight = asWeight(seen);
  cv::Mat use = inner.clone();
  cv::Mat band[SURFACE_BANDS];
  for (int b = 0; b < SURFACE_BANDS; b++) {
    const double a = SIGMA_OF_CUTOFF * s.shortest[b] * s.gridPerMm, c = SIGMA_OF_CUTOFF * s.longest[b] * s.gridPerMm;
    const Smooth coarse = regression(grid, weight, c, c);
    band[b] = (a > 0.3 ? regression(grid, weight, a, a).value : grid) - coarse.value;
    use &= coarse.support > LEAST_SUPPORT;
  }
  for (int b = 0; b < SURFACE_BANDS; b++)
    out.bands[b] = packed(evened(band[b], use, SIGMA_OF_CUTOFF * s.spread[b] * s.gridPerMm, s.floor[b]), s.stride[b], s.clip[b]);
  out.areaMm2 = cv::countNonZero(use) / (s.gridPerMm * s.gridPerMm);
  const cv::Mat marks = band[SURFACE_BANDS - 1];
  out.roughnessUm = std::sqrt(cv::mean(marks.mul(marks), use)[0]);
  if (!std::isfinite(out.roughnessUm)) throw KernelError("surface-unusable", "its heights are no numbers that can be filtered");
  out.walls.resize(size_t(n) * n);
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) out.walls[size_t(y) * n + x] = use.at<uint8_t>(y, x) ? 0 : 255;
  return out;
}

}  // namespace relievo
