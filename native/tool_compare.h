// 1 registration of every hypothesis on the strokes (tool_align), 2 agreement of the marks (tool_score), 3 the best hypothesis.
#pragma once

#include <vector>

#include "tool_types.h"

namespace relievo {

struct ToolCandidate {
  ToolFaceView face;
  std::vector<CropPose> poses;
};

// Scores in the order of the candidates. The score of (a, b) is the score of (b, a).
std::vector<ToolPair> compareTools(const ToolFaceView& probe, const std::vector<ToolCandidate>& candidates, const ToolSettings& s, bool detail);

}  // namespace relievo
