// The rays of a camera over a height field, and between which heights each may meet it.
#pragma once

#include <vector>

#include "press.h"

namespace relievo::press {

// Least and greatest height of a field, block by block. Each block reaches two cells into its neighbours, for a ray that
// runs along its edge.
struct Bounds {
  int width, height;
  std::vector<float> least, most;
  explicit Bounds(const Field& f);
};

// Some rays of the camera: where each meets height 0, its lateral steps for one mm of height, and the
// least and greatest height of the blocks it passes.
struct Rays {
  std::vector<float> px, py, sx, sy, x0, y0, stops, low, top;
  explicit Rays(size_t n) : px(n), py(n), sx(n), sy(n), x0(n), y0(n), stops(n), low(n), top(n) {}
};

// Makes the rays of the first n places on the picture (px, py) ready.
void aimRays(const View& view, const Field& field, const Bounds& bounds, Rays& rays, int n);

}  // namespace relievo::press
