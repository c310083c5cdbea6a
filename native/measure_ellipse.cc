#include "measure_ellipse.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace relievo {
namespace {
constexpr double kOnEllipse = 0.012;  // distance of a point from an ellipse it lies on, of the mean radius
constexpr double kMinAxisRatio = 0.35, kMinAxis = 4;
constexpr int kDraws = 120, kPoints = 6;  // random samples, points of each
constexpr int kUnit = 10000;          // a weight of 1 as a whole number

// An outline's points, with weights as whole numbers, so that sums of them are exact in any order.
struct Points {
  std::vector<float> x, y;
  std::vector<int32_t> weight;
  double total = 0;
};

// The root of a cubic x^3 + p x^2 + q x + r with three real ones that is the largest.
double largestRoot(double p, double q, double r) {
  const double a = p / 3, u = std::max(0.0, a * a - q / 3), v = a * a * a - a * q / 2 + r / 2, size = std::sqrt(u);
  if (size == 0) return -a;
  return 2 * size * std::cos(std::acos(std::clamp(-v / (u * size), -1.0, 1.0)) / 3) - a;
}

// The conic a x^2 + b x y + c y^2 + d x + e y + f = 0, if it is an ellipse.
std::optional<Ellipse> fromConic(double a, double b, double c, double d, double e, double f) {
  const double det = 4 * a * c - b * b;
  if (!(det > 0)) return std::nullopt;
  if (a < 0) a = -a, b = -b, c = -c, d = -d, e = -e, f = -f;
  const double x = (b * e - 2 * c * d) / det, y = (b * d - 2 * a * e) / det, inside = -(f + (d * x + e * y) / 2);
  if (!(inside > 0)) return std::nullopt;
  const double apart = std::hypot(a - c, b), least = (a + c - apart) / 2, most = (a + c + apart) / 2;
  // half the angle whose cosine is (a - c) / apart
  const double turned = apart > 0 ? std::acos(std::clamp((a - c) / apart, -1.0, 1.0)) / 2 : 0;
  return Ellipse{cv::Point2d(x, y), std::sqrt(inside / most), std::sqrt(inside / least), std::cos(turned), std::copysign(std::sin(turned), b)};
}

// Direct least squares fit (Fitzgibbon, Pilu and Fisher 1999) in the form of Halir and Flusser 1998.
template <typename Index>
std::optional<Ellipse> fit(const Points& p, int n, Index index) {
  double mx = 0, my = 0, spread = 0;
  for (int i = 0; i < n; i++) mx += p.x[index(i)], my += p.y[index(i)];
  mx /= n, my /= n;
  for (int i = 0; i < n; i++) spread += std::abs(p.x[index(i)] - mx) + std::abs(p.y[index(i)] - my);
  if (!(spread > 0)) return std::nullopt;
  const double unit = n / spread;
  cv::Matx33d s1 = cv::Matx33d::zeros(), s2 = s1, s3 = s1;
  for (int i = 0; i < n; i++) {
    const double x = (p.x[index(i)] - mx) * unit, y = (p.y[index(i)] - my) * unit, square[3] = {x * x, x * y, y * y}, line[3] = {x, y, 1};
    for (int j = 0; j < 3; j++)
      for (int k = 0; k < 3; k++) {
        if (k >= j) s1(j, k) += square[j] * square[k], s3(j, k) += line[j] * line[k];
        s2(j, k) += square[j] * line[k];
      }
  }
  for (int j = 0; j < 3; j++)
    for (int k = 0; k < j; k++) s1(j, k) = s1(k, j), s3(j, k) = s3(k, j);
  const double det = s3(0, 0) * (s3(1, 1) * s3(2, 2) - s3(1, 2) * s3(1, 2)) - s3(0, 1) * (s3(0, 1) * s3(2, 2) - s3(1, 2) * s3(0, 2)) + s3(0, 2) * (s3(0, 1) * s3(1, 2) - s3(1, 1) * s3(0, 2));
  if (!(std::abs(det) > 1e-12)) return std::nullopt;
  const cv::Matx33d inverse((s3(1, 1) * s3(2, 2) - s3(1, 2) * s3(1, 2)) / det, (s3(0, 2) * s3(1, 2) - s3(0, 1) * s3(2, 2)) / det, (s3(0, 1) * s3(1, 2) - s3(0, 2) * s3(1, 1)) / det,
                            (s3(0, 2) * s3(1, 2) - s3(0, 1) * s3(2, 2)) / det, (s3(0, 0) * s3(2, 2) - s3(0, 2) * s3(0, 2)) / det, (s3(0, 1) * s3(0, 2) - s3(0, 0) * s3(1, 2)) / det,
                            (s3(0, 1) * s3(1, 2) - s3(0, 2) * s3(1, 1)) / det, (s3(0, 1) * s3(0, 2) - s3(0, 0) * s3(1, 2)) / det, (s3(0, 0) * s3(1, 1) - s3(0, 1) * s3(0, 1)) / det);
  const cv::Matx33d t = -1 * (inverse * s2.t()), r = s1 + s2 * t;
  const cv::Matx33d m(r(2, 0) / 2, r(2, 1) / 2, r(2, 2) / 2, -r(1, 0), -r(1, 1), -r(1, 2), r(0, 0) / 2, r(0, 1) / 2, r(0, 2) / 2);
  // Of its eigenvalues one is not negative: the ellipse's.
  const double minors = m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0) + m(0, 0) * m(2, 2) - m(0, 2) * m(2, 0) + m(1, 1) * m(2, 2) - m(1, 2) * m(2, 1);
  const double whole = m(0, 0) * (m(1, 1) * m(2, 2) - m(1, 2) * m(2, 1)) - m(0, 1) * (m(1, 0) * m(2, 2) - m(1, 2) * m(2, 0)) + m(0, 2) * (m(1, 0) * m(2, 1) - m(1, 1) * m(2, 0));
  const double root = largestRoot(-(m(0, 0) + m(1, 1) + m(2, 2)), minors, -whole);
  const cv::Vec3d row[3] = {{m(0, 0) - root, m(0, 1), m(0, 2)}, {m(1, 0), m(1, 1) - root, m(1, 2)}, {m(2, 0), m(2, 1), m(2, 2) - root}};
  cv::Vec3d q;
  double size = 0;
  for (int i = 0; i < 3; i++) {
    const cv::Vec3d normal = row[i].cross(row[(i + 1) % 3]);
    if (normal.dot(normal) > size) size = normal.dot(normal), q = normal;
  }
  if (!(size > 0)) return std::nullopt;
  q *= 1 / std::sqrt(size);
  const cv::Vec3d rest = t * q;
  std::optional<Ellipse> out = fromConic(q[0], q[1], q[2], rest[0], rest[1], rest[2]);
  if (!out) return out;
  out->centre = cv::Point2d(out->centre.x / unit + mx, out->centre.y / unit + my), out->a /= unit, out->b /= unit;
  const bool plausible = std::isfinite(out->a) && std::isfinite(out->b) && out->a > kMinAxisRatio * out->b && out->a > kMinAxis;
  return plausible ? out : std::nullopt;
}

__attribute__((target_clones("avx2", "default"))) int32_t weightOn(const float* x, const float* y, const int32_t* weight, int n, float cx, float cy, float ux, float uy, float vx, float vy, float low, float high) {
  int32_t sum = 0;
  for (int k = 0; k < n; k++) {
    const float dx = x[k] - cx, dy = y[k] - cy, u = ux * dx + uy * dy, v = vx * dx + vy * dy, q = u * u + v * v;
    sum += (q > low) & (q < high) ? weight[k] : 0;
  }
  return sum;
}

// Weight of the points that lie on an ellipse: within kOnEllipse of its radius there.
int32_t weightOn(const Points& p, const Ellipse& e, int first, int count) {
  const float low = static_cast<float>((1 - kOnEllipse) * (1 - kOnEllipse)), high = static_cast<float>((1 + kOnEllipse) * (1 + kOnEllipse));
  return weightOn(&p.x[first], &p.y[first], &p.weight[first], count, static_cast<float>(e.centre.x), static_cast<float>(e.centre.y), static_cast<float>(e.c / e.a), static_cast<float>(e.s / e.a),
                  static_cast<float>(-e.s / e.b), static_cast<float>(e.c / e.b), low, high);
}
}  // namespace

std::vector<cv::Point2f> Ellipse::polygon(int angles) const {
  std::vector<cv::Point2f> out;
  for (int k = 0; k < angles; k++) {
    const double t = k * 2 * CV_PI / angles, u = a * std::cos(t), v = b * std::sin(t);
    out.emplace_back(static_cast<float>(centre.x + c * u - s * v), static_cast<float>(centre.y + s * u + c * v));
  }
  return out;
}

double ellipseThrough(const std::vector<cv::Point2f>& points, const std::vector<double>& weight, Ellipse& best) {
  const int n = static_cast<int>(points.size());
  Points p;
  for (int k = 0; k < n; k++) p.x.push_back(points[k].x), p.y.push_back(points[k].y), p.weight.push_back(cvRound(weight[k] * kUnit)), p.total += p.weight[k];
  if (p.total <= 0) return 0;
  int32_t most = 0;
  cv::RNG random(1);
  for (int draw = 0; draw < kDraws; draw++) {
    // spread over an arc of random length
    const int start = random.uniform(0, n);
    const double span = n * random.uniform(0.35, 1.0);
    int some[kPoints];
    for (int i = 0; i < kPoints; i++) some[i] = (start + static_cast<int>(span * i / kPoints) + random.uniform(0, std::max(1, n / 40))) % n;
    const std::optional<Ellipse> e = fit(p, kPoints, [&](int i) { return some[i]; });
    if (!e) continue;
    const int32_t on = weightOn(p, *e, 0, n);
    if (on > most) most = on, best = *e;
  }
  for (int round = 0; round < 3 && most > 0; round++) {
    std::vector<int> near;
    for (int k = 0; k < n; k++)
      if (p.weight[k] > kUnit / 5 && weightOn(p, best, k, 1) > 0) near.push_back(k);
    if (near.size() < 12) break;
    const std::optional<Ellipse> e = fit(p, static_cast<int>(near.size()), [&](int i) { return near[i]; });
    if (!e) break;
    const int32_t on = weightOn(p, *e, 0, n);
    if (on < most) break;
    most = on, best = *e;
  }
  return most / p.total;
}
}  // namespace relievo
