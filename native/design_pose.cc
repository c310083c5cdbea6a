#include "design_pose.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "design_agree.h"
#include "design_evidence.h"
#include "design_order.h"
#include "design_search.h"

namespace relievo {
using namespace pose;
namespace {

// Steps 3 to 5 for one ordered pair.
PairPose compareOne(const Face& A, const Face& B, const Expanded& e, const Spectrum& b, const PoseSettings& s, Lanes& k,
                    std::vector<Coarse>& kept) {
  // 3 coarse poses
  coarsePoses(e, b, s, k, kept);
  PairPose out;
  out.score = -2;
  // 4 refinement
  Pose bestPose{};
  for (size_t i = 0; i < kept.size(); i++) {
    const Variant& v = e.variants[kept[i].variant];
    Pose p{v.x, v.y, 2 * PI * kept[i].angle / ANGLES, std::log(v.scale)};
    double score;
    if (kept[i].score >= s.refineFloor)
      score = refine(A, B, s, p);
    else if (i < 2)
      score = overlay(A, B, s, p, 2, nullptr).score();
    else
      break;
    if (score > out.score) {
      out.score = score;
      bestPose = p;
    }
  }
  // 5 agreement
  const Evidence last = weigh(A, B, s, bestPose);
  out.score = scoreOf(last, s.worstOffset);
  out.coarse = kept.empty() ? 0 : kept[0].score;
  out.overlap = last.overlap;
  out.rotationDeg = bestPose.rotation * 180 / PI;
  out.shiftX = bestPose.x;
  out.shiftY = bestPose.y;
  out.scale = std::exp(bestPose.logScale);
  return out;
}

}  // namespace

std::vector<PairPose> comparePoses(const FieldView& probe, const std::vector<FieldView>& candidates, const PoseSettings& s) {
  const Rings g(s);
  const std::vector<int32_t> centre = sampleCells(g, s, {0, 0, 1});
  auto scratch = std::make_unique<Scratch>();
  auto lanes = std::make_unique<Lanes>();
  auto probeSpectrum = std::make_unique<Spectrum>();
  auto otherSpectrum = std::make_unique<Spectrum>();
  // 1 decoding and 2 rings of the probe
  const Face A = decode(probe, s);
  ringSpectrum(A, g, s, centre.data(), true, *scratch, *probeSpectrum);
  std::unique_ptr<Plan> plans[2];         // whole, partial; made when first needed
  std::unique_ptr<Expanded> expanded[2];  // of the probe
  std::vector<float> reuse;
  std::vector<Coarse> kept;
  std::vector<PairPose> out;
  out.reserve(candidates.size());
  for (const FieldView& candidate : candidates) {
    // 1 decoding
    const Face B = decode(candidate, s);
    const bool wide = probe.partial || candidate.partial;
    // 2 rings: of one face under every shift and scale, of the other once; 3 to 5 in compareOne
    PairPose p;
    std::unique_ptr<Plan>& plan = plans[wide];
    if (!plan) plan = std::make_unique<Plan>(g, s, wide);
    if (before(probe, candidate, s.grid)) {
      std::unique_ptr<Expanded>& e = expanded[wide];
      if (!e) e = std::make_unique<Expanded>(expand(A, g, s, *plan, *scratch, *otherSpectrum));
      ringSpectrum(B, g, s, centre.data(), true, *scratch, *otherSpectrum);
      p = compareOne(A, B, *e, *otherSpectrum, s, *lanes, kept);
    } else {
      Expanded e = expand(B, g, s, *plan, *scratch, *otherSpectrum, std::move(reuse));
      p = compareOne(B, A, e, *probeSpectrum, s, *lanes, kept);
      invert(p);
      reuse = std::move(e.spectra);
    }
    p.rotationDeg = std::remainder(p.rotationDeg, 360.0);
    out.push_back(p);
  }
  return out;
}

}  // namespace relievo
