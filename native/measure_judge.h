// How likely a refined outline is a face.
#pragma once

#include "measure_types.h"

namespace relievo {

// Logistic regression on what speaks for and against an outline; `pictureArea` in the pixels of `c.area`.
double likelihoodOf(const Candidate& c, double pictureArea);

}  // namespace relievo
