#include "area_mean.h"

#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace relievo {
namespace {
// Which pixels of a line make pixel d of the shorter one: from first[d] on, with weight[t][d]; 0 beyond its count.
struct Shares {
  std::vector<int32_t> first;
  std::vector<std::vector<float>> weight;
  std::vector<int> count;
};

Shares sharesOf(int from, int to, double scale) {
  Shares out;
  out.first.resize(to), out.count.resize(to);
  for (int d = 0; d < to; d++) {
    const double begin = d * scale, end = begin + scale, width = std::min(scale, from - begin);
    const int last = std::min(static_cast<int>(std::floor(end)), from - 1), next = std::min(static_cast<int>(std::ceil(begin)), last);
    std::vector<float> w;
    if (next - begin > 1e-3) w.push_back(static_cast<float>((next - begin) / width));
    out.first[d] = next - static_cast<int>(w.size());
    for (int i = next; i < last; i++) w.push_back(static_cast<float>(1 / width));
    if (end - last > 1e-3) w.push_back(static_cast<float>(std::min(std::min(end - last, 1.0), width) / width));
    out.count[d] = static_cast<int>(w.size());
    for (size_t t = 0; t < w.size(); t++) {
      if (t >= out.weight.size()) out.weight.emplace_back(to, 0.f);
      out.weight[t][d] = w[t];
    }
  }
  return out;
}

__attribute__((target_clones("avx2", "default"))) void toFloat(const uint8_t* in, int n, float* out) {
  for (int i = 0; i < n; i++) out[i] = in[i];
}
__attribute__((target_clones("avx2", "default"))) void addShares(const float* row, const int32_t* first, const float* weight, int n, float* out) {
  for (int i = 0; i < n; i++) out[i] += row[first[i]] * weight[i];
}
// Three channels: four numbers at a time, of which the fourth is overwritten by the next pixel.
void addColours(const float* row, const Shares& shares, size_t most, int pixels, float* out) {
  for (int d = 0; d < pixels; d++) {
    const float* from = row + 3 * shares.first[d];
    cv::v_float32x4 sum = cv::v_load(from) * cv::v_setall_f32(shares.weight[0][d]);
    for (size_t t = 1; t < most; t++) sum += cv::v_load(from + 3 * t) * cv::v_setall_f32(shares.weight[t][d]);
    cv::v_store(out + 3 * d, sum);
  }
}
__attribute__((target_clones("avx2", "default"))) void addRow(const float* row, float weight, int n, float* sum) {
  for (int i = 0; i < n; i++) sum[i] += weight * row[i];
}
// To the nearest whole number, halves to the even one: what is added leaves no room for a fraction.
__attribute__((target_clones("avx2", "default"))) void toBytes(const float* in, int n, uint8_t* out) {
  for (int i = 0; i < n; i++) out[i] = static_cast<uint8_t>(static_cast<int>((in[i] + 12582912.f) - 12582912.f));
}

bool whole(double scale) { return std::abs(scale - std::round(scale)) < 1e-9; }
}  // namespace

cv::Mat areaMean(const cv::Mat& picture, cv::Size size, double scaleX, double scaleY) {
  const int channels = picture.channels(), n = size.width * channels;
  CV_Assert((picture.type() == CV_8UC1 || picture.type() == CV_8UC3) && scaleX >= 1 && scaleY >= 1);
  if (size == picture.size()) return picture.clone();
  if (whole(scaleX) && whole(scaleY)) {  // blocks of pixels, which OpenCV adds up as whole numbers
    cv::Mat out;
    cv::resize(picture, out, size, 1 / scaleX, 1 / scaleY, cv::INTER_AREA);
    return out;
  }
  const Shares across = sharesOf(picture.cols, size.width, scaleX), down = sharesOf(picture.rows, size.height, scaleY);
  const size_t most = across.weight.size();
  cv::Mat out(size, picture.type());
  std::vector<float> wide((picture.cols + most) * channels + 1), sum(n), narrow(n + 1);  // read and written a little beyond the end
  int known = -1;  // the row that `narrow` holds: two rows of the result may share it
  for (int y = 0; y < size.height; y++) {
    std::fill(sum.begin(), sum.end(), 0.f);
    for (int t = 0; t < down.count[y]; t++) {
      const int row = down.first[y] + t;
      if (row != known) {
        toFloat(picture.ptr<uint8_t>(row), picture.cols * channels, wide.data());
        if (channels == 3) {
          addColours(wide.data(), across, most, size.width, narrow.data());
        } else {
          std::fill(narrow.begin(), narrow.end(), 0.f);
          for (size_t k = 0; k < most; k++) addShares(wide.data() + k, across.first.data(), across.weight[k].data(), n, narrow.data());
        }
        known = row;
      }
      addRow(narrow.data(), down.weight[t][y], n, sum.data());
    }
    toBytes(sum.data(), n, out.ptr<uint8_t>(y));
  }
  return out;
}

cv::Mat areaMean(const cv::Mat& picture, cv::Size size) {
  return areaMean(picture, size, 1 / (double(size.width) / picture.cols), 1 / (double(size.height) / picture.rows));
}

}  // namespace relievo
