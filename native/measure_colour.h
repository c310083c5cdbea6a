// Lightness and chromaticity of a picture, and the steps in them with their direction.
#pragma once

#include <opencv2/core.hpp>

namespace relievo {

// All CV_32F of the picture's size. Chromaticity is a share of the light, so it does not change in a
// shadow; it is damped where there is too little light to tell.
struct ColourPlanes {
  cv::Mat l;     // CIE L*, 0..100
  cv::Mat u, v;  // red-green and blue-yellow share of the light
};

// `sigma` px of blur first. sRGB in.
ColourPlanes planesOf(const cv::Mat& rgb, double sigma);

// Steps of the three planes together, as a tensor: (gx^2 - gy^2, 2 gx gy), CV_32FC2, in units of L*
// a pixel, squared. A step across a direction adds to it, a step along it takes away.
struct StepField {
  cv::Mat tensor;
  double floor = 1;  // step that ground texture and noise alone reach

  // Strength of the step at (x, y) across the unit normal (nx, ny); 0 outside.
  float across(float x, float y, float nx, float ny) const;
};

StepField stepsOf(const ColourPlanes& planes);

}  // namespace relievo
