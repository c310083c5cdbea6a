// The fine marks of two registered faces, laid on each other and shifted: how far they agree, cell by cell and as a whole.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "tool_types.h"

namespace relievo::tools {

// Where cells lie in memory. Marks become whole numbers of 16 bits, rows of a cell whole vectors.
struct Layout {
  int n, reach, cell, across;  // pixels; cells a side
  int padded, wide;            // numbers a row of a cell (0 beyond the cell), and of the second face with its border of `reach`
  int unit;                    // what marks are multiplied by: as much as keeps the sums over a cell within 32 bits
  Layout(const ToolFaceView& first, const ToolSettings& s);
};

// Sums over whole vectors are fastest where vectors begin.
struct alignas(32) Vector {
  static constexpr int COUNT = 16;
  int16_t v[COUNT];
};

// Memory that one comparison leaves to the next.
struct Scratch {
  std::vector<Vector> a, block;           // marks of the first face cell by cell; one cell's surroundings on the second
  std::vector<int16_t> b, row;            // marks of the second row by row; one row of the first
  std::vector<std::pair<int, int>> spans;  // of each row of the first face: the first place that is known, and the one after the last
  std::vector<std::pair<int, int>> rows;  // of each cell: the first that shows something, and the one after the last
  std::vector<int32_t> at, nearest;       // of one row: places on the second face,
  std::vector<uint32_t> marks;            // what lies there,
  std::vector<uint8_t> walls;
  std::vector<float> fx, fy, weight, root, own, other;  // and what is made of it
  std::vector<float> order, map, even;    // for the score
};

// Marks of two faces under one mapping.
struct Marks {
  Affine mapping;
  double agreement = 0, energy = 0, areaMm2 = 0;
  int best = 0;              // the shift under which all cells together agree most
  std::vector<float> maps;   // [cell][shift]: sum over the cell of a(x) b(x + shift)
  std::vector<float> total;  // [shift], over all cells
  std::vector<float> ea, eb;  // energy of each cell
  std::vector<float> known;  // weight of each place; only for a comparison in detail
};

// Before the first mapping of a pair.
void spansOf(const ToolFaceView& first, Scratch& k);

// Lays the second face on the first, whose spans are in `k`.
void overlayMarks(const ToolFaceView& first, const ToolFaceView& second, const ToolSettings& s, const Affine& m, bool detail, Scratch& k, Marks& out);

float median(std::vector<float>& values);  // changes their order

}  // namespace relievo::tools
