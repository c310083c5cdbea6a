// What JavaScript hands to the kernels that compare tools, as plain structs.
#pragma once

#include "common.h"
#include "tool_compare.h"

namespace relievo {

ToolSettings toolSettings(const Napi::Object& from);
// The buffers stay the caller's.
ToolFaceView toolFace(const Napi::Object& from);
std::vector<ToolCandidate> toolCandidates(const Napi::Array& list);

}  // namespace relievo
