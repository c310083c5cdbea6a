#include "measure_lines.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace relievo {
namespace {
constexpr int kSearchSide = 320;  // px, long side of the small picture
constexpr int kAngles = 90;       // directions of lines, 2 degrees apart
constexpr size_t kMostLines = 64;

void gather(const Field& f, Line& line) {
  const int reach = cvCeil(halfDiagonal(f));
  const cv::Point2f along(-line.normal.y, line.normal.x);
  line.sum.assign(2 * reach + 2, 0.f);
  for (int s = -reach; s <= reach; s++) {
    const cv::Point2f p = f.middle + line.normal * line.rho + along * static_cast<float>(s);
    float best = 0;
    for (int d = -3; d <= 3; d++) best = std::max(best, f.at(p.x + d * line.normal.x, p.y + d * line.normal.y, line.normal));
    line.sum[s + reach + 1] = line.sum[s + reach] + best;
  }
}
}  // namespace

Field fieldOf(const StepField& steps) {
  Field f;
  const double k = std::min(1.0, double(kSearchSide) / std::max(steps.tensor.cols, steps.tensor.rows));
  cv::resize(steps.tensor, f.tensor, cv::Size(), k, k, cv::INTER_AREA);
  cv::GaussianBlur(f.tensor, f.tensor, cv::Size(0, 0), 2.0);
  f.floor2 = 0.35 * steps.floor * steps.floor;
  f.middle = cv::Point2f((f.tensor.cols - 1) / 2.f, (f.tensor.rows - 1) / 2.f);
  return f;
}

float halfDiagonal(const Field& f) { return std::hypot(f.middle.x, f.middle.y) + 2; }

std::vector<Line> linesOf(const Field& f) {
  const int reach = cvCeil(halfDiagonal(f)), wide = 2 * reach + 1;
  cv::Mat votes = cv::Mat::zeros(kAngles, wide, CV_32F);
  std::array<cv::Point2f, kAngles> normal;
  for (int a = 0; a < kAngles; a++) normal[a] = cv::Point2f(static_cast<float>(std::cos(a * CV_PI / kAngles)), static_cast<float>(std::sin(a * CV_PI / kAngles)));
  for (int y = 2; y < f.tensor.rows - 2; y++)
    for (int x = 2 + y % 2; x < f.tensor.cols - 2; x += 2) {  // smooth: every other place tells
      const cv::Vec2f& t = f.tensor.at<cv::Vec2f>(y, x);
      const float m = std::hypot(t[0], t[1]);
      if (m < 0.5 * f.floor2) continue;
      const float w = static_cast<float>(m / (m + f.floor2));
      const int own = cvRound(std::atan2(t[1], t[0]) * 0.5 / CV_PI * kAngles);
      for (int d = -3; d <= 3; d++) {
        const int a = ((own + d) % kAngles + kAngles) % kAngles;
        const float rho = (x - f.middle.x) * normal[a].x + (y - f.middle.y) * normal[a].y;
        votes.at<float>(a, cvRound(rho) + reach) += w * (1 - 0.15f * std::abs(d));
      }
    }
  cv::GaussianBlur(votes, votes, cv::Size(11, 1), 2.2, 0);
  struct Peak {
    float votes;
    int a, r;
  };
  std::vector<Peak> peaks;
  for (int a = 0; a < kAngles; a++)
    for (int r = 3; r < wide - 3; r++) {
      const float v = votes.at<float>(a, r);
      if (v > 6 && v >= votes.at<float>(a, r - 1) && v > votes.at<float>(a, r + 1)) peaks.push_back({v, a, r});
    }
  std::sort(peaks.begin(), peaks.end(), [](const Peak& p, const Peak& q) { return p.votes > q.votes; });
  std::vector<Line> out;
  for (const Peak& p : peaks) {
    if (out.size() >= kMostLines) break;
    bool known = false;
    for (const Line& o : out) {
      double turn = p.a * 180.0 / kAngles - o.angle, rho = p.r - reach;
      if (turn > 90) turn -= 180, rho = -rho;
      if (turn < -90) turn += 180, rho = -rho;
      known = known || (std::abs(turn) <= 6 && std::abs(rho - o.rho) < 4);
    }
    if (known) continue;
    Line line;
    line.normal = normal[p.a], line.rho = static_cast<float>(p.r - reach), line.angle = static_cast<float>(p.a * 180.0 / kAngles);
    gather(f, line);
    out.push_back(std::move(line));
  }
  return out;
}
}  // namespace relievo
