// Thin straight lines in a picture: in which directions they run, and where they stand in one row.
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace relievo {
// Fewer equally spaced lines are no ruler.
constexpr int kMinTicks = 7;
// Natural logarithm of brightness between a line and its sides: the same in light and in shadow.
constexpr float kMinContrast = 0.10f;

// Directions across which many straight edges lie, strongest first, degrees 0..180.
std::vector<double> lineDirections(const cv::Mat& logGrey);

// Every pixel of the logarithm of a grey picture (0 to 7) beside its right neighbour, as `Upright` reads it.
cv::Mat pairsOf(const cv::Mat& logGrey);

// A picture turned until the lines of one direction stand upright.
class Upright {
 public:
  Upright(const cv::Mat& pairs, double degrees, int band);
  int rows = 0, cols = 0, band = 0;
  // Mean of `band` rows around row y; -1 where the picture does not reach. Made when it is asked for.
  const float* row(int y) const;
  cv::Point2f toPicture(double x, double y) const {
    return {static_cast<float>(back_(0, 0) * x + back_(0, 1) * y + back_(0, 2)), static_cast<float>(back_(1, 0) * x + back_(1, 1) * y + back_(1, 2))};
  }

 private:
  cv::Matx23d back_;  // a rotation, upright -> picture
  cv::Mat turned_;
  mutable cv::Mat means_;
  mutable std::vector<bool> known_;
  mutable std::vector<float> sum_;
};

struct Line {
  float x, strength;
};

// Memory of `linesOf`, kept from row to row.
struct LineRoom {
  std::vector<float> contrast;
  std::vector<uint8_t> some;
};

// Lines of a row of n places that are darker (sign 1) or brighter (sign -1) than what lies `reach` to
// both sides. None where they are too few for a ruler.
std::vector<Line> linesOf(const float* row, int n, int reach, float sign, LineRoom& room);
}  // namespace relievo
