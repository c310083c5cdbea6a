// One face -> the fine marks its lamp shows, as signed relief on a grid of known size, in one call.
#pragma once
#include <napi.h>

namespace relievo {
Napi::Value marks(const Napi::CallbackInfo& info);
}
