#include "measure_circles.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace relievo {
namespace {
constexpr int kCell = 2;          // side of a cell of votes, px
constexpr int kLeastVotes = 25;   // edge pixels of a circle, and of a centre
constexpr size_t kCentres = 100;  // looked at closely
constexpr int kPerPixel = 5;      // fineness of the radius
constexpr int kBand = 10;         // steps of it that count as one circle: 2 px

struct Edges {
  std::vector<float> x, y;
};

struct Centre {
  int votes, x, y;  // a cell
};

// Every edge pixel votes for the centres that lie along its normal, on both sides.
cv::Mat votesOf(const cv::Mat& grey, const CircleSearch& s, Edges& edges) {
  cv::Mat dx, dy, thin;
  cv::Sobel(grey, dx, CV_16S, 1, 0, 3, 1, 0, cv::BORDER_REPLICATE);
  cv::Sobel(grey, dy, CV_16S, 0, 1, 3, 1, 0, cv::BORDER_REPLICATE);
  cv::Canny(dx, dy, thin, s.strongEdge / 2, s.strongEdge);
  cv::Mat votes = cv::Mat::zeros(grey.rows / kCell + 2, grey.cols / kCell + 2, CV_32S);  // a rim of one cell
  for (int y = 0; y < grey.rows; y++)
    for (int x = 0; x < grey.cols; x++) {
      if (!thin.at<uint8_t>(y, x)) continue;
      const float gx = dx.at<int16_t>(y, x), gy = dy.at<int16_t>(y, x), size = std::hypot(gx, gy);
      if (size < 1) continue;
      edges.x.push_back(static_cast<float>(x)), edges.y.push_back(static_cast<float>(y));
      // in 1/1024 of a cell
      const int stepX = cvRound(gx / size * 1024 / kCell), stepY = cvRound(gy / size * 1024 / kCell), x0 = x * 1024 / kCell, y0 = y * 1024 / kCell;
      for (const int side : {1, -1})
        for (int r = s.minRadius; r <= s.maxRadius; r++) {
          const unsigned cx = (x0 + side * r * stepX) >> 10, cy = (y0 + side * r * stepY) >> 10;
          if (cx >= unsigned(votes.cols - 2) || cy >= unsigned(votes.rows - 2)) break;
          votes.at<int>(cy + 1, cx + 1)++;
        }
    }
  return votes;
}

// The cells with more votes than their neighbours, most first.
std::vector<Centre> centresOf(const cv::Mat& votes) {
  std::vector<Centre> all;
  for (int y = 1; y + 1 < votes.rows; y++)
    for (int x = 1; x + 1 < votes.cols; x++) {
      const int v = votes.at<int>(y, x);
      if (v > kLeastVotes && v > votes.at<int>(y, x - 1) && v >= votes.at<int>(y, x + 1) && v > votes.at<int>(y - 1, x) && v >= votes.at<int>(y + 1, x)) all.push_back({v, x - 1, y - 1});
    }
  std::stable_sort(all.begin(), all.end(), [](const Centre& a, const Centre& b) { return a.votes > b.votes; });
  if (all.size() > kCentres) all.resize(kCentres);
  return all;
}

__attribute__((target_clones("avx2", "default"))) void distances(const float* x, const float* y, int n, float cx, float cy, float* out) {
  for (int i = 0; i < n; i++) out[i] = std::sqrt((x[i] - cx) * (x[i] - cx) + (y[i] - cy) * (y[i] - cy));
}

// The radius around a centre of which the largest share is seen, and its edge pixels.
int bestRadius(const Edges& edges, cv::Point2f centre, const CircleSearch& s, std::vector<float>& room, float& radius) {
  const int n = static_cast<int>(edges.x.size()), bins = (s.maxRadius - s.minRadius) * kPerPixel;
  distances(edges.x.data(), edges.y.data(), n, centre.x, centre.y, room.data());
  std::vector<int> count(bins + 1, 0);  // sums from the smallest radius on
  for (int i = 0; i < n; i++) {
    const float at = (room[i] - s.minRadius) * kPerPixel;
    if (at >= 0 && at < bins) count[static_cast<int>(at) + 1]++;
  }
  for (int b = 0; b < bins; b++) count[b + 1] += count[b];
  int most = 0;
  radius = 0;
  for (int b = bins; b >= kBand; b--) {
    const int seen = count[b] - count[b - kBand];
    const float r = s.minRadius + (b - kBand / 2) / float(kPerPixel);
    if (seen * radius > most * r || (radius == 0 && seen > 0)) radius = r, most = seen;
  }
  return most;
}
}  // namespace

std::vector<Circle> circlesIn(const cv::Mat& grey, const CircleSearch& s) {
  Edges edges;
  const cv::Mat votes = votesOf(grey, s, edges);
  std::vector<float> room(edges.x.size());
  std::vector<std::pair<int, Circle>> found;
  for (const Centre& c : centresOf(votes)) {
    Circle circle{cv::Point2f((c.x + 0.5f) * kCell, (c.y + 0.5f) * kCell), 0};
    const int seen = bestRadius(edges, circle.centre, s, room, circle.radius);
    if (seen > kLeastVotes) found.emplace_back(seen, circle);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Circle> out;
  for (const auto& [seen, circle] : found) {
    if (out.size() >= s.most) break;
    bool known = false;
    for (const Circle& o : out) known = known || cv::norm(o.centre - circle.centre) < s.apart;
    if (!known) out.push_back(circle);
  }
  return out;
}

}  // namespace relievo
