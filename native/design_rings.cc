#include "design_rings.h"

#include <algorithm>
#include <cmath>

namespace relievo::pose {

Rings::Rings(const PoseSettings& s) {
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

RELIEVO_WIDE void ringSpectrum(const Face& f, const Rings& g, const PoseSettings& s, const int32_t* cells, bool reference,
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

}  // namespace relievo::pose
