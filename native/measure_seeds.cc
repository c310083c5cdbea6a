#include "measure_seeds.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace relievo {
namespace {
constexpr int kLevels = 11;  // of a channel

// Area of the convex hull of a contour of pixels: the ends of every row are all that it can rest on.
double hullArea(const std::vector<cv::Point>& contour, const cv::Rect& box) {
  std::vector<int> left(box.height, box.br().x), right(box.height, box.x);
  for (const cv::Point& q : contour) {
    int &l = left[q.y - box.y], &r = right[q.y - box.y];
    l = std::min(l, q.x), r = std::max(r, q.x);
  }
  double area = 0;
  std::vector<cv::Point> chain;
  for (const bool onRight : {false, true}) {
    const std::vector<int>& end = onRight ? right : left;
    const int side = onRight ? 1 : -1;
    chain.clear();
    for (int y = 0; y < box.height; y++) {
      const cv::Point q(end[y], y);
      while (chain.size() > 1) {
        const cv::Point a = chain[chain.size() - 2], b = chain.back();
        if (side * ((b.x - a.x) * (q.y - a.y) - (q.x - a.x) * (b.y - a.y)) > 0) break;
        chain.pop_back();
      }
      chain.push_back(q);
    }
    for (size_t i = 1; i < chain.size(); i++) area += side * 0.5 * (chain[i].x + chain[i - 1].x) * (chain[i].y - chain[i - 1].y);
  }
  return area;
}

// Number of levels that each value of a row lies above.
__attribute__((target_clones("avx2", "default"))) void levelsOf(const float* in, int n, const float* level, uint8_t* out) {
  for (int x = 0; x < n; x++) {
    int above = 0;
    for (int i = 0; i < kLevels; i++) above += in[x] > level[i];
    out[x] = static_cast<uint8_t>(above);
  }
}
}  // namespace

void harvest(const cv::Mat& channel, const cv::Mat& edge, float edgeFloor, const cv::Mat& notFace, double minArea, std::vector<Seed>& out) {
  const int rows = channel.rows, cols = channel.cols;
  std::vector<float> some;  // a quarter of the values tells where most lie
  for (int y = 0; y < rows; y += 2)
    for (int x = 0; x < cols; x += 2) some.push_back(channel.at<float>(y, x));
  const auto low = some.begin() + static_cast<size_t>(0.01 * some.size()), high = some.begin() + static_cast<size_t>(0.99 * some.size());
  std::nth_element(some.begin(), low, some.end());
  const float lo = *low;
  std::nth_element(low, high, some.end());
  const float hi = *high;
  if (hi - lo < 1e-4f) return;
  float level[kLevels];
  for (int i = 0; i < kLevels; i++) level[i] = lo + (hi - lo) * (i + 1) / (kLevels + 1);
  cv::Mat above(rows, cols, CV_8U);
  for (int y = 0; y < rows; y++) levelsOf(channel.ptr<float>(y), cols, level, above.ptr<uint8_t>(y));
  const cv::Mat kernel = cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(5, 5));
  for (int polarity = 0; polarity < 2; polarity++)
    for (int i = 1; i <= kLevels; i++) {
      cv::Mat mask = polarity ? above < i : above >= i;
      if (!notFace.empty()) mask.setTo(0, notFace);
      cv::morphologyEx(mask, mask, cv::MORPH_OPEN, kernel);
      std::vector<std::vector<cv::Point>> contours;
      cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
      for (auto& c : contours) {
        const double area = cv::contourArea(c);
        if (area < minArea || area > 0.9 * rows * cols) continue;
        double sum = 0;
        int frame = 0;
        for (const auto& q : c) {
          if (q.x <= 1 || q.y <= 1 || q.x >= cols - 2 || q.y >= rows - 2) {
            frame++;
            continue;
          }
          const float g = edge.at<float>(q.y, q.x);
          sum += g / (g + edgeFloor);
        }
        if (frame > 0.4 * c.size()) continue;
        const cv::Rect box = cv::boundingRect(c);
        const double solidity = area / std::max(1.0, hullArea(c, box));
        if (solidity < 0.6) continue;
        const double score = sum / c.size() * solidity * solidity * std::pow(area, 0.1);
        out.push_back({std::move(c), box, area, score});
      }
    }
}
}  // namespace relievo
