// The logo field of one face: what a design leaves on every photograph of it, whatever the lamp,
// the rotation and the colour. Pure computation; extract.cc is its door to JavaScript.
#pragma once

#include <cstdint>
#include <vector>

namespace relievo {

// Lengths are in units of the face's equivalent radius r = sqrt(area / pi). Values and their
// reasons are in src/features/parameters.ts.
struct FieldSettings {
  int grid;                // cells along one side of the square field
  double halfSpan;         // the field covers -halfSpan .. halfSpan in x and y
  double workRadiusPx;     // pixels of the working picture per r
  double darkOffset;       // added before the logarithm, grey levels
  double gradientSigma;    // scale of the derivative
  double tensorSigma;      // scale over which orientations are averaged
  double noiseFloor;       // regularises the coherence, as a fraction of the face's mean energy
  double calmShare;        // share of the face, the calmest, that is taken for plain powder
  double grainFloor;       // energy that counts as noise, in energies of plain powder
  double reliefHalf;       // energy at which relief counts half, as a fraction of the mean energy
  double grainRelief;      // added to it, in energies of plain powder
  double reliefSigma;      // relief is what stands out of its surroundings of this size
  double rimFrom, rimTo;   // weight rises from 0 to 1 between these distances from the outline
  int clippedLow, clippedHigh;  // grey levels at which nothing is known
  int outlineHarmonics;
};

struct FaceField {
  std::vector<int8_t> field;     // grid * grid * (real, imaginary, relief), 127 = 1
  std::vector<uint8_t> weight;   // grid * grid, 255 = 1
  std::vector<float> outline;    // magnitudes of the radius spectrum, harmonics 1.., per mean radius
  double radiusPx, centreX, centreY;  // in crop pixels
  double elongation;             // sqrt of the ratio of the outline's second moments, 0..1
  double scoreStrength, scoreAngleDeg;
  float lab[3];
  float light[2];                // the lamp's azimuth as a doubled angle, longer the more directed the light
  int workSize;
  std::vector<uint8_t> canonical;  // workSize^2, the working picture, for the trace
};

FaceField extractField(const uint8_t* rgb, const uint8_t* mask, int size, const FieldSettings& s);

}  // namespace relievo
