#include "measure.h"

#include <opencv2/imgproc.hpp>

#include "common.h"
#include "measure_box.h"
#include "measure_choose.h"
#include "measure_doubt.h"
#include "measure_face.h"
#include "measure_judge.h"
#include "measure_outline.h"
#include "measure_refine.h"
#include "measure_rim.h"
#include "measure_ruler.h"
#include "measure_search.h"
#include "measure_shrink.h"

namespace relievo {
namespace {
constexpr size_t kMostRefined = 16;  // outlines of one photograph, the most promising first
constexpr double kLongest = 2.7;  // long over short side: tablets have up to 2.1; a pen, a strip of tape or a ruler's shadow has more
constexpr double kDespiteMarks = 0.5;  // likelihood of a face on which all the regular marks lie
constexpr double kRectangle = 0.88;    // share of the smallest turned rectangle that an outline fills
constexpr size_t kMostBoxes = 5;
constexpr double kSmallestBox = 0.15;  // of the short side
constexpr size_t kMostVaried = 4;    // of these what else they may be
constexpr double kSmallestDivisions = 3.5;  // tablets are pressed from 4 mm up, and a ruler lies a little further away

struct Face {
  Candidate found;  // outline in pixels of the original
  FaceShape shape;
  FaceNumbers numbers;
  cv::Mat crop, mask;
  double divisionPx = 0;  // a division of the ruler, in pixels of the rectified face's plane
};

struct Measured {
  std::vector<Face> faces;
  std::vector<Candidate> rejected;  // best first, outlines in pixels of the original
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

// Maps between pictures of two sizes that show the same: pixel centres lie at integers.
std::vector<cv::Point2f> rescale(const std::vector<cv::Point2f>& points, cv::Size from, cv::Size to) {
  const double kx = double(to.width) / from.width, ky = double(to.height) / from.height;
  std::vector<cv::Point2f> out;
  for (const auto& q : points) out.emplace_back(static_cast<float>((q.x + 0.5) * kx - 0.5), static_cast<float>((q.y + 0.5) * ky - 0.5));
  return out;
}

// Whether two outlines differ by less than a fiftieth of their size.
bool sameOutline(const std::vector<cv::Point2f>& a, const std::vector<cv::Point2f>& b) {
  const cv::Rect2f p = cv::boundingRect(a), q = cv::boundingRect(b);
  const double both = (p & q).area();
  if (both < 0.96 * (p.area() + q.area() - both)) return false;
  return std::abs(std::abs(cv::contourArea(a)) - std::abs(cv::contourArea(b))) < 0.02 * std::abs(cv::contourArea(a));
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

// The larger picture in the forms that outlines are refined on.
struct Close {
  ColourPlanes planes;
  StepField steps;
};

// What one outline is judged by, and where it lies in the larger picture.
struct Judged {
  std::vector<Candidate> candidates;  // outlines in pixels of the small picture
  std::vector<Refined> refined;
};

void add(Judged& out, const Refined& r, const SearchPicture& picture, const cv::Mat& lightness, const Close& close) {
  if (longOverWide(r.outline) > kLongest) return;
  for (const Refined& o : out.refined)
    if (sameOutline(r.outline, o.outline) && (r.origin == Origin::fourSides) == (o.origin == Origin::fourSides)) return;
  const cv::Size small = picture.edge.size();
  Candidate c;
  c.outline = rescale(r.outline, close.steps.tensor.size(), small);
  judgeOutline(c, picture);
  c.evidence = evidenceOf(c, r, rimOf(close.steps, close.planes, r.outline), holdsTicks(lightness, c.outline), double(small.height) * small.width);
  c.refined = out.refined.size();
  out.refined.push_back(r);
  out.candidates.push_back(std::move(c));
}

// The outlines on their edges in the larger picture, and what else the best of them may be, in falling order of likelihood.
Judged findOutlines(const SearchPicture& picture, const Close& close, const Ruler& ruler, const MeasureParameters& p) {
  Judged out;
  const double smallest = ruler.found ? kSmallestDivisions * *std::min_element(ruler.stepPx.begin(), ruler.stepPx.end()) : 0;
  std::vector<cv::Mat> lab;
  cv::split(picture.lab, lab);
  for (const Candidate& c : searchFaces(picture, ruler, p)) {
    if (out.refined.size() >= kMostRefined) break;
    const cv::Rect box = cv::boundingRect(c.outline);
    if (std::max(box.width, box.height) < smallest) continue;  // a digit of the ruler
    std::vector<Refined> some = refineOutline(close.steps, rescale(c.outline, picture.edge.size(), close.steps.tensor.size()));
    if (some.size() > 1 && !sameOutline(some[0].outline, some[1].outline)) some[0].almost = some[1].ellipse;
    for (const Refined& r : some) add(out, r, picture, lab[0], close);
  }
  std::vector<std::pair<double, size_t>> order;
  for (const Candidate& c : out.candidates) order.emplace_back(-preferenceOf(c.evidence), c.refined);
  std::sort(order.begin(), order.end());
  for (size_t i = 0; i < std::min(kMostVaried, order.size()); i++) {
    const Refined own = out.refined[order[i].second];
    if (const auto face = withoutWall(close.steps, own)) add(out, *face, picture, lab[0], close);
    if (const auto face = withDarkBevel(close.steps, close.planes.l, own)) add(out, *face, picture, lab[0], close);
  }
  for (const Box& box : findBoxes(close.steps, close.planes, kSmallestBox * std::min(close.steps.tensor.cols, close.steps.tensor.rows), kMostBoxes))
    if (!holdsRuler(rescale(box.outline, close.steps.tensor.size(), picture.edge.size()), ruler)) add(out, onSides(close.steps, box), picture, lab[0], close);
  weighRivals(out.candidates);
  return out;
}

Measured measurePhotograph(const cv::Mat& rgb, const MeasureParameters& p) {
  Measured out;
  const int largeSide = std::max(p.outlineSidePx, p.rulerSidePx), block = std::min(256, std::max(rgb.cols, rgb.rows) / largeSide);
  const cv::Mat blocks = block > 1 ? blockMeans(rgb, block) : rgb, large = shrink(blocks, largeSide);
  const cv::Size seen = block > 1 ? cv::Size(blocks.cols * block, blocks.rows * block) : rgb.size();  // what the smaller pictures show
  const cv::Mat middle = shrink(large, p.outlineSidePx), small = shrink(middle, p.searchSidePx);
  cv::Mat grey;
  cv::cvtColor(shrink(large, p.rulerSidePx), grey, cv::COLOR_RGB2GRAY);
  out.ruler = findRuler(grey);
  const double kx = double(seen.width) / grey.cols;
  out.ruler.ticks = rescale(out.ruler.ticks, grey.size(), seen);
  out.ruler.strip = rescale(out.ruler.strip, grey.size(), seen);
  for (double& step : out.ruler.stepPx) step *= kx;

  const SearchPicture picture = prepare(small);
  Ruler onSmall;
  if (out.ruler.found) {
    onSmall.found = true, onSmall.ticks = rescale(out.ruler.ticks, seen, small.size()), onSmall.strip = rescale(out.ruler.strip, seen, small.size());
    for (double step : out.ruler.stepPx) onSmall.stepPx.push_back(step * small.cols / seen.width);
  }
  Close close;
  close.planes = planesOf(middle, 1.2), close.steps = stepsOf(close.planes);
  Judged judged = findOutlines(picture, close, onSmall, p);
  std::vector<Candidate> chosen = chooseFaces(judged.candidates, p);
  if (chosen.empty() && out.ruler.found) {
    // A spiral or turning grooves may pass for a ruler, which no face may hold. Rulers are rectangles.
    Judged without = findOutlines(picture, close, Ruler(), p);
    chosen = chooseFaces(without.candidates, p);
    if (!chosen.empty() && (chosen[0].score < kDespiteMarks || !holdsRuler(chosen[0].outline, onSmall) || fillOfBox(chosen[0].outline) > kRectangle)) chosen.clear();
    if (!chosen.empty()) judged = std::move(without);
  }
  for (Candidate c : judged.candidates) {
    c.outline = rescale(c.outline, small.size(), seen);
    out.rejected.push_back(std::move(c));
  }
  for (const Candidate& c : chosen) {
    Face f;
    f.found = c;
    f.found.outline = rescale(judged.refined[c.refined].outline, middle.size(), seen);
    const cv::Moments m = cv::moments(f.found.outline);
    f.found.centre = cv::Point2f(static_cast<float>(m.m10 / m.m00), static_cast<float>(m.m01 / m.m00));
    f.shape = shapeOf(f.found.outline, c.cropped < 0.01, p);
    cutFace(rgb, f.found.outline, f.shape, f.crop, f.mask);
    f.numbers = numbersOf(f.crop, f.mask, f.shape);
    out.faces.push_back(std::move(f));
  }
  dropMarksOnFaces(out);
  if (out.ruler.found)
    for (Face& f : out.faces) f.divisionPx = out.ruler.stepPx[nearestTick(out.ruler, f.found.centre)];
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
  o.Set("support", c.support);
  o.Set("contrast", c.contrast);
  o.Set("apart", c.apart);
  o.Set("shadow", c.shadow);
  o.Set("cropped", c.cropped);
  o.Set("solidity", c.solidity);
  o.Set("asymmetry", c.asymmetry);
  o.Set("evidence", toTyped(env, c.evidence.data(), c.evidence.size()));
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
  p.searchSidePx = static_cast<int>(number(in, "searchSidePx"));
  p.outlineSidePx = static_cast<int>(number(in, "outlineSidePx"));
  p.rulerSidePx = static_cast<int>(number(in, "rulerSidePx"));
  p.minSpan = number(in, "minSpan");
  p.minScore = number(in, "minScore");
  p.sureScore = number(in, "sureScore");
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
        Napi::Array rejected = Napi::Array::New(e, m.rejected.size());
        for (size_t i = 0; i < m.rejected.size(); i++) rejected[i] = candidateValue(e, m.rejected[i]);
        out.Set("candidates", rejected);
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
