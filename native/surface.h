// Scanned surfaces: heights into bands of relief, and the poses in which two of them lie on each other.
#pragma once
#include <napi.h>

namespace relievo {
Napi::Value surface(const Napi::CallbackInfo& info);
Napi::Value surfacePoses(const Napi::CallbackInfo& info);
}
