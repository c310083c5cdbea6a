#include "measure.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

#include "common.h"
#include "measure_face.h"
#include "measure_find.h"
#include "measure_ruler.h"
#include "measure_shrink.h"

namespace relievo {
namespace {
constexpr double kLeastDivisions = 3.5;  // tablets are pressed from 4 mm up, and a ruler lies a little further away

struct Face {
  Candidate found;  // outline in pixels of the original
  cv::Point2f centre;
  FaceShape shape;
  FaceNumbers numbers;
  cv::Mat crop, mask;
  double divisionPx = 0;  // a division of the ruler, in pixels of the rectified face's plane
};

struct Measured {
  std::vector<Face> faces;
  std::vector<Candidate> things;  // likeliest first, outlines in pixels of the original
  Ruler ruler;
};

cv::Mat shrink(const cv::Mat& rgb, int side) {
  const int longest = std::max(rgb.cols, rgb.rows);
  if (longest <= side) return rgb;
  const double k = double(side) / longest;
  cv::Mat out;
  cv::resize(rgb, out, cv::Size(std::max(1, cvRound(rgb.cols * k)), std::max(1, cvRound(rgb.rows * k))), 0, 0, cv::INTER_AREA);
  return out;
}

// Grooves of a relief may be as regular as a ruler: what lies on a face is none.
void dropMarksOnFaces(Measured& m) {
  if (!m.ruler.found) return;
  size_t on = 0;
  for (const cv::Point2f& q : m.ruler.ticks)
    for (const Face& f : m.faces) on += cv::pointPolygonTest(f.found.outline, q, true) > -0.03 * f.shape.longPx;
  if (on * 3 < m.ruler.ticks.size()) return;
  m.ruler = Ruler();
  m.ruler.reason = "the only regular marks lie on the specimen";
}

Measured measurePhotograph(const cv::Mat& rgb, const MeasureParameters& p) {
  Measured out;
  const int largeSide = std::max(p.outlineSidePx, p.rulerSidePx), block = std::min(256, std::max(rgb.cols, rgb.rows) / largeSide);
  const cv::Mat blocks = block > 1 ? blockMeans(rgb, block) : rgb, large = shrink(blocks, largeSide);
  const cv::Size seen = block > 1 ? cv::Size(blocks.cols * block, blocks.rows * block) : rgb.size();  // what the smaller pictures show
  const cv::Mat middle = shrink(large, p.outlineSidePx);
  cv::Mat grey;
  cv::cvtColor(shrink(large, p.rulerSidePx), grey, cv::COLOR_RGB2GRAY);
  out.ruler = findRuler(grey);
  out.ruler.ticks = rescale(out.ruler.ticks, grey.size(), seen);
  for (double& step : out.ruler.stepPx) step *= double(seen.width) / grey.cols;

  out.things = findThings(middle, p);
  for (Candidate& c : out.things) c.outline = rescale(c.outline, middle.size(), seen);
  const double least = out.ruler.found ? kLeastDivisions * *std::min_element(out.ruler.stepPx.begin(), out.ruler.stepPx.end()) : 0;
  for (const Candidate& c : chooseFaces(out.things, p)) {
    const cv::Rect box = cv::boundingRect(c.outline);
    if (std::max(box.width, box.height) < least) continue;  // a digit of the ruler
    Face f;
    f.found = c;
    const cv::Moments m = cv::moments(c.outline);
    f.centre = cv::Point2f(static_cast<float>(m.m10 / m.m00), static_cast<float>(m.m01 / m.m00));
    f.shape = shapeOf(c.outline, c.cropped < 0.01, p);
    cutFace(rgb, c.outline, f.shape, f.crop, f.mask);
    f.numbers = numbersOf(f.crop, f.mask, f.shape);
    out.faces.push_back(std::move(f));
  }
  dropMarksOnFaces(out);
  if (out.ruler.found)
    for (Face& f : out.faces) f.divisionPx = out.ruler.stepPx[nearestTick(out.ruler, f.centre)];
  return out;
}

Napi::Value outlineValue(Napi::Env env, const std::vector<cv::Point2f>& outline) {
  std::vector<float> flat;
  for (const auto& q : outline) flat.push_back(q.x), flat.push_back(q.y);
  return toTyped(env, flat.data(), flat.size());
}

Napi::Object cropValue(Napi::Env env, const FaceShape& shape, const cv::Mat& crop, const cv::Mat& mask) {
  Napi::Object o = Napi::Object::New(env);
  o.Set("size", shape.size);
  o.Set("rgb", toTyped(env, crop.ptr<uint8_t>(), crop.total() * 3));
  o.Set("mask", toTyped(env, mask.ptr<uint8_t>(), mask.total()));
  o.Set("pxScale", shape.pxScale);
  o.Set("toOriginal", toTyped(env, shape.toOriginal.val, 9));
  return o;
}

Napi::Object candidateValue(Napi::Env env, const Candidate& c) {
  Napi::Object o = Napi::Object::New(env);
  o.Set("outlinePx", outlineValue(env, c.outline));
  o.Set("score", c.score);
  o.Set("cropped", c.cropped);
  o.Set("solidity", c.solidity);
  return o;
}

cv::Mat pictureOf(const Napi::Object& in) {
  const auto rgb = typed<Napi::Uint8Array>(in, "rgb");
  const int w = static_cast<int>(number(in, "width")), h = static_cast<int>(number(in, "height"));
  if (w < 1 || h < 1 || rgb.ElementLength() < size_t(w) * h * 3) throw Napi::RangeError::New(in.Env(), "rgb is shorter than width * height * 3");
  return cv::Mat(h, w, CV_8UC3, const_cast<uint8_t*>(rgb.Data()));  // only read
}
}  // namespace

Napi::Value measure(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  const cv::Mat rgb = pictureOf(in);
  MeasureParameters p;
  p.outlineSidePx = static_cast<int>(number(in, "outlineSidePx"));
  p.rulerSidePx = static_cast<int>(number(in, "rulerSidePx"));
  p.minSpan = number(in, "minSpan");
  p.sureScore = number(in, "sureScore");
  p.minScore = number(in, "minScore");
  p.cropSidePx = static_cast<int>(number(in, "cropSidePx"));
  p.tiltAxisRatio = number(in, "tiltAxisRatio");
  return Task<Measured>::run(
      env, in, [rgb, p] { return measurePhotograph(rgb, p); },
      [](Napi::Env e, Measured& m) -> Napi::Value {
        Napi::Object out = Napi::Object::New(e);
        Napi::Array faces = Napi::Array::New(e, m.faces.size());
        for (size_t i = 0; i < m.faces.size(); i++) {
          const Face& f = m.faces[i];
          Napi::Object o = candidateValue(e, f.found);
          o.Set("crop", cropValue(e, f.shape, f.crop, f.mask));
          o.Set("tiltDeg", f.shape.tiltDeg < 0 ? e.Null() : Napi::Value(Napi::Number::New(e, f.shape.tiltDeg)));
          o.Set("longPx", f.shape.longPx);
          o.Set("shortPx", f.shape.shortPx);
          o.Set("areaPx", f.shape.areaPx);
          o.Set("boxFill", f.shape.boxFill);
          o.Set("boxAspect", f.shape.boxAspect);
          o.Set("divisionPx", f.divisionPx);
          o.Set("sharpness", f.numbers.sharpness);
          o.Set("clippedDark", f.numbers.clippedDark);
          o.Set("clippedBright", f.numbers.clippedBright);
          o.Set("lightDirectionality", f.numbers.directionality);
          o.Set("lightAzimuthDeg", f.numbers.directed ? Napi::Value(Napi::Number::New(e, f.numbers.azimuthDeg)) : e.Null());
          faces[i] = o;
        }
        out.Set("faces", faces);
        Napi::Array things = Napi::Array::New(e, m.things.size());
        for (size_t i = 0; i < m.things.size(); i++) things[i] = candidateValue(e, m.things[i]);
        out.Set("candidates", things);
        Napi::Object ruler = Napi::Object::New(e);
        ruler.Set("found", m.ruler.found);
        ruler.Set("relativeError", m.ruler.relativeError);
        ruler.Set("reason", m.ruler.reason);
        ruler.Set("ticksPx", outlineValue(e, m.ruler.ticks));
        out.Set("ruler", ruler);
        return out;
      });
}

Napi::Value cut(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  const cv::Mat rgb = pictureOf(in);
  const auto flat = typed<Napi::Float32Array>(in, "outlinePx");
  const auto h = typed<Napi::Float64Array>(in, "toOriginal");
  if (h.ElementLength() != 9) throw Napi::RangeError::New(env, "toOriginal must hold 9 numbers");
  std::vector<cv::Point2f> outline;
  for (size_t i = 0; i + 1 < flat.ElementLength(); i += 2) outline.emplace_back(flat[i], flat[i + 1]);
  FaceShape shape;
  shape.size = static_cast<int>(number(in, "size"));
  shape.pxScale = number(in, "pxScale");
  shape.toOriginal = cv::Matx33d(h.Data());
  struct Cut {
    cv::Mat crop, mask;
  };
  return Task<Cut>::run(
      env, in,
      [=] {
        Cut c;
        cutFace(rgb, outline, shape, c.crop, c.mask);
        return c;
      },
      [shape](Napi::Env e, Cut& c) -> Napi::Value { return cropValue(e, shape, c.crop, c.mask); });
}
}  // namespace relievo
