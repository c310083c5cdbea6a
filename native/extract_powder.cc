#include "extract_powder.h"

#include <algorithm>
#include <vector>

namespace relievo {
namespace {
constexpr float WHOLE = 0.9f;  // neighbourhoods known to a lesser share say little
constexpr int STEP = 2;        // neighbourhoods overlap: every second pixel is enough
}  // namespace

// Grain has no direction of its own: under one lamp its gradients point along the light, with
// cos^2 of the angle to it, so that their mean doubled angle is the lamp's, with a length up to
// 1/2. Under a ring light it is 0.
Powder readPowder(const cv::Mat& re, const cv::Mat& im, const cv::Mat& energy, const cv::Mat& known, double share) {
  Powder out;
  std::vector<float> sorted;
  for (int y = 0; y < energy.rows; y += STEP)
    for (int x = 0; x < energy.cols; x += STEP)
      if (known.at<float>(y, x) > WHOLE) sorted.push_back(energy.at<float>(y, x));
  if (sorted.empty()) return out;
  std::sort(sorted.begin(), sorted.end());
  const size_t calm = std::min(sorted.size() - 1, size_t(share * sorted.size()));
  out.grain = sorted[calm / 2];
  const float limit = sorted[calm];
  double sumRe = 0, sumIm = 0, count = 0;
  for (int y = 0; y < energy.rows; y += STEP)
    for (int x = 0; x < energy.cols; x += STEP) {
      const float e = energy.at<float>(y, x);
      if (known.at<float>(y, x) <= WHOLE || e > limit || e <= 0) continue;
      sumRe += re.at<float>(y, x) / e;
      sumIm += im.at<float>(y, x) / e;
      count++;
    }
  if (count > 0) {
    out.light[0] = float(sumRe / count);
    out.light[1] = float(sumIm / count);
  }
  return out;
}

}  // namespace relievo
