#include "measure_map.h"

#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "face_network.h"

namespace relievo {
namespace {
constexpr int kSide = 192;
constexpr int kOrder[kFaceViews] = {0, 3, 5, 6, 1, 2, 4, 7};  // half a turn, quarter turns, their mirror images

// Mirrored (1: upside down, 2: left to right), transposed (4). Never into the memory of `from`: OpenCV turns a square
// picture in place.
cv::Mat turned(const cv::Mat& from, int view) {
  cv::Mat transposed, out;
  if (view & 4) cv::transpose(from, transposed);
  else transposed = from;
  if (!(view & 3)) return transposed;
  cv::flip(transposed, out, (view & 3) - 2);
  return out;
}

cv::Mat turnedBack(const cv::Mat& from, int view) {
  cv::Mat flipped, out;
  if (view & 3) cv::flip(from, flipped, (view & 3) - 2);
  else flipped = from;
  if (!(view & 4)) return flipped;
  cv::transpose(flipped, out);
  return out;
}
}  // namespace

cv::Mat faceMap(const cv::Mat& rgb, int first, int count) {
  // A network holds the layers it last computed, so each thread has its own.
  thread_local cv::dnn::Net network = cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(kFaceNetwork), sizeof kFaceNetwork);
  const double k = double(kSide) / std::max(rgb.cols, rgb.rows);
  const cv::Size size(std::clamp(cvRound(rgb.cols * k), 1, kSide), std::clamp(cvRound(rgb.rows * k), 1, kSide));
  cv::Mat small;
  cv::resize(rgb, small, size, 0, 0, k < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  cv::Mat out = cv::Mat::zeros(size, CV_32F);
  for (int k = first; k < first + count; k++) {
    const cv::Mat seen = turned(small, kOrder[k]);
    cv::Mat square = cv::Mat::zeros(kSide, kSide, CV_8UC3), face(seen.size(), CV_32F);
    seen.copyTo(square(cv::Rect(cv::Point(), seen.size())));
    network.setInput(cv::dnn::blobFromImage(square, 1 / 255.0));
    const cv::Mat logits = network.forward();  // 1 x 4 x 96 x 96: the pixels of blocks of 2 x 2
    for (int y = 0; y < face.rows; y++)
      for (int x = 0; x < face.cols; x++) face.at<float>(y, x) = 1 / (1 + std::exp(-logits.ptr<float>(0, 2 * (y % 2) + x % 2)[(y / 2) * kSide / 2 + x / 2]));
    out += turnedBack(face, kOrder[k]) / count;
  }
  return out;
}
}  // namespace relievo
