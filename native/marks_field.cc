#include "marks_field.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "common_error.h"

namespace relievo {
namespace {

constexpr double MARGIN_MM = 0.3;
constexpr float WALL_UNIT = 32;
constexpr int CUBIC_FROM = 1;  // enlarging needs a smooth interpolation, reducing a low pass

cv::Mat blurred(const cv::Mat& m, double sigma) {
  cv::Mat out;
  cv::GaussianBlur(m, out, cv::Size(), sigma, sigma, cv::BORDER_REFLECT_101);
  return out;
}

float medianWhere(const cv::Mat& values, const cv::Mat& where) {
  std::vector<float> v;
  for (int y = 0; y < values.rows; y++)
    for (int x = 0; x < values.cols; x++)
      if (where.at<uint8_t>(y, x)) v.push_back(values.at<float>(y, x));
  if (v.empty()) return 0;
  std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
  return v[v.size() / 2];
}

struct Light {
  double azimuth, contrast, axis, bevel, rim;
};

// Brightness against the outline's normal, least squares: level, and amplitude towards x and y.
struct Regression {
  cv::Matx33d h = cv::Matx33d::zeros();
  cv::Vec3d q{0, 0, 0};
  double count = 0;
  void add(double nx, double ny, double value) {
    const cv::Vec3d row(1, nx, ny);
    h += row * row.t();
    q += row * value;
    count++;
  }
  void add(const Regression& o) {
    h += o.h;
    q += o.q;
    count += o.count;
  }
  cv::Vec3d solve() const {
    cv::Matx33d damped = h;
    for (int i = 0; i < 3; i++) damped(i, i) += 1e-6;
    return damped.inv(cv::DECOMP_SVD) * q;
  }
};

constexpr double BIN_MM = 0.05;      // of the profile from the outline inwards
constexpr double BEVEL_END = 0.5;   // the bevel ends where the profile has fallen to this share of its peak
constexpr double LEAST_PEAK = 0.06;  // a profile that stays below it shows no bevel

// 2 light. The grain of plain powder tells the lamp's axis, the bevel, which falls off to all sides, on which end of it
// the lamp stands: its bright side faces the lamp. How deep the rim is that belongs to the bevel shows in the same
// brightness: it stops to depend on the outline's normal.
Light readLight(const cv::Mat& logGrey, const cv::Mat& mask, const cv::Mat& distance, const float light[2], const MarkSettings& s) {
  cv::Mat inside, soft, nx, ny;
  mask.convertTo(inside, CV_32F, 1 / 255.0);
  soft = blurred(inside, s.normalSigma * s.pxPerMm);
  cv::Sobel(soft, nx, CV_32F, 1, 0);
  cv::Sobel(soft, ny, CV_32F, 0, 1);
  const float plain = medianWhere(logGrey, distance > s.plain * s.pxPerMm);
  std::vector<Regression> profile(size_t(std::lround(s.rimMost / BIN_MM)) + 1);
  for (int y = 0; y < mask.rows; y++)
    for (int x = 0; x < mask.cols; x++) {
      const float d = distance.at<float>(y, x);
      const size_t bin = size_t(d / (BIN_MM * s.pxPerMm));
      if (d <= 0 || bin >= profile.size()) continue;
      const double gx = -nx.at<float>(y, x), gy = -ny.at<float>(y, x), n = std::hypot(gx, gy) + 1e-9;
      profile[bin].add(gx / n, gy / n, logGrey.at<float>(y, x) - plain);
    }
  std::vector<double> amplitude;
  for (const Regression& r : profile) amplitude.push_back(r.count > 20 ? cv::norm(r.solve()) : 0);
  const size_t first = size_t(std::lround(s.rimLeast / BIN_MM)), search = std::min(amplitude.size(), size_t(std::lround(s.plain / BIN_MM)));
  const size_t top = size_t(std::max_element(amplitude.begin(), amplitude.begin() + search) - amplitude.begin());
  size_t end = std::max(first, top);
  if (amplitude[top] < LEAST_PEAK) end = size_t(std::lround(s.rim / BIN_MM));
  else
    while (end + 1 < amplitude.size() && std::max(amplitude[end], amplitude[end + 1]) > BEVEL_END * amplitude[top]) end++;
  Regression whole;
  for (size_t i = 0; i < std::max<size_t>(1, std::min(end, profile.size())); i++) whole.add(profile[i]);
  const cv::Vec3d c = whole.solve();
  Light out{};
  out.rim = end * BIN_MM + s.rimMargin;
  out.bevel = std::atan2(c[2], c[1]);
  out.contrast = std::hypot(c[1], c[2]);
  out.axis = 0.5 * std::atan2(double(light[1]), double(light[0]));
  if (std::cos(out.axis - out.bevel) < 0) out.axis += CV_PI;
  out.azimuth = std::atan2(std::sin(out.axis) + s.bevelShare * std::sin(out.bevel), std::cos(out.axis) + s.bevelShare * std::cos(out.bevel));
  return out;
}

// One spectrum, filtered again and again.
class Filters {
 public:
  Filters(const cv::Mat& picture, double pxPerMm) : size_(picture.rows), padded_(cv::getOptimalDFTSize(picture.rows + cvCeil(pxPerMm))), pxPerMm_(pxPerMm) {
    cv::Mat padded = cv::Mat::zeros(padded_, padded_, CV_32F);
    picture.copyTo(padded(cv::Rect(0, 0, size_, size_)));
    cv::dft(padded, spectrum_, cv::DFT_COMPLEX_OUTPUT);
  }

  // `transfer(cos, sin)` of the direction of a wave gives its complex gain; the band is a difference of Gaussians.
  template <typename Transfer>
  cv::Mat apply(double fine, double coarse, Transfer transfer) const {
    cv::Mat product(padded_, padded_, CV_32FC2), out;
    const double a = -2 * CV_PI * CV_PI * fine * fine * pxPerMm_ * pxPerMm_, b = -2 * CV_PI * CV_PI * coarse * coarse * pxPerMm_ * pxPerMm_;
    for (int y = 0; y < padded_; y++) {
      const double ky = (y <= padded_ / 2 ? y : y - padded_) / double(padded_);
      const cv::Vec2f* from = spectrum_.ptr<cv::Vec2f>(y);
      cv::Vec2f* to = product.ptr<cv::Vec2f>(y);
      for (int x = 0; x < padded_; x++) {
        const double kx = (x <= padded_ / 2 ? x : x - padded_) / double(padded_), r2 = kx * kx + ky * ky;
        if (r2 <= 0) {
          to[x] = {0, 0};
          continue;
        }
        const double r = std::sqrt(r2), g = std::exp(a * r2) - std::exp(b * r2);
        const cv::Vec2d t = transfer(kx / r, ky / r);
        to[x] = cv::Vec2f(float(g * (from[x][0] * t[0] - from[x][1] * t[1])), float(g * (from[x][0] * t[1] + from[x][1] * t[0])));
      }
    }
    cv::dft(product, out, cv::DFT_INVERSE | cv::DFT_SCALE | cv::DFT_REAL_OUTPUT);
    return out(cv::Rect(0, 0, size_, size_)).clone();
  }

 private:
  int size_, padded_;
  double pxPerMm_;
  cv::Mat spectrum_;
};

// Divided by the local contrast, but where there is next to none by a share of the usual one, so that calm powder stays calm.
cv::Mat evened(const cv::Mat& relief, const cv::Mat& inner, const cv::Mat& innerMask, double sigma, double floor) {
  cv::Mat a = relief.mul(inner);
  cv::Mat power = blurred(a.mul(a), sigma), share = blurred(inner, sigma), rms;
  cv::sqrt(power / cv::max(share, 1e-3), rms);
  const double least = std::max(1e-9, floor * double(medianWhere(rms, innerMask)));
  return a / cv::max(rms, least);
}

std::vector<int8_t> packed(const cv::Mat& m, int stride, double low, double high) {
  std::vector<int8_t> out;
  out.reserve(size_t((m.rows + stride - 1) / stride) * ((m.cols + stride - 1) / stride));
  const double unit = 127 / high;
  for (int y = 0; y < m.rows; y += stride)
    for (int x = 0; x < m.cols; x += stride) out.push_back(int8_t(cvRound(std::clamp(double(m.at<float>(y, x)), low, high) * unit)));
  return out;
}

}  // namespace

MarkField markField(const uint8_t* rgb, const uint8_t* maskBytes, int cropSize, double cx, double cy, double perCrop,
                    const float light[2], const MarkSettings& s) {
  // 1 grid: the face at its own scale, the centre of the outline in the middle
  const cv::Mat picture(cropSize, cropSize, CV_8UC3, const_cast<uint8_t*>(rgb));
  const cv::Mat cropMask(cropSize, cropSize, CV_8U, const_cast<uint8_t*>(maskBytes));
  const cv::Rect box = cv::boundingRect(cropMask);
  if (box.area() == 0) throw KernelError("face-not-found", "the outline is empty");
  const double reach = std::max(std::max(cx - box.x, box.x + box.width - 1 - cx), std::max(cy - box.y, box.y + box.height - 1 - cy));
  const int size = 2 * cvCeil(reach * perCrop + MARGIN_MM * s.pxPerMm);
  cv::Mat grey, logGrey, mask;
  cv::cvtColor(picture, grey, cv::COLOR_RGB2GRAY);
  grey.convertTo(grey, CV_32F);
  if (perCrop < CUBIC_FROM) grey = blurred(grey, 0.45 * std::sqrt(1 / (perCrop * perCrop) - 1));
  const double middle = size / 2.0 - 0.5;
  const cv::Matx23d toGrid(perCrop, 0, middle - perCrop * cx, 0, perCrop, middle - perCrop * cy);
  cv::warpAffine(grey, grey, toGrid, cv::Size(size, size), perCrop > CUBIC_FROM ? cv::INTER_CUBIC : cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  cv::warpAffine(cropMask, mask, toGrid, cv::Size(size, size), cv::INTER_LINEAR);
  cv::threshold(mask, mask, 127, 255, cv::THRESH_BINARY);
  cv::log(cv::max(grey, 0) + s.darkOffset, logGrey);
  cv::Mat distance;
  cv::copyMakeBorder(mask, distance, 1, 1, 1, 1, cv::BORDER_CONSTANT, 0);
  cv::distanceTransform(distance, distance, cv::DIST_L2, cv::DIST_MASK_5);
  distance = distance(cv::Rect(1, 1, size, size)).clone();

  // 2 light
  const Light lamp = readLight(logGrey, mask, distance, light, s);
  MarkField out;
  out.size = size;
  out.azimuthDeg = lamp.azimuth * 180 / CV_PI;
  out.axisDeg = lamp.axis * 180 / CV_PI;
  out.bevelDeg = lamp.bevel * 180 / CV_PI;
  out.bevelContrast = lamp.contrast;

  // 3 what is neither albedo nor shading of the face as a whole
  cv::Mat inside;
  mask.convertTo(inside, CV_32F, 1 / 255.0);
  const double shade = s.shadeSigma * s.pxPerMm;
  const cv::Mat detail = (logGrey - blurred(logGrey.mul(inside), shade) / cv::max(blurred(inside, shade), 1e-3)).mul(inside);
  const cv::Mat innerMask = distance > lamp.rim * s.pxPerMm;
  cv::Mat inner;
  innerMask.convertTo(inner, CV_32F, 1 / 255.0);

  // 4 signed relief. A small slope shows as I(k) = (-i c cos + o) |k| Z(k): c by the lamp, with the cosine between wave
  //   and azimuth, o because hollows see less of the sky. The filter is its regularised inverse but for |k|.
  const Filters filters(detail, s.pxPerMm);
  const double lx = std::cos(lamp.azimuth), ly = std::sin(lamp.azimuth), c = lamp.contrast, o = s.occlusion;
  const double whole = c * c + o * o, gain = std::sqrt(whole) * (1 + s.noise);
  const auto relief = [&](double kx, double ky) {
    const double t = c * (kx * lx + ky * ly), norm = gain / (t * t + o * o + s.noise * whole);
    return cv::Vec2d(o * norm, t * norm);
  };

  // 5 strokes: the design, for registration
  for (int l = 0; l < STROKE_LEVELS; l++) {
    const cv::Mat strokes = evened(filters.apply(s.strokeFine[l], s.strokeCoarse[l], relief), inner, innerMask, s.strokeSpread * s.pxPerMm, s.strokeFloor);
    const int stride = int(s.strokeStride[l]);
    out.strokes[l] = {(size + stride - 1) / stride, stride, packed(strokes, stride, -s.strokeClip, s.strokeClip)};
  }
  // 6 marks: a scratch on the tool is a ridge on the specimen; pits of the powder are holes and count less
  const cv::Mat fine = evened(filters.apply(s.markFine, s.markCoarse, relief), inner, innerMask, s.markSpread * s.pxPerMm, s.markFloor);
  out.marks = packed(fine, 1, s.markHole, s.markRidge);
  // 7 walls: where the design explains what is seen, whatever the lamp's side
  const cv::Mat gx = filters.apply(s.wallFine, s.wallCoarse, [](double kx, double) { return cv::Vec2d(0, kx); });
  const cv::Mat gy = filters.apply(s.wallFine, s.wallCoarse, [](double, double ky) { return cv::Vec2d(0, ky); });
  const cv::Mat energy = blurred(gx.mul(gx) + gy.mul(gy), s.wallSpread * s.pxPerMm);
  const double mean = std::max(1e-12, cv::mean(energy, innerMask)[0]);
  out.walls.resize(size_t(size) * size);
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++)
      out.walls[size_t(y) * size + x] = innerMask.at<uint8_t>(y, x) ? uint8_t(std::min(254.0, energy.at<float>(y, x) / mean * WALL_UNIT)) : 255;
  return out;
}

}  // namespace relievo
