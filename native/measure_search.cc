#include "measure_search.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "measure_circles.h"
#include "measure_colour.h"
#include "measure_doubt.h"
#include "measure_judge.h"
#include "measure_outline.h"
#include "measure_seeds.h"

namespace relievo {
namespace {
float quantile(std::vector<float> v, double q) {
  if (v.empty()) return 0;
  const size_t i = std::min(v.size() - 1, static_cast<size_t>(q * v.size()));
  std::nth_element(v.begin(), v.begin() + i, v.end());
  return v[i];
}

std::vector<float> samples(const cv::Mat& m, const cv::Mat& mask) {
  std::vector<float> out;
  for (int y = 0; y < m.rows; y++)
    for (int x = 0; x < m.cols; x++)
      if (mask.at<uint8_t>(y, x)) out.push_back(m.at<float>(y, x));
  return out;
}

// Circles that may be the rim of a specimen, best first.
std::vector<Circle> roundThings(const cv::Mat& lightness, float edgeFloor, double minRadius) {
  cv::Mat grey;
  cv::GaussianBlur(lightness, grey, cv::Size(0, 0), 1.0);
  grey.convertTo(grey, CV_8U, 2.55);
  const double shortSide = std::min(grey.rows, grey.cols);
  return circlesIn(grey, {std::clamp(14.0 * edgeFloor, 20.0, 200.0), 0.05 * shortSide, static_cast<int>(minRadius), static_cast<int>(0.6 * shortSide), 6});
}

double boxOverlap(const cv::Rect& a, const cv::Rect& b) {
  const double i = (a & b).area();
  return i / (a.area() + b.area() - i);
}

}  // namespace

SearchPicture prepare(const cv::Mat& rgbSmall) {
  SearchPicture s;
  cv::Mat f;
  rgbSmall.convertTo(f, CV_32FC3, 1 / 255.0);
  cv::Mat smooth;
  cv::GaussianBlur(f, smooth, cv::Size(0, 0), 0.8);
  cv::cvtColor(smooth, s.lab, cv::COLOR_RGB2Lab);
  const int rows = f.rows, cols = f.cols;
  const ColourPlanes colour = planesOf(rgbSmall, 0.8);
  s.u = colour.u, s.v = colour.v;
  // The colour step: the three channels' gradients together.
  cv::Mat total = cv::Mat::zeros(rows, cols, CV_32F);
  std::vector<cv::Mat> planes;
  cv::split(s.lab, planes);
  // Lightness and chromaticity: the second does not fade in the dark as Lab's a and b do.
  for (const cv::Mat& plane : {planes[0], cv::Mat(s.u * 100), cv::Mat(s.v * 100)}) {
    cv::Mat dx, dy, b;
    cv::GaussianBlur(plane, b, cv::Size(0, 0), 0.8);
    cv::Sobel(b, dx, CV_32F, 1, 0, 3, 1 / 8.0);
    cv::Sobel(b, dy, CV_32F, 0, 1, 3, 1 / 8.0);
    total += dx.mul(dx) + dy.mul(dy);
  }
  cv::sqrt(total, s.edge);
  cv::Mat border = cv::Mat::ones(rows, cols, CV_8U);
  const int band = std::max(4, static_cast<int>(0.06 * std::min(rows, cols)));
  border(cv::Rect(band, band, cols - 2 * band, rows - 2 * band)).setTo(0);
  s.edgeFloor = std::max(1.0f, 3 * quantile(samples(s.edge, border), 0.5));
  s.ground = cv::Vec3f(quantile(samples(planes[0], border), 0.7), quantile(samples(s.u, border), 0.5), quantile(samples(s.v, border), 0.5));
  s.bins.create(rows, cols, CV_16U);
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < cols; x++) s.bins.at<uint16_t>(y, x) = static_cast<uint16_t>(colourBin(planes[0].at<float>(y, x), s.u.at<float>(y, x), s.v.at<float>(y, x)));
  s.shadow = cv::Mat::zeros(rows, cols, CV_32F);
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < cols; x++) {
      const float du = s.u.at<float>(y, x) - s.ground[1], dv = s.v.at<float>(y, x) - s.ground[2], l = planes[0].at<float>(y, x);
      if (l < 0.72f * s.ground[0] && du * du + dv * dv < 0.05f * 0.05f) s.shadow.at<float>(y, x) = 1;
    }
  return s;
}

std::vector<Candidate> searchFaces(const SearchPicture& picture, const Ruler& ruler, const MeasureParameters& p) {
  const cv::Size size = picture.edge.size();
  cv::Mat notFace;
  if (ruler.found) {
    notFace = cv::Mat::zeros(size, CV_8U);
    std::vector<cv::Point> strip;
    for (const auto& q : ruler.strip) strip.emplace_back(cvRound(q.x), cvRound(q.y));
    cv::fillConvexPoly(notFace, strip, cv::Scalar(255));
  }
  const double minSide = p.minSpan * std::min(size.width, size.height), minArea = 0.6 * minSide * minSide;
  std::vector<Seed> seeds;
  std::vector<cv::Mat> planes;
  cv::split(picture.lab, planes);
  cv::Mat chroma = cv::Mat::zeros(size, CV_32F), logL;
  for (int y = 0; y < size.height; y++)
    for (int x = 0; x < size.width; x++) chroma.at<float>(y, x) = std::hypot(picture.u.at<float>(y, x) - picture.ground[1], picture.v.at<float>(y, x) - picture.ground[2]);
  cv::log(planes[0] + 2, logL);
  for (const cv::Mat& channel : {planes[0], logL, planes[1], planes[2], picture.u, picture.v, chroma}) harvest(channel, picture.edge, picture.edgeFloor, notFace, minArea, seeds);
  // Where no cue tells the specimen from its ground, only its outline does: circles to start from.
  std::vector<Circle> circles;
  const float shortSide = static_cast<float>(std::min(size.width, size.height));
  for (int i = 0; i < 9; i++)
    circles.push_back({cv::Point2f(size.width / 2.f + (i % 3 - 1) * 0.12f * size.width, size.height / 2.f + (i / 3 - 1) * 0.12f * size.height), 0.3f * shortSide});
  for (const Circle& c : roundThings(planes[0], picture.edgeFloor, 0.5 * minSide)) circles.push_back(c);
  std::sort(seeds.begin(), seeds.end(), [](const Seed& a, const Seed& b) { return a.score > b.score; });
  std::vector<Seed> kept;
  for (auto& s : seeds) {
    if (kept.size() >= 24) break;
    bool known = false;
    for (const auto& k : kept) known = known || boxOverlap(s.box, k.box) > 0.85;
    if (!known) kept.push_back(std::move(s));
  }
  std::vector<Candidate> rough;
  OutlineSearch search;
  search.floor = picture.edgeFloor;
  search.stiffness = 1.0;
  for (const auto& s : kept) {
    const cv::Moments m = cv::moments(s.contour);
    Candidate c;
    c.centre = cv::Point2f(static_cast<float>(m.m10 / m.m00), static_cast<float>(m.m01 / m.m00));
    std::vector<cv::Point2f> outline(s.contour.begin(), s.contour.end());
    const std::vector<float> r = bestOutline(picture.edge, Region(), c.centre, radiiOf(outline, c.centre, search.angles), search);
    c.outline = polygonOf(c.centre, r);
    c.region = regionOf(picture.bins, c.centre, r);
    judge(c, picture);
    rough.push_back(std::move(c));
  }
  for (size_t i = 0; i < circles.size(); i++) {
    const auto& [centre, radius] = circles[i];
    Candidate c;
    c.centre = centre;
    OutlineSearch wide = search;
    wide.inner = i < 9 ? 0.45 : 0.88;
    wide.outer = i < 9 ? 1.6 : 1.14;
    wide.stiffness = i < 9 ? 2.5 : 4;
    std::vector<float> r(search.angles, radius);
    r = bestOutline(picture.edge, Region(), c.centre, r, wide);
    c.outline = polygonOf(c.centre, r);
    c.region = regionOf(picture.bins, c.centre, r);
    judge(c, picture);
    rough.push_back(std::move(c));
  }
  const auto byScore = [](const Candidate& a, const Candidate& b) { return a.score > b.score; };
  std::sort(rough.begin(), rough.end(), byScore);
  // Once more for the best ones, now with the colours of their two sides.
  std::vector<Candidate> out;
  for (Candidate& c : rough) {
    if (out.size() >= 20) break;
    const cv::Rect box = cv::boundingRect(c.outline);
    bool known = false;
    for (const Candidate& o : out) known = known || boxOverlap(box, cv::boundingRect(o.outline)) > 0.92;
    if (known) continue;
    const Candidate before = c;
    for (int round = 0; round < 2; round++) {
      const cv::Moments m = cv::moments(c.outline);
      c.centre = cv::Point2f(static_cast<float>(m.m10 / m.m00), static_cast<float>(m.m01 / m.m00));
      std::vector<float> r = radiiOf(c.outline, c.centre, search.angles);
      c.region = regionOf(picture.bins, c.centre, r);
      OutlineSearch closer = search;
      closer.inner = 0.8;
      closer.outer = 1.25;
      r = bestOutline(picture.edge, c.region, c.centre, r, closer);
      c.outline = polygonOf(c.centre, r);
    }
    c.cropped = 0;
    judge(c, picture);
    // Where the colours of the two sides are alike they lead astray: the outline by its edges alone stays in the race.
    if (before.asymmetry < c.asymmetry && boxOverlap(cv::boundingRect(before.outline), cv::boundingRect(c.outline)) < 0.95) out.push_back(before);
    out.push_back(std::move(c));
  }
  for (Candidate& c : out)
    if (holdsTicks(planes[0], c.outline)) c.score *= 0.2;
  out.erase(std::remove_if(out.begin(), out.end(), [&](const Candidate& c) { return holdsRuler(c.outline, ruler); }), out.end());
  std::sort(out.begin(), out.end(), byScore);
  return out;
}
}  // namespace relievo
