#include "measure_shrink.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace relievo {
namespace {
__attribute__((target_clones("avx2", "default"))) void addRow(const uint8_t* row, uint32_t n, uint16_t* sum) {
  for (uint32_t i = 0; i < n; i++) sum[i] = static_cast<uint16_t>(sum[i] + row[i]);
}

// K is the side of a block, known to the compiler, or 0.
template <int K>
void addAcross(const uint16_t* sum, int blocks, int side, uint8_t* out) {
  const int k = K ? K : side;
  const uint32_t area = static_cast<uint32_t>(k) * k;
  for (int x = 0; x < blocks; x++, sum += 3 * k, out += 3) {
    uint32_t r = area / 2, g = area / 2, b = area / 2;
    for (int i = 0; i < k; i++) r += sum[3 * i], g += sum[3 * i + 1], b += sum[3 * i + 2];
    out[0] = static_cast<uint8_t>(r / area), out[1] = static_cast<uint8_t>(g / area), out[2] = static_cast<uint8_t>(b / area);
  }
}
}  // namespace

cv::Mat blockMeans(const cv::Mat& rgb, int side) {
  CV_Assert(rgb.type() == CV_8UC3 && side >= 1 && side <= 256);  // 256 rows of 255 still fit into 16 bits
  cv::Mat out(rgb.rows / side, rgb.cols / side, CV_8UC3);
  const uint32_t used = static_cast<uint32_t>(out.cols) * side * 3;
  std::vector<uint16_t> sum(used);
  const auto across = side == 2 ? addAcross<2> : side == 3 ? addAcross<3> : side == 4 ? addAcross<4> : addAcross<0>;
  for (int y = 0; y < out.rows; y++) {
    std::fill(sum.begin(), sum.end(), uint16_t(0));
    for (int i = 0; i < side; i++) addRow(rgb.ptr<uint8_t>(y * side + i), used, sum.data());
    across(sum.data(), out.cols, side, out.ptr<uint8_t>(y));
  }
  return out;
}
}  // namespace relievo
