// The signed relief of a face: what one lamp tells of heights, with the walls of the design kept apart from fine marks.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace relievo {

// For several photographs of one face. Values and reasons: src/features/light-parameters.ts.
struct LightSettings {
  double unmoved, unmovedAgreement, still;
  int photometricFrom;
  double shadow, clippedFrom, slopeNoise;
};

// Lengths in mm of the working scale. Values and reasons: src/features/mark-parameters.ts.
struct MarkSettings : LightSettings {
  double pxPerMm;             // of the grid
  double darkOffset;
  double shadeSigma;          // shading coarser than this is taken away
  double rim;                 // depth of the bevel where none shows
  double rimLeast, rimMost, rimMargin;  // of the bevel that is found, and what is left out beside it
  double plain;               // the brightest ring of the bevel lies, and the plain face is measured from, this far inside the outline
  double normalSigma;
  double bevelShare;          // of the bevel in the azimuth, beside the grain
  double occlusion;           // part of the light that comes from all sides, in units of the bevel's contrast
  double noise;               // share of the strongest transfer below which a direction of relief is not restored
  double strokeFine[3], strokeCoarse[3];  // band of each level, sigmas
  double strokeStride[3];     // grid steps of a level
  double strokeSpread;        // of the local contrast by which strokes are divided
  double strokeFloor, strokeClip;
  double planeFine, planeCoarse, planeClip, planeWalls;  // what the network sees
  double markFine, markCoarse, markSpread, markCoarsest, markFloor, markClip;
  double wallFine, wallCoarse, wallSpread;
  double fullOfStrokes, firmness;  // share of the face that walls leave free below which they are masked more firmly, and how much
};

// A photograph of the face; all of one face have one crop.
struct MarkPhotograph {
  const uint8_t* rgb;
  float light[2];     // axis of the lamp as a doubled angle (extract)
  double azimuthDeg;  // where the lamp stands, from the crop's right towards its bottom; NaN: to be read from the photograph
};

struct LampReading {
  double azimuthDeg;
  double bevelContrast;  // amplitude of the bevel's brightness around the face, natural logarithm: how raking the light is
  double axisDeg, bevelDeg;  // the two estimates the azimuth was made of
};

constexpr int STROKE_LEVELS = 3;

struct StrokeLevel {
  int size = 0, stride = 1;
  std::vector<int8_t> relief;  // 127 = strokeClip times the local contrast
};

struct MarkField {
  int size = 0;                 // side of the grid
  std::vector<LampReading> lamps;  // one a photograph
  bool photometric = false;     // relief from slopes, pixel by pixel
  StrokeLevel strokes[STROKE_LEVELS];
  std::vector<int8_t> marks;    // 127 = markClip; ridges are positive
  std::vector<float> planes;    // what the network saw (marks_network.h), where that is asked for
  std::vector<uint8_t> walls;   // energy of the design's walls over its mean, 32 = 1; 255 outside of what is read
};

// `perCrop` grid pixels a crop pixel, `cx, cy` the crop pixel that lies in the middle of the grid.
MarkField markField(const std::vector<MarkPhotograph>& photographs, const uint8_t* mask, int cropSize, double cx, double cy, double perCrop, const MarkSettings& s, bool wantPlanes = false);

}  // namespace relievo
