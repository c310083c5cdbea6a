// Brute force as a first draft would write it: one loop over all rows, all scores kept, a partial sort.
//   in   { vectors: Int8Array, query: Int8Array, k }
//   out  { rows: Uint32Array, scores: Int32Array }
#pragma once
#include <napi.h>

namespace relievo::peers {
Napi::Value scanPlain(const Napi::CallbackInfo& info);
}
