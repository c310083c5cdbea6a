#include "design_pose.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

namespace relievo {
namespace {

constexpr int ANGLES = 128;
constexpr int RINGS = 16;
constexpr int SAMPLES = ANGLES * RINGS;
constexpr int LANES = 8;
constexpr int PLANES = 6;
constexpr double WORST_OFFSET = 0.4;
constexpr int PART = 10, PARTS = 26;  // cells along a part; parts along a field of at most 255 cells
constexpr double PI = 3.14159265358979323846;

typedef float V4 __attribute__((vector_size(16)));
#define WIDE __attribute__((target_clones("avx2", "default")))

struct Twiddles {
  float re[ANGLES], im[ANGLES];
  Twiddles() {
    for (int i = 0; i < ANGLES; i++) {
      re[i] = float(std::cos(2 * PI * i / ANGLES));
      im[i] = float(std::sin(2 * PI * i / ANGLES));
    }
  }
};
const Twiddles TW;

// Stockham FFT over ANGLES = 4 * 4 * 4 * 2, L independent transforms side by side (layout
// [angle][lane]). sign -1 forward, +1 inverse (not scaled). The result ends in re/im.
template <int L>
inline __attribute__((always_inline)) void transform(float* re, float* im, float* tre, float* tim, float sign) {
  float *ar = re, *ai = im, *br = tre, *bi = tim;
  int left = ANGLES, stride = 1;
  for (; left >= 4; left /= 4, stride *= 4) {
    const int quarter = left / 4;
    for (int p = 0; p < quarter; p++) {
      const float w1r = TW.re[p * stride], w1i = sign * TW.im[p * stride];
      const float w2r = TW.re[2 * p * stride], w2i = sign * TW.im[2 * p * stride];
      const float w3r = TW.re[3 * p * stride], w3i = sign * TW.im[3 * p * stride];
      for (int q = 0; q < stride; q++) {
        const size_t x = size_t(q + stride * p) * L, hop = size_t(stride) * quarter * L;
        const size_t y = size_t(q + stride * 4 * p) * L, row = size_t(stride) * L;
        for (int l = 0; l < L; l++) {
          const float a0 = ar[x + l], a1 = ar[x + hop + l], a2 = ar[x + 2 * hop + l], a3 = ar[x + 3 * hop + l];
          const float c0 = ai[x + l], c1 = ai[x + hop + l], c2 = ai[x + 2 * hop + l], c3 = ai[x + 3 * hop + l];
          const float sr = a0 + a2, si = c0 + c2, dr = a0 - a2, di = c0 - c2;
          const float tr = a1 + a3, ti = c1 + c3, er = -sign * (c1 - c3), ei = sign * (a1 - a3);
          br[y + l] = sr + tr;
          bi[y + l] = si + ti;
          const float ur = dr + er, ui = di + ei, vr = sr - tr, vi = si - ti, zr = dr - er, zi = di - ei;
          br[y + row + l] = ur * w1r - ui * w1i;
          bi[y + row + l] = ur * w1i + ui * w1r;
          br[y + 2 * row + l] = vr * w2r - vi * w2i;
          bi[y + 2 * row + l] = vr * w2i + vi * w2r;
          br[y + 3 * row + l] = zr * w3r - zi * w3i;
          bi[y + 3 * row + l] = zr * w3i + zi * w3r;
        }
      }
    }
    std::swap(ar, br);
    std::swap(ai, bi);
  }
  // left == 2: the last pair of halves, straight into re/im
  float *toR = re, *toI = im;
  for (size_t k = 0; k < size_t(stride) * L; k++) {
    const size_t far = k + size_t(stride) * L;
    const float xr = ar[k], xi = ai[k], yr = ar[far], yi = ai[far];
    toR[k] = xr + yr;
    toI[k] = xi + yi;
    toR[far] = xr - yr;
    toI[far] = xi - yi;
  }
}

// One face, decoded: q (real, imaginary), weight; fine as stored, coarse smoothed.
struct Face {
  int grid;
  bool partial;
  std::vector<V4> fine;    // re, im, weight, relief; not weighted, relief scaled to its share of the energy
  std::vector<float> re, im, weight, relief;  // smoothed: weighted re, weighted im, weight, weighted relief; one empty cell behind the last
};

WIDE void smooth(std::vector<V4>& m, int n, double sigma) {
  const int radius = std::max(1, int(std::ceil(2.5 * sigma)));
  std::vector<float> k(2 * radius + 1);
  float sum = 0;
  for (int i = -radius; i <= radius; i++) sum += k[i + radius] = float(std::exp(-0.5 * i * i / (sigma * sigma)));
  for (float& v : k) v /= sum;
  std::vector<V4> t(m.size());
  const V4 zero = {0, 0, 0, 0};
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      V4 a = zero;
      for (int i = std::max(-radius, -x); i <= std::min(radius, n - 1 - x); i++) a += m[y * n + x + i] * k[i + radius];
      t[y * n + x] = a;
    }
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      V4 a = zero;
      for (int i = std::max(-radius, -y); i <= std::min(radius, n - 1 - y); i++) a += t[(y + i) * n + x] * k[i + radius];
      m[y * n + x] = a;
    }
}

void lowerCircles(Face& f, const PoseSettings& s);

Face decode(const FieldView& v, const PoseSettings& s) {
  const int cells = s.grid * s.grid;
  Face f{s.grid, v.partial, std::vector<V4>(cells), {}, {}, {}, {}};
  std::vector<V4> coarse(cells);
  double oriented = 0, raised = 0;
  for (int i = 0; i < cells; i++) {
    const float w = v.weight[i] / 255.f, re = v.field[3 * i] / 127.f, im = v.field[3 * i + 1] / 127.f, e = v.field[3 * i + 2] / 127.f;
    f.fine[i] = V4{re, im, w, e};
    oriented += w * (re * re + im * im);
    raised += w * e * e;
  }
  const float share = raised > 0 ? float(std::sqrt(s.reliefShare * oriented / raised)) : 0.f;
  for (int i = 0; i < cells; i++) {
    V4& q = f.fine[i];
    q[3] *= share;
    coarse[i] = V4{q[2] * q[0], q[2] * q[1], q[2], q[2] * q[3]};
  }
  smooth(coarse, s.grid, s.coarseSigma * s.grid / (2 * s.halfSpan));
  std::vector<float>* planes[4] = {&f.re, &f.im, &f.weight, &f.relief};
  for (int p = 0; p < 4; p++) {
    planes[p]->resize(cells + 1);
    for (int i = 0; i < cells; i++) (*planes[p])[i] = coarse[i][p];
  }
  lowerCircles(f, s);
  return f;
}

// Lowers the weight of cells that an engraved circle explains: on a ring whose orientations agree
// all around, what points to the centre is the circle. Many designs have one, it tells neither
// design nor rotation, and being long it would outweigh the strokes that do.
void lowerCircles(Face& f, const PoseSettings& s) {
  const int n = f.grid;
  const float perCell = float(2 * s.halfSpan / n), half = n / 2.f - 0.5f;
  const int bins = n;
  // the circle's centre need not be the outline's: the shift under which the rings agree best
  float best = -1;
  std::vector<float> sum(bins), energy(bins), kept(bins);
  float bestX = 0, bestY = 0;
  for (int sy = -2; sy <= 2; sy++)
    for (int sx = -2; sx <= 2; sx++) {
      std::fill(sum.begin(), sum.end(), 0.f);
      std::fill(energy.begin(), energy.end(), 0.f);
      for (int y = 0; y < n; y += 2)
        for (int x = 0; x < n; x++) {
          const V4 q = f.fine[y * n + x];
          const float dx = x - half - sx, dy = y - half - sy, r2 = dx * dx + dy * dy;
          const int b = int(std::sqrt(r2));
          if (q[2] <= 0 || b >= bins || r2 < 1) continue;
          sum[b] += q[2] * (q[0] * (dx * dx - dy * dy) + q[1] * 2 * dx * dy) / r2;
          energy[b] += q[2] * std::sqrt(q[0] * q[0] + q[1] * q[1]);
        }
      float total = 0;
      for (int b = int(0.2f / perCell); b < bins; b++) total += sum[b] * sum[b] / std::max(energy[b], 1.f);
      if (total > best) {
        best = total;
        bestX = float(sx);
        bestY = float(sy);
        for (int b = 0; b < bins; b++) kept[b] = b < 0.2f / perCell ? 0.f : std::clamp((sum[b] / std::max(energy[b], 1.f) - 0.35f) / 0.3f, 0.f, 1.f);
      }
    }
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      V4& q = f.fine[y * n + x];
      const float dx = x - half - bestX, dy = y - half - bestY, r2 = std::max(1.f, dx * dx + dy * dy);
      const int b = int(std::sqrt(r2));
      const float length = std::sqrt(q[0] * q[0] + q[1] * q[1]);
      if (b >= bins || kept[b] <= 0 || length <= 0) continue;
      const float radial = (q[0] * (dx * dx - dy * dy) + q[1] * 2 * dx * dy) / r2 / length;
      q[2] *= 1 - kept[b] * float(1 - s.circleWeight) * std::clamp(radial, 0.f, 1.f);
    }
}

struct Rings {
  float radius[RINGS], area[RINGS], cosine[ANGLES], sine[ANGLES], c2[ANGLES], s2[ANGLES];
  explicit Rings(const PoseSettings& s) {
    double sum = 0;
    for (int r = 0; r < RINGS; r++) {
      radius[r] = float(s.ringFrom + (s.ringTo - s.ringFrom) * r / (RINGS - 1));
      sum += radius[r];
    }
    for (int r = 0; r < RINGS; r++) area[r] = float(radius[r] / sum / ANGLES);
    for (int a = 0; a < ANGLES; a++) {
      const double t = 2 * PI * a / ANGLES;
      cosine[a] = float(std::cos(t));
      sine[a] = float(std::sin(t));
      c2[a] = float(std::cos(2 * t));
      s2[a] = float(std::sin(2 * t));
    }
  }
};

struct Variant {
  float x, y, scale;
};

// The rings of a face about (x, y): field relative to the radial direction, as spectra over angle.
// Layout of the result: [ring][frequency], six planes: field, energy-and-weight and relief, re and im each.
struct Spectrum {
  float fr[SAMPLES], fi[SAMPLES], er[SAMPLES], ei[SAMPLES], hr[SAMPLES], hi[SAMPLES];
};

struct Scratch {
  float a[SAMPLES], b[SAMPLES], c[SAMPLES], d[SAMPLES], t[SAMPLES], u[SAMPLES], e[SAMPLES], z[SAMPLES];
};

// Cells under the samples [angle][ring] of one variant; the empty cell where it leaves the field.
std::vector<int32_t> sampleCells(const Rings& g, const PoseSettings& s, const Variant& v) {
  const int n = s.grid;
  const double cell = n / (2 * s.halfSpan);
  std::vector<int32_t> out(SAMPLES);
  for (int a = 0; a < ANGLES; a++)
    for (int r = 0; r < RINGS; r++) {
      const int x = int(std::floor((v.x + v.scale * g.cosine[a] * g.radius[r]) * cell + n / 2.0));
      const int y = int(std::floor((v.y + v.scale * g.sine[a] * g.radius[r]) * cell + n / 2.0));
      out[a * RINGS + r] = x < 0 || y < 0 || x >= n || y >= n ? n * n : y * n + x;
    }
  return out;
}

// `reference` puts the ring areas in and swaps energy and weight, so that the real part of the
// product of an expanded and a reference spectrum is (energy A x weight B + weight A x energy B).
WIDE void ringSpectrum(const Face& f, const Rings& g, const PoseSettings& s, const int32_t* cells, bool reference,
                       Scratch& k, Spectrum& out) {
  const float *re = f.re.data(), *im = f.im.data(), *weight = f.weight.data(), *relief = f.relief.data();
  for (int i = 0; i < SAMPLES; i++) {
    k.t[i] = re[cells[i]];
    k.u[i] = im[cells[i]];
    k.d[i] = weight[cells[i]];
    k.e[i] = relief[cells[i]];
    k.z[i] = 0;
  }
  float mr[RINGS] = {}, mi[RINGS] = {}, me[RINGS] = {}, mw[RINGS] = {};
  for (int a = 0; a < ANGLES; a++) {
    const float c2 = g.c2[a], s2 = g.s2[a];
    for (int r = 0; r < RINGS; r++) {
      const int i = a * RINGS + r;
      const float x = k.t[i] * c2 + k.u[i] * s2, y = k.u[i] * c2 - k.t[i] * s2;
      k.a[i] = x;
      k.b[i] = y;
      mr[r] += x;
      mi[r] += y;
      me[r] += k.e[i];
      mw[r] += k.d[i];
    }
  }
  // An engraved circle is the same at every rotation and only its lit arc would speak: its
  // coherent part goes, from the field and from the energy alike.
  const float gone = float(1 - s.circleWeight);
  for (int r = 0; r < RINGS; r++) {
    mr[r] *= gone / std::max(mw[r], 1e-3f);
    mi[r] *= gone / std::max(mw[r], 1e-3f);
    me[r] *= gone / std::max(mw[r], 1e-3f);
  }
  for (int a = 0; a < ANGLES; a++)
    for (int r = 0; r < RINGS; r++) {
      const int i = a * RINGS + r;
      const float w = k.d[i], x = k.a[i] - mr[r] * w, y = k.b[i] - mi[r] * w, z = k.e[i] - me[r] * w;
      k.a[i] = x;
      k.b[i] = y;
      k.e[i] = z;
      k.c[i] = (x * x + y * y + z * z) / std::max(w, 1e-4f);
    }
  if (reference)
    for (int a = 0; a < ANGLES; a++)
      for (int r = 0; r < RINGS; r++) {
        const int i = a * RINGS + r;
        const float e = k.c[i], w = k.d[i], m = g.area[r];
        k.a[i] *= m;
        k.b[i] *= m;
        k.e[i] *= m;
        k.c[i] = w * m;
        k.d[i] = e * m;
      }
  transform<RINGS>(k.a, k.b, k.t, k.u, -1);
  transform<RINGS>(k.c, k.d, k.t, k.u, -1);
  transform<RINGS>(k.e, k.z, k.t, k.u, -1);
  for (int a = 0; a < ANGLES; a++)
    for (int r = 0; r < RINGS; r++) {
      const int i = a * RINGS + r, o = r * ANGLES + a;
      out.fr[o] = k.a[i];
      out.fi[o] = k.b[i];
      out.er[o] = k.c[i];
      out.ei[o] = k.d[i];
      out.hr[o] = k.e[i];
      out.hi[o] = k.z[i];
    }
}

// All variants of one face, LANES of them interleaved: [group][ring][frequency][plane][lane].
struct Expanded {
  std::vector<Variant> variants;
  std::vector<float> spectra;
};

std::vector<Variant> variantsOf(const PoseSettings& s, bool partial) {
  const int ns = partial ? s.partialShiftCount : s.shiftCount, nc = partial ? s.partialScaleCount : s.scaleCount;
  const double ds = partial ? s.partialShiftStep : s.shiftStep, dc = partial ? s.partialScaleStep : s.scaleStep;
  std::vector<Variant> out;
  for (int c = -nc; c <= nc; c++)
    for (int y = -ns; y <= ns; y++)
      for (int x = -ns; x <= ns; x++)
        out.push_back({float(x * ds), float(y * ds), float(std::exp(c * std::log1p(dc)))});
  return out;
}

// A search's variants and the cells each of them reads: the same for all faces.
struct Plan {
  std::vector<Variant> variants;
  std::vector<std::vector<int32_t>> cells;
  Plan(const Rings& g, const PoseSettings& s, bool partial) : variants(variantsOf(s, partial)) {
    for (const Variant& v : variants) cells.push_back(sampleCells(g, s, v));
  }
};

Expanded expand(const Face& f, const Rings& g, const PoseSettings& s, const Plan& plan, Scratch& k, Spectrum& one,
                std::vector<float>&& reuse = {}) {
  Expanded e{plan.variants, std::move(reuse)};
  const int groups = (int(e.variants.size()) + LANES - 1) / LANES;
  e.spectra.resize(size_t(groups) * SAMPLES * PLANES * LANES);
  for (size_t v = 0; v < e.variants.size(); v++) {
    ringSpectrum(f, g, s, plan.cells[v].data(), false, k, one);
    float* to = e.spectra.data() + (v / LANES) * SAMPLES * PLANES * LANES + v % LANES;
    for (int i = 0; i < SAMPLES; i++, to += PLANES * LANES) {
      to[0] = one.fr[i];
      to[LANES] = one.fi[i];
      to[2 * LANES] = one.er[i];
      to[3 * LANES] = one.ei[i];
      to[4 * LANES] = one.hr[i];
      to[5 * LANES] = one.hi[i];
    }
  }
  return e;
}

struct Coarse {
  float score;
  int angle, variant;
};

struct Lanes {
  float sr[ANGLES * LANES], si[ANGLES * LANES], nr[ANGLES * LANES], ni[ANGLES * LANES], t[ANGLES * LANES], u[ANGLES * LANES];
};

// Correlates LANES variants with one reference over all rotations at once.
WIDE void correlate(const float* group, const Spectrum& b, Lanes& k) {
  std::memset(&k, 0, sizeof(float) * 4 * ANGLES * LANES);
  for (int r = 0; r < RINGS; r++) {
    const float* p = group + size_t(r) * ANGLES * PLANES * LANES;
    for (int a = 0; a < ANGLES; a++, p += PLANES * LANES) {
      const float br = b.fr[r * ANGLES + a], bi = b.fi[r * ANGLES + a], cr = b.er[r * ANGLES + a], ci = b.ei[r * ANGLES + a];
      const float hr = b.hr[r * ANGLES + a], hi = b.hi[r * ANGLES + a];
      float *sr = k.sr + a * LANES, *si = k.si + a * LANES, *nr = k.nr + a * LANES, *ni = k.ni + a * LANES;
      for (int l = 0; l < LANES; l++) {
        sr[l] += p[l] * br + p[LANES + l] * bi + p[4 * LANES + l] * hr + p[5 * LANES + l] * hi;
        si[l] += p[LANES + l] * br - p[l] * bi + p[5 * LANES + l] * hr - p[4 * LANES + l] * hi;
        nr[l] += p[2 * LANES + l] * cr + p[3 * LANES + l] * ci;
        ni[l] += p[3 * LANES + l] * cr - p[2 * LANES + l] * ci;
      }
    }
  }
  transform<LANES>(k.sr, k.si, k.t, k.u, 1);
  transform<LANES>(k.nr, k.ni, k.t, k.u, 1);
}

void coarsePoses(const Expanded& e, const Spectrum& b, const PoseSettings& s, Lanes& k, std::vector<Coarse>& kept) {
  Coarse best[ANGLES];
  for (int a = 0; a < ANGLES; a++) best[a] = {-1e9f, a, 0};
  const int count = int(e.variants.size());
  for (int v0 = 0; v0 < count; v0 += LANES) {
    correlate(e.spectra.data() + size_t(v0 / LANES) * SAMPLES * PLANES * LANES, b, k);
    for (int a = 0; a < ANGLES; a++)
      for (int l = 0; l < std::min(LANES, count - v0); l++) {
        const float score = 2 * k.sr[a * LANES + l] / std::max(k.nr[a * LANES + l], 1e-6f);
        if (score > best[a].score) best[a] = {score, a, v0 + l};
      }
  }
  kept.clear();
  for (int i = 0; i < s.keep; i++) {
    int top = -1;
    for (int a = 0; a < ANGLES; a++)
      if (best[a].score > -1e8f && (top < 0 || best[a].score > best[top].score)) top = a;
    if (top < 0) break;
    kept.push_back(best[top]);
    for (int d = -3; d <= 3; d++) best[(top + d + ANGLES) % ANGLES].score = -1e9f;
  }
}

// candidate -> probe: x' = shift + scale * R(rotation) x
struct Pose {
  double x, y, rotation, logScale;
};

// What two fields share over one part of the face.
struct Part {
  float cross = 0, energyA = 0, energyB = 0;
};

struct Agreement {
  double cross = 0, energyA = 0, energyB = 0, overlap = 0;
  double score() const { return cross / std::sqrt(std::max(1e-9, energyA * energyB)); }
};

// Lays B's cells (every `step`-th) on A and sums; with `h`, also the normal equations of a
// Gauss-Newton step on |A - B|^2 in (x, y, rotation, log scale).
WIDE Agreement overlay(const Face& A, const Face& B, const PoseSettings& s, const Pose& p, int step, double (*h)[5],
                       std::vector<Part>* parts = nullptr) {
  const int n = A.grid;
  const float cell = float(n / (2 * s.halfSpan));
  const float c = float(std::exp(p.logScale) * std::cos(p.rotation)), d = float(std::exp(p.logScale) * std::sin(p.rotation));
  const float c2 = float(std::cos(2 * p.rotation)), s2 = float(std::sin(2 * p.rotation));
  const float half = n / 2.f - 0.5f;
  Agreement out;
  float cross = 0, ea = 0, eb = 0, ov = 0;
  float H[4][5] = {};
  for (int y = step / 2; y < n; y += step) {
    const float by = y - half;
    for (int x = step / 2; x < n; x += step) {
      const V4 b = B.fine[y * n + x];
      if (b[2] <= 0) continue;
      const float bx = x - half;
      const float rx = c * bx - d * by, ry = d * bx + c * by;  // from the turning point, in cells
      const float ax = rx + float(p.x) * cell + half, ay = ry + float(p.y) * cell + half;
      const int ix = int(ax), iy = int(ay);
      if (ax < 0 || ay < 0 || ix >= n - 1 || iy >= n - 1) continue;
      const float fx = ax - ix, fy = ay - iy;
      const V4* q = A.fine.data() + iy * n + ix;
      const V4 top = q[0] + (q[1] - q[0]) * fx, low = q[n] + (q[n + 1] - q[n]) * fx;
      const V4 a = top + (low - top) * fy;
      const float w = a[2] * b[2];
      if (w <= 0) continue;
      // A's orientation seen in B's frame
      const float re = a[0] * c2 + a[1] * s2, im = a[1] * c2 - a[0] * s2;
      cross += w * (re * b[0] + im * b[1] + a[3] * b[3]);
      ea += w * (re * re + im * im + a[3] * a[3]);
      eb += w * (b[0] * b[0] + b[1] * b[1] + b[3] * b[3]);
      ov += w;
      if (parts) {
        Part& part = (*parts)[(y / PART) * PARTS + x / PART];
        part.cross += w * (re * b[0] + im * b[1] + a[3] * b[3]);
        part.energyA += w * (re * re + im * im + a[3] * a[3]);
        part.energyB += w * (b[0] * b[0] + b[1] * b[1] + b[3] * b[3]);
      }
      if (!h) continue;
      const V4 gx = (q[1] - q[0]) * (1 - fy) + (q[n + 1] - q[n]) * fy, gy = low - top;
      const float xr = gx[0] * c2 + gx[1] * s2, xi = gx[1] * c2 - gx[0] * s2;
      const float yr = gy[0] * c2 + gy[1] * s2, yi = gy[1] * c2 - gy[0] * s2;
      const float jr[4] = {xr, yr, -ry * xr + rx * yr + 2 * im, rx * xr + ry * yr};
      const float ji[4] = {xi, yi, -ry * xi + rx * yi - 2 * re, rx * xi + ry * yi};
      const float jh[4] = {gx[3], gy[3], -ry * gx[3] + rx * gy[3], rx * gx[3] + ry * gy[3]};
      const float er = b[0] - re, ei = b[1] - im, eh = b[3] - a[3];
      for (int i = 0; i < 4; i++) {
        for (int j = i; j < 4; j++) H[i][j] += w * (jr[i] * jr[j] + ji[i] * ji[j] + jh[i] * jh[j]);
        H[i][4] += w * (jr[i] * er + ji[i] * ei + jh[i] * eh);
      }
    }
  }
  out.cross = cross;
  out.energyA = ea;
  out.energyB = eb;
  out.overlap = ov;
  if (h)
    for (int i = 0; i < 4; i++)
      for (int j = 0; j < 5; j++) h[i][j] = j < i ? H[j][i] : H[i][j];
  return out;
}

// Solves the damped 4 x 4 system by elimination.
bool solve(double h[4][5], double x[4]) {
  for (int i = 0; i < 4; i++) h[i][i] *= 1.02;
  for (int i = 0; i < 4; i++) {
    if (std::abs(h[i][i]) < 1e-9) return false;
    for (int r = i + 1; r < 4; r++) {
      const double f = h[r][i] / h[i][i];
      for (int c = i; c < 5; c++) h[r][c] -= f * h[i][c];
    }
  }
  for (int i = 3; i >= 0; i--) {
    x[i] = h[i][4];
    for (int c = i + 1; c < 4; c++) x[i] -= h[i][c] * x[c];
    x[i] /= h[i][i];
  }
  return true;
}

// Agreement of the parts that agree worst, down to `share` of the energy. Two designs that differ
// in one stroke differ there wholly, while lamp and wear take a little everywhere.
double worstParts(const std::vector<Part>& parts, const Agreement& all, double share) {
  if (all.energyA <= 0 || all.energyB <= 0) return 0;
  const double gain = std::sqrt(all.energyB / all.energyA);  // brings both to one energy
  std::vector<std::pair<double, double>> ranked;             // agreement, energy
  double total = 0;
  for (const Part& p : parts) {
    const double energy = (gain * gain * p.energyA + p.energyB) / 2;
    if (energy <= 0) continue;
    ranked.push_back({gain * p.cross / energy, energy});
    total += energy;
  }
  std::sort(ranked.begin(), ranked.end());
  double used = 0, sum = 0;
  for (const auto& [agreement, energy] : ranked) {
    const double take = std::min(energy, share * total - used);
    if (take <= 0) break;
    used += take;
    sum += take * agreement;
  }
  return used > 0 ? sum / used : 0;
}

double refine(const Face& A, const Face& B, const PoseSettings& s, Pose& p) {
  const double cell = s.grid / (2 * s.halfSpan);
  double h[4][5], x[4];
  Pose best = p, now = p;
  double bestScore = -2;
  for (int i = 0; i <= s.iterations; i++) {
    const double score = overlay(A, B, s, now, 2, h).score();
    if (score > bestScore) {
      bestScore = score;
      best = now;
    }
    if (i == s.iterations || !solve(h, x)) break;
    const double limit = 2.0;  // cells: beyond it the linear model says nothing
    now.x += std::clamp(x[0], -limit, limit) / cell;
    now.y += std::clamp(x[1], -limit, limit) / cell;
    now.rotation += std::clamp(x[2], -0.06, 0.06);
    now.logScale += std::clamp(x[3], -0.03, 0.03);
  }
  p = best;
  return bestScore;
}

// The same order whichever of the two is the probe, so that a pair has one score.
bool before(const FieldView& a, const FieldView& b, int grid) {
  const int c = std::memcmp(a.field, b.field, size_t(grid) * grid * 3);
  return c < 0 || (c == 0 && std::memcmp(a.weight, b.weight, size_t(grid) * grid) <= 0);
}

PairPose compareOne(const Face& A, const Face& B, const Expanded& e, const Spectrum& b, const PoseSettings& s, Lanes& k,
                    std::vector<Coarse>& kept) {
  coarsePoses(e, b, s, k, kept);
  PairPose out;
  out.score = -2;
  Pose bestPose{};
  for (size_t i = 0; i < kept.size(); i++) {
    const Variant& v = e.variants[kept[i].variant];
    Pose p{v.x, v.y, 2 * PI * kept[i].angle / ANGLES, std::log(v.scale)};
    double score;
    if (kept[i].score >= s.refineFloor)
      score = refine(A, B, s, p);
    else if (i < 2)
      score = overlay(A, B, s, p, 2, nullptr).score();
    else
      break;
    if (score > out.score) {
      out.score = score;
      bestPose = p;
    }
  }
  std::vector<Part> parts(PARTS * PARTS);
  const Agreement last = overlay(A, B, s, bestPose, 1, nullptr, &parts);
  // the worst parts of strangers contradict: the offset keeps their order above 0
  const double agreement = last.score() + worstParts(parts, last, s.worstShare);
  out.score = last.overlap > 0 ? std::clamp((agreement + WORST_OFFSET) / (2 + WORST_OFFSET), 0.0, 1.0) : 0;
  out.coarse = kept.empty() ? 0 : kept[0].score;
  out.overlap = last.overlap;
  out.rotationDeg = bestPose.rotation * 180 / PI;
  out.shiftX = bestPose.x;
  out.shiftY = bestPose.y;
  out.scale = std::exp(bestPose.logScale);
  return out;
}

PairPose inverse(PairPose p) {
  const double t = -p.rotationDeg * PI / 180, c = std::cos(t) / p.scale, d = std::sin(t) / p.scale;
  const double x = -(c * p.shiftX - d * p.shiftY), y = -(d * p.shiftX + c * p.shiftY);
  p.rotationDeg = -p.rotationDeg;
  p.scale = 1 / p.scale;
  p.shiftX = x;
  p.shiftY = y;
  return p;
}

}  // namespace

std::vector<PairPose> comparePoses(const FieldView& probe, const std::vector<FieldView>& candidates, const PoseSettings& s) {
  const Rings g(s);
  const std::vector<int32_t> centre = sampleCells(g, s, {0, 0, 1});
  auto scratch = std::make_unique<Scratch>();
  auto lanes = std::make_unique<Lanes>();
  auto probeSpectrum = std::make_unique<Spectrum>();
  auto otherSpectrum = std::make_unique<Spectrum>();
  const Face A = decode(probe, s);
  ringSpectrum(A, g, s, centre.data(), true, *scratch, *probeSpectrum);
  std::unique_ptr<Plan> plans[2];         // whole, partial; made when first needed
  std::unique_ptr<Expanded> expanded[2];  // of the probe
  std::vector<float> reuse;
  std::vector<Coarse> kept;
  std::vector<PairPose> out;
  out.reserve(candidates.size());
  for (const FieldView& candidate : candidates) {
    const Face B = decode(candidate, s);
    const bool wide = probe.partial || candidate.partial;
    PairPose p;
    std::unique_ptr<Plan>& plan = plans[wide];
    if (!plan) plan = std::make_unique<Plan>(g, s, wide);
    if (before(probe, candidate, s.grid)) {
      std::unique_ptr<Expanded>& e = expanded[wide];
      if (!e) e = std::make_unique<Expanded>(expand(A, g, s, *plan, *scratch, *otherSpectrum));
      ringSpectrum(B, g, s, centre.data(), true, *scratch, *otherSpectrum);
      p = compareOne(A, B, *e, *otherSpectrum, s, *lanes, kept);
    } else {
      Expanded e = expand(B, g, s, *plan, *scratch, *otherSpectrum, std::move(reuse));
      p = inverse(compareOne(B, A, e, *probeSpectrum, s, *lanes, kept));
      reuse = std::move(e.spectra);
    }
    p.rotationDeg = std::remainder(p.rotationDeg, 360.0);
    out.push_back(p);
  }
  return out;
}

}  // namespace relievo
