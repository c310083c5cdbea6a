#include "surface_pose.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace relievo {
namespace {

struct Plane {
  cv::Mat relief, known;  // float; relief is 0 where nothing is known
};

Plane plane(const SurfaceView& v) {
  Plane p{cv::Mat::zeros(v.size, v.size, CV_32F), cv::Mat::zeros(v.size, v.size, CV_32F)};
  for (int y = 0; y < v.size; y++)
    for (int x = 0; x < v.size; x++) {
      if (v.walls[size_t(y) * v.stride * v.fullSize + size_t(x) * v.stride] == 255) continue;
      p.relief.at<float>(y, x) = v.relief[size_t(y) * v.size + x] / 127.f;
      p.known.at<float>(y, x) = 1;
    }
  return p;
}

// Spectrum of one plane laid into the corner of a square of `side`.
cv::Mat spectrum(const cv::Mat& m, int side) {
  cv::Mat padded = cv::Mat::zeros(side, side, CV_32F), out;
  m.copyTo(padded(cv::Rect(0, 0, m.cols, m.rows)));
  cv::dft(padded, out, 0, m.rows);
  return out;
}

cv::Mat correlated(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat product, out;
  cv::mulSpectrums(a, b, product, 0, true);
  cv::dft(product, out, cv::DFT_INVERSE | cv::DFT_SCALE | cv::DFT_REAL_OUTPUT);
  return out;
}

constexpr int PEAKS = 3;  // of one rotation

}  // namespace

std::vector<SurfacePose> surfacePoses(const SurfaceView& probe, const SurfaceView& candidate, const SurfaceSearch& s) {
  const Plane a = plane(probe), b = plane(candidate);
  // the candidate turns about its middle on a square that holds it in every rotation
  const int turned = cvCeil(candidate.size * std::sqrt(2.0)), side = cv::getOptimalDFTSize(probe.size + turned);
  const cv::Mat A = spectrum(a.relief, side), M = spectrum(a.known, side);
  const double least = s.leastOverlap * std::min(cv::sum(a.known)[0], cv::sum(b.known)[0]);
  const double energy = std::sqrt(cv::norm(a.relief, cv::NORM_L2SQR) / cv::sum(a.known)[0] * cv::norm(b.relief, cv::NORM_L2SQR) / cv::sum(b.known)[0]);
  if (!(energy > 0)) return {};
  struct Found {
    double rotation, x, y, agreement, overlap, rank;
  };
  std::vector<Found> found;
  for (int r = 0; r < s.rotations; r++) {
    const double t = 2 * CV_PI * r / s.rotations, c = std::cos(t), d = std::sin(t), from = (candidate.size - 1) / 2.0, to = (turned - 1) / 2.0;
    // place on the turned square -> place on the candidate
    const cv::Matx23d back(c, d, from - c * to - d * to, -d, c, from + d * to - c * to);
    cv::Mat relief, known;
    cv::warpAffine(b.relief, relief, back, cv::Size(turned, turned), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, 0);
    cv::warpAffine(b.known, known, back, cv::Size(turned, turned), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, 0);
    cv::threshold(known, known, 0.99, 1, cv::THRESH_BINARY);
    relief = relief.mul(known);
    const cv::Mat cross = correlated(A, spectrum(relief, side)), both = correlated(M, spectrum(known, side));
    // masked correlation (Padfield 2012) without means, which the band has not, and with one energy everywhere, which
    // dividing by the roughness around has made; ranked by how far it stands out of chance
    cv::Mat rank(side, side, CV_32F);
    for (int y = 0; y < side; y++)
      for (int x = 0; x < side; x++) {
        const float n = both.at<float>(y, x);
        rank.at<float>(y, x) = n < least ? -1 : cross.at<float>(y, x) / float(energy * std::sqrt(n));
      }
    for (int k = 0; k < PEAKS; k++) {
      cv::Point at;
      double value;
      cv::minMaxLoc(rank, nullptr, &value, nullptr, &at);
      if (value <= 0) break;
      const double dx = at.x > side / 2 ? at.x - side : at.x, dy = at.y > side / 2 ? at.y - side : at.y, n = both.at<float>(at);
      // a shift of 0 lays corner on corner
      found.push_back({t * 180 / CV_PI, (dx + to - (probe.size - 1) / 2.0) * probe.stride, (dy + to - (probe.size - 1) / 2.0) * probe.stride, value / std::sqrt(n), n / least * s.leastOverlap, value});
      cv::circle(rank, at, int(s.apart / probe.stride), cv::Scalar(-1), cv::FILLED);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Found& p, const Found& q) { return p.rank > q.rank; });
  std::vector<SurfacePose> out;
  for (const Found& f : found) {
    if (int(out.size()) == s.keep) break;
    const bool known = std::any_of(out.begin(), out.end(), [&](const SurfacePose& o) {
      const double turn = std::abs(std::remainder(o.rotationDeg - f.rotation, 360));
      return turn < s.apartDeg && std::hypot(o.x - f.x, o.y - f.y) < s.apart;
    });
    if (!known) out.push_back({f.rotation, f.x, f.y, f.agreement, f.overlap});
  }
  return out;
}

}  // namespace relievo
