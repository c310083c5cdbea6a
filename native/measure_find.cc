#include "measure_find.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "measure_ellipse.h"
#include "measure_map.h"

namespace relievo {
namespace {
constexpr double kFace = 0.5;     // probability from which a pixel is taken for a face's
constexpr double kAround = 0.25;  // of its size: how far around an outline the map speaks of that outline
constexpr double kCloser = 1.6;   // side of the part that is looked at closer, of the thing's size
constexpr double kWorthIt = 0.8;  // of the picture's side: what is larger is not looked at again
constexpr double kNeck = 0.08;    // of its size: what hangs on a face by a narrower neck is none of it
constexpr double kEllipse = 0.7;  // share of an outline that lies on an ellipse where it is one that was dented
constexpr int kAngles = 240;      // points of an ellipse
constexpr double kCorner = 0.2;   // px that an outline may lose where points of it are left out
constexpr int kFrame = 4;         // px from the frame within which it may have cut an outline off
constexpr double kAlike = 0.45;   // area of the smaller over that of the larger specimen in one photograph

double areaOf(const std::vector<cv::Point2f>& outline) { return std::abs(cv::contourArea(outline)); }

// 255 within a polygon, 0 outside.
cv::Mat filled(const std::vector<cv::Point2f>& outline, cv::Size size) {
  cv::Mat out = cv::Mat::zeros(size, CV_8U);
  std::vector<cv::Point> fixed;  // 1/16 pixel
  for (const auto& q : outline) fixed.emplace_back(cvRound(16 * q.x), cvRound(16 * q.y));
  cv::fillPoly(out, std::vector<std::vector<cv::Point>>{fixed}, cv::Scalar(255), cv::LINE_8, 4);
  return out;
}

using Outline = std::vector<cv::Point2f>;

// A contour of pixels moved between them, onto the level itself: a step of Newton's method down the slope.
Outline onLevel(const std::vector<cv::Point>& contour, const cv::Mat& map, double level) {
  Outline out;
  for (const cv::Point& q : contour) {
    cv::Point2f moved = q;
    if (q.x > 0 && q.y > 0 && q.x + 1 < map.cols && q.y + 1 < map.rows) {
      const float gx = 0.5f * (map.at<float>(q.y, q.x + 1) - map.at<float>(q.y, q.x - 1)), gy = 0.5f * (map.at<float>(q.y + 1, q.x) - map.at<float>(q.y - 1, q.x));
      const float steep = std::max(1e-6f, gx * gx + gy * gy), step = (map.at<float>(q) - static_cast<float>(level)) / steep;
      const float least = std::min(1.f, 1 / (step * std::sqrt(steep) + 1e-6f));  // at most a pixel
      moved -= cv::Point2f(gx, gy) * (step * least);
    }
    out.push_back(moved);
  }
  return out;
}

// A region without what hangs on it by a narrow neck: its opening by a disc (Serra 1982), grown by as much again within
// the region, so that its corners and its rough rim stay.
std::vector<cv::Point> withoutTongues(const std::vector<cv::Point>& contour) {
  const double reach = kNeck / 2 * std::sqrt(cv::contourArea(contour));
  const cv::Rect box = cv::boundingRect(contour);
  const int pad = cvCeil(reach) + 2;
  cv::Mat region = cv::Mat::zeros(box.height + 2 * pad, box.width + 2 * pad, CV_8U), inside, outside, kept;
  const cv::Point shift(pad - box.x, pad - box.y);
  cv::drawContours(region, std::vector<std::vector<cv::Point>>{contour}, 0, cv::Scalar(255), cv::FILLED, cv::LINE_8, cv::noArray(), 0, shift);
  cv::distanceTransform(region, inside, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  cv::distanceTransform(inside <= reach, outside, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  cv::bitwise_and(outside <= 2 * reach, region, kept);
  std::vector<std::vector<cv::Point>> parts;
  cv::findContours(kept, parts, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE, -shift);
  const auto larger = [](const auto& a, const auto& b) { return cv::contourArea(a) < cv::contourArea(b); };
  return parts.empty() ? contour : *std::max_element(parts.begin(), parts.end(), larger);
}

// What the network says of a part of the picture.
struct Look {
  cv::Rect part;
  int views = 2;
  cv::Mat map;

  Look(const cv::Mat& rgb, cv::Rect part) : part(part), map(faceMap(rgb(part), 0, views)) {}

  // As many views again.
  void again(const cv::Mat& rgb) {
    map = cv::Mat((map + faceMap(rgb(part), views, views)) / 2);  // never into the pixels that a copy of this look holds
    views *= 2;
  }

  Outline onMap(const Outline& outline) const {
    Outline moved;
    for (const auto& q : outline) moved.emplace_back(q.x - part.x, q.y - part.y);
    return rescale(moved, part.size(), map.size());
  }

  // Rough outlines of what it takes for faces, in pixels of the picture.
  std::vector<Outline> things() const {
    cv::Mat close;
    cv::resize(map, close, part.size(), 0, 0, cv::INTER_LINEAR);
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(close > kFace, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    std::vector<Outline> out;
    for (const auto& c : contours) {
      Outline thing = onLevel(withoutTongues(c), close, kFace);
      for (auto& q : thing) q += cv::Point2f(part.tl());
      out.push_back(std::move(thing));
    }
    return out;
  }

  // Expected overlap of an outline with its face: each pixel belongs to the face with the map's probability.
  double expectedOverlap(const Outline& outline, const std::vector<Outline>& things) const {
    const Outline small = onMap(outline);
    const cv::Mat in = filled(small, map.size());
    // Another specimen beside it is not a part of this one; a fragment may be.
    cv::Mat others = cv::Mat::zeros(map.size(), CV_8U);
    for (const Outline& thing : things) {
      const cv::Mat other = filled(onMap(thing), map.size());
      if (cv::countNonZero(other & in) == 0 && areaOf(thing) > kAlike * areaOf(outline)) others |= other;
    }
    const cv::Rect box = cv::boundingRect(small);
    const int dx = static_cast<int>(kAround * box.width), dy = static_cast<int>(kAround * box.height);
    const cv::Rect around = cv::Rect(box.x - dx, box.y - dy, box.width + 2 * dx, box.height + 2 * dy) & cv::Rect(cv::Point(), map.size());
    double both = 0, either = 0;
    for (int y = around.y; y < around.y + around.height; y++)
      for (int x = around.x; x < around.x + around.width; x++) {
        const double p = map.at<float>(y, x);
        if (in.at<uint8_t>(y, x)) both += p, either += 1;
        else if (!others.at<uint8_t>(y, x)) either += p;
      }
    return either > 0 ? both / either : 0;
  }
};

// The thing among `things` that shares most with `known`; none where nothing does.
const Outline* sameThing(const std::vector<Outline>& things, const Outline& known, cv::Size size) {
  const cv::Mat own = filled(known, size);
  const Outline* best = nullptr;
  int most = 0;
  for (const Outline& thing : things) {
    const int shared = cv::countNonZero(own & filled(thing, size));
    if (shared > most) most = shared, best = &thing;
  }
  return best;
}

bool onFrame(cv::Point2f q, cv::Size size) { return q.x < kFrame || q.y < kFrame || q.x > size.width - 1 - kFrame || q.y > size.height - 1 - kFrame; }

double shareOnFrame(const Outline& outline, cv::Size size) {
  double on = 0, all = 0;
  for (size_t k = 0; k < outline.size(); k++) {
    const double d = cv::norm(outline[(k + 1) % outline.size()] - outline[k]);
    all += d, on += onFrame(outline[k], size) ? d : 0;
  }
  return all > 0 ? on / all : 0;
}

// A disc of which a part is hidden, torn off, or joined with a shadow is still an ellipse where it is seen.
Outline completed(const Outline& rough, cv::Size size) {
  Outline seen;
  for (const cv::Point2f& q : rough)
    if (!onFrame(q, size)) seen.push_back(q);
  cv::RotatedRect ellipse;
  if (ellipseThrough(seen, ellipse) >= kEllipse) return polygonOf(ellipse, kAngles);
  Outline fewer;
  cv::approxPolyDP(rough, fewer, kCorner, true);
  return fewer;
}

// `things`: all that is seen in the look, whether or not the outline is one of them.
Candidate candidateOf(const Outline& rough, const Look& look, const std::vector<Outline>& things, cv::Size size) {
  Candidate c;
  c.outline = completed(rough, size);
  c.score = look.expectedOverlap(c.outline, things);
  c.cropped = shareOnFrame(c.outline, size);
  Outline hull;
  cv::convexHull(c.outline, hull);
  c.solidity = areaOf(c.outline) / std::max(1.0, areaOf(hull));
  return c;
}
}  // namespace

std::vector<cv::Point2f> rescale(const std::vector<cv::Point2f>& points, cv::Size from, cv::Size to) {
  const double kx = double(to.width) / from.width, ky = double(to.height) / from.height;
  std::vector<cv::Point2f> out;
  for (const auto& q : points) out.emplace_back(static_cast<float>((q.x + 0.5) * kx - 0.5), static_cast<float>((q.y + 0.5) * ky - 0.5));
  return out;
}

std::vector<Candidate> findThings(const cv::Mat& rgb, const MeasureParameters& p) {
  const cv::Rect whole(cv::Point(), rgb.size());
  const double least = p.minSpan * std::min(rgb.cols, rgb.rows);
  const Look first(rgb, whole);
  const std::vector<Outline> things = first.things();
  std::vector<Candidate> out;
  for (const Outline& rough : things) {
    if (areaOf(rough) < 0.6 * least * least) continue;
    const cv::Rect box = cv::boundingRect(rough);
    const int side = cvRound(kCloser * std::max(box.width, box.height));
    const bool closer = side < kWorthIt * std::max(rgb.cols, rgb.rows);
    Look look = closer ? Look(rgb, cv::Rect(box.x + (box.width - side) / 2, box.y + (box.height - side) / 2, side, side) & whole) : first;
    Candidate c;
    do {
      look.again(rgb);
      const std::vector<Outline> seen = look.things();
      const Outline* same = sameThing(seen, rough, rgb.size());
      c = candidateOf(same ? *same : rough, look, seen, rgb.size());
    } while (c.score < p.sureScore && look.views < kFaceViews);
    out.push_back(std::move(c));
  }
  std::sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  return out;
}

std::vector<Candidate> chooseFaces(const std::vector<Candidate>& things, const MeasureParameters& p) {
  std::vector<Candidate> out;
  double largest = 0;
  for (const Candidate& c : things)
    if (c.score >= p.minScore) out.push_back(c), largest = std::max(largest, areaOf(c.outline));
  out.erase(std::remove_if(out.begin(), out.end(), [&](const Candidate& c) { return areaOf(c.outline) < kAlike * largest; }), out.end());
  return out;
}
}  // namespace relievo
