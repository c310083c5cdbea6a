#include "tool_face.h"

#include <algorithm>
#include <cstdlib>

#include "design_types.h"

namespace relievo::tools {
namespace {

constexpr int NOUGHT = 128;        // byte of no relief: stored values run from -127 to 127, so that 0 is free for "not known"
constexpr int STEEPEST = 4 * 254;  // of Sobel's sums on bytes, along one axis

inline __attribute__((always_inline)) void bytesOfRow(const uint8_t* wall, const int8_t* z, int n, int stride, uint8_t* to) {
  for (int x = 0; x < n; x++) to[x] = uint8_t((z[x] + NOUGHT) & (wall[x * stride] == NOT_KNOWN ? 0 : 255));
}

// The band in bytes; returns its side. The usual strides by name, for loops that are widened.
RELIEVO_WIDE int bytesOf(const ToolFaceView& v, int level, std::vector<uint8_t>& out) {
  const int stride = v.stride[level], n = (v.size + stride - 1) / stride;
  out.resize(size_t(n) * n);
  for (int y = 0; y < n; y++) {
    const uint8_t* wall = v.walls + size_t(y) * stride * v.size;
    const int8_t* z = v.strokes[level] + size_t(y) * n;
    uint8_t* to = out.data() + size_t(y) * n;
    if (stride == 1) bytesOfRow(wall, z, n, 1, to);
    else if (stride == 2) bytesOfRow(wall, z, n, 2, to);
    else if (stride == 3) bytesOfRow(wall, z, n, 3, to);
    else bytesOfRow(wall, z, n, stride, to);
  }
  return n;
}

// Sobel's sums of the inner cells of one row, and their steepness where all nine are known; 0 elsewhere.
RELIEVO_WIDE void slopes(const uint8_t* up, const uint8_t* at, const uint8_t* low, int n, int16_t* __restrict toX, int16_t* __restrict toY, uint16_t* __restrict to) {
  for (int x = 1; x < n - 1; x++) {
    const int16_t a = up[x - 1], b = up[x], c = up[x + 1], d = at[x - 1], e = at[x + 1], f = low[x - 1], g = low[x], h = low[x + 1];
    const int16_t gx = int16_t((c - a) + 2 * (e - d) + (h - f)), gy = int16_t((f - a) + 2 * (g - b) + (h - c));
    const int16_t ax = int16_t(gx < 0 ? -gx : gx), ay = int16_t(gy < 0 ? -gy : gy);
    const int16_t known = int16_t((a != 0) & (b != 0) & (c != 0) & (d != 0) & (e != 0) & (f != 0) & (g != 0) & (h != 0) & (at[x] != 0));
    toX[x] = gx;
    toY[x] = gy;
    to[x] = uint16_t(int16_t(ax + ay) & int16_t(-known));
  }
}

RELIEVO_WIDE void squares(const uint8_t* at, const uint8_t* low, int n, uint32_t* to) {
  for (int x = 0; x < n - 1; x++) {
    const uint32_t a = at[x], b = at[x + 1], c = low[x], d = low[x + 1];
    const uint32_t known = (a != 0) & (b != 0) & (c != 0) & (d != 0);
    to[x] = (a | b << 8 | c << 16 | d << 24) & (0u - known);
  }
  to[n - 1] = 0;
}

}  // namespace

void pointsOf(const ToolFaceView& v, int level, int most, int sample, Planes& k, Points& out) {
  const int n = bytesOf(v, level, k.bytes), stride = v.stride[level];
  const uint8_t* z = k.bytes.data();
  for (auto* p : {&k.slopeX, &k.slopeY}) p->resize(size_t(n) * n);
  k.steepness.resize(size_t(n) * n);
  int histogram[2 * STEEPEST + 1] = {};
  for (int y = 1; y < n - 1; y += sample) {
    const size_t row = size_t(y) * n;
    uint16_t* steep = k.steepness.data() + row;
    slopes(z + row - n, z + row, z + row + n, n, k.slopeX.data() + row, k.slopeY.data() + row, steep);
    for (int x = 1; x < n - 1; x += sample)
      if (steep[x] > 0) histogram[steep[x]]++;
  }
  int limit = 2 * STEEPEST, kept = 0;
  for (; limit > 1 && kept + histogram[limit] <= most; limit--) kept += histogram[limit];
  limit++;
  for (auto* p : {&out.x, &out.y, &out.u, &out.v, &out.relief, &out.gx, &out.gy}) p->resize(kept);
  out.count = kept;
  k.columns.resize(n);
  const float perHalf = 2.f / v.size, slope = 0.125f / stride;
  float *px = out.x.data(), *py = out.y.data(), *u = out.u.data(), *pv = out.v.data(), *relief = out.relief.data(), *gx = out.gx.data(), *gy = out.gy.data();
  for (int y = 1; y < n - 1; y += sample) {
    const size_t row = size_t(y) * n;
    const uint16_t* steep = k.steepness.data() + row;
    int* columns = k.columns.data(), found = 0;
    for (int x = 1; x < n - 1; x += sample) {  // without a branch: nothing foretells which cells are steep
      columns[found] = x;
      found += steep[x] >= limit;
    }
    for (int i = 0; i < found; i++) {
      const int x = columns[i];
      const size_t at = row + x;
      *px++ = float(x * stride);
      *py++ = float(y * stride);
      *u++ = float(x * stride) * perHalf - 1;
      *pv++ = float(y * stride) * perHalf - 1;
      *relief++ = float(z[at] - NOUGHT);
      *gx++ = slope * float(k.slopeX[at]);
      *gy++ = slope * float(k.slopeY[at]);
    }
  }
}

void squaresOf(const ToolFaceView& v, int level, Planes& k, Squares& out) {
  const int n = bytesOf(v, level, k.bytes);
  out.size = n;
  out.stride = v.stride[level];
  out.cells.resize(size_t(n) * n);
  std::fill(out.cells.end() - n, out.cells.end(), 0u);
  for (int y = 0; y < n - 1; y++) squares(k.bytes.data() + size_t(y) * n, k.bytes.data() + size_t(y + 1) * n, n, out.cells.data() + size_t(y) * n);
}

}  // namespace relievo::tools
