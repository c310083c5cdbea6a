// Strokes that are few or weak leave a turn and a shift open. Where near their place do the marks agree better?
#pragma once

#include "tool_marks.h"

namespace relievo::tools {

// For the mapping `m` that was overlaid last. Coarser places, every cell counting alike, so that one strong scratch of each
// face does not decide alone. Returns whether there is such a place, and leaves its mapping in `m`.
bool nearBy(const ToolFaceView& first, const ToolSettings& s, Scratch& k, Marks& coarse, Affine& m);

}  // namespace relievo::tools
