// The coarse search: every shift and scale of a face against another, all rotations at once.
#pragma once

#include <vector>

#include "design_rings.h"

namespace relievo::pose {

constexpr int LANES = 8;
constexpr int PLANES = 6;

// A search's variants and the cells each of them reads: the same for all faces.
struct Plan {
  std::vector<Variant> variants;
  std::vector<std::vector<int32_t>> cells;
  Plan(const Rings& g, const PoseSettings& s, bool partial);
};

// All variants of one face, LANES of them interleaved: [group][ring][frequency][plane][lane].
struct Expanded {
  std::vector<Variant> variants;
  std::vector<float> spectra;
};

struct Coarse {
  float score;
  int angle, variant;
};

struct Lanes {
  float sr[ANGLES * LANES], si[ANGLES * LANES], nr[ANGLES * LANES], ni[ANGLES * LANES], t[ANGLES * LANES], u[ANGLES * LANES];
};

// `reuse` is the memory of an expanded face that is no longer needed.
Expanded expand(const Face& f, const Rings& g, const PoseSettings& s, const Plan& plan, Scratch& k, Spectrum& one,
                std::vector<float>&& reuse = {});

// The best poses of an expanded face under a reference, best first, no two of one rotation.
void coarsePoses(const Expanded& e, const Spectrum& b, const PoseSettings& s, Lanes& k, std::vector<Coarse>& kept);

}  // namespace relievo::pose
