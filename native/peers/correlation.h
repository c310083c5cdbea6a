// Plain normalised correlation of two grey pictures at a pose that is given.
#pragma once

#include <napi.h>

namespace relievo::peers {
// {pictures: [{gray, mask, width, height}], pairs, poses: 9 numbers a pair, second's pixels -> first's} -> PairScores
Napi::Value correlationPairs(const Napi::CallbackInfo& info);
}  // namespace relievo::peers
