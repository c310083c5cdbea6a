#include "design_pose.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

namespace relievo {
namespace {

constexpr int ANGLES = 128;
constexpr int RINGS = 24;
constexpr int LANES = 8;
constexpr double PI = 3.14159265358979323846;

typedef float V4 __attribute__((vector_size(16)));
#define WIDE __attribute__((target_clones("avx2", "default")))

struct Twiddles {
  float re[ANGLES / 2], im[ANGLES / 2];
  Twiddles() {
    for (int i = 0; i < ANGLES / 2; i++) {
      re[i] = float(std::cos(2 * PI * i / ANGLES));
      im[i] = float(std::sin(2 * PI * i / ANGLES));
    }
  }
};
const Twiddles TW;

// Stockham FFT over ANGLES, L independent transforms side by side (layout [angle][lane]).
// sign -1 forward, +1 inverse (not scaled). The result ends in re/im.
template <int L>
inline __attribute__((always_inline)) void transform(float* re, float* im, float* tre, float* tim, float sign) {
  float *ar = re, *ai = im, *br = tre, *bi = tim;
  for (int half = ANGLES / 2, stride = 1; half >= 1; half /= 2, stride *= 2) {
    for (int p = 0; p < half; p++) {
      const float wr = TW.re[p * stride], wi = sign * TW.im[p * stride];
      for (int q = 0; q < stride; q++) {
        const float *xr = ar + size_t(q + stride * p) * L, *xi = ai + size_t(q + stride * p) * L;
        const float *yr = ar + size_t(q + stride * (p + half)) * L, *yi = ai + size_t(q + stride * (p + half)) * L;
        float *ur = br + size_t(q + stride * 2 * p) * L, *ui = bi + size_t(q + stride * 2 * p) * L;
        float *vr = br + size_t(q + stride * (2 * p + 1)) * L, *vi = bi + size_t(q + stride * (2 * p + 1)) * L;
        for (int l = 0; l < L; l++) {
          const float dr = xr[l] - yr[l], di = xi[l] - yi[l];
          ur[l] = xr[l] + yr[l];
          ui[l] = xi[l] + yi[l];
          vr[l] = dr * wr - di * wi;
          vi[l] = dr * wi + di * wr;
        }
      }
    }
    std::swap(ar, br);
    std::swap(ai, bi);
  }
  if (ar != re) {
    std::memcpy(re, ar, sizeof(float) * ANGLES * L);
    std::memcpy(im, ai, sizeof(float) * ANGLES * L);
  }
}

// One face, decoded: q (real, imaginary), weight; fine as stored, coarse smoothed.
struct Face {
  int grid;
  bool partial;
  std::vector<V4> fine;    // re, im, weight, |q|^2   (q not weighted)
  std::vector<V4> coarse;  // weighted re, weighted im, weight, weighted |q|^2
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

Face decode(const FieldView& v, const PoseSettings& s) {
  const int cells = s.grid * s.grid;
  Face f{s.grid, v.partial, std::vector<V4>(cells), std::vector<V4>(cells)};
  for (int i = 0; i < cells; i++) {
    const float w = v.weight[i] / 255.f, re = v.field[2 * i] / 127.f, im = v.field[2 * i + 1] / 127.f;
    f.fine[i] = V4{re, im, w, re * re + im * im};
    f.coarse[i] = V4{w * re, w * im, w, 0};
  }
  smooth(f.coarse, s.grid, s.coarseSigma * s.grid / (2 * s.halfSpan));
  for (V4& c : f.coarse) {
    const float w = std::max(c[2], 1e-4f);
    c[3] = (c[0] * c[0] + c[1] * c[1]) / w;
  }
  return f;
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
// Layout of the result: [ring][frequency], four planes: field re, im; energy-and-weight re, im.
struct Spectrum {
  float fr[RINGS * ANGLES], fi[RINGS * ANGLES], er[RINGS * ANGLES], ei[RINGS * ANGLES];
};

struct Scratch {
  float a[ANGLES * RINGS], b[ANGLES * RINGS], c[ANGLES * RINGS], d[ANGLES * RINGS], t[ANGLES * RINGS], u[ANGLES * RINGS];
};

// `reference` puts the ring areas in and swaps energy and weight, so that the real part of the
// product of an expanded and a reference spectrum is (energy A x weight B + weight A x energy B).
WIDE void ringSpectrum(const Face& f, const Rings& g, const PoseSettings& s, const Variant& v, bool reference,
                       Scratch& k, Spectrum& out) {
  const int n = f.grid;
  const float cell = float(n / (2 * s.halfSpan));
  const float ox = v.x * cell + n / 2.f, oy = v.y * cell + n / 2.f;  // nearest cell: floor
  for (int a = 0; a < ANGLES; a++) {
    const float dx = g.cosine[a] * v.scale * cell, dy = g.sine[a] * v.scale * cell;
    const float c2 = g.c2[a], s2 = g.s2[a];
    for (int r = 0; r < RINGS; r++) {
      const int x = int(ox + dx * g.radius[r]), y = int(oy + dy * g.radius[r]);
      V4 p = {0, 0, 0, 0};
      if (unsigned(x) < unsigned(n) && unsigned(y) < unsigned(n)) p = f.coarse[y * n + x];
      const int i = a * RINGS + r;
      k.a[i] = p[0] * c2 + p[1] * s2;
      k.b[i] = p[1] * c2 - p[0] * s2;
      k.c[i] = p[3];
      k.d[i] = p[2];
    }
  }
  // An engraved circle is the same at every rotation and only its lit arc would speak: its
  // coherent part goes, from the field and from the energy alike.
  float mr[RINGS] = {}, mi[RINGS] = {}, mw[RINGS] = {};
  for (int a = 0; a < ANGLES; a++)
    for (int r = 0; r < RINGS; r++) {
      mr[r] += k.a[a * RINGS + r];
      mi[r] += k.b[a * RINGS + r];
      mw[r] += k.d[a * RINGS + r];
    }
  const float gone = float(1 - s.circleWeight);
  for (int r = 0; r < RINGS; r++) {
    mr[r] *= gone / std::max(mw[r], 1e-3f);
    mi[r] *= gone / std::max(mw[r], 1e-3f);
  }
  for (int a = 0; a < ANGLES; a++)
    for (int r = 0; r < RINGS; r++) {
      const int i = a * RINGS + r;
      k.a[i] -= mr[r] * k.d[i];
      k.b[i] -= mi[r] * k.d[i];
      const float w = std::max(k.d[i], 1e-4f);
      k.c[i] = (k.a[i] * k.a[i] + k.b[i] * k.b[i]) / w;
    }
  if (reference)
    for (int a = 0; a < ANGLES; a++)
      for (int r = 0; r < RINGS; r++) {
        const int i = a * RINGS + r;
        const float e = k.c[i], w = k.d[i], m = g.area[r];
        k.a[i] *= m;
        k.b[i] *= m;
        k.c[i] = w * m;
        k.d[i] = e * m;
      }
  transform<RINGS>(k.a, k.b, k.t, k.u, -1);
  transform<RINGS>(k.c, k.d, k.t, k.u, -1);
  for (int a = 0; a < ANGLES; a++)
    for (int r = 0; r < RINGS; r++) {
      const int i = a * RINGS + r, o = r * ANGLES + a;
      out.fr[o] = k.a[i];
      out.fi[o] = k.b[i];
      out.er[o] = k.c[i];
      out.ei[o] = k.d[i];
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

Expanded expand(const Face& f, const Rings& g, const PoseSettings& s, bool partial) {
  Expanded e;
  e.variants = variantsOf(s, partial);
  const int groups = (int(e.variants.size()) + LANES - 1) / LANES;
  e.spectra.assign(size_t(groups) * RINGS * ANGLES * 4 * LANES, 0.f);
  auto k = std::make_unique<Scratch>();
  auto one = std::make_unique<Spectrum>();
  for (size_t v = 0; v < e.variants.size(); v++) {
    ringSpectrum(f, g, s, e.variants[v], false, *k, *one);
    float* to = e.spectra.data() + (v / LANES) * RINGS * ANGLES * 4 * LANES + v % LANES;
    for (int i = 0; i < RINGS * ANGLES; i++, to += 4 * LANES) {
      to[0] = one->fr[i];
      to[LANES] = one->fi[i];
      to[2 * LANES] = one->er[i];
      to[3 * LANES] = one->ei[i];
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
    const float* p = group + size_t(r) * ANGLES * 4 * LANES;
    for (int a = 0; a < ANGLES; a++, p += 4 * LANES) {
      const float br = b.fr[r * ANGLES + a], bi = b.fi[r * ANGLES + a], cr = b.er[r * ANGLES + a], ci = b.ei[r * ANGLES + a];
      float *sr = k.sr + a * LANES, *si = k.si + a * LANES, *nr = k.nr + a * LANES, *ni = k.ni + a * LANES;
      for (int l = 0; l < LANES; l++) {
        sr[l] += p[l] * br + p[LANES + l] * bi;
        si[l] += p[LANES + l] * br - p[l] * bi;
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
    correlate(e.spectra.data() + size_t(v0 / LANES) * RINGS * ANGLES * 4 * LANES, b, k);
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

struct Agreement {
  double cross = 0, energyA = 0, energyB = 0, overlap = 0;
  double score() const { return cross / std::sqrt(std::max(1e-9, energyA * energyB)); }
};

// Lays B's cells (every `step`-th) on A and sums; with `h`, also the normal equations of a
// Gauss-Newton step on |A - B|^2 in (x, y, rotation, log scale).
WIDE Agreement overlay(const Face& A, const Face& B, const PoseSettings& s, const Pose& p, int step, double (*h)[5]) {
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
      cross += w * (re * b[0] + im * b[1]);
      ea += w * (re * re + im * im);
      eb += w * b[3];
      ov += w;
      if (!h) continue;
      const V4 gx = (q[1] - q[0]) * (1 - fy) + (q[n + 1] - q[n]) * fy, gy = low - top;
      const float xr = gx[0] * c2 + gx[1] * s2, xi = gx[1] * c2 - gx[0] * s2;
      const float yr = gy[0] * c2 + gy[1] * s2, yi = gy[1] * c2 - gy[0] * s2;
      const float jr[4] = {xr, yr, -ry * xr + rx * yr + 2 * im, rx * xr + ry * yr};
      const float ji[4] = {xi, yi, -ry * xi + rx * yi - 2 * re, rx * xi + ry * yi};
      const float er = b[0] - re, ei = b[1] - im;
      for (int i = 0; i < 4; i++) {
        for (int j = i; j < 4; j++) H[i][j] += w * (jr[i] * jr[j] + ji[i] * ji[j]);
        H[i][4] += w * (jr[i] * er + ji[i] * ei);
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
  const int c = std::memcmp(a.field, b.field, size_t(grid) * grid * 2);
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
  const Agreement last = overlay(A, B, s, bestPose, 1, nullptr);
  out.score = std::clamp(last.score(), 0.0, 1.0);
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
  const Variant centre{0, 0, 1};
  auto scratch = std::make_unique<Scratch>();
  auto lanes = std::make_unique<Lanes>();
  auto probeSpectrum = std::make_unique<Spectrum>();
  auto otherSpectrum = std::make_unique<Spectrum>();
  const Face A = decode(probe, s);
  ringSpectrum(A, g, s, centre, true, *scratch, *probeSpectrum);
  std::unique_ptr<Expanded> whole, partial;  // of the probe, made when first needed
  std::vector<Coarse> kept;
  std::vector<PairPose> out;
  out.reserve(candidates.size());
  for (const FieldView& candidate : candidates) {
    const Face B = decode(candidate, s);
    const bool wide = probe.partial || candidate.partial;
    PairPose p;
    if (before(probe, candidate, s.grid)) {
      std::unique_ptr<Expanded>& e = wide ? partial : whole;
      if (!e) e = std::make_unique<Expanded>(expand(A, g, s, wide));
      ringSpectrum(B, g, s, centre, true, *scratch, *otherSpectrum);
      p = compareOne(A, B, *e, *otherSpectrum, s, *lanes, kept);
    } else {
      const Expanded e = expand(B, g, s, wide);
      p = inverse(compareOne(B, A, e, *probeSpectrum, s, *lanes, kept));
    }
    p.rotationDeg = std::remainder(p.rotationDeg, 360.0);
    out.push_back(p);
  }
  return out;
}

}  // namespace relievo
