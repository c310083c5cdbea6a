#include "measure_search.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "measure_outline.h"

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

double polygonArea(const std::vector<cv::Point2f>& p) { return std::abs(cv::contourArea(p)); }



struct Seed {
  std::vector<cv::Point> contour;
  cv::Rect box;
  double area, score;
};

// Outer contours of what lies above or below many levels of one channel.
void harvest(const cv::Mat& channel, const SearchPicture& picture, const cv::Mat& notFace, double minArea, std::vector<Seed>& out) {
  const int rows = channel.rows, cols = channel.cols;
  const auto all = samples(channel, cv::Mat::ones(channel.size(), CV_8U));
  const float lo = quantile(all, 0.01), hi = quantile(all, 0.99);
  if (hi - lo < 1e-4f) return;
  const int levels = 12;
  const cv::Mat kernel = cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(5, 5));
  for (int polarity = 0; polarity < 2; polarity++)
    for (int i = 1; i < levels; i++) {
      cv::Mat mask = polarity ? channel < lo + (hi - lo) * i / levels : channel > lo + (hi - lo) * i / levels;
      mask.setTo(0, notFace);
      cv::morphologyEx(mask, mask, cv::MORPH_OPEN, kernel);
      std::vector<std::vector<cv::Point>> contours;
      cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
      for (auto& c : contours) {
        const double area = cv::contourArea(c);
        if (area < minArea || area > 0.9 * rows * cols) continue;
        double sum = 0;
        int frame = 0;
        for (const auto& q : c) {
          if (q.x <= 1 || q.y <= 1 || q.x >= cols - 2 || q.y >= rows - 2) {
            frame++;
            continue;
          }
          const float g = picture.edge.at<float>(q.y, q.x);
          sum += g / (g + picture.edgeFloor);
        }
        if (frame > 0.4 * c.size()) continue;
        std::vector<cv::Point> hull;
        cv::convexHull(c, hull);
        const double solidity = area / std::max(1.0, cv::contourArea(hull));
        if (solidity < 0.6) continue;
        const cv::Rect box = cv::boundingRect(c);
        out.push_back({std::move(c), box, area, sum / (c.size()) * solidity * solidity * std::pow(area, 0.1)});
      }
    }
}

double boxOverlap(const cv::Rect& a, const cv::Rect& b) {
  const double i = (a & b).area();
  return i / (a.area() + b.area() - i);
}

void judge(Candidate& c, const SearchPicture& picture) {
  const int n = static_cast<int>(c.outline.size());
  const cv::Mat& edge = picture.edge;
  double support = 0, counted = 0, shadow = 0, contrast = 0;
  int rim = 0, sides = 0;
  for (int k = 0; k < n; k++) {
    const cv::Point2f p = c.outline[k];
    const cv::Point2f along = c.outline[(k + 1) % n] - c.outline[(k + n - 1) % n];
    const float length = std::max(1e-6f, std::hypot(along.x, along.y));
    cv::Point2f normal(along.y / length, -along.x / length);
    if (normal.dot(p - c.centre) < 0) normal = -normal;
    if (p.x < 3 || p.y < 3 || p.x > edge.cols - 4 || p.y > edge.rows - 4) {
      c.cropped += length / 2;
      continue;
    }
    counted += length / 2;
    float g = 0;
    for (int d = -1; d <= 1; d++) {
      const int x = cvRound(p.x + d * normal.x), y = cvRound(p.y + d * normal.y);
      g = std::max(g, edge.at<float>(y, x));
    }
    support += length / 2 * g / (g + picture.edgeFloor);
    auto at = [&](float d) { return cv::Point(std::clamp(cvRound(p.x + d * normal.x), 0, edge.cols - 1), std::clamp(cvRound(p.y + d * normal.y), 0, edge.rows - 1)); };
    const cv::Point in = at(-4), out = at(4);
    rim++;
    shadow += picture.shadow.at<float>(in);
    const cv::Vec3f a = picture.lab.at<cv::Vec3f>(in), b = picture.lab.at<cv::Vec3f>(out);
    const double d = cv::norm(a - b);
    contrast += d / (d + 8);
    sides++;
  }
  c.support = counted > 0 ? support / counted : 0;
  c.cropped = c.cropped / std::max(1e-6, counted + c.cropped);
  c.shadow = rim ? shadow / rim : 1;
  c.contrast = sides ? contrast / sides : 0;
  c.area = polygonArea(c.outline);
  std::vector<cv::Point2f> hull;
  cv::convexHull(c.outline, hull);
  c.solidity = c.area / std::max(1.0, polygonArea(hull));
  const double size = std::pow(c.area / (double(edge.rows) * edge.cols), 0.12);
  c.score = c.support * (0.6 + 0.4 * c.contrast) * std::pow(c.solidity, 1.5) * size * (1 - 0.8 * std::max(0.0, c.shadow - 0.15)) * (1 - 0.7 * c.cropped);
}
}  // namespace

SearchPicture prepare(const cv::Mat& rgbSmall) {
  SearchPicture s;
  cv::Mat f, linear;
  rgbSmall.convertTo(f, CV_32FC3, 1 / 255.0);
  cv::Mat smooth;
  cv::GaussianBlur(f, smooth, cv::Size(0, 0), 0.8);
  cv::cvtColor(smooth, s.lab, cv::COLOR_RGB2Lab);
  const int rows = f.rows, cols = f.cols;
  s.u.create(rows, cols, CV_32F);
  s.v.create(rows, cols, CV_32F);
  auto light = [](float c) { return c <= 0.04045f ? c / 12.92f : std::pow((c + 0.055f) / 1.055f, 2.4f); };
  for (int y = 0; y < rows; y++) {
    const cv::Vec3f* in = smooth.ptr<cv::Vec3f>(y);
    for (int x = 0; x < cols; x++) {
      const float r = light(in[x][0]), g = light(in[x][1]), b = light(in[x][2]), sum = r + g + b + 0.04f;
      s.u.at<float>(y, x) = (r - g) / sum;
      s.v.at<float>(y, x) = (2 * b - r - g) / (2 * sum);
    }
  }
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
  s.shadow = cv::Mat::zeros(rows, cols, CV_32F);
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < cols; x++) {
      const float du = s.u.at<float>(y, x) - s.ground[1], dv = s.v.at<float>(y, x) - s.ground[2], l = planes[0].at<float>(y, x);
      if (l < 0.72f * s.ground[0] && du * du + dv * dv < 0.05f * 0.05f) s.shadow.at<float>(y, x) = 1;
    }
  return s;
}

std::vector<Candidate> searchFaces(const SearchPicture& picture, const cv::Mat& notFace, const MeasureParameters& p) {
  const cv::Size size = picture.edge.size();
  const double minSide = p.minSpan * std::min(size.width, size.height), minArea = 0.6 * minSide * minSide;
  std::vector<Seed> seeds;
  std::vector<cv::Mat> planes;
  cv::split(picture.lab, planes);
  cv::Mat chroma = cv::Mat::zeros(size, CV_32F), logL;
  for (int y = 0; y < size.height; y++)
    for (int x = 0; x < size.width; x++) chroma.at<float>(y, x) = std::hypot(picture.u.at<float>(y, x) - picture.ground[1], picture.v.at<float>(y, x) - picture.ground[2]);
  cv::log(planes[0] + 2, logL);
  for (const cv::Mat& channel : {planes[0], logL, planes[1], planes[2], picture.u, picture.v, chroma}) harvest(channel, picture, notFace, minArea, seeds);
  std::sort(seeds.begin(), seeds.end(), [](const Seed& a, const Seed& b) { return a.score > b.score; });
  std::vector<Seed> kept;
  for (auto& s : seeds) {
    if (kept.size() >= 30) break;
    bool known = false;
    for (const auto& k : kept) known = known || boxOverlap(s.box, k.box) > 0.85;
    if (!known) kept.push_back(std::move(s));
  }
  std::vector<Candidate> out;
  OutlineSearch search;
  search.floor = picture.edgeFloor;
  for (const auto& s : kept) {
    const cv::Moments m = cv::moments(s.contour);
    Candidate c;
    c.centre = cv::Point2f(static_cast<float>(m.m10 / m.m00), static_cast<float>(m.m01 / m.m00));
    std::vector<cv::Point2f> outline(s.contour.begin(), s.contour.end());
    std::vector<float> r = radiiOf(outline, c.centre, search.angles);
    r = bestOutline(picture.edge, c.centre, r, search);
    c.outline = polygonOf(c.centre, r);
    judge(c, picture);
    out.push_back(std::move(c));
  }
  std::sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  return out;
}

std::vector<Candidate> consistentSet(std::vector<Candidate> all, const MeasureParameters& p) {
  std::vector<Candidate> out;
  for (auto& c : all) {
    if (c.score < p.minScore || c.support < p.minSupport) continue;
    const cv::Rect box = cv::boundingRect(c.outline);
    bool free = true;
    for (const auto& o : out) {
      const cv::Rect other = cv::boundingRect(o.outline);
      const double common = (box & other).area();
      if (common > 0.1 * std::min(box.area(), other.area())) free = false;
      if (c.area < 0.35 * o.area || c.area > o.area / 0.35) free = false;
      if (c.score < 0.75 * o.score) free = false;
    }
    if (free) out.push_back(std::move(c));
  }
  return out;
}
}  // namespace relievo
