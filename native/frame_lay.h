// Faces laid on the frame of their design: registered on its strokes once, so that afterwards marks of any two of them lie on
// each other without a search.
#pragma once

#include <vector>

#include "tool_compare.h"

namespace relievo {

struct LaidFace {
  int pose = -1;                // which of the given ones, -1: none
  double strokes = 0;           // agreement of the registered strokes
  Affine toFace{};              // the frame's grid -> the face's grid
  std::vector<int8_t> vectors;  // marks on the frame, one vector a shift
};

// Shifts in steps of the vector's own grid.
struct Shift {
  int x, y;
};

// `vectorPxPerMm` is the resolution of the vectors. All vectors of a frame have one length, a multiple of 32, and as good as
// one norm, VECTOR_RMS times the root of their length: inner products can be compared.
std::vector<LaidFace> layOnFrame(const ToolFaceView& frame, const std::vector<ToolCandidate>& faces, const ToolSettings& s, double vectorPxPerMm, const std::vector<Shift>& shifts);

constexpr double VECTOR_RMS = 20;

struct GrownFrame {
  std::vector<int8_t> strokes[3];
  std::vector<uint8_t> walls;  // 255 where too few faces show anything, else 0
};

// Mean of the strokes of faces that were laid with `mappings`; where fewer than `share` of them show anything, nothing is known.
GrownFrame growFrame(const ToolFaceView& frame, const std::vector<ToolFaceView>& faces, const std::vector<Affine>& mappings, double share);

}  // namespace relievo
