// Faces of one design on the design's own frame, in one call a batch.
//   frame      the design's frame and faces of it -> where each lies, and its marks there as a vector
//   frameGrow  the same faces laid already -> the frame with the mean of their strokes
#pragma once
#include <napi.h>

namespace relievo {
Napi::Value frame(const Napi::CallbackInfo& info);
Napi::Value frameGrow(const Napi::CallbackInfo& info);
}  // namespace relievo
