#include "marks.h"

#include "common.h"
#include "marks_field.h"

namespace relievo {

Napi::Value marks(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  const uint8_t* mask = typed<Napi::Uint8Array>(in, "mask").Data();
  const int size = int(number(in, "size"));
  const double cx = number(in, "centreX"), cy = number(in, "centreY"), perCrop = number(in, "perCrop");
  const auto list = in.Get("photographs").As<Napi::Array>();
  std::vector<MarkPhotograph> photographs;
  for (uint32_t i = 0; i < list.Length(); i++) {
    const auto one = list.Get(i).As<Napi::Object>();
    const auto axis = typed<Napi::Float32Array>(one, "light");
    photographs.push_back({typed<Napi::Uint8Array>(one, "rgb").Data(), {axis[0], axis[1]}, number(one, "azimuthDeg")});
  }
  MarkSettings s;
  s.pxPerMm = number(in, "pxPerMm");
  s.darkOffset = number(in, "darkOffset");
  s.shadeSigma = number(in, "shadeSigma");
  s.rim = number(in, "rim");
  s.rimLeast = number(in, "rimLeast");
  s.rimMost = number(in, "rimMost");
  s.rimMargin = number(in, "rimMargin");
  s.plain = number(in, "plain");
  s.normalSigma = number(in, "normalSigma");
  s.bevelShare = number(in, "bevelShare");
  s.occlusion = number(in, "occlusion");
  s.noise = number(in, "noise");
  const char* fine[] = {"strokeFine0", "strokeFine1", "strokeFine2"};
  const char* coarse[] = {"strokeCoarse0", "strokeCoarse1", "strokeCoarse2"};
  const char* stride[] = {"strokeStride0", "strokeStride1", "strokeStride2"};
  for (int l = 0; l < STROKE_LEVELS; l++) {
    s.strokeFine[l] = number(in, fine[l]);
    s.strokeCoarse[l] = number(in, coarse[l]);
    s.strokeStride[l] = number(in, stride[l]);
  }
  s.strokeSpread = number(in, "strokeSpread");
  s.strokeFloor = number(in, "strokeFloor");
  s.strokeClip = number(in, "strokeClip");
  s.planeFine = number(in, "planeFine");
  s.planeCoarse = number(in, "planeCoarse");
  s.planeClip = number(in, "planeClip");
  s.planeWalls = number(in, "planeWalls");
  s.markFine = number(in, "markFine");
  s.markCoarse = number(in, "markCoarse");
  s.markSpread = number(in, "markSpread");
  s.markCoarsest = number(in, "markCoarsest");
  s.markFloor = number(in, "markFloor");
  s.markClip = number(in, "markClip");
  s.wallFine = number(in, "wallFine");
  s.wallCoarse = number(in, "wallCoarse");
  s.wallSpread = number(in, "wallSpread");
  s.unmoved = number(in, "unmoved");
  s.unmovedAgreement = number(in, "unmovedAgreement");
  s.still = number(in, "still");
  s.photometricFrom = int(number(in, "photometricFrom"));
  s.shadow = number(in, "shadow");
  s.clippedFrom = number(in, "clippedFrom");
  s.slopeNoise = number(in, "slopeNoise");
  s.fullOfStrokes = number(in, "fullOfStrokes");
  s.firmness = number(in, "firmness");
  const bool wantPlanes = in.Get("planes").ToBoolean();
  return Task<MarkField>::run(
      env, in, [=] { return markField(photographs, mask, size, cx, cy, perCrop, s, wantPlanes); },
      [](Napi::Env env, MarkField& f) -> Napi::Value {
        Napi::Object out = Napi::Object::New(env);
        out.Set("size", f.size);
        Napi::Array lamps = Napi::Array::New(env, f.lamps.size());
        for (uint32_t i = 0; i < f.lamps.size(); i++) {
          Napi::Object lamp = Napi::Object::New(env);
          lamp.Set("azimuthDeg", f.lamps[i].azimuthDeg);
          lamp.Set("bevelContrast", f.lamps[i].bevelContrast);
          lamp.Set("axisDeg", f.lamps[i].axisDeg);
          lamp.Set("bevelDeg", f.lamps[i].bevelDeg);
          lamps.Set(i, lamp);
        }
        out.Set("lamps", lamps);
        out.Set("photometric", f.photometric);
        Napi::Array strokes = Napi::Array::New(env, STROKE_LEVELS);
        for (int l = 0; l < STROKE_LEVELS; l++) strokes[uint32_t(l)] = toTyped(env, f.strokes[l].relief.data(), f.strokes[l].relief.size());
        out.Set("strokes", strokes);
        out.Set("marks", toTyped(env, f.marks.data(), f.marks.size()));
        if (!f.planes.empty()) out.Set("planes", toTyped(env, f.planes.data(), f.planes.size()));
        out.Set("walls", toTyped(env, f.walls.data(), f.walls.size()));
        return out;
      });
}

}  // namespace relievo
