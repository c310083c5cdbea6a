// Outlines of faces, from where the network sees face pixels.
#pragma once

#include "measure_types.h"

namespace relievo {

// Every thing in a picture (CV_8UC3) that looks like a face, the likeliest first. The network looks at the whole picture,
// then closer at each thing that fills little of it. An outline that mostly lies on an ellipse is that ellipse.
std::vector<Candidate> findThings(const cv::Mat& rgb, const MeasureParameters& p);

// Those that are faces: likely enough and, where there are several, alike in size.
std::vector<Candidate> chooseFaces(const std::vector<Candidate>& things, const MeasureParameters& p);

}  // namespace relievo
