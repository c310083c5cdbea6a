#include "measure_colour.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace relievo {
namespace {
// Roots by Newton's method from a guess at the logarithm that a float's bits are: exact to a float, and without a branch or a table.
inline float guessRoot(float x, float share) {
  int32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits = static_cast<int32_t>(bits * share) + static_cast<int32_t>((1 - share) * 1065353216.f);
  std::memcpy(&x, &bits, sizeof x);
  return x;
}
inline float fifthRoot(float x) {
  float r = guessRoot(x, 0.2f);
  for (int i = 0; i < 3; i++) r = 0.8f * r + 0.2f * x / (r * r * (r * r));
  return r;
}
inline float cubeRoot(float x) {
  float r = guessRoot(x, 1 / 3.f);
  for (int i = 0; i < 3; i++) r = (2 * r + x / (r * r)) * (1 / 3.f);
  return r;
}

// sRGB to light
inline float light(float c) {
  const float x = c > 0 ? c : 0, v = (x + 0.055f) * (1 / 1.055f), root = fifthRoot(v);
  return x <= 0.04045f ? x * (1 / 12.92f) : v * v * (root * root);
}

// light to L*
inline float lightness(float y) {
  const float root = cubeRoot(y > 1e-4f ? y : 1e-4f);
  return y <= 216.f / 24389 ? y * (24389.f / 27) : 116 * root - 16;
}

__attribute__((target_clones("avx2", "default"))) void coloursOf(const float* rgb, int n, float* l, float* u, float* v) {
  for (int x = 0; x < n; x++) {
    const float r = light(rgb[3 * x]), g = light(rgb[3 * x + 1]), b = light(rgb[3 * x + 2]), sum = r + g + b + 0.04f;
    l[x] = lightness(0.2126f * r + 0.7152f * g + 0.0722f * b);
    u[x] = (r - g) / sum;
    v[x] = (2 * b - r - g) / (2 * sum);
  }
}

// Three rows of a plane, and what a difference in it counts.
struct Rows {
  const float *above, *here, *below;
  float weight;
};

// Adds the steps of one plane, by Sobel's operator, from `first` to before `last`; `left` and `right` are the way to the neighbours.
inline void addSteps(const Rows& p, int first, int last, int left, int right, float* tensor, float* strength) {
  const float *a = p.above, *b = p.here, *c = p.below, k = p.weight / 8;
  for (int x = first; x < last; x++) {
    const int i = x + left, j = x + right;
    const float dx = k * (a[j] - a[i] + 2 * (b[j] - b[i]) + c[j] - c[i]), dy = k * (c[i] + 2 * c[x] + c[j] - a[i] - 2 * a[x] - a[j]);
    tensor[2 * x] += dx * dx - dy * dy, tensor[2 * x + 1] += 2 * dx * dy, strength[x] += dx * dx + dy * dy;
  }
}
__attribute__((target_clones("avx2", "default"))) void addStepsOfRow(const Rows& p, int n, float* tensor, float* strength) { addSteps(p, 1, n - 1, -1, 1, tensor, strength); }
}  // namespace

ColourPlanes planesOf(const cv::Mat& rgb, double sigma) {
  ColourPlanes out;
  cv::Mat smooth;
  rgb.convertTo(smooth, CV_32FC3, 1 / 255.0);
  cv::GaussianBlur(smooth, smooth, cv::Size(0, 0), sigma);
  for (cv::Mat* m : {&out.l, &out.u, &out.v}) m->create(rgb.size(), CV_32F);
  for (int y = 0; y < rgb.rows; y++) coloursOf(smooth.ptr<float>(y), rgb.cols, out.l.ptr<float>(y), out.u.ptr<float>(y), out.v.ptr<float>(y));
  return out;
}

StepField stepsOf(const ColourPlanes& planes) {
  StepField out;
  const int rows = planes.l.rows, cols = planes.l.cols, band = std::max(4, static_cast<int>(0.06 * std::min(rows, cols)));
  out.tensor = cv::Mat::zeros(rows, cols, CV_32FC2);
  std::vector<float> strength(cols), border;
  for (int y = 0; y < rows; y++) {
    std::fill(strength.begin(), strength.end(), 0.f);
    // beyond the frame the picture goes on as its mirror image
    const int up = y > 0 ? y - 1 : std::min(1, rows - 1), down = y + 1 < rows ? y + 1 : std::max(0, rows - 2), in = std::min(1, cols - 1);
    float* t = out.tensor.ptr<float>(y);
    for (const auto& [plane, weight] : {std::pair(&planes.l, 1.f), std::pair(&planes.u, 100.f), std::pair(&planes.v, 100.f)}) {
      const Rows p{plane->ptr<float>(up), plane->ptr<float>(y), plane->ptr<float>(down), weight};
      addSteps(p, 0, 1, in, in, t, strength.data());
      addStepsOfRow(p, cols, t, strength.data());
      if (cols > 1) addSteps(p, cols - 1, cols, -in, -in, t, strength.data());
    }
    if (y % 2 != 0) continue;
    const bool edge = y < band || y >= rows - band;
    for (int x = 0; x < cols; x += 2)
      if (edge || x < band || x >= cols - band) border.push_back(strength[x]);
  }
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
