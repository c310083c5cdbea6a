// Perceptual hash: the signs of the low frequencies of a picture's cosine transform, 64 bits.
#pragma once

#include <napi.h>

namespace relievo::peers {
// {gray, width, height, rotations} -> Uint8Array, 8 bytes for each of `rotations` equal turns
Napi::Value hash(const Napi::CallbackInfo& info);
// {hashes: [Uint8Array], pairs} -> PairScores: 1 - (smallest Hamming distance of the first's upright hash to the second's turns) / 64
Napi::Value hashPairs(const Napi::CallbackInfo& info);
}  // namespace relievo::peers
