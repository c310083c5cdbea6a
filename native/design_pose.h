// Finds the pose in which two logo fields agree best, and says how well they agree there.
// Pure computation; design.cc is its door to JavaScript.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace relievo {

// Lengths in units of the equivalent radius. Values and reasons: src/comparison/parameters.ts.
struct PoseSettings {
  int grid;
  double halfSpan;
  double ringFrom, ringTo;    // radii of the innermost and outermost ring
  double coarseSigma;         // extra smoothing before the rings are sampled
  double circleWeight;        // how much of a ring's rotationally coherent part stays, 0..1
  double reliefShare;         // energy of the relief beside that of the orientations
  double shiftStep;           // whole faces: a (2n+1)^2 grid of shifts
  int shiftCount;
  double scaleStep;
  int scaleCount;
  double partialShiftStep;    // where an outline is not whole
  int partialShiftCount;
  double partialScaleStep;
  int partialScaleCount;
  double worstShare;          // share of the energy that counts as the worst part of a pair
  int keep;                   // coarse poses that are refined
  double refineFloor;         // coarse score under which a pose is not refined
  int iterations;
};

struct FieldView {
  const int8_t* field;
  const uint8_t* weight;
  bool partial;
};

struct PairPose {
  double score = 0;      // agreement at the best pose, as a whole and in its worst part, 0..1
  double coarse = 0;
  double rotationDeg = 0, shiftX = 0, shiftY = 0, scale = 1;  // candidate -> probe
  double overlap = 0;
};

std::vector<PairPose> comparePoses(const FieldView& probe, const std::vector<FieldView>& candidates,
                                   const PoseSettings& s);

}  // namespace relievo
