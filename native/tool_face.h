// A stored mark set, made ready for the registration: a few telling places of the face that is laid, every place of the
// face it is laid on.
#pragma once

#include <cstdint>
#include <vector>

#include "tool_types.h"

namespace relievo::tools {

constexpr int LEVELS = 3;

// The places of one band of strokes where it is steepest: they say most about where they lie.
struct Points {
  int count = 0;
  std::vector<float> x, y;    // in grid pixels
  std::vector<float> u, v;    // the same, -1..1 over the grid
  std::vector<float> relief, gx, gy;  // value, and slope a grid pixel
};

// One band of strokes as squares of four neighbours, a byte each, 128 for no relief; 0 where one of the four is not known.
struct Squares {
  int size = 0, stride = 1;
  std::vector<uint32_t> cells;
};

// Memory that one face leaves to the next.
struct Planes {
  std::vector<uint8_t> bytes;
  std::vector<int16_t> slopeX, slopeY;
  std::vector<uint16_t> steepness;
  std::vector<int> columns;
};

// `most` places are wanted, of every `sample`-th cell.
void pointsOf(const ToolFaceView& v, int level, int most, int sample, Planes& k, Points& out);
void squaresOf(const ToolFaceView& v, int level, Planes& k, Squares& out);

}  // namespace relievo::tools
