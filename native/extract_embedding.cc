#include "extract_embedding.h"

#include <algorithm>
#include <cmath>
#include <complex>

namespace relievo {
namespace {

using Complex = std::complex<double>;
constexpr int ANGLES = 64, RINGS = 25, BANDS = 5, PER_BAND = RINGS / BANDS, HIGHEST = 9, FREQUENCIES = 2 * HIGHEST + 1;
constexpr double PI = 3.14159265358979323846;
static_assert(BANDS * FREQUENCIES + (BANDS - 1) * FREQUENCIES * 2 <= EMBEDDING_DIMENSION, "the vector must hold all terms");

// Spectrum over angle of one ring of the field, orientations relative to the radial direction.
void ringSpectrum(const std::vector<int8_t>& field, const std::vector<uint8_t>& weight, int n, double radiusCells,
                  const std::vector<Complex>& unit, Complex* out) {
  std::vector<Complex> ring(ANGLES);
  double known = 0;
  for (int a = 0; a < ANGLES; a++)
    for (int j = -1; j <= 1; j++) {  // three samples fill the arc between two angles
      const double t = 2 * PI * (a + j / 3.0) / ANGLES;
      const int x = int(radiusCells * std::cos(t) + n / 2.0), y = int(radiusCells * std::sin(t) + n / 2.0);
      if (x < 0 || y < 0 || x >= n || y >= n) continue;
      const size_t i = size_t(y) * n + x;
      const double w = weight[i] / 255.0;
      ring[a] += w / 127 * Complex(field[3 * i], field[3 * i + 1]) * std::polar(1.0, -2 * t);
      known += w;
    }
  // a ring that is hardly known must not speak loudly: at least a tenth of its samples count
  const double scale = std::sqrt(radiusCells) / std::max(known, 0.1 * 3 * ANGLES);
  for (int m = -HIGHEST; m <= HIGHEST; m++) {
    Complex sum = 0;
    for (int a = 0; a < ANGLES; a++) sum += ring[a] * unit[((m * a) % ANGLES + ANGLES) % ANGLES];
    out[m + HIGHEST] = sum * scale;
  }
}

}  // namespace

// A rotation multiplies every frequency m of every ring by one phase: the power of a ring, and the
// product of two rings at the same m, do not change. Powers say what is on a ring, products how
// neighbouring rings lie to each other. Square roots keep the strongest terms from ruling.
std::vector<int8_t> embedField(const std::vector<int8_t>& field, const std::vector<uint8_t>& weight, int n,
                               double halfSpan, const EmbeddingSettings& s) {
  std::vector<Complex> unit(ANGLES), spectra(RINGS * FREQUENCIES);
  for (int a = 0; a < ANGLES; a++) unit[a] = std::polar(1.0, -2 * PI * a / ANGLES);
  for (int r = 0; r < RINGS; r++) {
    const double radius = s.ringFrom + (s.ringTo - s.ringFrom) * (r + 0.5) / RINGS;
    ringSpectrum(field, weight, n, radius * n / (2 * halfSpan), unit, &spectra[r * FREQUENCIES]);
  }
  std::vector<double> terms;
  terms.reserve(EMBEDDING_DIMENSION);
  for (int b = 0; b < BANDS; b++)
    for (int m = 0; m < FREQUENCIES; m++) {
      // frequency 0 is what an engraved circle leaves: half weight
      const double share = m == HIGHEST ? 0.5 : 1.0;
      double power = 0;
      Complex product = 0;
      for (int r = b * PER_BAND; r < (b + 1) * PER_BAND; r++) {
        power += std::norm(spectra[r * FREQUENCIES + m]);
        if (b + 1 < BANDS) product += spectra[r * FREQUENCIES + m] * std::conj(spectra[(r + PER_BAND) * FREQUENCIES + m]);
      }
      terms.push_back(share * std::sqrt(power));
      if (b + 1 == BANDS) continue;
      const double size = std::abs(product);
      if (size > 0) product /= std::sqrt(size);
      terms.push_back(share * product.real());
      terms.push_back(share * product.imag());
    }
  terms.resize(EMBEDDING_DIMENSION);
  double length = 0;
  for (double t : terms) length += t * t;
  length = std::sqrt(std::max(length, 1e-12));
  std::vector<int8_t> out(EMBEDDING_DIMENSION);
  for (int i = 0; i < EMBEDDING_DIMENSION; i++)
    out[i] = int8_t(std::clamp(std::lround(terms[i] / length * s.quantum), -127L, 127L));
  return out;
}

}  // namespace relievo
