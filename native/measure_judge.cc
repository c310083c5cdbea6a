#include "measure_judge.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "measure_doubt.h"
#include "measure_outline.h"

namespace relievo {
namespace {
constexpr double kBase = -7.14, kAligned = 3.92, kApart = 6.37, kShadow = -2.65, kAsymmetry = -1.95, kCropped = -6.68, kNested = -1.26, kArea = 0.45, kEllipseBase = -3.86, kEllipse = 3.1;

constexpr int kL = 24, kU = 28, kV = 28;

// [1 2 1] along the axes from `first` on: 0 lightness, 1 and 2 chromaticity.
void soften(std::vector<float>& h, int first) {
  std::vector<float> t(h.size());
  const int stride[3] = {kU * kV, kV, 1}, count[3] = {kL, kU, kV};
  for (int axis = first; axis < 3; axis++) {
    const int step = stride[axis], last = count[axis] - 1;
    for (int from = 0; from < static_cast<int>(h.size()); from += step * (last + 1))
      for (int at = 0; at <= last; at++) {
        const float* here = &h[from + at * step];
        const float *before = at > 0 ? here - step : here, *after = at < last ? here + step : here;
        float* o = &t[from + at * step];
        for (int i = 0; i < step; i++) o[i] = 0.25f * before[i] + 0.5f * here[i] + 0.25f * after[i];
      }
    h.swap(t);
  }
}

}  // namespace

int colourBin(float l, float u, float v) {
  const int a = std::clamp(static_cast<int>(l * kL / 100), 0, kL - 1);
  const int b = std::clamp(static_cast<int>((u + 0.4f) * kU), 0, kU - 1);
  const int c = std::clamp(static_cast<int>((v + 0.6f) * kV), 0, kV - 1);
  return (a * kU + b) * kV + c;
}

cv::Mat regionOf(const SearchPicture& picture, cv::Point2f centre, const std::vector<float>& radii) {
  const int rows = picture.edge.rows, cols = picture.edge.cols, n = static_cast<int>(radii.size());
  std::vector<float> in(kL * kU * kV, 0.f), out(kL * kU * kV, 0.f);
  double insideCount = 0, outsideCount = 0;
  for (int k = 0; k < n; k++) {
    const float c = std::cos(k * 2 * CV_PI / n), s = std::sin(k * 2 * CV_PI / n);
    for (int j = 1; j <= 32; j++) {
      const float f = j * 0.05f;
      if (f > 0.93f && f < 1.07f) continue;
      const int x = cvRound(centre.x + f * radii[k] * c), y = cvRound(centre.y + f * radii[k] * s);
      if (x < 0 || y < 0 || x >= cols || y >= rows) continue;
      const float w = f * radii[k] * radii[k];
      if (f < 1) in[picture.bins.at<int>(y, x)] += w, insideCount += w;
      else out[picture.bins.at<int>(y, x)] += w, outsideCount += w;
    }
  }
  for (int i = 0; i < 2; i++) soften(in, i), soften(out, i);
  // Colour as a whole, and chromaticity alone: the second knows the specimen's dark side again.
  std::vector<float> inChroma(kU * kV, 0.f), outChroma(kU * kV, 0.f), lut(in.size());
  for (size_t i = 0; i < in.size(); i++) inChroma[i % (kU * kV)] += in[i], outChroma[i % (kU * kV)] += out[i];
  const float a = static_cast<float>(1 / std::max(1.0, insideCount)), b = static_cast<float>(1 / std::max(1.0, outsideCount));
  // The ring of ground is seen whole, the specimen's dark side is not among the samples of its inside:
  // a colour that neither holds is more likely the specimen's.
  const float e = 2e-4f, unknown = 4e-4f;
  std::vector<float> chroma(kU * kV);
  for (size_t k = 0; k < chroma.size(); k++) chroma[k] = std::log((inChroma[k] * a + 1e-3f) / (outChroma[k] * b + 1e-3f));
  const float unseen = std::log(unknown / e);  // most colours are on neither side
  for (size_t i = 0; i < lut.size(); i++) {
    const float whole = in[i] == 0 && out[i] == 0 ? unseen : std::log((in[i] * a + unknown) / (out[i] * b + e));
    lut[i] = std::clamp(0.4f * whole + 0.25f * chroma[i % (kU * kV)], -1.f, 1.f);
  }
  // The search moves an outline out by a quarter, and the judge looks a fifth beyond that.
  const float furthest = 1.55f * *std::max_element(radii.begin(), radii.end()) + 4;
  const cv::Rect box = cv::Rect(cvFloor(centre.x - furthest), cvFloor(centre.y - furthest), cvCeil(2 * furthest), cvCeil(2 * furthest)) & cv::Rect(0, 0, cols, rows);
  cv::Mat region = cv::Mat::zeros(rows, cols, CV_32F);
  for (int y = box.y; y < box.br().y; y++) {
    const int* bins = picture.bins.ptr<int>(y);
    float* o = region.ptr<float>(y);
    for (int x = box.x; x < box.br().x; x++) o[x] = lut[bins[x]];
  }
  return region;
}

void judge(Candidate& c, const SearchPicture& picture) {
  const int n = static_cast<int>(c.outline.size());
  const cv::Mat& edge = picture.edge;
  double support = 0, counted = 0, shadow = 0, contrast = 0, apart = 0;
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
    // a shadow's edge is soft: look for its dark well inside
    shadow += picture.shadow.at<float>(at(-7)) > 0 && picture.shadow.at<float>(out) <= 0;
    const cv::Vec3f a = picture.lab.at<cv::Vec3f>(in), b = picture.lab.at<cv::Vec3f>(out);
    const double d = cv::norm(a - b);
    contrast += d / (d + 8);
    if (!c.region.empty()) {
      const float span = std::hypot(p.x - c.centre.x, p.y - c.centre.y);
      for (int d = 1; d <= 4; d++) apart += (c.region.at<float>(at(-0.05f * d * span - 1)) - c.region.at<float>(at(0.05f * d * span + 1))) / 8;
    }
    sides++;
  }
  c.apart = sides ? std::max(0.0, apart / sides) : 0;
  c.support = counted > 0 ? support / counted : 0;
  c.cropped = c.cropped / std::max(1e-6, counted + c.cropped);
  c.shadow = rim ? shadow / rim : 1;
  c.contrast = sides ? contrast / sides : 0;
  c.area = std::abs(cv::contourArea(c.outline));
  std::vector<cv::Point2f> hull;
  cv::convexHull(c.outline, hull);
  c.solidity = c.area / std::max(1.0, std::abs(cv::contourArea(hull)));
  const double size = std::pow(c.area / (double(edge.rows) * edge.cols), 0.12);
  // A face cut by the frame is measured as far as it goes; what lies mostly along the frame is a thing beside the specimen.
  const double whole = std::max(0.05, 1 - 0.7 * c.cropped - 2.5 * std::max(0.0, c.cropped - 0.2));
  c.asymmetry = asymmetry(c.outline);
  const double lopsided = c.asymmetry / (0.09 + c.cropped);
  c.score = c.support * (0.4 + 0.3 * c.contrast + 0.5 * c.apart) * std::pow(c.solidity, 1.5) * size * std::max(0.1, 1 - 1.3 * std::max(0.0, c.shadow - 0.1)) * whole / (1 + lopsided * lopsided);
}

void judgeOutline(Candidate& c, const SearchPicture& picture) {
  const cv::Moments m = cv::moments(c.outline);
  c.centre = cv::Point2f(static_cast<float>(m.m10 / m.m00), static_cast<float>(m.m01 / m.m00));
  c.region = regionOf(picture, c.centre, radiiOf(c.outline, c.centre, 180));
  c.cropped = 0;
  judge(c, picture);
}

// Weights by regularised maximum likelihood on the outlines of 788 development photographs: 564 simulated
// (three seeds) and 224 path-traced ones. An outline counted as a face from an overlap (IoU) of its box of
// 0.92 on, before or after its side wall is taken off.
double likelihoodOf(const Candidate& c, double pictureArea) {
  const double odds = kBase + kAligned * c.aligned + kApart * c.apart + kShadow * std::min(1.0, 2 * c.shadow) + kAsymmetry * std::min(1.0, 10 * c.asymmetry) +
                      kCropped * c.cropped + kNested * (1 - c.nested) + kArea * std::log(c.area / pictureArea) + (c.ellipse > 0 ? kEllipseBase + kEllipse * c.ellipse : 0);
  return 1 / (1 + std::exp(-odds));
}
}  // namespace relievo
