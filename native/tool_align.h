// Registration of two faces of one design on their strokes, seen as signed relief.
#pragma once

#include "tool_face.h"

namespace relievo::tools {

// The grids' mapping that a pose of the crops stands for.
Affine gridMapping(const ToolFaceView& probe, const ToolFaceView& candidate, const CropPose& p);

// How the second face's strokes follow from the first one's: relief times a gain, and what is left over.
struct Fit {
  float gain = 1, variance = 0;  // variance 0: not known yet
};

// Moves `m`, from the places of a face to another face, to the affine mapping near by in which one band of the strokes
// agrees best; returns the agreement there, -1..1. `side` is that of the first face's grid; `fit` is that of the band before.
double align(const Points& places, const Squares& field, const ToolSettings& s, int level, int side, Affine& m, Fit& fit);

}  // namespace relievo::tools
