#include "frame_lay.h"

#include <algorithm>
#include <cmath>

#include "tool_follow.h"

namespace relievo {
using namespace tools;
namespace {

// Whole part and nearest whole number of what is not below -1; negative whatever lies further out.
inline int below(double v) { return int(v + 1) - 1; }
inline int nearest(double v) { return int(v + 1.5) - 1; }

constexpr int WHOLE = 32;  // vectors are a multiple of this long, so that sums run over whole registers

// What a plane of `n` cells a side shows between four of them; false outside.
template <typename T> inline bool between(const T* plane, int n, double x, double y, double& value) {
  const int ix = below(x), iy = below(y);
  if (ix < 0 || iy < 0 || ix >= n - 1 || iy >= n - 1) return false;
  const double fx = x - ix, fy = y - iy;
  const T* at = plane + size_t(iy) * n + ix;
  const double top = at[0] + (at[1] - at[0]) * fx, low = at[n] + (at[n + 1] - at[n]) * fx;
  value = top + (low - top) * fy;
  return true;
}

inline bool known(const ToolFaceView& v, double x, double y) {
  const int ix = nearest(x), iy = nearest(y);
  return ix >= 0 && iy >= 0 && ix < v.size && iy < v.size && v.walls[size_t(iy) * v.size + ix] != NOT_KNOWN;
}

constexpr int CUTS = 4;  // of a face that fills less than a fortieth the norm is never reached, and need not be

// Places of the frame's grid that a vector holds, `step` apart.
std::vector<std::pair<float, float>> placesOf(const ToolFaceView& frame, double step) {
  std::vector<std::pair<float, float>> out;
  const int n = int(frame.size / step);
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      const double px = (x + 0.5) * step - 0.5, py = (y + 0.5) * step - 0.5;
      if (known(frame, px, py)) out.push_back({float(px), float(py)});
    }
  return out;
}

// The marks of a face at a place of its grid, without what its walls explain; 0 where nothing is known.
double markAt(const ToolFaceView& face, double x, double y, double perWall) {
  double mark;
  if (!known(face, x, y) || !between(face.marks, face.size, x, y, mark)) return 0;
  const double wall = face.walls[size_t(nearest(y)) * face.size + nearest(x)] * perWall;
  return mark / std::sqrt(1 + wall * wall);
}

void vectorOf(const ToolFaceView& face, const Affine& m, const std::vector<std::pair<float, float>>& places, double step, Shift shift, double perWall, std::vector<float>& values, int8_t* to) {
  // the mean of four places, for the grid is coarser than the marks'
  const double quarter = step / 4;
  double energy = 0;
  for (size_t i = 0; i < places.size(); i++) {
    double sum = 0;
    for (double dy : {-quarter, quarter})
      for (double dx : {-quarter, quarter}) {
        const double x = places[i].first + shift.x * step + dx, y = places[i].second + shift.y * step + dy;
        sum += markAt(face, m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5], perWall);
      }
    values[i] = float(sum);
    energy += sum * sum;
  }
  double norm = energy > 0 ? VECTOR_RMS / std::sqrt(energy / places.size()) : 0;
  // scratches that stand out far are cut to fit a byte, and the rest is raised for what they lose
  for (int pass = 0; pass < CUTS && norm > 0; pass++) {
    const double most = 127 / norm;
    energy = 0;
    for (const float v : values) energy += std::min(double(v) * v, most * most);
    norm = VECTOR_RMS / std::sqrt(energy / places.size());
  }
  for (size_t i = 0; i < places.size(); i++) to[i] = int8_t(std::lround(std::clamp(values[i] * norm, -127.0, 127.0)));
}

}  // namespace

std::vector<LaidFace> layOnFrame(const ToolFaceView& frame, const std::vector<ToolCandidate>& faces, const ToolSettings& s, double vectorPxPerMm, const std::vector<Shift>& shifts) {
  Planes planes;
  Points points[LEVELS];
  Squares squares[LEVELS];
  for (int l = 0; l < LEVELS; l++) pointsOf(frame, l, s.points[l], s.sample[l], planes, points[l]);
  const double step = s.pxPerMm / vectorPxPerMm, perWall = 1 / (WALL_UNIT * s.wallHalf);
  const auto places = placesOf(frame, step);
  const size_t length = (places.size() + WHOLE - 1) / WHOLE * WHOLE;
  std::vector<float> values(places.size());
  std::vector<Affine> mappings;
  Followed followed;
  std::vector<LaidFace> out(faces.size());
  for (size_t i = 0; i < faces.size(); i++) {
    const auto& [face, poses] = faces[i];
    for (int l = 0; l < LEVELS; l++) squaresOf(face, l, planes, squares[l]);
    mappings.clear();
    for (const CropPose& pose : poses) mappings.push_back(gridMapping(frame, face, pose));
    follow(points, squares, mappings, frame.size, s, followed);
    if (followed.open.empty()) continue;
    const Hypothesis& best = followed.open[0];
    out[i].pose = best.pose;
    out[i].strokes = best.strokes;
    out[i].toFace = best.m;
    out[i].vectors.assign(length * shifts.size(), 0);
    for (size_t k = 0; k < shifts.size(); k++) vectorOf(face, best.m, places, step, shifts[k], perWall, values, out[i].vectors.data() + k * length);
  }
  return out;
}

GrownFrame growFrame(const ToolFaceView& frame, const std::vector<ToolFaceView>& faces, const std::vector<Affine>& mappings, double share) {
  GrownFrame out;
  const int size = frame.size;
  const size_t enough = std::max<size_t>(1, size_t(std::ceil(share * faces.size())));
  for (int l = 0; l < LEVELS; l++) {
    const int stride = frame.stride[l], n = (size + stride - 1) / stride;
    out.strokes[l].assign(frame.strokes[l], frame.strokes[l] + size_t(n) * n);
    for (int y = 0; y < n; y++)
      for (int x = 0; x < n; x++) {
        double sum = 0, value;
        size_t count = 0;
        for (size_t i = 0; i < faces.size(); i++) {
          const Affine& m = mappings[i];
          const double px = m[0] * x * stride + m[1] * y * stride + m[2], py = m[3] * x * stride + m[4] * y * stride + m[5];
          if (!known(faces[i], px, py) || !between(faces[i].strokes[l], (faces[i].size + stride - 1) / stride, px / stride, py / stride, value)) continue;
          sum += value;
          count++;
        }
        if (count >= enough) out.strokes[l][size_t(y) * n + x] = int8_t(std::lround(sum / count));
      }
  }
  out.walls.assign(size_t(size) * size, NOT_KNOWN);
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++) {
      size_t count = 0;
      for (size_t i = 0; i < faces.size(); i++) {
        const Affine& m = mappings[i];
        count += known(faces[i], m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]);
      }
      if (count >= enough) out.walls[size_t(y) * size + x] = 0;
    }
  return out;
}

}  // namespace relievo
