#include "tool_compare.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "design_types.h"
#include "tool_follow.h"
#include "tool_near.h"
#include "tool_score.h"

namespace relievo {
using namespace tools;
namespace {

// The same order whichever of the two is the probe, so that a pair has one score.
bool before(const ToolFaceView& a, const ToolFaceView& b) {
  if (a.size != b.size) return a.size < b.size;
  return std::memcmp(a.marks, b.marks, size_t(a.size) * a.size) <= 0;
}

CropPose inverse(const CropPose& p) {
  const double t = -p.rotationDeg * pose::PI / 180, c = std::cos(t) / p.scale, d = std::sin(t) / p.scale;
  return {-p.rotationDeg, -(c * p.shiftX - d * p.shiftY), -(d * p.shiftX + c * p.shiftY), 1 / p.scale};
}

Affine inverse(const Affine& m) {
  const double det = m[0] * m[4] - m[1] * m[3];
  const Affine i = {m[4] / det, -m[1] / det, 0, -m[3] / det, m[0] / det, 0};
  return {i[0], i[1], -(i[0] * m[2] + i[1] * m[5]), i[3], i[4], -(i[3] * m[2] + i[4] * m[5])};
}

// The faces of a pair in the order in which they are compared, ready for the registration.
struct Ready {
  Points points[LEVELS];    // of the first
  Squares squares[LEVELS];  // of the second
};

// Memory that one pair leaves to the next.
struct Memory {
  Planes planes;
  Scratch scratch;
  Marks marks, best, coarse;
  std::vector<Affine> mappings;
  Followed followed;
};

ToolPair compareOne(const ToolFaceView& A, const ToolFaceView& B, const Points* points, const Squares* squares, const std::vector<CropPose>& poses, bool turned, const ToolSettings& s, bool detail, Memory& k) {
  // 1 registration, coarse to fine
  k.mappings.clear();
  for (const CropPose& pose : poses) k.mappings.push_back(gridMapping(A, B, turned ? inverse(pose) : pose));
  follow(points, squares, k.mappings, A.size, s, k.followed);
  // 2 marks, in every pose that is left, and near it where they agree better; the best stays
  ToolPair best;
  Affine place{}, ofStrokes{};
  spansOf(A, k.scratch);
  std::vector<Hypothesis>& open = k.followed.open;
  const auto look = [&](Hypothesis& h, const Affine& strokes) {
    overlayMarks(A, B, s, h.m, detail, k.scratch, k.marks);
    h.carried = k.marks.carried;
    h.areaMm2 = k.marks.areaMm2;
    if (best.pose >= 0 && k.marks.carried <= k.best.carried) return;
    std::swap(k.marks, k.best);
    best.pose = h.pose;
    best.strokes = h.strokes;
    place = h.m;
    ofStrokes = strokes;
  };
  for (size_t i = 0, given = open.size(); i < given; i++) {
    look(open[i], open[i].m);
    if (s.nearGain >= 1) continue;  // more than marks can gain
    Hypothesis moved = open[i];  // with the agreement of the strokes where they lie
    moved.near = true;
    if (!nearBy(A, s, k.scratch, k.coarse, moved.m) || std::any_of(open.begin(), open.end(), [&](const Hypothesis& o) { return apart(o.m, moved.m, A.size) < s.same[LEVELS - 1] * s.pxPerMm; })) continue;
    look(moved, open[i].m);
    open.push_back(moved);
  }
  for (const Hypothesis& h : open) best.poses.push_back({h.carried, h.strokes, h.areaMm2, !h.near && h.pose != best.pose && apart(h.m, place, A.size) > s.elsewhereFrom * s.pxPerMm, h.near});
  // 3 score
  if (best.pose >= 0) {
    score(k.best, A, s, detail, k.scratch, best);
    best.shiftMm = apart(best.toCandidate, ofStrokes, A.size) / s.pxPerMm;
  }
  if (turned && best.pose >= 0) best.toCandidate = inverse(best.toCandidate);
  best.turned = turned;
  return best;
}

}  // namespace

std::vector<ToolPair> compareTools(const ToolFaceView& probe, const std::vector<ToolCandidate>& candidates, const ToolSettings& s, bool detail) {
  Memory k;
  Ready own, other;
  bool first = false, second = false;  // whether the probe is ready for that place
  std::vector<ToolPair> out;
  out.reserve(candidates.size());
  for (const auto& [face, poses] : candidates) {
    const bool turned = !before(probe, face);
    Points* points = turned ? other.points : own.points;
    Squares* squares = turned ? own.squares : other.squares;
    if (turned || !first)
      for (int l = 0; l < LEVELS; l++) pointsOf(turned ? face : probe, l, s.points[l], s.sample[l], k.planes, points[l]);
    if (!turned || !second)
      for (int l = 0; l < LEVELS; l++) squaresOf(turned ? probe : face, l, k.planes, squares[l]);
    (turned ? second : first) = true;
    out.push_back(turned ? compareOne(face, probe, points, squares, poses, true, s, detail, k) : compareOne(probe, face, points, squares, poses, false, s, detail, k));
  }
  return out;
}

}  // namespace relievo
