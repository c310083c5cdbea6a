#include "marks_network.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "mark_network.h"

namespace relievo::mark {
namespace {

constexpr int BLOCK = 16;  // four halvings of the side
constexpr int PICTURES = 5, NUMBERS = 5;
constexpr int AROUND = 8;  // px shown around what is read, whatever a pixel is worth
constexpr int KEPT = 512 * 512;  // px; the layers of as many take about 80 MiB
constexpr double MOST_CONTRAST = 2;  // natural logarithm; half of raking lamps have 0.5 to 0.8, one in twenty 0.9 and more

// In units of the usual local contrast of the face.
cv::Mat plane(const cv::Mat& m, const Seen& seen, const MarkSettings& s) {
  const double usual = std::max(1e-9, double(medianWhere(seen.around.spreadOf(m), seen.innerMask)));
  return cv::min(cv::max(m / (usual * s.planeClip), -1), 1);
}

}  // namespace

cv::Mat networkPlanes(const Seen& seen, const MarkSettings& s) {
  const int size = seen.inner.rows, side = (size + BLOCK - 1) / BLOCK * BLOCK;
  cv::Mat detail = cv::Mat::zeros(size, size, CV_32F), walls;
  std::array<double, NUMBERS> lamp{};
  for (const Exposure& e : seen.exposures) {
    const double share = 1.0 / double(seen.exposures.size()), c = share * std::min(e.lamp.contrast, MOST_CONTRAST), a = e.lamp.azimuth;
    detail += e.detail * share;
    const std::array<double, NUMBERS> own = {c, c * std::cos(a), c * std::sin(a), c * std::cos(2 * a), c * std::sin(2 * a)};
    for (int i = 0; i < NUMBERS; i++) lamp[i] += own[i];
  }
  seen.walls.convertTo(walls, CV_32F);
  cv::sqrt(walls, walls);
  const cv::Mat pictures[PICTURES] = {plane(detail, seen, s), plane(seen.relief.band(s.planeFine, s.planeCoarse), seen, s), plane(seen.white, seen, s), cv::min(walls / s.planeWalls, 1), seen.inner};
  const int shape[] = {1, PICTURES + NUMBERS, side, side};
  cv::Mat out(4, shape, CV_32F, cv::Scalar(0));
  for (int p = 0; p < PICTURES; p++) pictures[p].copyTo(cv::Mat(side, side, CV_32F, out.ptr<float>(0, p))(cv::Rect(0, 0, size, size)));
  for (int i = 0; i < NUMBERS; i++) cv::Mat(side, side, CV_32F, out.ptr<float>(0, PICTURES + i)) = float(lamp[i]);
  return out;
}

cv::Mat networkMarks(const cv::Mat& planes, const cv::Mat& innerMask) {
  const int side = planes.size[2];
  const cv::Rect read = cv::boundingRect(innerMask);
  const auto blocks = [](int px) { return (px + BLOCK - 1) / BLOCK * BLOCK; };
  const cv::Size shownSize(std::min(side, blocks(read.width + 2 * AROUND)), std::min(side, blocks(read.height + 2 * AROUND)));
  // What is read lies in the middle of what is shown, unless the planes end before.
  const auto begin = [side](int from, int length, int shown) { return std::clamp(from - (shown - length) / 2, 0, side - shown); };
  const cv::Rect shown({begin(read.x, read.width, shownSize.width), begin(read.y, read.height, shownSize.height)}, shownSize);
  const int shape[] = {1, planes.size[1], shown.height, shown.width};
  cv::Mat in(4, shape, CV_32F);
  for (int p = 0; p < planes.size[1]; p++) cv::Mat(side, side, CV_32F, const_cast<float*>(planes.ptr<float>(0, p)))(shown).copyTo(cv::Mat(shown.size(), CV_32F, in.ptr<float>(0, p)));
  // A network holds the layers it last computed, so each thread has its own, and lets go of those of a large face.
  thread_local cv::dnn::Net network;
  if (network.empty()) network = cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(kMarkNetwork), sizeof kMarkNetwork);
  network.setInput(in);
  const cv::Mat halves = network.forward();  // 1 x 4 x h/2 x w/2: the pixels of blocks of 2 x 2
  cv::Mat out = cv::Mat::zeros(innerMask.size(), CV_32F);
  for (int y = read.y; y < read.y + read.height; y++)
    for (int x = read.x; x < read.x + read.width; x++) {
      const int v = y - shown.y, u = x - shown.x;
      out.at<float>(y, x) = halves.ptr<float>(0, 2 * (v % 2) + u % 2)[(v / 2) * (shown.width / 2) + u / 2];
    }
  if (shown.area() > KEPT) network = cv::dnn::Net();
  return out;
}

}  // namespace relievo::mark
