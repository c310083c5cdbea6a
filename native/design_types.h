// Settings and data that the units of the design comparison share.
#pragma once

#include <cstddef>
#include <cstdint>

namespace relievo {

// Lengths in units of the equivalent radius. Values and reasons: src/comparison/parameters.ts.
struct PoseSettings {
  int grid;
  double halfSpan;
  double ringFrom, ringTo;    // radii of the innermost and outermost ring
  double coarseSigma;         // extra smoothing before the rings are sampled
  double circleWeight;        // how much of a ring's rotationally coherent part stays, 0..1
  double circleFrom;          // radius of the smallest circle looked for
  double circleShift;         // how far a circle's centre may lie from the outline's
  double circleAgreementFrom, circleAgreementFull;  // agreement of a ring with a circle at which it begins to be one, and is one
  double reliefShare;         // energy of the relief beside that of the orientations
  double shiftStep;           // whole faces: a (2n+1)^2 grid of shifts
  int shiftCount;
  double scaleStep;
  int scaleCount;
  double partialShiftStep;    // where an outline is not whole
  int partialShiftCount;
  double partialScaleStep;
  int partialScaleCount;
  double lampFrom, lampFull;  // length of a face's light at which it begins to be one lamp, and is
  double worstShare;          // share of the energy that counts as the worst part of a pair
  double partSide;            // side of the squares among which the worst are looked for
  double worstOffset;         // keeps the scores of pairs that contradict each other in their order, above 0
  int keep;                   // coarse poses that are refined
  double refineFloor;         // coarse score under which a pose is not refined
  int iterations;
  double symmetryFrom = 1;    // agreement of a face with itself, turned, from which it has a symmetry: for several poses only
};


struct FieldView {
  const int8_t* field;
  const uint8_t* weight;
  bool partial;
  float light[2];  // the lamp's azimuth as a doubled angle, longer the more directed the light
};

// By value: std::min and std::max take references, and a loop with several of them is not widened. NaN becomes `a`.
template <typename T> inline T smaller(T a, T b) { return b < a ? b : a; }
template <typename T> inline T larger(T a, T b) { return b > a ? b : a; }

namespace pose {

constexpr double PI = 3.14159265358979323846;

// Four planes of one cell side by side. Lives in registers of every x86-64 and ARM64 machine.
typedef float V4 __attribute__((vector_size(16)));

// candidate -> probe: x' = shift + scale * R(rotation) x
struct Pose {
  double x, y, rotation, logScale;
};

}  // namespace pose
}  // namespace relievo

// Compiled twice, and chosen when the addon is loaded: eight numbers at once where the machine can.
#define RELIEVO_WIDE __attribute__((target_clones("avx2", "default")))
