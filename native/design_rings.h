// Rings of a face as spectra over angle: what turns a rotation into a product.
#pragma once

#include <cstdint>
#include <vector>

#include "design_face.h"
#include "design_fft.h"

namespace relievo::pose {

constexpr int RINGS = 16;
constexpr int SAMPLES = ANGLES * RINGS;

// Radii, their shares of the area, and the directions of the samples.
struct Rings {
  float radius[RINGS], area[RINGS], cosine[ANGLES], sine[ANGLES], c2[ANGLES], s2[ANGLES];
  explicit Rings(const PoseSettings& s);
};

// Where the rings lie on a face: shift in equivalent radii, and scale.
struct Variant {
  float x, y, scale;
};

// The rings of a face about (x, y): field relative to the radial direction, as spectra over angle.
// Layout of the result: [ring][frequency], six planes: field, energy-and-weight and relief, re and im each.
struct Spectrum {
  float fr[SAMPLES], fi[SAMPLES], er[SAMPLES], ei[SAMPLES], hr[SAMPLES], hi[SAMPLES];
};

struct Scratch {
  float a[SAMPLES], b[SAMPLES], c[SAMPLES], d[SAMPLES], t[SAMPLES], u[SAMPLES], e[SAMPLES], z[SAMPLES];
};

// Cells under the samples [angle][ring] of one variant; the empty cell where it leaves the field.
std::vector<int32_t> sampleCells(const Rings& g, const PoseSettings& s, const Variant& v);

// `reference` puts the ring areas in and swaps energy and weight, so that the real part of the
// product of an expanded and a reference spectrum is (energy A x weight B + weight A x energy B).
void ringSpectrum(const Face& f, const Rings& g, const PoseSettings& s, const int32_t* cells, bool reference,
                  Scratch& k, Spectrum& out);

}  // namespace relievo::pose
