// One probe against many candidates of its design: registration to a fraction of a mark, and how far the fine marks agree there.
#pragma once
#include <napi.h>

namespace relievo {
Napi::Value tool(const Napi::CallbackInfo& info);
}
