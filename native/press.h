// The press simulator: engraves a tool's relief and photographs what it pressed. Lengths in mm, z up, y up.
#pragma once

#include <napi.h>

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace relievo {

// Vector drawing and marks of one tool in, the relief it presses (mm, positive = out of the face) out.
Napi::Value pressEngrave(const Napi::CallbackInfo& info);

// One photograph: scene in, 8-bit RGB and the label of every pixel out.
Napi::Value pressRender(const Napi::CallbackInfo& info);

namespace press {

struct Vec3 {
  float x, y, z;
};

// Rows of numbers as they come from JavaScript; the buffer is held by the Task.
struct Table {
  const float* data = nullptr;
  int rows = 0, columns = 0;
  const float* row(int i) const { return data + static_cast<size_t>(i) * columns; }
};

// Polylines: points of path i are start[i] .. start[i + 1] - 1; spec has one row a path.
struct Paths {
  const float* xy = nullptr;
  const int32_t* start = nullptr;
  Table spec;
};

struct EngraveJob {
  int width = 0, height = 0;   // cells
  float cell = 0;              // mm
  Paths drawing;               // kind (0 line, 1 area, 2 next ring of that area), half width, depth, raised, profile, taper
  float edge = 0;              // width of a wall, mm
  float wear = 0;              // rounding of all edges, sigma in mm
  Paths scratches;             // half width, height (positive = ridge on the tablet), roughness, seed
  Table lays;                  // turning or milling: type, x, y, direction, pitch, amplitude, where, seed, irregularity
  Table spots;                 // dents and nicks: type, x, y, radius, height, roughness, seed, aspect, direction
  Table polish;                // x, y, radius, strength
};
cv::Mat1f engrave(const EngraveJob& job);

struct Specimen {
  const float* relief = nullptr;
  int reliefWidth = 0, reliefHeight = 0;
  float reliefCell = 0;
  Table outline;               // closed polygon, mm
  float x = 0, y = 0, rotation = 0;
  float thickness = 0, bevel = 0, drop = 0, edgeRound = 0, dome = 0;
  float bevelEase = 0;         // how gently the bevel begins: 0 a straight chamfer, 0.3 a rounding
  float press = 1, fill = 0;   // factor on the relief; sigma of the powder's incomplete filling, mm
  float grain = 0, grainSize = 0, coarse = 0, coarseSize = 0, warp = 0, warpSize = 0;
  float tear = 0, tearSize = 0;
  Vec3 albedo{0, 0, 0};
  float mottle = 0, mottleSize = 1;
  uint32_t seed = 0;
  Table blobs;                 // type (0 pit, 1 chip, 2 sticking, 3 granule), x, y, radius, depth, roughness, seed, shade
  Table speckles;              // x, y, radius, r, g, b, seed
  Paths cracks;                // half width, depth
  Table tape;                  // nx, ny, offset, r, g, b, gloss, overhang, ragged, seed
};

struct Sheet {                 // anything flat on the ground: a ruler, a slip of paper, a pen, a crumb
  float x, y, rotation, width, height, thickness, corner, round;
  Vec3 albedo, ink;
  float gloss, roughness, tint;
  uint32_t seed;
  Table strokes;               // x0, y0, x1, y1, half width
};

struct Lamp {
  Table samples;               // direction to the lamp (unit vector), weight
  Vec3 colour{1, 1, 1}, ambient{0, 0, 0};
  Vec3 position{0, 0, 1e6f};   // for the fall-off of brightness over the frame
  float spread = 0;            // penumbra: tangent of the lamp's angular radius per sample
  float bounce = 0;
};

struct Camera {
  int width = 0, height = 0;
  float focal = 0, distance = 0, tilt = 0, tiltAzimuth = 0, faceZ = 0;
  int rays = 1;                // along a side of a pixel; width, height and focal count them
};

struct Ground {
  int kind = 0;
  Vec3 albedo{0.5f, 0.5f, 0.5f}, second{0.5f, 0.5f, 0.5f};
  float roughness = 0, size = 0.1f, direction = 0, variation = 0, gloss = 0;
  uint32_t seed = 0;
};

struct Sensor {
  float sharp = 0.6f, ground = 1.5f, depthBlur = 0;
  float exposure = 0.7f, shot = 0, read = 0, vignette = 0, noiseGrain = 0;
  Vec3 balance{1, 1, 1};
  uint32_t seed = 0;
};

struct RenderJob {
  Camera camera;
  Ground ground;
  Lamp lamp;
  Sensor sensor;
  float shadeScale = 1;        // 1 for tablets; ambient occlusion radii grow with it for bricks
  std::vector<Specimen> specimens;
  std::vector<Sheet> sheets;
};

// The scene as a height field over the ground, row 0 at the greatest y.
struct Field {
  int width = 0, height = 0;
  float cell = 0, left = 0, top = 0;
  cv::Mat1f z;
  cv::Mat3f albedo;
  cv::Mat1f gloss;
  cv::Mat1b label;             // 0 ground, 1 + index of the specimen
  bool glossy = false;
};

struct View {
  explicit View(const Camera& camera);
  Camera camera;
  Vec3 eye, right, up, forward;
  // Where the ray of a pixel meets height z.
  void onPlane(float px, float py, float z, float& x, float& y) const;
  Vec3 ray(float px, float py) const;
};

Field compose(const RenderJob& job, const View& view);
void laySpecimen(Field& field, const Specimen& specimen, uchar label);
// Linear radiance of every cell of the field; multiplies by albedo.
cv::Mat3f light(const RenderJob& job, const Field& field);
// What the pixels see, before the lens: specimens premultiplied by their cover, and the ground behind them.
struct Layers {
  cv::Mat3f front, back;
  cv::Mat1f cover, depth;
  cv::Mat1b label;
};
Layers look(const RenderJob& job, const View& view, const Field& field, const cv::Mat3f& radiance);

struct Picture {
  cv::Mat3b rgb;
  cv::Mat1b label;
};
Picture develop(const RenderJob& job, Layers layers);

// Calls visit(row, column, distance, position along the path 0..1) for every cell within `reach` of a segment.
template <typename Visit>
void nearSegment(float x0, float y0, float x1, float y1, float reach, float left, float top, float cell, int width,
                 int height, Visit visit) {
  int c0 = std::max(0, static_cast<int>((std::min(x0, x1) - reach - left) / cell));
  int c1 = std::min(width - 1, static_cast<int>((std::max(x0, x1) + reach - left) / cell) + 1);
  int r0 = std::max(0, static_cast<int>((top - std::max(y0, y1) - reach) / cell));
  int r1 = std::min(height - 1, static_cast<int>((top - std::min(y0, y1) + reach) / cell) + 1);
  float dx = x1 - x0, dy = y1 - y0, length2 = dx * dx + dy * dy;
  float inverse = length2 > 0 ? 1.0f / length2 : 0.0f, reach2 = reach * reach;
  for (int r = r0; r <= r1; ++r) {
    float y = top - (static_cast<float>(r) + 0.5f) * cell;
    for (int c = c0; c <= c1; ++c) {
      float x = left + (static_cast<float>(c) + 0.5f) * cell;
      float t = ((x - x0) * dx + (y - y0) * dy) * inverse;
      t = t < 0 ? 0 : (t > 1 ? 1 : t);
      float ex = x - x0 - t * dx, ey = y - y0 - t * dy, d2 = ex * ex + ey * ey;
      if (d2 <= reach2) visit(r, c, std::sqrt(d2), t);
    }
  }
}

}  // namespace press
}  // namespace relievo
