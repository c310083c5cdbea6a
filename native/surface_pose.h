// In which poses do two surfaces lie on each other? Every rotation, every shift.
#pragma once

#include <cstdint>
#include <vector>

namespace relievo {

// Values and reasons: src/comparison/surface-parameters.ts.
struct SurfaceSearch {
  int rotations;          // steps of the full circle
  double leastOverlap;    // share of the smaller surface that both must show
  int keep;               // poses that are handed on
  double apartDeg;        // poses that differ by less in rotation and by less than `apart` cells in shift are one
  double apart;
};

struct SurfaceView {
  int size;               // side of the relief
  int stride;             // cells of the full grid a cell of the relief
  int fullSize;
  const int8_t* relief;
  const uint8_t* walls;   // on the full grid, 255 where nothing is known
};

struct SurfacePose {
  double rotationDeg;     // candidate -> probe, from x towards y
  double x, y;            // where the candidate's middle lies from the probe's, in cells of the full grid
  double agreement;       // correlation of what both show, -1..1
  double overlap;         // share of the smaller surface
};

// The best first.
std::vector<SurfacePose> surfacePoses(const SurfaceView& probe, const SurfaceView& candidate, const SurfaceSearch& s);

}  // namespace relievo
