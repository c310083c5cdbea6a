#include "tool.h"

#include <vector>

#include "common.h"
#include "tool_compare.h"

namespace relievo {
namespace {
// Numbers a pair in the result; src/comparison/tool-kernel.ts reads them in this order.
constexpr int COLUMNS = 14;

ToolFaceView view(const Napi::Object& from) {
  ToolFaceView v{};
  v.size = int(number(from, "size"));
  v.unit = number(from, "unit");
  v.centre[0] = number(from, "centreX");
  v.centre[1] = number(from, "centreY");
  const Napi::Array strokes = from.Get("strokes").As<Napi::Array>(), strides = from.Get("strides").As<Napi::Array>();
  for (uint32_t l = 0; l < 3; l++) {
    v.strokes[l] = strokes.Get(l).As<Napi::Int8Array>().Data();
    v.stride[l] = strides.Get(l).As<Napi::Number>().Int32Value();
  }
  v.marks = typed<Napi::Int8Array>(from, "marks").Data();
  v.walls = typed<Napi::Uint8Array>(from, "walls").Data();
  return v;
}

// Rows of rotation in degrees, shift x and y, scale.
std::vector<CropPose> poses(const Napi::Object& from) {
  const auto table = typed<Napi::Float64Array>(from, "poses");
  std::vector<CropPose> out;
  for (size_t i = 0; i + 3 < table.ElementLength(); i += 4) out.push_back({table[i], table[i + 1], table[i + 2], table[i + 3]});
  return out;
}
}  // namespace

Napi::Value tool(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  ToolSettings s;
  s.pxPerMm = number(in, "pxPerMm");
  const char* iterations[] = {"iterations0", "iterations1", "iterations2"};
  const char* points[] = {"points0", "points1", "points2"};
  const char* samples[] = {"sample0", "sample1", "sample2"};
  for (int l = 0; l < 3; l++) {
    s.iterations[l] = int(number(in, iterations[l]));
    s.points[l] = int(number(in, points[l]));
    s.sample[l] = int(number(in, samples[l]));
  }
  s.doubt = number(in, "doubt");
  s.stiffness = number(in, "stiffness");
  s.longestStep = number(in, "longestStep");
  s.rival = number(in, "rival");
  s.elsewhereFrom = number(in, "elsewhereFrom");
  s.same = number(in, "same");
  s.wallHalf = number(in, "wallHalf");
  s.reach = number(in, "reach");
  s.cell = number(in, "cell");
  const bool detail = in.Get("detail").ToBoolean().Value();
  const ToolFaceView probe = view(in.Get("probe").As<Napi::Object>());
  const Napi::Array list = in.Get("candidates").As<Napi::Array>();
  std::vector<ToolCandidate> candidates;
  candidates.reserve(list.Length());
  for (uint32_t i = 0; i < list.Length(); i++) {
    const Napi::Object one = list.Get(i).As<Napi::Object>();
    candidates.push_back({view(one), poses(one)});
  }
  return Task<std::vector<ToolPair>>::run(
      env, in, [=] { return compareTools(probe, candidates, s, detail); },
      [](Napi::Env env, std::vector<ToolPair>& pairs) -> Napi::Value {
        auto rows = Napi::Float64Array::New(env, pairs.size() * COLUMNS);
        double* to = rows.Data();
        Napi::Array cells = Napi::Array::New(env, pairs.size());
        for (size_t i = 0; i < pairs.size(); i++) {
          const ToolPair& p = pairs[i];
          const double row[COLUMNS] = {p.marks, p.evenMarks, p.strokes, p.areaMm2, p.shiftMm, double(p.pose), p.toCandidate[0], p.toCandidate[1],
                                       p.toCandidate[2], p.toCandidate[3], p.toCandidate[4], p.toCandidate[5], p.turned ? 1.0 : 0.0, p.elsewhere};
          to = std::copy(row, row + COLUMNS, to);
          std::vector<float> flat;
          for (const ToolCell& c : p.cells)
            for (float v : {float(c.x), float(c.y), c.agreement, c.own, c.ownX, c.ownY, c.known, c.energy}) flat.push_back(v);
          cells[uint32_t(i)] = toTyped(env, flat.data(), flat.size());
        }
        Napi::Object out = Napi::Object::New(env);
        out.Set("rows", rows);
        out.Set("cells", cells);
        return out;
      });
}

}  // namespace relievo
