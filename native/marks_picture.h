// Pictures on the grid of the marks, and their spectra.
#pragma once

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace relievo::mark {

// px, sigma. A wider Gaussian is taken of a coarser picture: means over surroundings change by thousandths, a hundredth at
// most. It is narrower by up to a reduction in the side of the picture.
constexpr double FINE_ENOUGH = 3;

inline cv::Mat blurred(const cv::Mat& m, double sigma) {
  cv::Mat out, coarse;
  const int reduced = int(sigma / FINE_ENOUGH);
  if (reduced <= 1) {
    cv::GaussianBlur(m, out, cv::Size(), sigma, sigma, cv::BORDER_REFLECT_101);
    return out;
  }
  cv::resize(m, coarse, cv::Size((m.cols + reduced - 1) / reduced, (m.rows + reduced - 1) / reduced), 0, 0, cv::INTER_AREA);
  // Means over boxes and lines between their middles blur too: a twelfth and a sixth of a pixel squared.
  const double own = std::sqrt(sigma * sigma / (reduced * reduced) - 1 / 12.0 - 1 / 6.0);
  cv::GaussianBlur(coarse, coarse, cv::Size(), own, own, cv::BORDER_REFLECT_101);
  cv::resize(coarse, out, m.size(), 0, 0, cv::INTER_LINEAR);
  return out;
}

inline float medianWhere(const cv::Mat& values, const cv::Mat& where) {
  std::vector<float> v;
  for (int y = 0; y < values.rows; y++)
    for (int x = 0; x < values.cols; x++)
      if (where.at<uint8_t>(y, x)) v.push_back(values.at<float>(y, x));
  if (v.empty()) return 0;
  std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
  return v[v.size() / 2];
}

// Root mean square around every place inside, by a Gaussian.
class Surroundings {
 public:
  Surroundings(const cv::Mat& inner, double sigma) : inner_(inner), sigma_(sigma), share_(cv::max(blurred(inner, sigma), 1e-3)) {}

  cv::Mat spreadOf(const cv::Mat& m) const {
    const cv::Mat a = m.mul(inner_);
    cv::Mat out;
    cv::sqrt(blurred(a.mul(a), sigma_) / share_, out);
    return out;
  }

 private:
  cv::Mat inner_;
  double sigma_;
  cv::Mat share_;
};

// Difference of Gaussians over a spectrum of n x n.
class BandGain {
 public:
  // `fine` and `coarse`: sigma of both, mm.
  BandGain(int n, double pxPerMm, double fine, double coarse) : fine_(n), coarse_(n) {
    const double unit = -2 * CV_PI * CV_PI * pxPerMm * pxPerMm;
    for (int i = 0; i < n; i++) {
      const double k = (i <= n / 2 ? i : i - n) / double(n);
      fine_[i] = std::exp(unit * fine * fine * k * k);
      coarse_[i] = std::exp(unit * coarse * coarse * k * k);
    }
  }

  double at(int x, int y) const { return fine_[x] * fine_[y] - coarse_[x] * coarse_[y]; }

 private:
  std::vector<double> fine_, coarse_;
};

// Spectrum of a picture on the grid, with a border against the other side.
class Spectrum {
 public:
  Spectrum(const cv::Mat& picture, double pxPerMm) : size_(picture.rows), padded_(cv::getOptimalDFTSize(picture.rows + cvCeil(pxPerMm))), pxPerMm_(pxPerMm) {
    cv::Mat padded = cv::Mat::zeros(padded_, padded_, CV_32F);
    picture.copyTo(padded(cv::Rect(0, 0, size_, size_)));
    cv::dft(padded, values_, cv::DFT_COMPLEX_OUTPUT);
  }

  const cv::Mat& values() const { return values_; }
  int padded() const { return padded_; }
  double pxPerMm() const { return pxPerMm_; }

  // `value(x, y, cos, sin)` of a place in the spectrum and the direction of its wave gives a complex value; the band is a
  // difference of Gaussians.
  template <typename Value>
  cv::Mat band(double fine, double coarse, Value value) const {
    cv::Mat product(padded_, padded_, CV_32FC2), out;
    const BandGain gain(padded_, pxPerMm_, fine, coarse);
    for (int y = 0; y < padded_; y++) {
      const double ky = (y <= padded_ / 2 ? y : y - padded_) / double(padded_);
      cv::Vec2f* to = product.ptr<cv::Vec2f>(y);
      for (int x = 0; x < padded_; x++) {
        const double kx = (x <= padded_ / 2 ? x : x - padded_) / double(padded_), r2 = kx * kx + ky * ky;
        if (r2 <= 0) {
          to[x] = {0, 0};
          continue;
        }
        const double r = std::sqrt(r2), g = gain.at(x, y);
        const cv::Vec2d v = value(x, y, kx / r, ky / r);
        to[x] = cv::Vec2f(float(g * v[0]), float(g * v[1]));
      }
    }
    cv::dft(product, out, cv::DFT_INVERSE | cv::DFT_SCALE | cv::DFT_REAL_OUTPUT);
    return out(cv::Rect(0, 0, size_, size_)).clone();
  }

 private:
  int size_, padded_;
  double pxPerMm_;
  cv::Mat values_;
};

inline cv::Vec2d times(const cv::Vec2f& a, const cv::Vec2d& b) { return {a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]}; }

}  // namespace relievo::mark
