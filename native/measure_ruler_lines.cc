#include "measure_ruler_lines.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace relievo {
namespace {
constexpr size_t kDirections = 4;  // looked at: of 348 development rulers 319 lay in the first, none beyond the fourth
constexpr int kBlock = 16;        // places of a row looked at together

// Contrast of every place with what lies `reach` to its left and right, and of every kBlock places the
// number of those with enough of it; returns the sum of these numbers.
__attribute__((target_clones("avx2", "default"))) int contrastOf(const float* p, int n, int reach, float sign, float* r, uint8_t* some) {
  for (int x = 0; x < reach; x++) r[x] = r[n - 1 - x] = 0;
  for (int x = reach; x < n - reach; x++) {
    const float a = sign * p[x - reach], b = sign * p[x + reach];
    r[x] = (a < b ? a : b) - sign * p[x];
  }
  int all = 0;
  for (int block = 0; block * kBlock < n; block++) {
    const float* from = r + block * kBlock;
    const int last = std::min(kBlock, n - block * kBlock);
    int count = 0;
    if (last == kBlock)
      for (int i = 0; i < kBlock; i++) count += from[i] >= kMinContrast;
    else
      for (int i = 0; i < last; i++) count += from[i] >= kMinContrast;
    some[block] = static_cast<uint8_t>(count), all += count;
  }
  return all;
}

constexpr float kFine = 4096;  // steps of a natural logarithm in the pairs below

// Every pixel beside its right neighbour, 16 bit each, so that one load gives both.
__attribute__((target_clones("avx2", "default"))) void pairRow(const float* p, int n, int32_t* out) {
  for (int x = 0; x < n; x++) {
    const int right = x + 1 < n ? x + 1 : x;
    out[x] = static_cast<int32_t>(p[x] * kFine + 0.5f) | static_cast<int32_t>(p[right] * kFine + 0.5f) << 16;
  }
}

constexpr int kTogether = 256;  // places of a row sampled together

struct Places {
  int32_t at[kTogether], above[kTogether], below[kTogether];
  float ax[kTogether], ay[kTogether];
};

// Pixels left above of places `step` pixels apart, and what is left to each.
__attribute__((target_clones("avx2", "default"))) void placesOf(int stride, float x, float y, float stepX, float stepY, int from, int count, Places& p) {
  for (int i = 0; i < count; i++) {
    const float fx = x + (from + i) * stepX, fy = y + (from + i) * stepY;
    const int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
    p.at[i] = iy * stride + ix, p.ax[i] = fx - ix, p.ay[i] = fy - iy;
  }
}

__attribute__((target_clones("avx2", "default"))) void between(const Places& p, int count, float* out) {
  for (int i = 0; i < count; i++) {
    const float left = static_cast<float>(p.above[i] & 0xffff), right = static_cast<float>(p.above[i] >> 16), above = left + p.ax[i] * (right - left);
    const float under = static_cast<float>(p.below[i] & 0xffff), beside = static_cast<float>(p.below[i] >> 16), below = under + p.ax[i] * (beside - under);
    out[i] = (above + p.ay[i] * (below - above)) * (1 / kFine);
  }
}

// `step` pixels a place, between four neighbours, on from (x, y). Loads from anywhere keep a loop from
// being vectorised, so they have one of their own.
void sampleRow(const int32_t* p, int stride, float x, float y, float stepX, float stepY, int count, float* out) {
  Places places;
  for (int from = 0; from < count; from += kTogether) {
    const int n = std::min(kTogether, count - from);
    placesOf(stride, x, y, stepX, stepY, from, n, places);
    for (int i = 0; i < n; i++) places.above[i] = p[places.at[i]], places.below[i] = p[places.at[i] + stride];
    between(places, n, out + from);
  }
}

cv::Mat turn(const cv::Mat& pairs, const cv::Matx23d& back, cv::Size size) {
  cv::Mat out(size, CV_32F);
  const double most[2] = {pairs.cols - 1.0 - 1e-3, pairs.rows - 1.0 - 1e-3};
  for (int y = 0; y < size.height; y++) {
    // the stretch of this row that lies on the picture
    double from = 0, to = size.width - 1;
    for (int axis = 0; axis < 2; axis++) {
      const double step = back(axis, 0), start = back(axis, 1) * y + back(axis, 2);
      if (std::abs(step) < 1e-9) {
        if (start < 0 || start > most[axis]) to = -1;
        continue;
      }
      const double a = -start / step, b = (most[axis] - start) / step;
      from = std::max(from, std::min(a, b));
      to = std::min(to, std::max(a, b));
    }
    float* o = out.ptr<float>(y);
    const int first = std::min(size.width, cvCeil(from + 1e-3)), last = std::max(first - 1, cvFloor(to - 1e-3));
    std::fill(o, o + first, -1.f);
    std::fill(o + last + 1, o + size.width, -1.f);
    sampleRow(pairs.ptr<int32_t>(), pairs.cols, static_cast<float>(back(0, 0) * first + back(0, 1) * y + back(0, 2)), static_cast<float>(back(1, 0) * first + back(1, 1) * y + back(1, 2)),
              static_cast<float>(back(0, 0)), static_cast<float>(back(1, 0)), last - first + 1, o + first);
  }
  return out;
}

__attribute__((target_clones("avx2", "default"))) void addRows(const float* a, const float* b, int n, float* out) {
  for (int i = 0; i < n; i++) out[i] = out[i] + a[i] + b[i];
}
__attribute__((target_clones("avx2", "default"))) void addRow(const float* in, int n, float* out) {
  for (int i = 0; i < n; i++) out[i] += in[i];
}

// A blur of sigma 0.6 along a row, times `scale`; `in` goes on for one place at both ends.
__attribute__((target_clones("avx2", "default"))) void blurRow(const float* in, float scale, int n, float* out) {
  const float side = 0.1664f * scale, middle = 0.6672f * scale;  // exp(-1 / (2 0.6^2)) : 1
  for (int i = 0; i < n; i++) out[i] = side * (in[i - 1] + in[i + 1]) + middle * in[i];
}

// Direction of every gradient (a, b) of a row, whole degrees 0..180, and its weight: 0 for noise.
__attribute__((target_clones("avx2", "default"))) void directionsOf(const float* a, const float* b, int n, int32_t* degree, float* weight) {
  for (int x = 0; x < n; x++) {
    const float g = a[x] * a[x] + b[x] * b[x], size = std::sqrt(g), ax = std::abs(a[x]), ay = std::abs(b[x]);
    weight[x] = g < 0.03f * 0.03f ? 0.f : size < 0.3f ? size : 0.3f;
    // arc tangent to a thousandth of a degree, by a polynomial on 0..1
    const float low = ax < ay ? ax : ay, high = ax < ay ? ay : ax, t = low / (high + 1e-20f), s = t * t;
    const float eighth = 57.29578f * t * (0.99997726f + s * (-0.33262347f + s * (0.19354346f + s * (-0.11643287f + s * (0.05265332f - s * 0.01172120f)))));
    const float quarter = ax < ay ? 90 - eighth : eighth;
    degree[x] = static_cast<int32_t>((a[x] * b[x] < 0 ? 180 - quarter : quarter) + 0.5f);
  }
}
}  // namespace

std::vector<double> lineDirections(const cv::Mat& logGrey) {
  cv::Mat smooth, dx, dy;
  cv::GaussianBlur(logGrey, smooth, cv::Size(0, 0), 1.0);
  cv::Sobel(smooth, dx, CV_32F, 1, 0, 3, 1 / 8.0);
  cv::Sobel(smooth, dy, CV_32F, 0, 1, 3, 1 / 8.0);
  std::vector<double> histogram(181, 0);
  std::vector<float> weight(dx.cols);
  std::vector<int32_t> degree(dx.cols);
  for (int y = 0; y < dx.rows; y++) {
    directionsOf(dx.ptr<float>(y), dy.ptr<float>(y), dx.cols, degree.data(), weight.data());
    for (int x = 0; x < dx.cols; x++)
      if (weight[x] > 0) histogram[degree[x]] += weight[x];
  }
  histogram[0] += histogram[180];
  std::vector<double> smoothed(180, 0);
  for (int i = 0; i < 180; i++)
    for (int d = -3; d <= 3; d++) smoothed[i] += histogram[(i + d + 180) % 180] * std::exp(-d * d / 4.5);
  std::vector<std::pair<double, int>> peaks;
  for (int i = 0; i < 180; i++) {
    const double here = smoothed[i];
    bool top = here > 0;
    for (int d = -4; d <= 4; d++) top = top && (d == 0 || smoothed[(i + d + 180) % 180] < here || (smoothed[(i + d + 180) % 180] == here && d > 0));
    if (top) peaks.emplace_back(-here, i);
  }
  std::sort(peaks.begin(), peaks.end());
  std::vector<double> out;
  for (size_t k = 0; k < std::min(kDirections, peaks.size()); k++) {
    const int i = peaks[k].second;
    const double a = smoothed[(i + 179) % 180], b = smoothed[i], c = smoothed[(i + 1) % 180], den = a - 2 * b + c;
    out.push_back(i + (den < -1e-9 ? std::clamp(0.5 * (a - c) / den, -0.5, 0.5) : 0));
  }
  return out;
}

cv::Mat pairsOf(const cv::Mat& logGrey) {
  cv::Mat out(logGrey.size(), CV_32S);
  for (int y = 0; y < out.rows; y++) pairRow(logGrey.ptr<float>(y), out.cols, out.ptr<int32_t>(y));
  return out;
}

Upright::Upright(const cv::Mat& pairs, double degrees, int band) : band(band) {
  const double t = degrees * CV_PI / 180, c = std::cos(t), s = std::sin(t);
  cols = static_cast<int>(std::ceil(std::abs(c) * pairs.cols + std::abs(s) * pairs.rows));
  rows = static_cast<int>(std::ceil(std::abs(s) * pairs.cols + std::abs(c) * pairs.rows));
  const double cx = (pairs.cols - 1) / 2.0, cy = (pairs.rows - 1) / 2.0, ox = (cols - 1) / 2.0, oy = (rows - 1) / 2.0;
  back_ = cv::Matx23d(c, -s, cx - c * ox + s * oy, s, c, cy - s * ox - c * oy);
  turned_ = turn(pairs, back_, cv::Size(cols, rows));
  means_.create(rows, cols, CV_32F);
  known_.assign(rows, false);
  sum_.resize(cols + 2);
}

const float* Upright::row(int y) const {
  float* out = means_.ptr<float>(y);
  if (known_[y]) return out;
  known_[y] = true;
  float* sum = &sum_[1];
  auto source = [&](int i) { return turned_.ptr<float>(std::clamp(y - band / 2 + i, 0, rows - 1)); };
  std::copy(source(0), source(0) + cols, sum);
  int i = 1;
  for (; i + 1 < band; i += 2) addRows(source(i), source(i + 1), cols, sum);
  if (i < band) addRow(source(i), cols, sum);
  sum[-1] = sum[0], sum[cols] = sum[cols - 1];
  blurRow(sum, 1.f / band, cols, out);
  return out;
}

std::vector<Line> linesOf(const float* p, int n, int reach, float sign, LineRoom& room) {
  std::vector<Line> out;
  room.contrast.resize(n), room.some.resize(n / kBlock + 1);
  const float* r = room.contrast.data();
  if (n <= 2 * reach || contrastOf(p, n, reach, sign, room.contrast.data(), room.some.data()) < kMinTicks) return out;
  for (int x = reach + 1; x < n - reach - 1; x++) {
    if (!room.some[x / kBlock]) x = (x / kBlock + 1) * kBlock - 1;  // on to the next block
    else if (r[x] >= kMinContrast) {
      bool top = true;
      for (int d = 1; d <= reach && top; d++) top = r[x] >= r[x - d] && r[x] > r[x + d];
      if (!top) continue;
      double sum = 0, at = 0;  // centre of the line's darkness
      const float base = sign * p[x] + r[x];
      for (int d = -reach; d <= reach; d++) {
        const double depth = std::max(0.f, base - sign * p[x + d]);
        sum += depth, at += depth * d;
      }
      out.push_back({static_cast<float>(x + (sum > 0 ? at / sum : 0)), r[x]});
    }
  }
  return out;
}
}  // namespace relievo
