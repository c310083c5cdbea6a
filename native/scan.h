// Exact int8 scan: the reference for every recall figure.
//   in   { segments: [{ vectors: Int8Array, keys: Uint32Array, rows }], dimension, queries: Int8Array,
//          k, filter?: Uint8Array (one bit a key), threads }
//   out  { keys: Uint32Array, scores: Int32Array, scored }  best first, ties by key
// A row whose key is 0xFFFFFFFF was removed. Several queries are pooled by their largest score.
#pragma once
#include <napi.h>

namespace relievo {
Napi::Value scan(const Napi::CallbackInfo& info);
}
