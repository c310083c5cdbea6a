#include "extract_embedding.h"

#include <algorithm>
#include <cmath>
#include <complex>

namespace relievo {
namespace {
constexpr int ANGLES = 64, RINGS = 24, BANDS = 8, FREQUENCIES = 32;
constexpr double PI = 3.14159265358979323846;
}  // namespace

std::vector<int8_t> embedField(const std::vector<int8_t>& field, const std::vector<uint8_t>& weight, int n,
                               double halfSpan, const EmbeddingSettings& s) {
  using Complex = std::complex<double>;
  const double cell = n / (2 * halfSpan);
  std::vector<double> power(EMBEDDING_DIMENSION);
  std::vector<Complex> ring(ANGLES), twiddle(ANGLES);
  for (int a = 0; a < ANGLES; a++) twiddle[a] = std::polar(1.0, -2 * PI * a / ANGLES);
  for (int r = 0; r < RINGS; r++) {
    const double radius = s.ringFrom + (s.ringTo - s.ringFrom) * (r + 0.5) / RINGS;
    double total = 0;
    for (int a = 0; a < ANGLES; a++) {
      // mean over a small patch that covers the arc between two samples
      Complex sum = 0;
      double w = 0;
      for (int j = 0; j < 3; j++) {
        const double t = 2 * PI * (a + (j - 1) / 3.0) / ANGLES;
        const int x = int(radius * cell * std::cos(t) + n / 2.0), y = int(radius * cell * std::sin(t) + n / 2.0);
        if (x < 0 || y < 0 || x >= n || y >= n) continue;
        const size_t i = size_t(y) * n + x;
        const double v = weight[i] / 255.0 / 127.0;
        sum += v * Complex(field[3 * i], field[3 * i + 1]) * std::polar(1.0, -2 * t);
        w += weight[i] / 255.0;
      }
      ring[a] = sum;
      total += w;
    }
    const double norm = total > 0 ? radius / total : 0;
    for (int m = -FREQUENCIES / 2; m < FREQUENCIES / 2; m++) {
      Complex c = 0;
      for (int a = 0; a < ANGLES; a++) c += ring[a] * twiddle[((m * a) % ANGLES + ANGLES) % ANGLES];
      power[(r * BANDS / RINGS) * FREQUENCIES + m + FREQUENCIES / 2] += std::norm(c) * norm;
    }
  }
  double length = 0;
  for (double& p : power) {
    p = std::sqrt(p);
    length += p * p;
  }
  length = std::sqrt(std::max(length, 1e-12));
  std::vector<int8_t> out(EMBEDDING_DIMENSION);
  for (int i = 0; i < EMBEDDING_DIMENSION; i++)
    out[i] = int8_t(std::clamp(std::lround(power[i] / length * s.quantum), -127L, 127L));
  return out;
}

}  // namespace relievo
