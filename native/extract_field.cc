#include "extract_field.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <opencv2/imgproc.hpp>

#include "common_error.h"
#include "extract_powder.h"

namespace relievo {
namespace {

struct Geometry {
  double area, cx, cy, radius, elongation;
};

Geometry measureOutline(const cv::Mat& mask) {
  const cv::Moments m = cv::moments(mask, true);
  if (m.m00 < 400) throw KernelError("face-not-found", "the outline holds fewer than 400 pixels");
  Geometry g{m.m00, m.m10 / m.m00, m.m01 / m.m00, std::sqrt(m.m00 / CV_PI), 1};
  const double a = m.mu20 / m.m00, b = m.mu11 / m.m00, c = m.mu02 / m.m00;
  const double root = std::sqrt((a - c) * (a - c) + 4 * b * b);
  g.elongation = std::sqrt(std::max(0.0, (a + c - root) / std::max(1e-9, a + c + root)));
  return g;
}

// Magnitudes of the Fourier series of the outline's radius: unchanged by rotation and scale.
std::vector<float> radiusSpectrum(const cv::Mat& mask, const Geometry& g, int harmonics) {
  const int n = 256;
  std::vector<double> radius(n);
  double mean = 0;
  for (int i = 0; i < n; i++) {
    const double t = 2 * CV_PI * i / n, dx = std::cos(t), dy = std::sin(t);
    double last = 0;
    for (double r = 1; r < mask.cols; r += 0.5) {
      const int x = cvRound(g.cx + r * dx), y = cvRound(g.cy + r * dy);
      if (x < 0 || y < 0 || x >= mask.cols || y >= mask.rows) break;
      if (mask.at<uint8_t>(y, x)) last = r;
    }
    radius[i] = last;
    mean += last / n;
  }
  std::vector<float> out(harmonics);
  for (int k = 1; k <= harmonics; k++) {
    std::complex<double> sum = 0;
    for (int i = 0; i < n; i++) sum += radius[i] * std::polar(1.0, -2 * CV_PI * k * i / n);
    out[k - 1] = float(2 * std::abs(sum) / n / std::max(1.0, mean));
  }
  return out;
}

// Shrinks (area mean) or enlarges the picture so that r spans workRadiusPx, centred on the outline.
cv::Mat toWork(const cv::Mat& image, const Geometry& g, double factor, int size, int border) {
  cv::Mat scaled;
  cv::resize(image, scaled, cv::Size(), factor, factor, factor < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  const double fx = double(scaled.cols) / image.cols, fy = double(scaled.rows) / image.rows;
  const cv::Matx23d shift(1, 0, size / 2.0 - 0.5 - ((g.cx + 0.5) * fx - 0.5), 0, 1,
                          size / 2.0 - 0.5 - ((g.cy + 0.5) * fy - 0.5));
  cv::Mat out;
  cv::warpAffine(scaled, out, shift, cv::Size(size, size), cv::INTER_LINEAR, border);
  return out;
}

float median(std::vector<float>& v) {
  if (v.empty()) return 0;
  std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
  return v[v.size() / 2];
}

// Median CIELAB (D65) of the face without its rim.
void medianColour(const cv::Mat& picture, const Geometry& g, double factor, const cv::Mat& weight, float lab[3]) {
  cv::Mat work = toWork(picture, g, factor, weight.cols, cv::BORDER_REPLICATE), converted;
  work.convertTo(work, CV_32F, 1 / 255.0);
  cv::cvtColor(work, converted, cv::COLOR_RGB2Lab);
  std::vector<float> channel[3];
  for (int y = 0; y < weight.rows; y += 2)
    for (int x = 0; x < weight.cols; x += 2)
      if (weight.at<float>(y, x) > 0)
        for (int c = 0; c < 3; c++) channel[c].push_back(converted.at<cv::Vec3f>(y, x)[c]);
  for (int c = 0; c < 3; c++) lab[c] = median(channel[c]);
}

// A score line is a straight groove from rim to rim through the centre: every stretch of it must
// show the line's orientation, so the weakest quarter of the stretches gives the strength.
void findScoreLine(const FaceField& f, const FieldSettings& s, double& strength, double& angleDeg) {
  const int n = s.grid, stretches = 12, perStretch = 4;
  const double cell = n / (2 * s.halfSpan), reach = 0.75;
  strength = 0;
  angleDeg = 0;
  for (int degree = 0; degree < 180; degree += 2) {
    const double t = degree * CV_PI / 180, dx = std::cos(t), dy = std::sin(t);
    const double nr = -std::cos(2 * t), ni = -std::sin(2 * t);  // doubled angle of the normal
    for (double offset = -0.06; offset <= 0.061; offset += 0.02) {
      std::vector<float> means(stretches);
      for (int k = 0; k < stretches; k++)
        for (int j = 0; j < perStretch; j++) {
          const double u = reach * (2 * (k + (j + 0.5) / perStretch) / stretches - 1);
          const int x = cvFloor((u * dx - offset * dy) * cell + n / 2.0), y = cvFloor((u * dy + offset * dx) * cell + n / 2.0);
          if (x < 0 || y < 0 || x >= n || y >= n) continue;
          const size_t i = size_t(y) * n + x;
          means[k] += float((f.field[3 * i] * nr + f.field[3 * i + 1] * ni) / 127 / perStretch);
        }
      std::nth_element(means.begin(), means.begin() + stretches / 4, means.end());
      if (means[stretches / 4] > strength) {
        strength = means[stretches / 4];
        angleDeg = degree;
      }
    }
  }
  strength = std::min(1.0, strength);
}

void blur(cv::Mat& m, double sigma) {
  if (sigma > 0) cv::GaussianBlur(m, m, cv::Size(), sigma, sigma, cv::BORDER_REPLICATE);
}

}  // namespace

FaceField extractField(const uint8_t* rgb, const uint8_t* maskBytes, int size, const FieldSettings& s) {
  FaceField out;
  // 1 the outline gives centre and unit of length
  const cv::Mat picture(size, size, CV_8UC3, const_cast<uint8_t*>(rgb));
  const cv::Mat mask(size, size, CV_8U, const_cast<uint8_t*>(maskBytes));
  const Geometry g = measureOutline(mask);
  out.radiusPx = g.radius;
  out.centreX = g.cx;
  out.centreY = g.cy;
  out.elongation = g.elongation;
  out.outline = radiusSpectrum(mask, g, s.outlineHarmonics);

  // 2 working picture: logarithm of grey, so that albedo and exposure become an offset
  const double px = s.workRadiusPx;
  const int work = 2 * cvRound(s.halfSpan * px);
  const double factor = px / g.radius;
  cv::Mat grey, workGrey, workMask, logGrey;
  cv::cvtColor(picture, grey, cv::COLOR_RGB2GRAY);
  workGrey = toWork(grey, g, factor, work, cv::BORDER_REPLICATE);
  workMask = toWork(mask, g, factor, work, cv::BORDER_CONSTANT);
  cv::threshold(workMask, workMask, 127, 255, cv::THRESH_BINARY);
  workGrey.convertTo(logGrey, CV_32F, 1, s.darkOffset);
  cv::log(logGrey, logGrey);

  // 3 weight: nothing on the rim (its bevel is no logo and locks to the lamp), nothing where clipped
  cv::Mat distance, weight(work, work, CV_32F);
  cv::copyMakeBorder(workMask, distance, 1, 1, 1, 1, cv::BORDER_CONSTANT, 0);
  cv::distanceTransform(distance, distance, cv::DIST_L2, cv::DIST_MASK_5);
  distance = distance(cv::Rect(1, 1, work, work)).clone();
  for (int y = 0; y < work; y++)
    for (int x = 0; x < work; x++) {
      const double d = distance.at<float>(y, x) / px;
      const int v = workGrey.at<uint8_t>(y, x);
      const double w = std::clamp((d - s.rimFrom) / (s.rimTo - s.rimFrom), 0.0, 1.0);
      weight.at<float>(y, x) = v <= s.clippedLow || v >= s.clippedHigh ? 0.f : float(w);
    }

  // 4 doubled-angle gradient: both walls of a groove, lit from either side, give the same value
  blur(logGrey, s.gradientSigma * px);
  cv::Mat gx, gy;
  cv::Sobel(logGrey, gx, CV_32F, 1, 0, 1, 0.5);
  cv::Sobel(logGrey, gy, CV_32F, 0, 1, 1, 0.5);
  cv::Mat re(work, work, CV_32F), im(work, work, CV_32F), energy(work, work, CV_32F);
  for (int y = 0; y < work; y++) {
    const float *px_ = gx.ptr<float>(y), *py_ = gy.ptr<float>(y), *w = weight.ptr<float>(y);
    float *r = re.ptr<float>(y), *i = im.ptr<float>(y), *e = energy.ptr<float>(y);
    for (int x = 0; x < work; x++) {
      r[x] = w[x] * (px_[x] * px_[x] - py_[x] * py_[x]);
      i[x] = w[x] * 2 * px_[x] * py_[x];
      e[x] = w[x] * (px_[x] * px_[x] + py_[x] * py_[x]);
    }
  }

  // 5 coherence: the share of the local energy that agrees on one orientation. Amplitude drops out,
  //   so a stroke that the lamp shows weakly counts nearly as much as one that it shows well. What
  //   is no stronger than the powder's grain is grain, also on a face with little else.
  cv::Mat spread = weight.clone();
  for (cv::Mat* m : {&re, &im, &energy, &spread}) blur(*m, s.tensorSigma * px);
  const double mean = cv::sum(energy)[0] / std::max(1.0, cv::sum(spread)[0]);
  const Powder powder = readPowder(re, im, energy, spread, s.calmShare);
  std::copy(powder.light, powder.light + 2, out.light);
  const double floor = s.noiseFloor * mean + s.grainFloor * powder.grain + 1e-12;
  for (int y = 0; y < work; y++)
    for (int x = 0; x < work; x++) {
      const float d = energy.at<float>(y, x) + float(floor) * std::max(spread.at<float>(y, x), 1e-3f);
      re.at<float>(y, x) /= d;
      im.at<float>(y, x) /= d;
    }

  // 6 relief: where there is structure at all, whatever its orientation. A pit is round: under one
  //   lamp its gradient points along the light, so that only its place tells the design.
  cv::Mat relief(work, work, CV_32F);
  const float half = float(s.reliefHalf * mean + s.grainRelief * powder.grain + 1e-12);
  for (int y = 0; y < work; y++)
    for (int x = 0; x < work; x++) {
      const float w = spread.at<float>(y, x), e = w > 1e-3f ? energy.at<float>(y, x) / w : 0.f;
      relief.at<float>(y, x) = e / (e + half);
    }
  cv::Mat around = relief.mul(weight), share = weight.clone();
  blur(around, s.reliefSigma * px);
  blur(share, s.reliefSigma * px);
  relief -= around / cv::max(share, 1e-3f);

  // 7 sampled on the grid
  const int n = s.grid;
  out.field.resize(size_t(n) * n * 3);
  out.weight.resize(size_t(n) * n);
  cv::Mat mx(n, n, CV_32F), my(n, n, CV_32F), sre, sim, srelief, sw;
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      mx.at<float>(y, x) = float((x + 0.5) * work / n - 0.5);
      my.at<float>(y, x) = float((y + 0.5) * work / n - 0.5);
    }
  cv::remap(re, sre, mx, my, cv::INTER_LINEAR, cv::BORDER_CONSTANT);
  cv::remap(im, sim, mx, my, cv::INTER_LINEAR, cv::BORDER_CONSTANT);
  cv::remap(relief, srelief, mx, my, cv::INTER_LINEAR, cv::BORDER_CONSTANT);
  cv::remap(weight, sw, mx, my, cv::INTER_LINEAR, cv::BORDER_CONSTANT);
  for (int i = 0; i < n * n; i++) {
    const float w = sw.ptr<float>()[i];
    out.weight[i] = uint8_t(cvRound(255 * w));
    if (w <= 0) continue;
    out.field[3 * i] = cv::saturate_cast<int8_t>(127 * sre.ptr<float>()[i]);
    out.field[3 * i + 1] = cv::saturate_cast<int8_t>(127 * sim.ptr<float>()[i]);
    out.field[3 * i + 2] = cv::saturate_cast<int8_t>(127 * srelief.ptr<float>()[i]);
  }

  // 8 what is kept beside the field
  findScoreLine(out, s, out.scoreStrength, out.scoreAngleDeg);
  medianColour(picture, g, factor, weight, out.lab);
  out.workSize = work;
  out.canonical.assign(workGrey.datastart, workGrey.dataend);
  return out;
}

}  // namespace relievo
