// One probe against many candidates: best pose of the two logo fields and their agreement there.
#pragma once
#include <napi.h>

namespace relievo {
Napi::Value design(const Napi::CallbackInfo& info);
// The poses in which the logo fields of a probe and of each candidate agree, best first, then the best turned by symmetries.
Napi::Value designPoses(const Napi::CallbackInfo& info);
}
