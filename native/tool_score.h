// How far the fine marks of two registered faces agree.
#pragma once

#include "tool_align.h"

namespace relievo::tools {

// Memory that one comparison leaves to the next.
struct Scratch {
  std::vector<float> a, b;
  std::vector<float> maps, total, ea, eb, known;
};

// Fills the scores and, if `detail`, the cells of `out` for the mapping `m`; the mapping it leaves there has the marks' own shift in it.
void scoreMarks(const Face& probe, const Face& candidate, const ToolSettings& s, const Affine& m, bool detail, Scratch& k, ToolPair& out);

}  // namespace relievo::tools
