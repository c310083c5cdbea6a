// Exact int8 scan: the reference for every recall figure.
#pragma once
#include <napi.h>

namespace relievo {
Napi::Value scan(const Napi::CallbackInfo& info);
}
