#include "press_rays.h"

#include <algorithm>
#include <cmath>

namespace relievo::press {
namespace {

constexpr int kBlockBits = 3, kBlock = 1 << kBlockBits;

__attribute__((target_clones("avx2", "default"))) float aimRow(const View& view, float face, float per, int n, const float* px, const float* py, float* __restrict sx, float* __restrict sy, float* __restrict x0, float* __restrict y0, float* __restrict stops) {
  float halfWidth = 0.5f * static_cast<float>(view.camera.width), halfHeight = 0.5f * static_cast<float>(view.camera.height), f = view.camera.focal, most = 0;
  Vec3 forward = view.forward, right = view.right, up = view.up, eye = view.eye;
  for (int i = 0; i < n; ++i) {
    float a = px[i] - halfWidth, b = halfHeight - py[i];
    float dx = forward.x * f + right.x * a + up.x * b, dy = forward.y * f + right.y * a + up.y * b, dz = forward.z * f + right.z * a + up.z * b;
    sx[i] = dx / dz;
    sy[i] = dy / dz;
    x0[i] = eye.x - eye.z * sx[i];
    y0[i] = eye.y - eye.z * sy[i];
    float ax = std::abs(sx[i]), ay = std::abs(sy[i]), drift = (ax < ay ? ay : ax) * face * per;
    stops[i] = static_cast<float>(static_cast<int>(drift / (kBlock - 2)) + 1);
  }
  for (int i = 0; i < n; ++i) most = stops[i] > most ? stops[i] : most;
  return most;
}

// One stop of every ray on its way up.
__attribute__((target_clones("avx2", "default"))) void reachRow(const float* least, const float* most, int blocks, int width, int height, float left, float topmost, float per, float face, float stop, int n, const float* sx, const float* sy, const float* x0,
                                                                const float* y0, const float* stops, float* __restrict low, float* __restrict top) {
  for (int i = 0; i < n; ++i) {
    float z = face * (stop < stops[i] ? stop : stops[i]) / stops[i];  // a ray that has fewer waits at its last
    int c = static_cast<int>((x0[i] + z * sx[i] - left) * per), r = static_cast<int>((topmost - (y0[i] + z * sy[i])) * per);
    c = c < 0 ? 0 : c > width - 1 ? width - 1 : c;
    r = r < 0 ? 0 : r > height - 1 ? height - 1 : r;
    int at = (r >> kBlockBits) * blocks + (c >> kBlockBits);
    low[i] = least[at] < low[i] ? least[at] : low[i];
    top[i] = most[at] > top[i] ? most[at] : top[i];
  }
}

}  // namespace

Bounds::Bounds(const Field& f) : width((f.width + kBlock - 1) / kBlock), height((f.height + kBlock - 1) / kBlock) {
  for (int r = 0; r < height; ++r)
    for (int c = 0; c < width; ++c) {
      int r0 = std::max(0, r * kBlock - 2), r1 = std::min(f.height, (r + 1) * kBlock + 2);
      int c0 = std::max(0, c * kBlock - 2), c1 = std::min(f.width, (c + 1) * kBlock + 2);
      float lo = 1e9f, hi = -1e9f;
      for (int j = r0; j < r1; ++j) {
        const float* z = f.z[j];
        for (int i = c0; i < c1; ++i) lo = std::min(lo, z[i]), hi = std::max(hi, z[i]);
      }
      least.push_back(lo);
      most.push_back(hi);
    }
}

void aimRays(const View& view, const Field& field, const Bounds& bounds, Rays& rays, int n) {
  float per = 1 / field.cell;
  float face = view.camera.faceZ;
  float most = aimRow(view, face, per, n, rays.px.data(), rays.py.data(), rays.sx.data(), rays.sy.data(), rays.x0.data(), rays.y0.data(), rays.stops.data());
  std::fill(rays.low.begin(), rays.low.end(), 1e9f);
  std::fill(rays.top.begin(), rays.top.end(), -1e9f);
  for (float stop = 0; stop <= most; ++stop)
    reachRow(bounds.least.data(), bounds.most.data(), bounds.width, field.width, field.height, field.left, field.top, per, face, stop, n, rays.sx.data(), rays.sy.data(), rays.x0.data(), rays.y0.data(), rays.stops.data(), rays.low.data(), rays.top.data());
}

}  // namespace relievo::press
