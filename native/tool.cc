#include "tool.h"

#include <vector>

#include "tool_input.h"

namespace relievo {
namespace {
// Numbers a pair in the result; src/comparison/tool-kernel.ts reads them in this order.
constexpr int COLUMNS = 14;
}  // namespace

Napi::Value tool(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  const ToolSettings s = toolSettings(in);
  const bool detail = in.Get("detail").ToBoolean().Value();
  const ToolFaceView probe = toolFace(in.Get("probe").As<Napi::Object>());
  const std::vector<ToolCandidate> candidates = toolCandidates(in.Get("candidates").As<Napi::Array>());
  return Task<std::vector<ToolPair>>::run(
      env, in, [=] { return compareTools(probe, candidates, s, detail); },
      [](Napi::Env env, std::vector<ToolPair>& pairs) -> Napi::Value {
        auto rows = Napi::Float64Array::New(env, pairs.size() * COLUMNS);
        double* to = rows.Data();
        Napi::Array cells = Napi::Array::New(env, pairs.size()), poses = Napi::Array::New(env, pairs.size());
        for (size_t i = 0; i < pairs.size(); i++) {
          const ToolPair& p = pairs[i];
          const double row[COLUMNS] = {p.marks, p.carrying, p.carried, p.strokes, p.areaMm2, p.shiftMm, double(p.pose), p.toCandidate[0], p.toCandidate[1],
                                       p.toCandidate[2], p.toCandidate[3], p.toCandidate[4], p.toCandidate[5], p.turned ? 1.0 : 0.0};
          to = std::copy(row, row + COLUMNS, to);
          std::vector<float> flat;
          for (const ToolCell& c : p.cells)
            for (float v : {float(c.x), float(c.y), c.agreement, c.own, c.ownX, c.ownY, c.known, c.energy}) flat.push_back(v);
          cells[uint32_t(i)] = toTyped(env, flat.data(), flat.size());
          std::vector<double> followed;
          for (const ToolPose& q : p.poses)
            for (double v : {q.carried, q.strokes, q.areaMm2, q.elsewhere ? 1.0 : 0.0, q.near ? 1.0 : 0.0}) followed.push_back(v);
          poses[uint32_t(i)] = toTyped(env, followed.data(), followed.size());
        }
        Napi::Object out = Napi::Object::New(env);
        out.Set("rows", rows);
        out.Set("cells", cells);
        out.Set("poses", poses);
        return out;
      });
}

}  // namespace relievo
