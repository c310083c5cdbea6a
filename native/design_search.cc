#include "design_search.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace relievo::pose {
namespace {

// Kept poses lie further apart than this many of the 128 rotations: nearer ones lead the refinement to the same place.
constexpr int APART = 3;

std::vector<Variant> variantsOf(const PoseSettings& s, bool partial) {
  const int ns = partial ? s.partialShiftCount : s.shiftCount, nc = partial ? s.partialScaleCount : s.scaleCount;
  const double ds = partial ? s.partialShiftStep : s.shiftStep, dc = partial ? s.partialScaleStep : s.scaleStep;
  std::vector<Variant> out;
  for (int c = -nc; c <= nc; c++)
    for (int y = -ns; y <= ns; y++)
      for (int x = -ns; x <= ns; x++)
        out.push_back({float(x * ds), float(y * ds), float(std::exp(c * std::log1p(dc)))});
  return out;
}

// Correlates LANES variants with one reference over all rotations at once.
RELIEVO_WIDE void correlate(const float* group, const Spectrum& b, Lanes& k) {
  std::memset(&k, 0, sizeof(float) * 4 * ANGLES * LANES);
  for (int r = 0; r < RINGS; r++) {
    const float* p = group + size_t(r) * ANGLES * PLANES * LANES;
    for (int a = 0; a < ANGLES; a++, p += PLANES * LANES) {
      const float br = b.fr[r * ANGLES + a], bi = b.fi[r * ANGLES + a], cr = b.er[r * ANGLES + a], ci = b.ei[r * ANGLES + a];
      const float hr = b.hr[r * ANGLES + a], hi = b.hi[r * ANGLES + a];
      float *sr = k.sr + a * LANES, *si = k.si + a * LANES, *nr = k.nr + a * LANES, *ni = k.ni + a * LANES;
      for (int l = 0; l < LANES; l++) {
        sr[l] += p[l] * br + p[LANES + l] * bi + p[4 * LANES + l] * hr + p[5 * LANES + l] * hi;
        si[l] += p[LANES + l] * br - p[l] * bi + p[5 * LANES + l] * hr - p[4 * LANES + l] * hi;
        nr[l] += p[2 * LANES + l] * cr + p[3 * LANES + l] * ci;
        ni[l] += p[3 * LANES + l] * cr - p[2 * LANES + l] * ci;
      }
    }
  }
  transform<LANES>(k.sr, k.si, k.t, k.u, 1);
  transform<LANES>(k.nr, k.ni, k.t, k.u, 1);
}

}  // namespace

Plan::Plan(const Rings& g, const PoseSettings& s, bool partial) : variants(variantsOf(s, partial)) {
  for (const Variant& v : variants) cells.push_back(sampleCells(g, s, v));
}

Expanded expand(const Face& f, const Rings& g, const PoseSettings& s, const Plan& plan, Scratch& k, Spectrum& one,
                std::vector<float>&& reuse) {
  Expanded e{plan.variants, std::move(reuse)};
  const int groups = (int(e.variants.size()) + LANES - 1) / LANES;
  e.spectra.resize(size_t(groups) * SAMPLES * PLANES * LANES);
  for (size_t v = 0; v < e.variants.size(); v++) {
    ringSpectrum(f, g, s, plan.cells[v].data(), false, k, one);
    float* to = e.spectra.data() + (v / LANES) * SAMPLES * PLANES * LANES + v % LANES;
    for (int i = 0; i < SAMPLES; i++, to += PLANES * LANES) {
      to[0] = one.fr[i];
      to[LANES] = one.fi[i];
      to[2 * LANES] = one.er[i];
      to[3 * LANES] = one.ei[i];
      to[4 * LANES] = one.hr[i];
      to[5 * LANES] = one.hi[i];
    }
  }
  return e;
}

void coarsePoses(const Expanded& e, const Spectrum& b, const PoseSettings& s, Lanes& k, std::vector<Coarse>& kept) {
  Coarse best[ANGLES];
  for (int a = 0; a < ANGLES; a++) best[a] = {-1e9f, a, 0};
  const int count = int(e.variants.size());
  for (int v0 = 0; v0 < count; v0 += LANES) {
    correlate(e.spectra.data() + size_t(v0 / LANES) * SAMPLES * PLANES * LANES, b, k);
    for (int a = 0; a < ANGLES; a++)
      for (int l = 0; l < std::min(LANES, count - v0); l++) {
        const float score = 2 * k.sr[a * LANES + l] / std::max(k.nr[a * LANES + l], 1e-6f);
        if (score > best[a].score) best[a] = {score, a, v0 + l};
      }
  }
  kept.clear();
  for (int i = 0; i < s.keep; i++) {
    int top = -1;
    for (int a = 0; a < ANGLES; a++)
      if (best[a].score > -1e8f && (top < 0 || best[a].score > best[top].score)) top = a;
    if (top < 0) break;
    kept.push_back(best[top]);
    for (int d = -APART; d <= APART; d++) best[(top + d + ANGLES) % ANGLES].score = -1e9f;
  }
}

}  // namespace relievo::pose
