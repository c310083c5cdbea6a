#include "measure.h"

#include <opencv2/imgproc.hpp>

#include "common.h"
#include "measure_face.h"
#include "measure_doubt.h"
#include "measure_outline.h"
#include "measure_refine.h"
#include "measure_ruler.h"
#include "measure_search.h"
#include "measure_shrink.h"

namespace relievo {
namespace {
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
  cv::Mat out;
  const double k = double(side) / longest;
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

cv::Mat stepStrength(const cv::Mat& rgb, double sigma) {
  cv::Mat smooth, lab, f;
  rgb.convertTo(f, CV_32FC3, 1 / 255.0);
  cv::GaussianBlur(f, smooth, cv::Size(0, 0), sigma);
  cv::cvtColor(smooth, lab, cv::COLOR_RGB2Lab);
  cv::Mat dx, dy, total = cv::Mat::zeros(rgb.size(), CV_32F), sum;
  cv::Sobel(lab, dx, CV_32F, 1, 0, 3, 1 / 8.0);
  cv::Sobel(lab, dy, CV_32F, 0, 1, 3, 1 / 8.0);
  for (int y = 0; y < rgb.rows; y++) {
    const cv::Vec3f *a = dx.ptr<cv::Vec3f>(y), *b = dy.ptr<cv::Vec3f>(y);
    float* o = total.ptr<float>(y);
    for (int x = 0; x < rgb.cols; x++) o[x] = std::sqrt(a[x].dot(a[x]) + b[x].dot(b[x]));
  }
  return total;
}

// Under a raking lamp the step from the lit face to its dark bevel is stronger than the one from the
// bevel to the shadow on the ground. Where a second, parallel step lies a little further out, with
// something between that is darker than the face and lighter than what lies beyond, that is the outline.
void addDarkSide(const cv::Mat& edge, const cv::Mat& grey, cv::Point2f centre, std::vector<float>& r, OutlineSearch s) {
  const int n = static_cast<int>(r.size());
  s.inner = 1.025;
  s.outer = 1.16;
  s.stiffness = 6;
  const std::vector<float> further = bestOutline(edge, cv::Mat(), centre, r, s);
  auto at = [&](int k, double radius) {
    const double t = k * 2 * CV_PI / n;
    const int x = cvRound(centre.x + radius * std::cos(t)), y = cvRound(centre.y + radius * std::sin(t));
    return x < 0 || y < 0 || x >= grey.cols || y >= grey.rows ? -1.0 : static_cast<double>(grey.at<uint8_t>(y, x));
  };
  std::vector<double> vote(n, 0), smooth(n, 0);
  for (int k = 0; k < n; k++) {
    const double a = r[k], b = further[k];
    double inside = 0, between = 0, beyond = 0;
    bool seen = true;
    for (int j = 0; j < 5; j++) {
      const double p = at(k, a * (0.96 + 0.005 * j)), q = at(k, a + (b - a) * (0.3 + 0.1 * j)), o = at(k, b * (1.012 + 0.006 * j));
      seen = seen && p >= 0 && q >= 0 && o >= 0;
      inside += p / 5, between += q / 5, beyond += o / 5;
    }
    vote[k] = seen && inside > 1.15 * between && between > 1.25 * beyond + 2;
  }
  const int reach = n / 24;  // an arc counts where most of 30 degrees agree
  for (int k = 0; k < n; k++)
    for (int d = -reach; d <= reach; d++) smooth[k] += vote[(k + d + n) % n] / (2 * reach + 1);
  for (int k = 0; k < n; k++)
    if (smooth[k] > 0.6) r[k] = further[k];
}

// Moves an outline found in the small picture onto the edge in the large one.
std::vector<cv::Point2f> refine(const cv::Mat& large, const std::vector<cv::Point2f>& outline, double floor) {
  const cv::Rect2f bounds = cv::boundingRect(outline);
  const int pad = static_cast<int>(0.14 * std::max(bounds.width, bounds.height)) + 4;
  const cv::Rect box = cv::Rect(static_cast<int>(bounds.x) - pad, static_cast<int>(bounds.y) - pad, static_cast<int>(bounds.width) + 2 * pad, static_cast<int>(bounds.height) + 2 * pad) & cv::Rect(0, 0, large.cols, large.rows);
  const cv::Mat edge = stepStrength(large(box), 1.0);
  const cv::Moments m = cv::moments(outline);
  const cv::Point2f centre(static_cast<float>(m.m10 / m.m00) - box.x, static_cast<float>(m.m01 / m.m00) - box.y);
  std::vector<cv::Point2f> local;
  for (const auto& q : outline) local.emplace_back(q.x - box.x, q.y - box.y);
  OutlineSearch s;
  s.angles = 360;
  s.inner = 0.95;
  s.outer = 1.05;
  s.radii = 60;
  s.stiffness = 1.5;
  s.floor = floor;
  std::vector<float> r = bestOutline(edge, cv::Mat(), centre, radiiOf(local, centre, s.angles), s);
  cv::Mat grey;
  cv::cvtColor(large(box), grey, cv::COLOR_RGB2GRAY);
  addDarkSide(edge, grey, centre, r, s);
  std::vector<cv::Point2f> out = polygonOf(centre, r);
  for (auto& q : out) {
    q.x = std::clamp(q.x + box.x, 0.f, float(large.cols - 1));
    q.y = std::clamp(q.y + box.y, 0.f, float(large.rows - 1));
  }
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
  if (out.ruler.found) onSmall.found = true, onSmall.ticks = rescale(out.ruler.ticks, seen, small.size()), onSmall.strip = rescale(out.ruler.strip, seen, small.size());
  std::vector<Candidate> all = searchFaces(picture, onSmall, p);
  const StepField steps = stepsOf(planesOf(middle, 1.2));
  std::vector<Candidate> hypotheses;
  for (size_t i = 0; i < std::min<size_t>(10, all.size()); i++) {
    int member = 0;
    for (const Refined& r : refineOutline(steps, rescale(all[i].outline, small.size(), middle.size()))) {
      Candidate h;
      h.outline = rescale(r.outline, middle.size(), small.size());
      judgeOutline(h, picture);
      h.aligned = r.edge.mean, h.weakest = r.edge.weakest, h.ellipseShare = r.ellipseShare, h.wallEdge = r.wallEdge;
      h.rough = roughness(r.outline), h.misfit = ellipseMisfit(r.outline);
      h.wallBack = r.wallBack, h.wallMean = r.wallMean, h.wallShift = r.wallShift, h.from = r.from, h.origin = (int)i, h.member = member++;
      hypotheses.push_back(std::move(h));
    }
  }
  weighNested(hypotheses, picture);
  all = hypotheses;
  std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  std::vector<Candidate> chosen = consistentSet(all, p);
  for (size_t i = 0; i < all.size(); i++) {
    Candidate c = all[i];
    c.outline = rescale(c.outline, small.size(), seen);
    out.rejected.push_back(std::move(c));
  }
  for (Candidate& c : chosen) {
    Face f;
    f.found = c;
    f.found.centre = rescale({c.centre}, small.size(), seen)[0];
    f.found.outline = rescale(c.outline, small.size(), seen);
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
  o.Set("aligned", c.aligned);
  o.Set("weakest", c.weakest);
  o.Set("rough", c.rough);
  o.Set("misfit", c.misfit);
  o.Set("ellipseShare", c.ellipseShare);
  o.Set("wallEdge", c.wallEdge);
  o.Set("nested", c.nested);
  o.Set("wallBack", c.wallBack); o.Set("wallMean", c.wallMean); o.Set("wallShift", c.wallShift); o.Set("from", c.from); o.Set("origin", c.origin); o.Set("member", c.member);
  o.Set("ticks", c.ticks);
  o.Set("areaShare", c.area);
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
  p.minSupport = number(in, "minSupport");
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
