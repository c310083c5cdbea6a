// Straight lines in the steps of a picture, which may be sides of a brick or of a square tablet.
#pragma once

#include <vector>

#include "measure_colour.h"

namespace relievo {

// The steps of a picture made small and smooth: texture has no direction, so its mean vanishes.
struct Field {
  cv::Mat tensor;  // CV_32FC2, small and smooth
  double floor2;
  cv::Point2f middle;

  float at(float x, float y, cv::Point2f n) const {
    const int xi = cvRound(x), yi = cvRound(y);
    if (xi < 0 || yi < 0 || xi >= tensor.cols || yi >= tensor.rows) return 0;
    const cv::Vec2f& t = tensor.at<cv::Vec2f>(yi, xi);
    const float e = t[0] * (n.x * n.x - n.y * n.y) + t[1] * 2 * n.x * n.y;
    return e > 0 ? static_cast<float>(e / (e + floor2)) : 0;
  }
};

// A line by its unit normal, x n = rho from the middle of the small picture, and the evidence along it.
struct Line {
  cv::Point2f normal;
  float rho = 0, angle = 0;  // degrees, 0..180
  bool beyond = false;       // beyond the frame: nothing of it is seen
  float from = 0, to = 0;    // the part of it inside the frame
  std::vector<float> sum;    // running sum of the evidence from one end of the frame to the other, a pixel a step
};

Field fieldOf(const StepField& steps);

// From the middle of the small picture to a corner of it, px.
float halfDiagonal(const Field& f);

// By votes of the steps (Hough), the strongest first.
std::vector<Line> linesOf(const Field& f);

}  // namespace relievo
