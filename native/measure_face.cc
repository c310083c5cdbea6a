#include "measure_face.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "common_error.h"
#include "measure_shrink.h"

namespace relievo {
namespace {
constexpr double kFill = 0.9;  // share of the crop's side that the face's longer side fills

// Root mean square distance of the outline from the ellipse, relative to its mean radius.
double ellipseMisfit(const std::vector<cv::Point2f>& outline, const cv::RotatedRect& e) {
  const double t = e.angle * CV_PI / 180, c = std::cos(t), s = std::sin(t), a = e.size.width / 2, b = e.size.height / 2;
  double sum = 0;
  for (const auto& p : outline) {
    const double x = p.x - e.center.x, y = p.y - e.center.y, u = (c * x + s * y) / a, v = (-s * x + c * y) / b;
    const double d = std::sqrt(u * u + v * v) - 1;
    sum += d * d;
  }
  return std::sqrt(sum / outline.size());
}

constexpr int kDark = 12, kBright = 252;  // of 255: in darker pixels too few steps are left for a relief

__attribute__((target_clones("avx2", "default"))) void countClipped(const uint8_t* rgb, const uint8_t* mask, int n, int& dark, int& bright, int& count) {
  int d = 0, b = 0, c = 0;
  for (int x = 0; x < n; x++) {
    const int in = mask[x] != 0, r = rgb[3 * x], g = rgb[3 * x + 1], v = rgb[3 * x + 2];
    d += in & (r <= kDark) & (g <= kDark) & (v <= kDark), b += in & (r >= kBright) & (g >= kBright) & (v >= kBright), c += in;
  }
  dark += d, bright += b, count += c;
}

double p99(const cv::Mat& m, const cv::Mat& mask, double q) {
  std::vector<float> v;
  for (int y = 0; y < m.rows; y++)
    for (int x = 0; x < m.cols; x++)
      if (mask.at<uint8_t>(y, x)) v.push_back(m.at<float>(y, x));
  if (v.empty()) return 0;
  const size_t i = std::min(v.size() - 1, static_cast<size_t>(q * v.size()));
  std::nth_element(v.begin(), v.begin() + i, v.end());
  return v[i];
}

// The square crop whose pixels lie at `toPicture` in the picture. The map has no perspective.
void sample(const cv::Mat& picture, const cv::Matx33d& toPicture, int size, cv::Mat& crop) {
  cv::warpAffine(picture, crop, toPicture.get_minor<2, 3>(0, 0), cv::Size(size, size), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
}

cv::Mat gradientAt(const cv::Mat& lum, double sigma) {
  cv::Mat b, dx, dy, g;
  cv::GaussianBlur(lum, b, cv::Size(0, 0), sigma);
  cv::Sobel(b, dx, CV_32F, 1, 0, 3, 1 / 8.0);
  cv::Sobel(b, dy, CV_32F, 0, 1, 3, 1 / 8.0);
  cv::magnitude(dx, dy, g);
  return g;
}
}  // namespace

FaceShape shapeOf(const std::vector<cv::Point2f>& outline, bool whole, const MeasureParameters& p) {
  FaceShape s;
  cv::Matx22d straighten(1, 0, 0, 1);  // original -> rectified, about the centre
  if (whole && outline.size() >= 16) {
    const cv::RotatedRect e = cv::fitEllipse(outline);
    const double a = std::max(e.size.width, e.size.height), b = std::min(e.size.width, e.size.height), ratio = b / a;
    if (ratio >= p.tiltAxisRatio && ellipseMisfit(outline, e) < 0.008) {
      s.tiltDeg = std::acos(std::min(1.0, ratio)) * 180 / CV_PI;
      const double t = (e.size.width < e.size.height ? e.angle : e.angle + 90) * CV_PI / 180, c = std::cos(t), n = std::sin(t), k = 1 / ratio - 1;
      straighten = cv::Matx22d(1 + k * c * c, k * c * n, k * c * n, 1 + k * n * n);
    }
  }
  const cv::Moments m = cv::moments(outline);
  const cv::Point2d centroid(m.m10 / m.m00, m.m01 / m.m00);
  std::vector<cv::Point2f> flat;
  for (const auto& q : outline) {
    const cv::Vec2d d = straighten * cv::Vec2d(q.x - centroid.x, q.y - centroid.y);
    flat.emplace_back(static_cast<float>(d[0]), static_cast<float>(d[1]));
  }
  float x0 = 1e9f, x1 = -1e9f, y0 = 1e9f, y1 = -1e9f;
  for (const auto& q : flat) x0 = std::min(x0, q.x), x1 = std::max(x1, q.x), y0 = std::min(y0, q.y), y1 = std::max(y1, q.y);
  const double span = std::max(x1 - x0, y1 - y0);
  s.size = std::clamp(static_cast<int>(std::lround(span / kFill)), 16, p.cropSidePx);
  s.pxScale = s.size * kFill / span;
  const cv::Vec2d middle((x0 + x1) / 2, (y0 + y1) / 2);
  const cv::Matx22d back = straighten.inv();
  // crop (x, y) -> flat = (crop - (size - 1) / 2) / pxScale + middle -> original = back * flat + centroid
  const cv::Matx22d linear = back * (1 / s.pxScale);
  const cv::Vec2d half((s.size - 1) / 2.0, (s.size - 1) / 2.0), shift = back * middle + cv::Vec2d(centroid.x, centroid.y) - linear * half;
  s.toOriginal = cv::Matx33d(linear(0, 0), linear(0, 1), shift[0], linear(1, 0), linear(1, 1), shift[1], 0, 0, 1);
  s.areaPx = std::abs(cv::contourArea(flat));
  const cv::RotatedRect around = cv::minAreaRect(flat);
  const double longer = std::max(around.size.width, around.size.height), shorter = std::max(1.f, std::min(around.size.width, around.size.height));
  s.boxFill = s.areaPx / (longer * shorter);
  s.boxAspect = longer / shorter;
  s.longPx = 0;
  s.shortPx = 1e18;
  for (int k = 0; k < 180; k++) {
    const float c = std::cos(k * CV_PI / 180), n = std::sin(k * CV_PI / 180);
    float lo = 1e9f, hi = -1e9f;
    for (const auto& q : flat) {
      const float d = c * q.x + n * q.y;
      lo = std::min(lo, d), hi = std::max(hi, d);
    }
    s.longPx = std::max<double>(s.longPx, hi - lo);
    s.shortPx = std::min<double>(s.shortPx, hi - lo);
  }
  return s;
}

void cutFace(const cv::Mat& rgb, const std::vector<cv::Point2f>& outline, const FaceShape& shape, cv::Mat& crop, cv::Mat& mask) {
  const cv::Matx33d& h = shape.toOriginal;
  // A crop much smaller than the original is averaged down first, so that nothing is skipped.
  const int shrink = std::max(1, static_cast<int>(std::floor(1 / shape.pxScale)));
  if (shrink > 1) {
    const float far = static_cast<float>(shape.size - 1);
    std::vector<cv::Point2f> corners{{0, 0}, {far, 0}, {0, far}, {far, far}};
    cv::perspectiveTransform(corners, corners, cv::Mat(h));
    const int pad = 2 * shrink;
    const cv::Rect around = cv::boundingRect(corners);
    const cv::Rect box = cv::Rect(around.x - pad, around.y - pad, around.width + 2 * pad, around.height + 2 * pad) & cv::Rect(0, 0, rgb.cols, rgb.rows);
    if (box.width < shrink || box.height < shrink) throw KernelError("internal", "the crop's geometry does not lie on this photograph");
    const cv::Mat small = blockMeans(rgb(box), shrink);
    const double k = 1.0 / shrink, o = (k - 1) / 2;  // centre of a block of pixels
    const cv::Matx33d toSmall(k, 0, o - box.x * k, 0, k, o - box.y * k, 0, 0, 1);
    sample(small, toSmall * h, shape.size, crop);
  } else {
    sample(rgb, h, shape.size, crop);
  }
  std::vector<cv::Point2f> inside;
  const cv::Mat inverse(h.inv());
  cv::perspectiveTransform(outline, inside, inverse);
  std::vector<cv::Point> fixed;  // 1/16 pixel
  for (const auto& q : inside) fixed.emplace_back(cvRound(q.x * 16), cvRound(q.y * 16));
  mask = cv::Mat::zeros(shape.size, shape.size, CV_8U);
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{fixed}, cv::Scalar(255), cv::LINE_8, 4);
}

FaceNumbers numbersOf(const cv::Mat& crop, const cv::Mat& mask, const FaceShape& shape) {
  FaceNumbers out;
  const int n = crop.rows;
  cv::Mat grey;
  cv::cvtColor(crop, grey, cv::COLOR_RGB2GRAY);
  int dark = 0, bright = 0, count = 0;
  for (int y = 0; y < n; y++) countClipped(crop.ptr<uint8_t>(y), mask.ptr<uint8_t>(y), n, dark, bright, count);
  out.clippedDark = double(dark) / std::max(1, count);
  out.clippedBright = double(bright) / std::max(1, count);

  // Sharpness: how much steeper the steepest 1 % of the face and its outline is at a fine scale than
  // at a coarse one, both fixed shares of the face. What is blurred is as steep at both (1), whatever
  // its contrast; a blank face still has its outline.
  cv::Mat lum, standard, inner;
  const int side = 360;
  cv::resize(grey, standard, cv::Size(side, side), 0, 0, n > side ? cv::INTER_AREA : cv::INTER_LINEAR);
  cv::resize(mask, inner, cv::Size(side, side), 0, 0, cv::INTER_NEAREST);
  cv::dilate(inner, inner, cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(9, 9)));
  standard.convertTo(lum, CV_32F, 1 / 255.0, 0.02);
  cv::log(lum, lum);
  const double fine = p99(gradientAt(lum, 0.8), inner, 0.99), coarse = p99(gradientAt(lum, 4.0), inner, 0.99);
  out.sharpness = fine / std::max(1e-6, coarse);

  // Light: the rim falls away on all sides, so its brightness over the direction it faces tells
  // where the light comes from (a cosine) and how much it rakes (the cosine's share).
  cv::Mat distance, coarseLum, nx, ny, wide;
  cv::Mat solid;
  cv::resize(mask, solid, cv::Size(side, side), 0, 0, cv::INTER_NEAREST);
  cv::distanceTransform(solid, distance, cv::DIST_L2, 3);
  cv::GaussianBlur(lum, coarseLum, cv::Size(0, 0), 1.5);
  cv::GaussianBlur(distance, wide, cv::Size(0, 0), 3);
  cv::Sobel(wide, nx, CV_32F, 1, 0, 3);
  cv::Sobel(wide, ny, CV_32F, 0, 1, 3);
  const int bins = 72;
  std::vector<double> sum(bins, 0), weight(bins, 0);
  const double rim = 0.07 * 0.9 * side;
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++) {
      const float d = distance.at<float>(y, x);
      if (d < 2 || d > rim) continue;
      const float gx = -nx.at<float>(y, x), gy = -ny.at<float>(y, x);  // outward
      if (gx * gx + gy * gy < 1e-6f) continue;
      int b = static_cast<int>(std::floor((std::atan2(-gy, gx) / (2 * CV_PI) + 1) * bins)) % bins;
      sum[b] += coarseLum.at<float>(y, x);
      weight[b]++;
    }
  double sw = 0, s1 = 0, c1 = 0, mean = 0;
  int filled = 0;
  for (int b = 0; b < bins; b++)
    if (weight[b] > 0) mean += sum[b] / weight[b], filled++;
  mean /= std::max(1, filled);
  std::vector<double> value(bins, 0);
  for (int b = 0; b < bins; b++) {
    if (weight[b] <= 0) continue;
    value[b] = sum[b] / weight[b] - mean;
    const double t = (b + 0.5) * 2 * CV_PI / bins;
    c1 += value[b] * std::cos(t), s1 += value[b] * std::sin(t), sw++;
  }
  c1 *= 2 / std::max(1.0, sw), s1 *= 2 / std::max(1.0, sw);
  double total = 0, residual = 0;
  for (int b = 0; b < bins; b++) {
    if (weight[b] <= 0) continue;
    const double t = (b + 0.5) * 2 * CV_PI / bins, r = value[b] - c1 * std::cos(t) - s1 * std::sin(t);
    total += value[b] * value[b], residual += r * r;
  }
  const double amplitude = std::hypot(c1, s1), explained = total > 1e-12 ? std::max(0.0, 1 - residual / total) : 0;
  out.directionality = explained * amplitude / (amplitude + 0.1);
  // the crop is the picture but for tilt, so its directions are the picture's
  out.azimuthDeg = std::fmod(std::atan2(s1, c1) * 180 / CV_PI + 360, 360);
  out.directed = out.directionality > 0.25;
  return out;
}
}  // namespace relievo
