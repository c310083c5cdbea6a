#include "tool_marks.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "design_types.h"

namespace relievo::tools {
namespace {

constexpr uint8_t UNKNOWN[] = {NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN};

// What the second face shows around the places of one row of the first: marks of four neighbours, a byte each, and the
// wall of the nearest, which changes little from one to the next.
void gather(const ToolFaceView& B, Scratch& k, int from, int to) {
  const int32_t *at = k.at.data(), *nearest = k.nearest.data();
  const int8_t *upper = B.marks, *lower = B.marks + B.size;
  const uint8_t* there = B.walls;
  uint32_t* __restrict marks = k.marks.data();
  uint8_t* __restrict walls = k.walls.data();
  for (int x = from; x < to; x++) {
    uint16_t top, low;
    std::memcpy(&top, upper + at[x], 2);
    std::memcpy(&low, lower + at[x], 2);
    marks[x] = top | uint32_t(low) << 16;
    walls[x] = there[nearest[x]];
  }
}

RELIEVO_WIDE void places(const Affine& m, int side, int y, int from, int to, Scratch& k) {
  const float last = float(side - 2), m0 = float(m[0]), m3 = float(m[3]), x0 = float(m[1] * y + m[2]), y0 = float(m[4] * y + m[5]);
  int32_t *at = k.at.data(), *nearest = k.nearest.data();
  float *fx = k.fx.data(), *fy = k.fy.data();
#pragma omp simd
  for (int x = from; x < to; x++) {
    const float px = m0 * float(x) + x0, py = m3 * float(x) + y0;
    const float bx = smaller(larger(0.f, px), last), by = smaller(larger(0.f, py), last);  // no face reaches the grid's border
    const int ix = int(bx), iy = int(by);
    at[x] = iy * side + ix;
    nearest[x] = int(by + 0.5f) * side + int(bx + 0.5f);
    fx[x] = bx - float(ix);
    fy[x] = by - float(iy);
  }
}

// One row of both faces' marks on the first one's grid, without what walls explain; returns the weight of its places.
RELIEVO_WIDE float overlayRow(const uint8_t* wallA, const int8_t* marksA, float scale, float unit, int from, int to, Scratch& k, int16_t* rowA, int16_t* rowB) {
  const float *fx = k.fx.data(), *fy = k.fy.data();
  const uint32_t* marks = k.marks.data();
  const uint8_t* walls = k.walls.data();
  float *weight = k.weight.data(), *root = k.root.data(), *own = k.own.data(), *other = k.other.data();
  for (int x = from; x < to; x++) own[x] = float(larger(wallA[x], walls[x]));
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int x = from; x < to; x++) {
    const float wall = own[x] * scale, share = own[x] < NOT_KNOWN ? 1 / (1 + wall * wall) : 0.f;
    weight[x] = share;
    root[x] = std::sqrt(share) * unit;
    sum += share;
  }
#pragma omp simd
  for (int x = from; x < to; x++) {
    const uint32_t z = marks[x];
    const float z00 = float(int32_t(z << 24) >> 24), z10 = float(int32_t(z << 16) >> 24), z01 = float(int32_t(z << 8) >> 24), z11 = float(int32_t(z) >> 24);
    const float top = z00 + (z10 - z00) * fx[x], low = z01 + (z11 - z01) * fx[x];
    other[x] = (top + (low - top) * fy[x]) * root[x];
  }
  for (int x = from; x < to; x++) own[x] = float(marksA[x]);
  // to the nearest whole number; marks times the unit are less than half of 32768
  for (int x = from; x < to; x++) rowA[x] = int16_t(int(own[x] * root[x] + 16384.5f) - 16384);
  for (int x = from; x < to; x++) rowB[x] = int16_t(int(other[x] + 16384.5f) - 16384);
  return sum;
}

// Both faces' marks side by side; returns the weight of all places.
double overlay(const ToolFaceView& A, const ToolFaceView& B, const Affine& m, float wallHalf, const Layout& l, Scratch& k, float* known) {
  Overlaid& o = k.fine;
  o.a.resize(size_t(l.across) * l.across * l.cell * l.padded / Vector::COUNT);
  o.rows.assign(size_t(l.across) * l.across, {l.cell, 0});
  o.windows.assign(size_t(l.across) * l.across, {0, 2 * l.reach, 0, 2 * l.reach});
  o.b.resize(size_t(l.wide) * l.wide + Vector::COUNT);
  k.plane.resize(size_t(l.n) * l.n);
  for (auto* row : {&k.at, &k.nearest}) row->resize(l.n);
  for (auto* row : {&k.fx, &k.fy, &k.weight, &k.root, &k.own, &k.other}) row->resize(l.n);
  k.marks.resize(l.n);
  k.walls.resize(l.n);
  k.row.resize(l.wide);
  std::fill(o.b.begin(), o.b.begin() + size_t(l.reach) * l.wide, int16_t(0));
  std::fill(o.b.end() - size_t(l.reach) * l.wide - Vector::COUNT, o.b.end(), int16_t(0));
  double sum = 0;
  for (int y = 0; y < l.across * l.cell; y++) {
    const auto [from, to] = y < l.n ? k.spans[y] : std::make_pair(0, 0);
    int16_t *rowA = k.row.data(), *rowB = o.b.data() + size_t(y + l.reach) * l.wide;
    std::fill(k.row.begin(), k.row.end(), int16_t(0));
    std::fill_n(rowB, l.wide, int16_t(0));
    if (from < to) {
      const size_t at = size_t(y) * l.n;
      places(m, B.size, y, from, to, k);
      gather(B, k, from, to);
      sum += overlayRow(A.walls + at, A.marks + at, 1 / (WALL_UNIT * wallHalf), float(l.unit), from, to, k, rowA, rowB + l.reach);
      if (known) std::copy(k.weight.begin() + from, k.weight.begin() + to, known + at + from);
    }
    if (y < l.n) std::copy_n(rowA, l.n, k.plane.data() + size_t(y) * l.n);
    for (int c = 0; c < l.across; c++) {
      int16_t* row = o.a.data()->v + (size_t(y / l.cell * l.across + c) * l.cell + y % l.cell) * l.padded;
      std::copy_n(rowA + c * l.cell, l.cell, row);
      std::fill(row + l.cell, row + l.padded, int16_t(0));
      if (to <= c * l.cell || from >= (c + 1) * l.cell) continue;
      auto& [first, end] = o.rows[y / l.cell * l.across + c];
      first = std::min(first, y % l.cell);
      end = y % l.cell + 1;
    }
  }
  return sum;
}

inline __attribute__((always_inline)) int32_t product(const int16_t* a, const int16_t* b, int count) {
  int32_t sum = 0;
  for (int i = 0; i < count; i++) sum += int32_t(a[i]) * b[i];
  return sum;
}

// One part of the first face with four of the second, `step` numbers apart, so that it is read once.
inline __attribute__((always_inline)) void products(const int16_t* a, const int16_t* b, int step, int count, int32_t out[4]) {
  const int16_t *b1 = b + step, *b2 = b1 + step, *b3 = b2 + step;
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (int i = 0; i < count; i++) {
    const int32_t v = a[i];
    s0 += v * b[i];
    s1 += v * b1[i];
    s2 += v * b2[i];
    s3 += v * b3[i];
  }
  out[0] = s0;
  out[1] = s1;
  out[2] = s2;
  out[3] = s3;
}

}  // namespace

// For every shift along x the other face's part of a cell, and what lies beside it, which the first face's 0 cancels, is
// copied side by side, so that each sum runs through memory without a gap; only rows between the first and the last that
// show something are read.
RELIEVO_WIDE void correlate(const Layout& l, Overlaid& k, Marks& out) {
  const int side = l.side(), padded = l.padded, wide = l.wide, size = l.cell * padded;
  constexpr int FOUR = 4;
  out.maps.assign(size_t(l.across) * l.across * l.shifts(), 0.f);
  out.ea.assign(size_t(l.across) * l.across, 0.f);
  out.eb.assign(size_t(l.across) * l.across, 0.f);
  k.block.assign(size_t(l.cell + 2 * l.reach + FOUR) * padded / Vector::COUNT, {});
  int16_t* block = k.block.data()->v;
  for (int c = 0; c < l.across * l.across; c++) {
    const int16_t* a = k.a.data()->v + size_t(c) * size;
    const auto [first, end] = k.rows[c];
    if (first >= end) continue;
    a += size_t(first) * padded;
    const Window w = k.windows[c];
    const int count = (end - first) * padded, rows = end - first + 2 * l.reach;
    out.ea[c] = float(product(a, a, count));
    const int16_t* b = k.b.data() + size_t(c / l.across * l.cell + first) * wide + c % l.across * l.cell;
    float* map = out.maps.data() + size_t(c) * side * side;
    for (int dx = w.x0; dx <= w.x1; dx++) {
      for (int y = w.y0; y < end - first + w.y1; y++)
        for (int x = 0; x < padded; x += Vector::COUNT) std::memcpy(block + size_t(y) * padded + x, b + size_t(y) * wide + dx + x, sizeof(Vector));
      for (int dy = w.y0; dy <= w.y1; dy += FOUR) {
        int32_t sums[FOUR];
        products(a, block + size_t(dy) * padded, padded, count, sums);
        for (int d = dy; d < std::min(w.y1 + 1, dy + FOUR); d++) map[d * side + dx] = float(sums[d - dy]);
      }
    }
    int32_t energy = 0;
    for (int y = l.reach; y < rows - l.reach; y++) energy += product(b + size_t(y) * wide + l.reach, b + size_t(y) * wide + l.reach, l.cell);
    out.eb[c] = float(energy);
  }
}

Layout::Layout(int n, int reach, int cell) : n(n), reach(reach), cell(cell), across((n + cell - 1) / cell), padded((cell + 15) / 16 * 16), wide(across * cell + 2 * reach), unit(std::max(1, 46340 / (127 * cell))) {}

Layout::Layout(const ToolFaceView& first, const ToolSettings& s) : Layout(first.size, int(std::lround(s.reach * s.pxPerMm)), int(std::lround(s.cell * s.pxPerMm))) {}

void spansOf(const ToolFaceView& first, Scratch& k) {
  const int n = first.size;
  k.spans.resize(n);
  for (int y = 0; y < n; y++) {
    const uint8_t* walls = first.walls + size_t(y) * n;
    auto& [from, to] = k.spans[y];
    const auto eightUnknown = [&](int x) { return std::memcmp(walls + x, UNKNOWN, sizeof UNKNOWN) == 0; };
    for (from = 0; from + 8 <= n && eightUnknown(from);) from += 8;
    for (; from < n && walls[from] == NOT_KNOWN;) from++;
    for (to = n; to - 8 >= from && eightUnknown(to - 8);) to -= 8;
    for (; to > from && walls[to - 1] == NOT_KNOWN;) to--;
  }
}

void overlayMarks(const ToolFaceView& A, const ToolFaceView& B, const ToolSettings& s, const Affine& m, bool detail, Scratch& k, Marks& out) {
  const Layout l(A, s);
  const int cells = l.across * l.across, shifts = l.shifts();
  if (detail) out.known.assign(size_t(l.n) * l.n, 0.f);
  // 1 marks of both on one grid
  out.mapping = m;
  out.areaMm2 = overlay(A, B, m, float(s.wallHalf), l, k, detail ? out.known.data() : nullptr) / (s.pxPerMm * s.pxPerMm);
  // 2 every cell's agreement under every shift
  correlate(l, k.fine, out);
  // 3 all cells under one common shift, above a share of what the other shifts give
  out.total.assign(shifts, 0.f);
  double ea = 0, eb = 0;
  for (int c = 0; c < cells; c++) {
    ea += out.ea[c];
    eb += out.eb[c];
    for (int i = 0; i < shifts; i++) out.total[i] += out.maps[size_t(c) * shifts + i];
  }
  out.energy = std::sqrt(ea * eb);
  out.best = int(std::max_element(out.total.begin(), out.total.end()) - out.total.begin());
  k.order = out.total;
  out.agreement = out.energy > 0 ? (out.total[out.best] - s.surroundings * median(k.order)) / out.energy : 0;
  // 4 how many cells carry it
  double sum = 0, squares = 0;
  for (int c = 0; c < cells; c++) {
    if (out.ea[c] == 0) continue;
    const float* map = out.maps.data() + size_t(c) * shifts;
    k.order.assign(map, map + shifts);
    const double part = std::max(0.0, map[out.best] - s.surroundings * median(k.order));
    sum += part;
    squares += part * part;
  }
  out.carrying = squares > 0 ? sum * sum / squares : 0;
  out.carried = out.agreement > 0 && squares > 0 ? out.agreement * (1 - (1 - out.agreement) * s.fewCells / (out.carrying + s.fewCells)) : 0;
}

float median(std::vector<float>& values) {
  const auto middle = values.begin() + values.size() / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace relievo::tools
