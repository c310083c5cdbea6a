// One relief from photographs under several lamps.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "marks_light.h"
#include "marks_picture.h"

namespace relievo::mark {

// One exposure on the grid.
struct Exposure {
  cv::Mat grey;    // sRGB, float
  cv::Mat detail;  // logarithm without what is albedo or shading of the face as a whole
  Lamp lamp;
};

class Relief {
 public:
  // The joint estimate of all exposures; of one exposure, what it tells alone.
  static Relief joint(const std::vector<Exposure>& exposures, const MarkSettings& s);
  // Slopes pixel by pixel, for lamps of known azimuth; three at least.
  static Relief photometric(const std::vector<Exposure>& exposures, const cv::Mat& inside, const MarkSettings& s);

  cv::Mat band(double fine, double coarse) const {
    return spectrum_.band(fine, coarse, [this](int x, int y, double, double) { return values_.at<cv::Vec2d>(y, x); });
  }

  // The band with every wavelength equally strong, as the places of `weight` show it: relief that repeats along the face,
  // and what is left of walls, are strongest at the long end and would be nearly all that is compared.
  cv::Mat whiteBand(double fine, double coarse, const cv::Mat& weight) const;

 private:
  Relief(Spectrum spectrum, cv::Mat values) : spectrum_(std::move(spectrum)), values_(std::move(values)) {}
  Spectrum spectrum_;
  cv::Mat values_;
};

}  // namespace relievo::mark
