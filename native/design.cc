#include "design.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "common.h"
#include "design_hypotheses.h"
#include "design_pose.h"

namespace relievo {
namespace {
// Numbers a pair in the result; src/comparison/kernel.ts reads them in this order.
constexpr int COLUMNS = 7, POSE = 6;

FieldView view(const Napi::Object& from) {
  const auto light = typed<Napi::Float32Array>(from, "light");
  return {typed<Napi::Int8Array>(from, "field").Data(), typed<Napi::Uint8Array>(from, "weight").Data(),
          from.Get("partial").ToBoolean().Value(), {light[0], light[1]}};
}

PoseSettings settings(const Napi::Object& in) {
  PoseSettings s;
  s.grid = int(number(in, "grid"));
  s.halfSpan = number(in, "halfSpan");
  s.ringFrom = number(in, "ringFrom");
  s.ringTo = number(in, "ringTo");
  s.coarseSigma = number(in, "coarseSigma");
  s.circleWeight = number(in, "circleWeight");
  s.circleFrom = number(in, "circleFrom");
  s.circleShift = number(in, "circleShift");
  s.circleAgreementFrom = number(in, "circleAgreementFrom");
  s.circleAgreementFull = number(in, "circleAgreementFull");
  s.reliefShare = number(in, "reliefShare");
  s.shiftStep = number(in, "shiftStep");
  s.shiftCount = int(number(in, "shiftCount"));
  s.scaleStep = number(in, "scaleStep");
  s.scaleCount = int(number(in, "scaleCount"));
  s.partialShiftStep = number(in, "partialShiftStep");
  s.partialShiftCount = int(number(in, "partialShiftCount"));
  s.partialScaleStep = number(in, "partialScaleStep");
  s.partialScaleCount = int(number(in, "partialScaleCount"));
  s.lampFrom = number(in, "lampFrom");
  s.lampFull = number(in, "lampFull");
  s.worstShare = number(in, "worstShare");
  s.partSide = number(in, "partSide");
  s.worstOffset = number(in, "worstOffset");
  s.keep = int(number(in, "keep"));
  s.refineFloor = number(in, "refineFloor");
  s.iterations = int(number(in, "iterations"));
  return s;
}

std::vector<FieldView> views(const Napi::Object& in) {
  const Napi::Array list = in.Get("candidates").As<Napi::Array>();
  std::vector<FieldView> out;
  out.reserve(list.Length());
  for (uint32_t i = 0; i < list.Length(); i++) out.push_back(view(list.Get(i).As<Napi::Object>()));
  return out;
}
}  // namespace

Napi::Value design(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  const PoseSettings s = settings(in);
  const FieldView probe = view(in.Get("probe").As<Napi::Object>());
  const std::vector<FieldView> candidates = views(in);
  return Task<std::vector<PairPose>>::run(
      env, in, [=] { return comparePoses(probe, candidates, s); },
      [](Napi::Env env, std::vector<PairPose>& poses) -> Napi::Value {
        auto rows = Napi::Float64Array::New(env, poses.size() * COLUMNS);
        double* to = rows.Data();
        for (const PairPose& p : poses) {
          const double row[COLUMNS] = {p.score, p.coarse, p.rotationDeg, p.shiftX, p.shiftY, p.scale, p.overlap};
          to = std::copy(row, row + COLUMNS, to);
        }
        return rows;
      });
}

Napi::Value designPoses(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  PoseSettings s = settings(in);
  s.symmetryFrom = number(in, "symmetryFrom");
  const FieldView probe = view(in.Get("probe").As<Napi::Object>());
  const std::vector<FieldView> candidates = views(in);
  return Task<std::vector<std::vector<PoseHypothesis>>>::run(
      env, in, [=] { return findHypotheses(probe, candidates, s); },
      [](Napi::Env env, std::vector<std::vector<PoseHypothesis>>& found) -> Napi::Value {
        Napi::Array out = Napi::Array::New(env, found.size());
        for (size_t i = 0; i < found.size(); i++) {
          auto rows = Napi::Float64Array::New(env, found[i].size() * POSE);
          double* to = rows.Data();
          for (const PoseHypothesis& h : found[i])
            for (double v : {h.agreement, h.rotationDeg, h.shiftX, h.shiftY, h.scale, double(h.turned)}) *to++ = v;
          out[uint32_t(i)] = rows;
        }
        return out;
      });
}
}  // namespace relievo
