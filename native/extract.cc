#include "extract.h"

#include <vector>

#include "common.h"
#include "extract_embedding.h"
#include "extract_field.h"

namespace relievo {
namespace {
struct Extracted {
  FaceField face;
  std::vector<int8_t> embedding;
};
}  // namespace

Napi::Value extract(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  const uint8_t* rgb = typed<Napi::Uint8Array>(in, "rgb").Data();
  const uint8_t* mask = typed<Napi::Uint8Array>(in, "mask").Data();
  const int size = int(number(in, "size"));
  FieldSettings f;
  f.grid = int(number(in, "grid"));
  f.halfSpan = number(in, "halfSpan");
  f.workRadiusPx = number(in, "workRadiusPx");
  f.darkOffset = number(in, "darkOffset");
  f.gradientSigma = number(in, "gradientSigma");
  f.tensorSigma = number(in, "tensorSigma");
  f.noiseFloor = number(in, "noiseFloor");
  f.calmShare = number(in, "calmShare");
  f.grainFloor = number(in, "grainFloor");
  f.grainRelief = number(in, "grainRelief");
  f.reliefHalf = number(in, "reliefHalf");
  f.reliefSigma = number(in, "reliefSigma");
  f.rimFrom = number(in, "rimFrom");
  f.rimTo = number(in, "rimTo");
  f.clippedLow = int(number(in, "clippedLow"));
  f.clippedHigh = int(number(in, "clippedHigh"));
  f.outlineHarmonics = int(number(in, "outlineHarmonics"));
  const EmbeddingSettings e{number(in, "embeddingRingFrom"), number(in, "embeddingRingTo"), number(in, "embeddingQuantum")};
  return Task<Extracted>::run(
      env, in,
      [=] {
        Extracted x{extractField(rgb, mask, size, f), {}};
        x.embedding = embedField(x.face.field, x.face.weight, f.grid, f.halfSpan, e);
        return x;
      },
      [](Napi::Env env, Extracted& x) -> Napi::Value {
        const FaceField& r = x.face;
        Napi::Object out = Napi::Object::New(env);
        out.Set("field", toTyped(env, r.field.data(), r.field.size()));
        out.Set("weight", toTyped(env, r.weight.data(), r.weight.size()));
        out.Set("embedding", toTyped(env, x.embedding.data(), x.embedding.size()));
        out.Set("outline", toTyped(env, r.outline.data(), r.outline.size()));
        out.Set("colour", toTyped(env, r.lab, 3));
        out.Set("light", toTyped(env, r.light, 2));
        out.Set("radiusPx", r.radiusPx);
        out.Set("centreX", r.centreX);
        out.Set("centreY", r.centreY);
        out.Set("elongation", r.elongation);
        out.Set("scoreStrength", r.scoreStrength);
        out.Set("scoreAngleDeg", r.scoreAngleDeg);
        out.Set("workSize", r.workSize);
        out.Set("canonical", toTyped(env, r.canonical.data(), r.canonical.size()));
        return out;
      });
}
}  // namespace relievo
