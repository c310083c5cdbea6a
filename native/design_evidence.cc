#include "design_evidence.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace relievo::pose {
namespace {

// What two fields share over one part of the face.
struct Part {
  float cross = 0, energyA = 0, energyB = 0;
};

// A photograph's light: the doubled angle of the lamp's azimuth, and how much it is one lamp.
struct Lamp {
  float re, im, share;
};

// `c2`, `s2`: the light seen in a frame turned by half that angle.
Lamp lampOf(const Face& f, const PoseSettings& s, float c2, float s2) {
  const float re = f.light[0] * c2 + f.light[1] * s2, im = f.light[1] * c2 - f.light[0] * s2;
  const float length = std::sqrt(re * re + im * im);
  if (length < 1e-6f) return {1, 0, 0};
  return {re / length, im / length, std::clamp((length - float(s.lampFrom)) / float(s.lampFull - s.lampFrom), 0.f, 1.f)};
}

// How much of a stroke another lamp can show. The slope it lights goes with cos^2 of the angle
// between lamp and slope; the field grows less than its energy, and saturates.
inline float seen(const V4& q, const Lamp& lamp) {
  const float length = std::sqrt(q[0] * q[0] + q[1] * q[1]);
  if (length < 1e-4f) return 1;
  const float c = 0.5f + 0.5f * (q[0] * lamp.re + q[1] * lamp.im) / length;
  return 1 - lamp.share * std::min(1.f, length) * (1 - 2 * c / (1 + c));
}

// Agreement of the parts that agree worst, down to `share` of the energy. Two designs that differ
// in one stroke differ there wholly, while lamp and wear take a little everywhere.
double worstParts(const std::vector<Part>& parts, double energyA, double energyB, double share) {
  if (energyA <= 0 || energyB <= 0) return 0;
  const double gain = std::sqrt(energyB / energyA);  // brings both to one energy
  std::vector<std::pair<double, double>> ranked;     // agreement, energy
  double total = 0;
  for (const Part& p : parts) {
    const double energy = (gain * gain * p.energyA + p.energyB) / 2;
    if (energy <= 0) continue;
    ranked.push_back({gain * p.cross / energy, energy});
    total += energy;
  }
  std::sort(ranked.begin(), ranked.end());
  double used = 0, sum = 0;
  for (const auto& [agreement, energy] : ranked) {
    const double take = std::min(energy, share * total - used);
    if (take <= 0) break;
    used += take;
    sum += take * agreement;
  }
  return used > 0 ? sum / used : 0;
}

}  // namespace

RELIEVO_WIDE Evidence weigh(const Face& A, const Face& B, const PoseSettings& s, const Pose& p) {
  const int n = A.grid;
  const float cell = float(n / (2 * s.halfSpan)), half = n / 2.f - 0.5f;
  const float c = float(std::exp(p.logScale) * std::cos(p.rotation)), d = float(std::exp(p.logScale) * std::sin(p.rotation));
  const float c2 = float(std::cos(2 * p.rotation)), s2 = float(std::sin(2 * p.rotation));
  const Lamp lampA = lampOf(A, s, c2, s2), lampB = lampOf(B, s, 1, 0);
  const int side = std::max(1, int(std::lround(s.partSide * cell))), along = (n + side - 1) / side;
  std::vector<Part> parts(size_t(along) * along);
  float cross = 0, energyA = 0, energyB = 0, all = 0, hidden = 0, overlap = 0;
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      const V4 b = B.fine[y * n + x];
      if (b[2] <= 0) continue;
      const float bx = x - half, by = y - half;
      const float ax = c * bx - d * by + float(p.x) * cell + half, ay = d * bx + c * by + float(p.y) * cell + half;
      const int ix = int(ax), iy = int(ay);
      if (ax < 0 || ay < 0 || ix >= n - 1 || iy >= n - 1) continue;
      const float fx = ax - ix, fy = ay - iy;
      const V4* q = A.fine.data() + iy * n + ix;
      const V4 top = q[0] + (q[1] - q[0]) * fx, low = q[n] + (q[n + 1] - q[n]) * fx;
      const V4 at = top + (low - top) * fy;
      const float w = at[2] * b[2];
      if (w <= 0) continue;
      // A's orientation seen in B's frame
      const V4 a = {at[0] * c2 + at[1] * s2, at[1] * c2 - at[0] * s2, at[2], at[3]};
      const float seenA = seen(a, lampB), seenB = seen(b, lampA);
      const float squareA = w * (a[0] * a[0] + a[1] * a[1] + a[3] * a[3]), squareB = w * (b[0] * b[0] + b[1] * b[1] + b[3] * b[3]);
      const float shared = w * std::sqrt(seenA * seenB) * (a[0] * b[0] + a[1] * b[1] + a[3] * b[3]);
      Part& part = parts[(y / side) * along + x / side];
      part.cross += shared;
      part.energyA += seenA * squareA;
      part.energyB += seenB * squareB;
      cross += shared;
      energyA += seenA * squareA;
      energyB += seenB * squareB;
      all += squareA + squareB;
      hidden += (1 - seenA) * squareA + (1 - seenB) * squareB;
      overlap += w;
    }
  Evidence out;
  out.whole = cross / std::sqrt(std::max(1e-9f, energyA * energyB));
  out.worst = worstParts(parts, energyA, energyB, s.worstShare);
  out.hidden = all > 0 ? hidden / all : 0;
  out.overlap = overlap;
  return out;
}

double scoreOf(const Evidence& e, double offset) {
  if (e.overlap <= 0) return 0;
  const double agreement = std::clamp((e.whole + e.worst + offset) / (2 + offset), 0.0, 1.0);
  return agreement / (agreement + (1 - agreement) * (1 - e.hidden));
}

}  // namespace relievo::pose
