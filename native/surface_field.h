// Heights of a scanned surface -> levelled relief in bands of wavelengths, on the grid that tools are compared on.
#pragma once

#include <cstdint>
#include <vector>

namespace relievo {

constexpr int SURFACE_BANDS = 4;  // three of strokes, one of fine marks

// Lengths in mm on the surface. Values and reasons: src/features/surface-parameters.ts.
struct SurfaceSettings {
  double gridPerMm;
  double tallest;                          // heights farther from the middle one are codes for no value
  double outlier;                          // departure from the form, in robust deviations, from which a height is a spike
  double form;                             // cut-off of the form that spikes are told from
  double rim;                              // left out beside what was not measured
  double shortest[SURFACE_BANDS], longest[SURFACE_BANDS];  // cut-off wavelengths of each band
  int stride[SURFACE_BANDS];
  double spread[SURFACE_BANDS];            // cut-off of the surroundings by whose roughness a band is divided
  double floor[SURFACE_BANDS];             // least roughness to divide by, over the usual one
  double clip[SURFACE_BANDS];              // a band counts no further than this, in local roughnesses
};

struct SurfaceField {
  int size = 0;                            // side of the grid
  double areaMm2 = 0;                      // measured
  double roughnessUm = 0;                  // root mean square of the band of fine marks
  std::vector<int8_t> bands[SURFACE_BANDS];  // 127 = clip local roughnesses; every stride-th cell
  std::vector<uint8_t> walls;              // 0 where the surface is known, 255 where not
};

// `heights` in metres row by row, NaN where nothing was measured; steps in mm.
SurfaceField surfaceField(const double* heights, int width, int height, double stepX, double stepY, const SurfaceSettings& s);

}  // namespace relievo
