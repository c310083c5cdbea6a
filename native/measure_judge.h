// What speaks for and against an outline, and how likely that makes it a face.
#pragma once

#include "measure_search.h"

namespace relievo {

// Fills in all that can be told of an outline in the small picture, and a rough score. Centre and region are given.
void judge(Candidate& c, const SearchPicture& picture);

// The same for an outline alone.
void judgeOutline(Candidate& c, const SearchPicture& picture);

// Logistic regression on what speaks for and against a refined outline; `pictureArea` in the pixels of `c.area`.
double likelihoodOf(const Candidate& c, double pictureArea);

}  // namespace relievo
