// What the small picture says for and against an outline.
#pragma once

#include "measure_search.h"

namespace relievo {

// Fills in all that can be told of an outline in the small picture, and a rough score. Centre and region are given.
void judge(Candidate& c, const SearchPicture& picture);

// The same for an outline alone.
void judgeOutline(Candidate& c, const SearchPicture& picture);

}  // namespace relievo
