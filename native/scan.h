// Exact int8 scan: the reference for every recall figure.
//   in   { segments: [{ vectors: Int8Array, keys: Uint32Array, rows }], dimension, queries: Int8Array,
//          k, filter?: Uint8Array (one bit a key), threads, prominence?: boolean }
//   out  { keys: Uint32Array, scores: Int32Array, scored }  best first, ties by key
// A row whose key is 0xFFFFFFFF was removed. Several queries are pooled by their largest score, or, for
// `prominence`, by how far it stands out of the middle one: queries that are one probe, shifted, then say
// how sharply the row agrees in one place, and not how alike both are as a whole.
#pragma once
#include <napi.h>

namespace relievo {
Napi::Value scan(const Napi::CallbackInfo& info);
}
