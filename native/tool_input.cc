#include "tool_input.h"

namespace relievo {
namespace {

// Rows of rotation in degrees, shift x and y, scale.
std::vector<CropPose> poses(const Napi::Object& from) {
  const auto table = typed<Napi::Float64Array>(from, "poses");
  std::vector<CropPose> out;
  for (size_t i = 0; i + 3 < table.ElementLength(); i += 4) out.push_back({table[i], table[i + 1], table[i + 2], table[i + 3]});
  return out;
}

}  // namespace

ToolSettings toolSettings(const Napi::Object& in) {
  ToolSettings s;
  s.pxPerMm = number(in, "pxPerMm");
  const char* same[] = {"same0", "same1", "same2"};
  const char* iterations[] = {"iterations0", "iterations1", "iterations2"};
  const char* points[] = {"points0", "points1", "points2"};
  const char* samples[] = {"sample0", "sample1", "sample2"};
  for (int l = 0; l < 3; l++) {
    s.iterations[l] = int(number(in, iterations[l]));
    s.same[l] = number(in, same[l]);
    s.points[l] = int(number(in, points[l]));
    s.sample[l] = int(number(in, samples[l]));
  }
  s.doubt = number(in, "doubt");
  s.stretch = number(in, "stretch");
  s.scaleError = number(in, "scaleError");
  s.alike = number(in, "alike");
  s.stiffness = number(in, "stiffness");
  s.longestStep = number(in, "longestStep");
  s.rival = number(in, "rival");
  s.elsewhereFrom = number(in, "elsewhereFrom");
  s.wallHalf = number(in, "wallHalf");
  s.surroundings = number(in, "surroundings");
  s.reach = number(in, "reach");
  s.cell = number(in, "cell");
  s.fewCells = number(in, "fewCells");
  s.nearTurn = number(in, "nearTurn");
  s.nearShift = number(in, "nearShift");
  s.nearGain = number(in, "nearGain");
  return s;
}

ToolFaceView toolFace(const Napi::Object& from) {
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

std::vector<ToolCandidate> toolCandidates(const Napi::Array& list) {
  std::vector<ToolCandidate> out;
  out.reserve(list.Length());
  for (uint32_t i = 0; i < list.Length(); i++) {
    const Napi::Object one = list.Get(i).As<Napi::Object>();
    out.push_back({toolFace(one), poses(one)});
  }
  return out;
}

}  // namespace relievo
