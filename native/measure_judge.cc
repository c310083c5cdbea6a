#include "measure_judge.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "measure_doubt.h"
#include "measure_outline.h"

namespace relievo {
void judge(Candidate& c, const SearchPicture& picture) {
  const int n = static_cast<int>(c.outline.size());
  const cv::Mat& edge = picture.edge;
  double support = 0, counted = 0, shadow = 0, contrast = 0, apart = 0;
  int rim = 0, sides = 0;
  for (int k = 0; k < n; k++) {
    const cv::Point2f p = c.outline[k];
    const cv::Point2f along = c.outline[(k + 1) % n] - c.outline[(k + n - 1) % n];
    const float length = std::max(1e-6f, std::hypot(along.x, along.y));
    cv::Point2f normal(along.y / length, -along.x / length);
    if (normal.dot(p - c.centre) < 0) normal = -normal;
    if (p.x < 3 || p.y < 3 || p.x > edge.cols - 4 || p.y > edge.rows - 4) {
      c.cropped += length / 2;
      continue;
    }
    counted += length / 2;
    float g = 0;
    for (int d = -1; d <= 1; d++) {
      const int x = cvRound(p.x + d * normal.x), y = cvRound(p.y + d * normal.y);
      g = std::max(g, edge.at<float>(y, x));
    }
    support += length / 2 * g / (g + picture.edgeFloor);
    auto at = [&](float d) { return cv::Point(std::clamp(cvRound(p.x + d * normal.x), 0, edge.cols - 1), std::clamp(cvRound(p.y + d * normal.y), 0, edge.rows - 1)); };
    const cv::Point in = at(-4), out = at(4);
    rim++;
    // a shadow's edge is soft: look for its dark well inside
    shadow += picture.shadow.at<float>(at(-7)) > 0 && picture.shadow.at<float>(out) <= 0;
    const cv::Vec3f a = picture.lab.at<cv::Vec3f>(in), b = picture.lab.at<cv::Vec3f>(out);
    const double d = cv::norm(a - b);
    contrast += d / (d + 8);
    if (!c.region.empty()) {
      const float span = std::hypot(p.x - c.centre.x, p.y - c.centre.y);
      for (int d = 1; d <= 4; d++) {
        const cv::Point within = at(-0.05f * d * span - 1), beyond = at(0.05f * d * span + 1);
        apart += (c.region.at(within.x, within.y) - c.region.at(beyond.x, beyond.y)) / 8;
      }
    }
    sides++;
  }
  c.apart = sides ? std::max(0.0, apart / sides) : 0;
  c.support = counted > 0 ? support / counted : 0;
  c.cropped = c.cropped / std::max(1e-6, counted + c.cropped);
  c.shadow = rim ? shadow / rim : 1;
  c.contrast = sides ? contrast / sides : 0;
  c.area = std::abs(cv::contourArea(c.outline));
  std::vector<cv::Point2f> hull;
  cv::convexHull(c.outline, hull);
  c.solidity = c.area / std::max(1.0, std::abs(cv::contourArea(hull)));
  const double size = std::pow(c.area / (double(edge.rows) * edge.cols), 0.12);
  // A face cut by the frame is measured as far as it goes; what lies mostly along the frame is a thing beside the specimen.
  const double whole = std::max(0.05, 1 - 0.7 * c.cropped - 2.5 * std::max(0.0, c.cropped - 0.2));
  c.asymmetry = asymmetry(c.outline);
  const double lopsided = c.asymmetry / (0.09 + c.cropped);
  c.score = c.support * (0.4 + 0.3 * c.contrast + 0.5 * c.apart) * std::pow(c.solidity, 1.5) * size * std::max(0.1, 1 - 1.3 * std::max(0.0, c.shadow - 0.1)) * whole / (1 + lopsided * lopsided);
}

void judgeOutline(Candidate& c, const SearchPicture& picture) {
  const cv::Moments m = cv::moments(c.outline);
  c.centre = cv::Point2f(static_cast<float>(m.m10 / m.m00), static_cast<float>(m.m01 / m.m00));
  c.region = regionOf(picture.bins, c.centre, radiiOf(c.outline, c.centre, 180));
  c.cropped = 0;
  judge(c, picture);
}

}  // namespace relievo
