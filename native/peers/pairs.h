// What the pair kernels share: the list of pairs in, one score and the time of each pair out.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "../common.h"

namespace relievo::peers {

struct PairScores {
  std::vector<double> scores;
  // Seconds of one core, a pair.
  std::vector<double> seconds;
};

template <typename Score>
PairScores scorePairs(const uint32_t* pairs, size_t count, Score score) {
  PairScores out;
  out.scores.reserve(count);
  out.seconds.reserve(count);
  for (size_t p = 0; p < count; p++) {
    const auto start = std::chrono::steady_clock::now();
    out.scores.push_back(score(p, pairs[2 * p], pairs[2 * p + 1]));
    out.seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return out;
}

inline Napi::Value pairScores(Napi::Env env, PairScores& r) {
  Napi::Object out = Napi::Object::New(env);
  out.Set("scores", toTyped(env, r.scores.data(), r.scores.size()));
  out.Set("seconds", toTyped(env, r.seconds.data(), r.seconds.size()));
  return out;
}

}  // namespace relievo::peers
