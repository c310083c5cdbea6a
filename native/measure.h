// Measures one photograph: faces, ruler, crops, quality. And cuts a crop again from its geometry.
#pragma once
#include <napi.h>

namespace relievo {
Napi::Value measure(const Napi::CallbackInfo& info);
Napi::Value cut(const Napi::CallbackInfo& info);
}  // namespace relievo
