#include "frame.h"

#include "frame_lay.h"
#include "tool_input.h"

namespace relievo {
namespace {
// Numbers a face in the result; src/comparison/frame.ts reads them in this order.
constexpr int COLUMNS = 8;
}  // namespace

Napi::Value frame(const Napi::CallbackInfo& info) {
  const Napi::Object in = info[0].As<Napi::Object>();
  const ToolSettings s = toolSettings(in);
  const double vectorPxPerMm = number(in, "vectorPxPerMm");
  const ToolFaceView own = toolFace(in.Get("frame").As<Napi::Object>());
  const std::vector<ToolCandidate> faces = toolCandidates(in.Get("faces").As<Napi::Array>());
  const auto table = typed<Napi::Int32Array>(in, "shifts");
  std::vector<Shift> shifts;
  for (size_t i = 0; i + 1 < table.ElementLength(); i += 2) shifts.push_back({table[i], table[i + 1]});
  return Task<std::vector<LaidFace>>::run(
      info.Env(), in, [=] { return layOnFrame(own, faces, s, vectorPxPerMm, shifts); },
      [](Napi::Env env, std::vector<LaidFace>& laid) -> Napi::Value {
        auto rows = Napi::Float64Array::New(env, laid.size() * COLUMNS);
        double* to = rows.Data();
        Napi::Array vectors = Napi::Array::New(env, laid.size());
        for (size_t i = 0; i < laid.size(); i++) {
          const LaidFace& f = laid[i];
          *to++ = f.pose;
          *to++ = f.strokes;
          to = std::copy(f.toFace.begin(), f.toFace.end(), to);
          vectors[uint32_t(i)] = toTyped(env, f.vectors.data(), f.vectors.size());
        }
        Napi::Object out = Napi::Object::New(env);
        out.Set("rows", rows);
        out.Set("vectors", vectors);
        return out;
      });
}

Napi::Value frameGrow(const Napi::CallbackInfo& info) {
  const Napi::Object in = info[0].As<Napi::Object>();
  const ToolFaceView own = toolFace(in.Get("frame").As<Napi::Object>());
  const double share = number(in, "share");
  const auto list = in.Get("faces").As<Napi::Array>();
  const auto table = typed<Napi::Float64Array>(in, "mappings");
  std::vector<ToolFaceView> faces;
  std::vector<Affine> mappings(list.Length());
  for (uint32_t i = 0; i < list.Length(); i++) {
    faces.push_back(toolFace(list.Get(i).As<Napi::Object>()));
    for (size_t k = 0; k < 6; k++) mappings[i][k] = table[i * 6 + k];
  }
  return Task<GrownFrame>::run(
      info.Env(), in, [=] { return growFrame(own, faces, mappings, share); },
      [](Napi::Env env, GrownFrame& grown) -> Napi::Value {
        Napi::Object out = Napi::Object::New(env);
        Napi::Array strokes = Napi::Array::New(env, 3);
        for (uint32_t l = 0; l < 3; l++) strokes[l] = toTyped(env, grown.strokes[l].data(), grown.strokes[l].size());
        out.Set("strokes", strokes);
        out.Set("walls", toTyped(env, grown.walls.data(), grown.walls.size()));
        return out;
      });
}

}  // namespace relievo
