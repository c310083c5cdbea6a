#include "tool_compare.h"

#include <algorithm>
#include <cmath>
#include <cstring>

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
  double strokes;
  int pose;
};

// How far two mappings differ at most within the face, in pixels of the grid.
double apart(const Affine& a, const Affine& b, double size) {
  double most = 0;
  for (double x : {0.15 * size, 0.85 * size})
    for (double y : {0.15 * size, 0.85 * size})
      most = std::max(most, std::hypot((a[0] - b[0]) * x + (a[1] - b[1]) * y + a[2] - b[2], (a[3] - b[3]) * x + (a[4] - b[4]) * y + a[5] - b[5]));
  return most;
}

ToolPair compareOne(const Face& A, const Face& B, const std::vector<CropPose>& poses, bool turned, const ToolSettings& s, bool detail, Scratch& k) {
  // 1 registration, coarse to fine; poses that ran into one place, or that the strokes contradict, are dropped on the way
  std::vector<Hypothesis> open;
  for (size_t i = 0; i < poses.size(); i++) open.push_back({gridMapping(A.view, B.view, turned ? inverse(poses[i]) : poses[i]), 1, int(i)});
  for (int level = 0; level < LEVELS; level++) {
    for (Hypothesis& h : open) h.strokes = align(A, B, s, level, h.m);
    std::stable_sort(open.begin(), open.end(), [](const Hypothesis& a, const Hypothesis& b) { return a.strokes > b.strokes; });
    std::vector<Hypothesis> kept;
    for (const Hypothesis& h : open) {
      if (h.strokes <= -1 || h.strokes < s.rival * open[0].strokes) continue;
      if (std::none_of(kept.begin(), kept.end(), [&](const Hypothesis& o) { return apart(o.m, h.m, A.view.size) < s.same * s.pxPerMm; })) kept.push_back(h);
    }
    open = std::move(kept);
  }
  // 2 marks, in every pose that is left
  ToolPair best;
  for (const Hypothesis& h : open) {
    ToolPair p;
    p.strokes = h.strokes;
    scoreMarks(A, B, s, h.m, detail, k, p);
    p.pose = h.pose;
    // 3 the best
    if (best.pose < 0 || p.marks > best.marks) best = std::move(p);
  }
  if (turned && best.pose >= 0) best.toCandidate = inverse(best.toCandidate);
  best.turned = turned;
  return best;
}

}  // namespace

std::vector<ToolPair> compareTools(const ToolFaceView& probe, const std::vector<ToolCandidate>& candidates, const ToolSettings& s, bool detail) {
  const Face A = decode(probe);
  Scratch k;
  std::vector<ToolPair> out;
  out.reserve(candidates.size());
  for (const ToolCandidate& candidate : candidates) {
    const Face B = decode(candidate.face);
    out.push_back(before(probe, candidate.face) ? compareOne(A, B, candidate.poses, false, s, detail, k) : compareOne(B, A, candidate.poses, true, s, detail, k));
  }
  return out;
}

}  // namespace relievo
