// What the plain powder between the strokes tells of a photograph: its grain, and the lamp.
#pragma once

#include <opencv2/core.hpp>

namespace relievo {

struct Powder {
  double grain = 0;        // gradient energy of plain powder
  float light[2] = {0, 0};  // the lamp's azimuth as a doubled angle, longer the more directed the light
};

// The doubled-angle gradient (re, im), its energy and the known share of each neighbourhood, all
// averaged over neighbourhoods. The calmest `share` of the face is taken for powder.
Powder readPowder(const cv::Mat& re, const cv::Mat& im, const cv::Mat& energy, const cv::Mat& known, double share);

}  // namespace relievo
