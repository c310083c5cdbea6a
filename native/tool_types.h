// Settings and data that the units of the tool comparison share.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace relievo {

// Lengths in mm of the working scale. Values and reasons: src/comparison/tool-parameters.ts.
struct ToolSettings {
  double pxPerMm;
  int iterations[3];     // of the registration, on each band of strokes
  int points[3];         // places of a band that are registered
  int sample[3];         // every how manieth cell may be one
  double doubt;          // residual, in root mean squares, at which a cell counts half
  double stretch;        // of a mapping, as tilt makes it (standard deviation)
  double scaleError;     // of both scales together, as a share (standard deviation)
  double alike;          // neighbouring places of strokes that tell one thing
  double stiffness;      // how far the affine part is held back
  double longestStep;    // of one iteration
  double rival;          // agreement of strokes, over that of the best pose, from which a pose is followed
  double elsewhereFrom;  // poses that differ by more within the face lie elsewhere
  double same[3];        // poses that differ less within the face are one, once a band of strokes is registered
  double wallHalf;       // energy of the walls, over its mean, at which a mark counts half
  double surroundings;   // share of the agreement in other shifts that is taken off
  double reach;          // how far the marks may lie from where the strokes put them
  double cell;           // side of a cell
  double fewCells;       // so many cells carry half of what an agreement is worth
  double nearTurn, nearShift;  // how far from the strokes' place the marks are looked for: degrees and mm
  double nearGain;       // by how much they must agree better there, over all cells alike
};

constexpr float WALL_UNIT = 32;  // of the stored walls: 32 is the mean of the face,
constexpr uint8_t NOT_KNOWN = 255;  // and 255 where nothing is known

struct ToolFaceView {
  int size;
  double unit;           // crop sides a grid pixel
  double centre[2];      // place of the grid's middle in the crop, in crop sides from the crop's middle
  const int8_t* strokes[3];
  int stride[3];
  const int8_t* marks;
  const uint8_t* walls;  // 255 where nothing is known
};

// Lays the candidate's crop on the probe's: u(probe) = shift + scale * R(rotation) * u(candidate), in crop sides.
struct CropPose {
  double rotationDeg, shiftX, shiftY, scale;
};

// Where a place of one grid lies on another: (x, y) -> (m0 x + m1 y + m2, m3 x + m4 y + m5).
typedef std::array<double, 6> Affine;

struct ToolCell {
  int x = 0, y = 0;          // column and row
  float agreement = 0;       // at the common place, -1..1
  float own = 0;             // the best within reach
  float ownX = 0, ownY = 0;  // where that is, mm from the common place
  float known = 0;           // share of the cell that both show outside of walls
  float energy = 0;          // of the marks of both, over the usual one
};

// What one of the poses that were followed to the marks shows.
struct ToolPose {
  double carried, strokes, areaMm2;  // as in the pair
  bool elsewhere;                    // lies apart from the one that is kept, and is not of its neighbourhood
  bool near;                         // where the marks agree better, near the strokes' place
};

struct ToolPair {
  double marks = 0;          // agreement of the fine marks above that of their surroundings in shift, summed over cells
  double carrying = 0;       // how many cells carry that agreement,
  double carried = 0;        // and the agreement less what few cells alone carry
  double strokes = 0;        // agreement of the registered strokes
  double areaMm2 = 0;        // what both show outside of walls
  double shiftMm = 0;        // of the marks from where the strokes put them, at most within the face
  int pose = -1;             // which of the given ones, -1: none
  Affine toCandidate{};      // probe grid -> candidate grid, shift of the marks included
  bool turned = false;       // the cells lie on the candidate's grid
  std::vector<ToolCell> cells;
  std::vector<ToolPose> poses;  // all that were followed to the marks, the one that is kept among them
};

}  // namespace relievo
