#include "tool_compare.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "design_types.h"
#include "tool_align.h"
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

// One pose on its way from the logo fields to the marks.
struct Hypothesis {
  Affine m;
  double strokes, marks;
  int pose;
  Fit fit;
};

// How far two mappings differ at most within the face, in pixels of the grid.
double apart(const Affine& a, const Affine& b, double size) {
  double most = 0;
  for (double x : {0.15 * size, 0.85 * size})
    for (double y : {0.15 * size, 0.85 * size})
      most = std::max(most, std::hypot((a[0] - b[0]) * x + (a[1] - b[1]) * y + a[2] - b[2], (a[3] - b[3]) * x + (a[4] - b[4]) * y + a[5] - b[5]));
  return most;
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
  Marks marks, best;
  std::vector<Hypothesis> open, kept;
};

ToolPair compareOne(const ToolFaceView& A, const ToolFaceView& B, const Points* points, const Squares* squares, const std::vector<CropPose>& poses, bool turned, const ToolSettings& s, bool detail, Memory& k) {
  // 1 registration, coarse to fine; poses that ran into one place, or that the strokes contradict, are dropped on the way
  k.open.clear();
  for (size_t i = 0; i < poses.size(); i++) k.open.push_back({gridMapping(A, B, turned ? inverse(poses[i]) : poses[i]), 1, 0, int(i), {}});
  for (int level = 0; level < LEVELS; level++) {
    for (Hypothesis& h : k.open) h.strokes = align(points[level], squares[level], s, level, A.size, h.m, h.fit);
    std::stable_sort(k.open.begin(), k.open.end(), [](const Hypothesis& a, const Hypothesis& b) { return a.strokes > b.strokes; });
    k.kept.clear();
    for (const Hypothesis& h : k.open) {
      if (h.strokes <= -1 || h.strokes < s.rival * k.open[0].strokes) continue;
      if (std::none_of(k.kept.begin(), k.kept.end(), [&](const Hypothesis& o) { return apart(o.m, h.m, A.size) < s.same * s.pxPerMm; })) k.kept.push_back(h);
    }
    std::swap(k.open, k.kept);
  }
  // 2 marks, in every pose that is left; the best stays
  ToolPair best;
  Affine place{};
  spansOf(A, k.scratch);
  for (Hypothesis& h : k.open) {
    overlayMarks(A, B, s, h.m, detail, k.scratch, k.marks);
    h.marks = k.marks.agreement;
    if (best.pose >= 0 && k.marks.agreement <= k.best.agreement) continue;
    std::swap(k.marks, k.best);
    best.pose = h.pose;
    best.strokes = h.strokes;
    place = h.m;
  }
  // what agrees in another pose as well is the design's: one tool's marks agree in one pose only
  for (const Hypothesis& h : k.open)
    if (apart(h.m, place, A.size) > s.elsewhereFrom * s.pxPerMm) best.elsewhere = std::max(best.elsewhere, h.marks);
  // 3 score
  if (best.pose >= 0) score(k.best, A, s, detail, k.scratch, best);
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
