#include "marks_network.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/dnn.hpp>

#include "mark_network.h"

namespace relievo::mark {
namespace {

constexpr int BLOCK = 16;  // four halvings of the side
constexpr int PICTURES = 5, NUMBERS = 5;
constexpr int KEPT = 512;  // a tablet of 17 mm; its layers take about 90 MiB
constexpr double LAMP_GAIN = 2;  // beyond a contrast of 0.5 the planes are cut

// In units of the usual local contrast of the face.
cv::Mat plane(const cv::Mat& m, const Seen& seen, const MarkSettings& s) {
  const double usual = std::max(1e-9, double(medianWhere(spreadOf(m, seen.inner, s.markSpread * s.pxPerMm), seen.innerMask)));
  return cv::min(cv::max(m / (usual * s.planeClip), -1), 1);
}

}  // namespace

cv::Mat networkPlanes(const Seen& seen, const MarkSettings& s) {
  const int size = seen.inner.rows, side = (size + BLOCK - 1) / BLOCK * BLOCK;
  cv::Mat detail = cv::Mat::zeros(size, size, CV_32F), walls;
  std::array<double, NUMBERS> lamp{};
  for (const Exposure& e : seen.exposures) {
    const double share = 1.0 / double(seen.exposures.size()), c = share * e.lamp.contrast, a = e.lamp.azimuth;
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
  for (int i = 0; i < NUMBERS; i++) cv::Mat(side, side, CV_32F, out.ptr<float>(0, PICTURES + i)) = float(std::clamp(LAMP_GAIN * lamp[i], -1.0, 1.0));
  return out;
}

cv::Mat networkMarks(const cv::Mat& planes, int size) {
  // A network holds the layers it last computed, so each thread has its own, and lets go of those of a large face.
  thread_local cv::dnn::Net network;
  if (network.empty()) network = cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(kMarkNetwork), sizeof kMarkNetwork);
  network.setInput(planes);
  const cv::Mat blocks = network.forward();  // 1 x 4 x n/2 x n/2: the pixels of blocks of 2 x 2
  const int half = planes.size[2] / 2;
  cv::Mat out(size, size, CV_32F);
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++) out.at<float>(y, x) = blocks.ptr<float>(0, 2 * (y % 2) + x % 2)[(y / 2) * half + x / 2];
  if (size > KEPT) network = cv::dnn::Net();
  return out;
}

}  // namespace relievo::mark
