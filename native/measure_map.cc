#include "measure_map.h"

#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "face_network.h"

namespace relievo {
namespace {
constexpr int kSide = 192, kHalf = kSide / 2;
constexpr int kViews = 4;  // as it is, upside down, mirrored, turned by half a circle
}

cv::Mat faceMap(const cv::Mat& rgb) {
  // A network holds the layers it last computed, so each thread has its own.
  thread_local cv::dnn::Net network = cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(kFaceNetwork), sizeof kFaceNetwork);
  const double k = double(kSide) / std::max(rgb.cols, rgb.rows);
  const cv::Size size(std::clamp(cvRound(rgb.cols * k), 1, kSide), std::clamp(cvRound(rgb.rows * k), 1, kSide));
  cv::Mat small;
  cv::resize(rgb, small, size, 0, 0, k < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  cv::Mat out = cv::Mat::zeros(size, CV_32F);
  for (int view = 0; view < kViews; view++) {
    cv::Mat square = cv::Mat::zeros(kSide, kSide, CV_8UC3);
    cv::Mat place = square(cv::Rect(cv::Point(), size));
    if (view == 0) small.copyTo(place);
    else cv::flip(small, place, view == 1 ? 0 : view == 2 ? 1 : -1);
    network.setInput(cv::dnn::blobFromImage(square, 1 / 255.0));
    const cv::Mat logits = network.forward();  // 1 x 4 x 96 x 96: the pixels of blocks of 2 x 2
    for (int y = 0; y < size.height; y++)
      for (int x = 0; x < size.width; x++) {
        const int v = view & 1 ? size.height - 1 - y : y, u = view & 2 ? size.width - 1 - x : x;
        out.at<float>(v, u) += 1 / (1 + std::exp(-logits.ptr<float>(0, 2 * (y % 2) + x % 2)[(y / 2) * kHalf + x / 2])) / kViews;
      }
  }
  return out;
}
}  // namespace relievo
