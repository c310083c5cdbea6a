// What the marks of two registered faces are worth: the score, and what each cell says.
#pragma once

#include "tool_marks.h"

namespace relievo::tools {

// Fills the scores and, if `detail`, the cells of `out`; the mapping it leaves there has the marks' own shift in it.
void score(const Marks& found, const ToolFaceView& first, const ToolSettings& s, bool detail, Scratch& k, ToolPair& out);

}  // namespace relievo::tools
