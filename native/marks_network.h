// A network's reading of the marks: what of a face its tool left, told apart from design, powder and damage.
#pragma once

#include "marks_relief.h"

namespace relievo::mark {

// What is seen of one face, size x size, float; `inner` is 1 inside of the bevel and 0 elsewhere, `innerMask` the same in bytes.
struct Seen {
  const std::vector<Exposure>& exposures;
  const Relief& relief;
  const cv::Mat& white;  // the white band
  const cv::Mat& walls;  // energy over its mean
  const cv::Mat& inner;
  const cv::Mat& innerMask;
  const Surroundings& around;  // by whose contrast marks are divided
};

// 1 x 10 x n x n, n the next multiple of 16: brightness, relief, white band, walls, what is inside of the bevel, within
// -1..1; then five planes of one number each, the lamps' contrast (0..2) and its parts along the azimuth and the doubled azimuth.
cv::Mat networkPlanes(const Seen& seen, const MarkSettings& s);

// As large as `innerMask`: the height of the tool's marks that is to be expected, as a white band in units of the local
// contrast; near nought where the photograph does not show any, nought outside of the box around the mask, which must not
// be empty.
cv::Mat networkMarks(const cv::Mat& planes, const cv::Mat& innerMask);

}  // namespace relievo::mark
