#include "marks_relief.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace relievo::mark {
namespace {

float linearOf(float srgb) {
  const float v = srgb / 255;
  return v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f);
}

// Every place of a spectrum, with the direction of its wave.
template <typename Visit>
void everyWave(int padded, Visit visit) {
  for (int y = 0; y < padded; y++) {
    const double ky = (y <= padded / 2 ? y : y - padded) / double(padded);
    for (int x = 0; x < padded; x++) {
      const double kx = (x <= padded / 2 ? x : x - padded) / double(padded), r2 = kx * kx + ky * ky;
      if (r2 > 0) visit(x, y, kx / std::sqrt(r2), ky / std::sqrt(r2));
    }
  }
}

constexpr double SPECTRUM_SMOOTHING = 3;  // steps of the spectrum (sigma) over which the power of a frequency is averaged
constexpr double SPECTRUM_FLOOR = 1e-3;    // power, over the strongest frequency's, below which a frequency is not raised further
constexpr double LEAST_LEVEL = 0.2;   // brightness, over that of the surroundings, below which slopes are not divided by it further
constexpr double STEEPEST = 20;       // slopes, in units of the bevel's contrast, beyond which a solution is noise

// Linear brightness over that of the surroundings: what is left of exposure, lamp and colour is slopes and hollows.
cv::Mat ratioOf(const Exposure& e, const cv::Mat& inside, const cv::Mat& share, double shade) {
  cv::Mat linear(e.grey.size(), CV_32F);
  for (int y = 0; y < linear.rows; y++)
    for (int x = 0; x < linear.cols; x++) linear.at<float>(y, x) = linearOf(std::clamp(e.grey.at<float>(y, x), 0.f, 255.f));
  return linear / cv::max(blurred(linear.mul(inside), shade) / share, 1e-3);
}

}  // namespace

// A small slope shows as I(k) = (-i c cos + o) |k| Z(k): c by the lamp, with the cosine between wave and azimuth, o
// because hollows see less of the sky. Least squares over all exposures, regularised: but for |k| the inverse.
Relief Relief::joint(const std::vector<Exposure>& exposures, const MarkSettings& s) {
  std::vector<Spectrum> spectra;
  std::vector<cv::Vec2d> lamps;
  const double o = s.occlusion;
  double whole = 0;
  for (const Exposure& e : exposures) {
    spectra.emplace_back(e.detail, s.pxPerMm);
    lamps.emplace_back(std::cos(e.lamp.azimuth), std::sin(e.lamp.azimuth));
    whole += e.lamp.contrast * e.lamp.contrast + o * o;
  }
  whole /= double(exposures.size());
  const double gain = std::sqrt(whole) * (1 + s.noise);
  cv::Mat values = cv::Mat::zeros(spectra[0].padded(), spectra[0].padded(), CV_64FC2);
  std::vector<double> t(exposures.size());
  everyWave(spectra[0].padded(), [&](int x, int y, double kx, double ky) {
    double power = 0;
    for (size_t i = 0; i < t.size(); i++) {
      t[i] = exposures[i].lamp.contrast * (kx * lamps[i][0] + ky * lamps[i][1]);
      power += t[i] * t[i] + o * o;
    }
    const double norm = gain / (power + s.noise * whole);
    cv::Vec2d sum(0, 0);
    for (size_t i = 0; i < t.size(); i++) sum += times(spectra[i].values().at<cv::Vec2f>(y, x), cv::Vec2d(o * norm, t[i] * norm));
    values.at<cv::Vec2d>(y, x) = sum;
  });
  return {std::move(spectra[0]), std::move(values)};
}

cv::Mat Relief::whiteBand(double fine, double coarse, const cv::Mat& weight) const {
  const int n = spectrum_.padded();
  const double px = spectrum_.pxPerMm();
  const auto bin = [n](int x, int y) {
    const double u = x <= n / 2 ? x : x - n, v = y <= n / 2 ? y : y - n;
    return std::min(int(std::sqrt(u * u + v * v)), n / 2);
  };
  // 1 power at every frequency
  const Spectrum shown(band(fine, coarse).mul(weight), px);
  cv::Mat power = cv::Mat::zeros(1, n / 2 + 1, CV_32F), count = power.clone();
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      const cv::Vec2f v = shown.values().at<cv::Vec2f>(y, x);
      power.at<float>(bin(x, y)) += v.dot(v);
      count.at<float>(bin(x, y))++;
    }
  power /= cv::max(count, 1);
  cv::GaussianBlur(power, power, cv::Size(0, 1), SPECTRUM_SMOOTHING, 0, cv::BORDER_REFLECT_101);
  double most = 0;
  cv::minMaxLoc(power, nullptr, &most);
  cv::Mat level;
  cv::sqrt(cv::max(power, std::max(1e-30, most * SPECTRUM_FLOOR)), level);
  // 2 the root of the band's own response keeps its ends soft
  const BandGain response(n, px, fine, coarse);
  return spectrum_.band(fine, coarse, [&](int x, int y, double, double) { return values_.at<cv::Vec2d>(y, x) * (std::sqrt(response.at(x, y)) / level.at<float>(bin(x, y))); });
}

// Every pixel: ratio_i = level (1 + c_i (p cos a_i + q sin a_i)), least squares for level, p and q, with little weight for
// what lies in shadow or is clipped; then |k| Z = i (kx p + ky q) / |k|, and what hollows take of the level beside it.
Relief Relief::photometric(const std::vector<Exposure>& exposures, const cv::Mat& inside, const MarkSettings& s) {
  const double shade = s.shadeSigma * s.pxPerMm;
  const cv::Mat share = cv::max(blurred(inside, shade), 1e-3);
  std::vector<cv::Mat> ratios;
  std::vector<cv::Vec3d> rows;
  double power = 0;
  for (const Exposure& e : exposures) {
    ratios.push_back(ratioOf(e, inside, share, shade));
    rows.emplace_back(1, e.lamp.contrast * std::cos(e.lamp.azimuth), e.lamp.contrast * std::sin(e.lamp.azimuth));
    power += e.lamp.contrast * e.lamp.contrast;
  }
  cv::Mat p = cv::Mat::zeros(inside.size(), CV_32F), q = p.clone(), level = p.clone();
  for (int y = 0; y < inside.rows; y++)
    for (int x = 0; x < inside.cols; x++) {
      if (inside.at<float>(y, x) == 0) continue;
      cv::Matx33d h = cv::Matx33d::diag({1e-3, s.slopeNoise * power / 2, s.slopeNoise * power / 2});
      cv::Vec3d sum(0, 0, 0);
      for (size_t i = 0; i < rows.size(); i++) {
        const double r = ratios[i].at<float>(y, x), clipped = exposures[i].grey.at<float>(y, x) > s.clippedFrom;
        const double weight = clipped ? 0 : r * r / (r * r + s.shadow * s.shadow);
        h += weight * (rows[i] * rows[i].t());
        sum += weight * r * rows[i];
      }
      const cv::Vec3d found = h.inv(cv::DECOMP_CHOLESKY) * sum;
      const double lit = std::max(LEAST_LEVEL, found[0]);
      p.at<float>(y, x) = float(std::clamp(found[1] / lit, -STEEPEST, STEEPEST));
      q.at<float>(y, x) = float(std::clamp(found[2] / lit, -STEEPEST, STEEPEST));
      level.at<float>(y, x) = float(std::log(lit));
    }
  level = (level - blurred(level, shade) / share).mul(inside);
  const Spectrum P(p, s.pxPerMm), Q(q, s.pxPerMm), L(level, s.pxPerMm);
  // both tell of one height: the slopes by half of the lamps' power, the hollows by what the joint estimate gives them
  const double slopes = power / 2, hollows = double(exposures.size()) * s.occlusion;
  cv::Mat values = cv::Mat::zeros(P.padded(), P.padded(), CV_64FC2);
  everyWave(P.padded(), [&](int x, int y, double kx, double ky) {
    values.at<cv::Vec2d>(y, x) = times(P.values().at<cv::Vec2f>(y, x), cv::Vec2d(0, slopes * kx)) + times(Q.values().at<cv::Vec2f>(y, x), cv::Vec2d(0, slopes * ky)) +
                                 times(L.values().at<cv::Vec2f>(y, x), cv::Vec2d(hollows, 0));
  });
  return {P, std::move(values)};
}

}  // namespace relievo::mark
