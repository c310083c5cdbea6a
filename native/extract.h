// One face -> its logo field, outline, score line, colour and embedding, in one call.
#pragma once
#include <napi.h>

namespace relievo {
Napi::Value extract(const Napi::CallbackInfo& info);
}
