// The fine marks of two registered faces, laid on each other and shifted: how far they agree, cell by cell and as a whole.
#pragma once

#include <cstdint>
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

// Memory that one comparison leaves to the next.
struct Scratch {
  std::vector<int16_t> a, b, block, row;  // marks of the first face cell by cell, of the second row by row; one cell's surroundings; one row
  std::vector<int32_t> at;                // of one row: places on the second face,
  std::vector<uint32_t> marks, walls;     // what lies there,
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

void overlayMarks(const ToolFaceView& first, const ToolFaceView& second, const ToolSettings& s, const Affine& m, bool detail, Scratch& k, Marks& out);

float median(std::vector<float>& values);  // changes their order

}  // namespace relievo::tools
