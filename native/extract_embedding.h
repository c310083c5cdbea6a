// A short rotation-invariant vector of the logo field, for the index's shortlist only.
#pragma once

#include <cstdint>
#include <vector>

namespace relievo {

constexpr int EMBEDDING_DIMENSION = 256;

struct EmbeddingSettings {
  double ringFrom, ringTo;
  double quantum;  // int8 steps per unit of the unit-length vector
};

std::vector<int8_t> embedField(const std::vector<int8_t>& field, const std::vector<uint8_t>& weight, int grid,
                               double halfSpan, const EmbeddingSettings& s);

}  // namespace relievo
