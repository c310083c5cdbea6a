// The door of the press simulator's kernels: reads plain objects, runs off the main thread.
#include "press.h"

#ifdef __linux__
#include <malloc.h>
#endif

#include "common.h"

namespace relievo {
namespace {

using press::Paths;
using press::Table;
using press::Vec3;

Table table(const Napi::Object& from, const char* key, int columns) {
  auto values = typed<Napi::Float32Array>(from, key);
  if (values.ElementLength() % static_cast<size_t>(columns)) throw Napi::RangeError::New(from.Env(), std::string(key) + " has broken rows");
  return {values.Data(), static_cast<int>(values.ElementLength()) / columns, columns};
}

Paths paths(const Napi::Object& parent, const char* key, int columns) {
  auto from = parent.Get(key).As<Napi::Object>();
  Paths p;
  auto xy = typed<Napi::Float32Array>(from, "xy");
  auto start = typed<Napi::Int32Array>(from, "start");
  p.xy = xy.Data();
  p.start = start.Data();
  p.spec = table(from, "spec", columns);
  if (static_cast<int>(start.ElementLength()) != p.spec.rows + 1) throw Napi::RangeError::New(from.Env(), std::string(key) + ": one start more than paths");
  int last = 0;
  for (size_t i = 0; i < start.ElementLength(); ++i) {
    if (p.start[i] < last || static_cast<size_t>(p.start[i]) * 2 > xy.ElementLength()) throw Napi::RangeError::New(from.Env(), std::string(key) + " starts outside its points");
    last = p.start[i];
  }
  return p;
}

float real(const Napi::Object& from, const char* key) { return static_cast<float>(number(from, key)); }
uint32_t seed(const Napi::Object& from) { return static_cast<uint32_t>(number(from, "seed")); }

Vec3 triple(const Napi::Object& from, const char* key) {
  auto v = typed<Napi::Float32Array>(from, key);
  if (v.ElementLength() != 3) throw Napi::RangeError::New(from.Env(), std::string(key) + " must hold three numbers");
  return {v[0], v[1], v[2]};
}

press::Specimen specimen(const Napi::Object& o) {
  press::Specimen s;
  auto relief = typed<Napi::Float32Array>(o, "relief");
  s.reliefWidth = static_cast<int>(number(o, "reliefWidth"));
  s.reliefHeight = static_cast<int>(number(o, "reliefHeight"));
  if (s.reliefWidth < 2 || s.reliefHeight < 2 || relief.ElementLength() != static_cast<size_t>(s.reliefWidth) * s.reliefHeight)
    throw Napi::RangeError::New(o.Env(), "relief does not have its stated size");
  s.relief = relief.Data();
  s.reliefCell = real(o, "reliefCell");
  s.outline = table(o, "outline", 2);
  s.x = real(o, "x"), s.y = real(o, "y"), s.rotation = real(o, "rotation");
  s.thickness = real(o, "thickness"), s.bevel = real(o, "bevel"), s.drop = real(o, "drop"), s.bevelEase = real(o, "bevelEase"), s.edgeRound = real(o, "edgeRound"), s.dome = real(o, "dome");
  s.press = real(o, "press"), s.fill = real(o, "fill");
  s.grain = real(o, "grain"), s.grainSize = real(o, "grainSize"), s.coarse = real(o, "coarse"), s.coarseSize = real(o, "coarseSize");
  s.warp = real(o, "warp"), s.warpSize = real(o, "warpSize"), s.tear = real(o, "tear"), s.tearSize = real(o, "tearSize");
  s.albedo = triple(o, "albedo"), s.mottle = real(o, "mottle"), s.mottleSize = real(o, "mottleSize");
  s.seed = seed(o);
  s.blobs = table(o, "blobs", 8);
  s.speckles = table(o, "speckles", 7);
  s.cracks = paths(o, "cracks", 2);
  s.tape = table(o, "tape", 10);
  return s;
}

press::Sheet sheet(const Napi::Object& o) {
  press::Sheet s{};
  s.x = real(o, "x"), s.y = real(o, "y"), s.rotation = real(o, "rotation"), s.width = real(o, "width"), s.height = real(o, "height");
  s.thickness = real(o, "thickness"), s.corner = real(o, "corner"), s.round = real(o, "round");
  s.albedo = triple(o, "albedo"), s.ink = triple(o, "ink");
  s.gloss = real(o, "gloss"), s.roughness = real(o, "roughness"), s.tint = real(o, "tint");
  s.seed = seed(o);
  s.strokes = table(o, "strokes", 5);
  return s;
}

template <typename T>
std::vector<T> list(const Napi::Object& from, const char* key, T (*read)(const Napi::Object&)) {
  auto array = from.Get(key).As<Napi::Array>();
  std::vector<T> out;
  for (uint32_t i = 0; i < array.Length(); ++i) out.push_back(read(array.Get(i).As<Napi::Object>()));
  return out;
}

press::RenderJob renderJob(const Napi::Object& o) {
  press::RenderJob job;
  auto camera = o.Get("camera").As<Napi::Object>();
  int rays = static_cast<int>(number(camera, "rays"));
  if (rays < 1 || rays > 8) throw Napi::RangeError::New(o.Env(), "rays must be 1..8");
  job.camera = {static_cast<int>(number(camera, "width")) * rays, static_cast<int>(number(camera, "height")) * rays, real(camera, "focal") * static_cast<float>(rays), real(camera, "distance"), real(camera, "tilt"), real(camera, "tiltAzimuth"), real(camera, "faceZ"), rays};
  auto ground = o.Get("ground").As<Napi::Object>();
  job.ground = {static_cast<int>(number(ground, "kind")), triple(ground, "albedo"), triple(ground, "second"), real(ground, "roughness"), real(ground, "size"), real(ground, "direction"), real(ground, "variation"), real(ground, "gloss"), seed(ground)};
  auto lamp = o.Get("lamp").As<Napi::Object>();
  job.lamp = {table(lamp, "samples", 4), triple(lamp, "colour"), triple(lamp, "ambient"), triple(lamp, "position"), real(lamp, "spread"), real(lamp, "bounce")};
  auto sensor = o.Get("sensor").As<Napi::Object>();
  job.sensor = {real(sensor, "sharp"), real(sensor, "ground"), real(sensor, "depthBlur"), real(sensor, "exposure"), real(sensor, "shot"), real(sensor, "read"), real(sensor, "vignette"), real(sensor, "noiseGrain"), triple(sensor, "balance"), seed(sensor)};
  job.shadeScale = real(o, "shadeScale");
  job.specimens = list<press::Specimen>(o, "specimens", specimen);
  job.sheets = list<press::Sheet>(o, "sheets", sheet);
  return job;
}

// A photograph takes the same hundred megabytes as the one before: fresh pages from the system for every
// picture of it cost a tenth of the time.
void keepMemory() {
#ifdef __GLIBC__
  static const bool kept = mallopt(M_MMAP_THRESHOLD, 256 << 20) && mallopt(M_TRIM_THRESHOLD, 512 << 20);
  (void)kept;
#endif
}

}  // namespace

Napi::Value pressEngrave(const Napi::CallbackInfo& info) {
  auto o = info[0].As<Napi::Object>();
  press::EngraveJob job;
  job.width = static_cast<int>(number(o, "width"));
  job.height = static_cast<int>(number(o, "height"));
  job.cell = real(o, "cell");
  job.drawing = paths(o, "drawing", 6);
  job.edge = real(o, "edge");
  job.wear = real(o, "wear");
  job.scratches = paths(o, "scratches", 4);
  job.lays = table(o, "lays", 9);
  job.spots = table(o, "spots", 9);
  job.polish = table(o, "polish", 4);
  return Task<cv::Mat1f>::run(
      info.Env(), o, [job] { return press::engrave(job); },
      [](Napi::Env env, cv::Mat1f& relief) -> Napi::Value { return toTyped<float>(env, relief[0], relief.total()); });
}

Napi::Value pressRender(const Napi::CallbackInfo& info) {
  keepMemory();
  auto o = info[0].As<Napi::Object>();
  press::RenderJob job = renderJob(o);
  return Task<press::Picture>::run(
      info.Env(), o,
      [job] {
        press::View view(job.camera);
        press::Field field = press::compose(job, view);
        cv::Mat3f radiance = press::light(job, field);
        return press::develop(job, press::look(job, view, field, radiance));
      },
      [](Napi::Env env, press::Picture& picture) -> Napi::Value {
        auto out = Napi::Object::New(env);
        out.Set("rgb", toTyped<uint8_t>(env, picture.rgb.ptr<uint8_t>(), picture.rgb.total() * 3));
        out.Set("label", toTyped<uint8_t>(env, picture.label[0], picture.label.total()));
        return out;
      });
}

}  // namespace relievo
