#include "measure_colour.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace relievo {
namespace {
constexpr int kSteps = 4096;

// Tables exact to a millionth: sRGB to light, light to L*.
struct Tables {
  std::vector<float> light, lightness;
  Tables() : light(kSteps + 2), lightness(kSteps + 2) {
    for (int i = 0; i < kSteps + 2; i++) {
      const float c = float(i) / kSteps;
      light[i] = c <= 0.04045f ? c / 12.92f : std::pow((c + 0.055f) / 1.055f, 2.4f);
      // over the square root of light, so that the dark end is as fine as the bright one
      const float y = c * c;
      lightness[i] = y <= 216.f / 24389 ? y * 24389.f / 27 : 116 * std::cbrt(y) - 16;
    }
  }
};

float at(const std::vector<float>& table, float c) {
  const float x = std::clamp(c, 0.f, 1.f) * kSteps;
  const int i = static_cast<int>(x);
  return table[i] + (x - i) * (table[i + 1] - table[i]);
}
}  // namespace

ColourPlanes planesOf(const cv::Mat& rgb, double sigma) {
  static const Tables tables;
  ColourPlanes out;
  cv::Mat smooth;
  rgb.convertTo(smooth, CV_32FC3, 1 / 255.0);
  cv::GaussianBlur(smooth, smooth, cv::Size(0, 0), sigma);
  for (cv::Mat* m : {&out.l, &out.u, &out.v}) m->create(rgb.size(), CV_32F);
  for (int y = 0; y < rgb.rows; y++) {
    const cv::Vec3f* in = smooth.ptr<cv::Vec3f>(y);
    float *l = out.l.ptr<float>(y), *u = out.u.ptr<float>(y), *v = out.v.ptr<float>(y);
    for (int x = 0; x < rgb.cols; x++) {
      const float r = at(tables.light, in[x][0]), g = at(tables.light, in[x][1]), b = at(tables.light, in[x][2]), sum = r + g + b + 0.04f;
      l[x] = at(tables.lightness, std::sqrt(0.2126f * r + 0.7152f * g + 0.0722f * b));
      u[x] = (r - g) / sum;
      v[x] = (2 * b - r - g) / (2 * sum);
    }
  }
  return out;
}

StepField stepsOf(const ColourPlanes& planes) {
  StepField out;
  const int rows = planes.l.rows, cols = planes.l.cols;
  out.tensor = cv::Mat::zeros(rows, cols, CV_32FC2);
  cv::Mat strength = cv::Mat::zeros(rows, cols, CV_32F);
  const float weight[3] = {1, 100, 100};
  int i = 0;
  for (const cv::Mat* plane : {&planes.l, &planes.u, &planes.v}) {
    cv::Mat dx, dy;
    cv::Sobel(*plane, dx, CV_32F, 1, 0, 3, weight[i] / 8.0);
    cv::Sobel(*plane, dy, CV_32F, 0, 1, 3, weight[i++] / 8.0);
    for (int y = 0; y < rows; y++) {
      const float *a = dx.ptr<float>(y), *b = dy.ptr<float>(y);
      cv::Vec2f* t = out.tensor.ptr<cv::Vec2f>(y);
      float* s = strength.ptr<float>(y);
      for (int x = 0; x < cols; x++) t[x][0] += a[x] * a[x] - b[x] * b[x], t[x][1] += 2 * a[x] * b[x], s[x] += a[x] * a[x] + b[x] * b[x];
    }
  }
  const int band = std::max(4, static_cast<int>(0.06 * std::min(rows, cols)));
  std::vector<float> border;
  for (int y = 0; y < rows; y += 2)
    for (int x = 0; x < cols; x += 2)
      if (y < band || x < band || y >= rows - band || x >= cols - band) border.push_back(strength.at<float>(y, x));
  std::nth_element(border.begin(), border.begin() + border.size() / 2, border.end());
  out.floor = std::max(0.5, 2.0 * std::sqrt(double(border[border.size() / 2])));
  return out;
}

float StepField::across(float x, float y, float nx, float ny) const {
  const int x0 = static_cast<int>(std::floor(x)), y0 = static_cast<int>(std::floor(y));
  if (x0 < 0 || y0 < 0 || x0 + 1 >= tensor.cols || y0 + 1 >= tensor.rows) return 0;
  const float fx = x - x0, fy = y - y0, c = nx * nx - ny * ny, s = 2 * nx * ny;
  const cv::Vec2f *p = tensor.ptr<cv::Vec2f>(y0) + x0, *q = tensor.ptr<cv::Vec2f>(y0 + 1) + x0;
  auto value = [&](const cv::Vec2f& t) { return t[0] * c + t[1] * s; };
  const float t = (1 - fy) * ((1 - fx) * value(p[0]) + fx * value(p[1])) + fy * ((1 - fx) * value(q[0]) + fx * value(q[1]));
  return t > 0 ? std::sqrt(t) : 0;
}
}  // namespace relievo
