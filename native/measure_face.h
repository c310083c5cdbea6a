// From an outline on the original to a rectified crop and the numbers that say how good it is.
#pragma once

#include "measure_types.h"

namespace relievo {

struct FaceShape {
  cv::Matx33d toOriginal;   // crop pixel -> original pixel
  int size = 0;             // side of the crop
  double pxScale = 1;       // crop pixels per original pixel
  double tiltDeg = -1;      // -1: the outline does not tell
  double longPx = 0, shortPx = 0, areaPx = 0;  // calipers and area of the rectified outline, original pixels
  double boxFill = 0, boxAspect = 1;           // of the smallest turned rectangle around it: share filled, longer over shorter side
};

struct FaceNumbers {
  double sharpness = 0, clippedDark = 0, clippedBright = 0, directionality = 0, azimuthDeg = 0;
  bool directed = false;
};

FaceShape shapeOf(const std::vector<cv::Point2f>& outline, bool whole, const MeasureParameters& p);
void cutFace(const cv::Mat& rgb, const std::vector<cv::Point2f>& outline, const FaceShape& shape, cv::Mat& crop, cv::Mat& mask);
FaceNumbers numbersOf(const cv::Mat& crop, const cv::Mat& mask, const FaceShape& shape);

}  // namespace relievo
