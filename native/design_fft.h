// A Fourier transform over the angles of the coarse search, many side by side.
#pragma once

#include <cmath>
#include <cstddef>
#include <utility>

#include "design_types.h"

namespace relievo::pose {

constexpr int ANGLES = 128;

struct Twiddles {
  float re[ANGLES], im[ANGLES];
  Twiddles() {
    for (int i = 0; i < ANGLES; i++) {
      re[i] = float(std::cos(2 * PI * i / ANGLES));
      im[i] = float(std::sin(2 * PI * i / ANGLES));
    }
  }
};
inline const Twiddles TWIDDLES;

// Stockham FFT over ANGLES = 4 * 4 * 4 * 2, L independent transforms side by side (layout
// [angle][lane]). sign -1 forward, +1 inverse (not scaled). The result ends in re/im.
template <int L>
inline __attribute__((always_inline)) void transform(float* re, float* im, float* tre, float* tim, float sign) {
  float *ar = re, *ai = im, *br = tre, *bi = tim;
  int left = ANGLES, stride = 1;
  for (; left >= 4; left /= 4, stride *= 4) {
    const int quarter = left / 4;
    for (int p = 0; p < quarter; p++) {
      const float w1r = TWIDDLES.re[p * stride], w1i = sign * TWIDDLES.im[p * stride];
      const float w2r = TWIDDLES.re[2 * p * stride], w2i = sign * TWIDDLES.im[2 * p * stride];
      const float w3r = TWIDDLES.re[3 * p * stride], w3i = sign * TWIDDLES.im[3 * p * stride];
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

}  // namespace relievo::pose
