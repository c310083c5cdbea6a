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
  Layout(int n, int reach, int cell);
  Layout(const ToolFaceView& first, const ToolSettings& s);
  int side() const { return 2 * reach + 1; }
  int shifts() const { return side() * side(); }
};

// Sums over whole vectors are fastest where vectors begin.
struct alignas(32) Vector {
  static constexpr int COUNT = 16;
  int16_t v[COUNT];
};

// Shifts under which a cell is looked at: from `x0` to `x1`, both included, counted from the least.
struct Window {
  int x0, x1, y0, y1;
};

// Both faces' marks side by side.
struct Overlaid {
  std::vector<Vector> a, block;           // marks of the first face cell by cell; one cell's surroundings on the second
  std::vector<int16_t> b;                 // marks of the second row by row
  std::vector<std::pair<int, int>> rows;  // of each cell: the first that shows something, and the one after the last
  std::vector<Window> windows;            // of each cell
};

// Memory that one comparison leaves to the next.
struct Scratch {
  Overlaid fine, coarse;
  std::vector<int16_t> row, plane, thirds;  // one row of the first; the first row by row; the same on coarser places
  std::vector<std::pair<int, int>> spans;  // of each row of the first face: the first place that is known, and the one after the last
  std::vector<int32_t> at, nearest;       // of one row: places on the second face,
  std::vector<uint32_t> marks;            // what lies there,
  std::vector<uint8_t> walls;
  std::vector<float> fx, fy, weight, root, own, other;  // and what is made of it
  std::vector<float> order, map;    // for the score
};

// Marks of two faces under one mapping.
struct Marks {
  Affine mapping;
  double agreement = 0, energy = 0, areaMm2 = 0;
  double carrying = 0;       // how many cells carry the agreement: (sum of their parts)^2 / sum of the squares
  double carried = 0;        // the agreement, less what few cells alone carry
  int best = 0;              // the shift under which all cells together agree most
  std::vector<float> maps;   // [cell][shift]: sum over the cell of a(x) b(x + shift)
  std::vector<float> total;  // [shift], over all cells
  std::vector<float> ea, eb;  // energy of each cell
  std::vector<float> known;  // weight of each place; only for a comparison in detail
};

// Every cell under every shift of its window, as `maps`, and the energies of the cells.
void correlate(const Layout& l, Overlaid& o, Marks& out);

// Before the first mapping of a pair.
void spansOf(const ToolFaceView& first, Scratch& k);

// Lays the second face on the first, whose spans are in `k`.
void overlayMarks(const ToolFaceView& first, const ToolFaceView& second, const ToolSettings& s, const Affine& m, bool detail, Scratch& k, Marks& out);

float median(std::vector<float>& values);  // changes their order

}  // namespace relievo::tools
