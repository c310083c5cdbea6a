#include "surface.h"

#include <string>
#include <vector>

#include "common.h"
#include "surface_field.h"
#include "surface_pose.h"

namespace relievo {
namespace {
// Numbers a pose in the result; src/comparison/surface-kernel.ts reads them in this order.
constexpr int COLUMNS = 5;

SurfaceView view(const Napi::Object& from) {
  return {int(number(from, "size")), int(number(from, "stride")), int(number(from, "fullSize")), typed<Napi::Int8Array>(from, "relief").Data(), typed<Napi::Uint8Array>(from, "walls").Data()};
}
}  // namespace

Napi::Value surface(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  const double* heights = typed<Napi::Float64Array>(in, "heightsM").Data();
  const int width = int(number(in, "width")), height = int(number(in, "height"));
  const double stepX = number(in, "stepXMm"), stepY = number(in, "stepYMm");
  SurfaceSettings s;
  s.gridPerMm = number(in, "gridPerMm");
  s.tallest = number(in, "tallest");
  s.outlier = number(in, "outlier");
  s.form = number(in, "form");
  s.rim = number(in, "rim");
  for (int b = 0; b < SURFACE_BANDS; b++) {
    const std::string n = std::to_string(b);
    s.shortest[b] = number(in, ("shortest" + n).c_str());
    s.longest[b] = number(in, ("longest" + n).c_str());
    s.stride[b] = int(number(in, ("stride" + n).c_str()));
    s.spread[b] = number(in, b < SURFACE_BANDS - 1 ? "strokeSpread" : "markSpread");
    s.floor[b] = number(in, b < SURFACE_BANDS - 1 ? "strokeFloor" : "markFloor");
    s.clip[b] = number(in, b < SURFACE_BANDS - 1 ? "strokeClip" : "markClip");
  }
  return Task<SurfaceField>::run(
      env, in, [=] { return surfaceField(heights, width, height, stepX, stepY, s); },
      [](Napi::Env env, SurfaceField& f) -> Napi::Value {
        Napi::Object out = Napi::Object::New(env);
        out.Set("size", f.size);
        out.Set("areaMm2", f.areaMm2);
        out.Set("roughnessUm", f.roughnessUm);
        Napi::Array bands = Napi::Array::New(env, SURFACE_BANDS);
        for (int b = 0; b < SURFACE_BANDS; b++) bands[uint32_t(b)] = toTyped(env, f.bands[b].data(), f.bands[b].size());
        out.Set("bands", bands);
        out.Set("walls", toTyped(env, f.walls.data(), f.walls.size()));
        return out;
      });
}

Napi::Value surfacePoses(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  const SurfaceView probe = view(in.Get("probe").As<Napi::Object>()), candidate = view(in.Get("candidate").As<Napi::Object>());
  SurfaceSearch s;
  s.rotations = int(number(in, "rotations"));
  s.leastOverlap = number(in, "leastOverlap");
  s.keep = int(number(in, "keep"));
  s.apartDeg = number(in, "apartDeg");
  s.apart = number(in, "apartCells");
  return Task<std::vector<SurfacePose>>::run(
      env, in, [=] { return surfacePoses(probe, candidate, s); },
      [](Napi::Env env, std::vector<SurfacePose>& poses) -> Napi::Value {
        auto rows = Napi::Float64Array::New(env, poses.size() * COLUMNS);
        double* to = rows.Data();
        for (const SurfacePose& p : poses)
          for (double v : {p.rotationDeg, p.x, p.y, p.agreement, p.overlap}) *to++ = v;
        return rows;
      });
}

}  // namespace relievo
