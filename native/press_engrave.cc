// A tool's relief as the tablet shows it: the drawing first, worn, then the marks of making and use on top.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "press.h"
#include "press_noise.h"

namespace relievo::press {
namespace {

constexpr float kPi = 3.14159265f;

struct Grid {
  int width, height;
  float cell, left, top;
};

float profileOf(float distance, float half, float edge, int profile) {
  if (profile == 1) {  // round floor
    float t = distance / (half + 0.5f * edge);
    return t >= 1 ? 0.0f : std::sqrt(1 - t * t) * smoothstep(1.0f, 0.72f, t);
  }
  if (profile == 2) return std::max(0.0f, 1 - distance / (half + 0.25f * edge));
  return smoothstep(half + 0.5f * edge, half - 0.5f * edge, distance);
}

// The depth of one stroke at every cell it reaches, combined by maximum into `into`.
void drawLine(cv::Mat1f& into, const Grid& g, const float* xy, int from, int to, const float* spec, float edge) {
  float half = spec[1], depth = spec[2], taper = spec[5];
  int profile = static_cast<int>(spec[4]);
  float total = 0;
  std::vector<float> along(static_cast<size_t>(to - from), 0.0f);
  for (int i = from + 1; i < to; ++i) {
    total += std::hypot(xy[2 * i] - xy[2 * i - 2], xy[2 * i + 1] - xy[2 * i - 1]);
    along[static_cast<size_t>(i - from)] = total;
  }
  for (int i = from; i + 1 < to; ++i) {
    float a = along[static_cast<size_t>(i - from)], b = along[static_cast<size_t>(i - from + 1)];
    nearSegment(xy[2 * i], xy[2 * i + 1], xy[2 * i + 2], xy[2 * i + 3], half + edge, g.left, g.top, g.cell, g.width, g.height,
                [&](int r, int c, float d, float t) {
                  float h = half;
                  if (taper < 1 && total > 0) {
                    float s = (a + (b - a) * t) / total;
                    h *= taper + (1 - taper) * std::sin(kPi * s);
                  }
                  float v = depth * profileOf(d, h, std::min(edge, 1.6f * h), profile);
                  float& cell = into(r, c);
                  if (v > cell) cell = v;
                });
  }
}

// A filled area of several rings (even-odd), its walls softened over `edge`.
void drawArea(cv::Mat1f& into, const Grid& g, const Paths& paths, int first, int last, float depth, float edge) {
  std::vector<std::vector<cv::Point>> rings;
  constexpr int kShift = 6;
  float x0 = 1e9f, x1 = -1e9f, y0 = 1e9f, y1 = -1e9f;
  for (int p = first; p <= last; ++p) {
    std::vector<cv::Point> ring;
    for (int i = paths.start[p]; i < paths.start[p + 1]; ++i) {
      float x = paths.xy[2 * i], y = paths.xy[2 * i + 1];
      x0 = std::min(x0, x), x1 = std::max(x1, x), y0 = std::min(y0, y), y1 = std::max(y1, y);
      ring.emplace_back(cvRound(((x - g.left) / g.cell - 0.5f) * (1 << kShift)), cvRound(((g.top - y) / g.cell - 0.5f) * (1 << kShift)));
    }
    rings.push_back(std::move(ring));
  }
  int margin = static_cast<int>(edge / g.cell) + 3;
  int c0 = std::max(0, static_cast<int>((x0 - g.left) / g.cell) - margin), c1 = std::min(g.width, static_cast<int>((x1 - g.left) / g.cell) + margin);
  int r0 = std::max(0, static_cast<int>((g.top - y1) / g.cell) - margin), r1 = std::min(g.height, static_cast<int>((g.top - y0) / g.cell) + margin);
  if (c1 <= c0 || r1 <= r0) return;
  cv::Mat1b mask(r1 - r0, c1 - c0, static_cast<uchar>(0));
  for (auto& ring : rings)
    for (auto& point : ring) point -= cv::Point(c0 << kShift, r0 << kShift);
  cv::fillPoly(mask, rings, cv::Scalar(255), cv::LINE_AA, kShift);
  cv::Mat1f level;
  mask.convertTo(level, CV_32F, depth / 255.0);
  double sigma = std::max(0.6, 0.32 * edge / g.cell);
  cv::GaussianBlur(level, level, {}, sigma);
  for (int r = r0; r < r1; ++r)
    for (int c = c0; c < c1; ++c) into(r, c) = std::max(into(r, c), level(r - r0, c - c0));
}

// Only the `raised` or only the sunk strokes of the drawing.
cv::Mat1f drawStrokes(const EngraveJob& job, const Grid& g, bool raised) {
  cv::Mat1f level(g.height, g.width, 0.0f);
  const Paths& d = job.drawing;
  for (int p = 0; p < d.spec.rows; ++p) {
    const float* spec = d.spec.row(p);
    if (static_cast<int>(spec[0]) == 2 || (spec[3] > 0.5f) != raised) continue;
    if (static_cast<int>(spec[0]) == 0) {
      drawLine(level, g, d.xy, d.start[p], d.start[p + 1], spec, job.edge);
    } else {
      int last = p;
      while (last + 1 < d.spec.rows && static_cast<int>(d.spec.row(last + 1)[0]) == 2) ++last;
      drawArea(level, g, d, p, last, spec[2], job.edge);
    }
  }
  return level;
}

// One groove of a lathe or a mill: a cusp a pitch, no two alike.
float tooth(float s, float along, const float* lay) {
  float irregular = lay[8];
  auto seed = static_cast<uint32_t>(lay[7]);
  float k = std::floor(s);
  float f = s - k;
  int groove = static_cast<int>(k);
  float cusp = 1 - 4 * f * (1 - f);  // 1 at the ridge between two cuts, 0 in the middle of a cut
  float height = 1 + irregular * (lattice(seed, groove, 1) + (f > 0.5f ? lattice(seed, groove + 1, 7) : lattice(seed, groove, 7)));
  float chatter = 0.55f * noise(seed + 11, s * 0.31f, along * 0.35f) + irregular * 0.8f * noise(seed + 5, s * 1.7f, along * 0.12f);
  float fade = 0.65f + 0.6f * noise(seed + 3, s * 0.06f, along * 0.4f);
  return (cusp * height + chatter - 0.33f) * std::max(0.0f, fade);
}

void addLay(cv::Mat1f& marks, const cv::Mat1f& floor, const Grid& g, const float* lay) {
  int type = static_cast<int>(lay[0]), where = static_cast<int>(lay[6]);
  float co = std::cos(lay[3]), si = std::sin(lay[3]), perPitch = 1 / lay[4], amplitude = lay[5];
  for (int r = 0; r < g.height; ++r) {
    float y = g.top - (static_cast<float>(r) + 0.5f) * g.cell - lay[2];
    for (int c = 0; c < g.width; ++c) {
      float share = where == 2 ? 1.0f : (where == 1 ? floor(r, c) : 1 - floor(r, c));
      if (share < 0.02f) continue;
      float x = g.left + (static_cast<float>(c) + 0.5f) * g.cell - lay[1];
      float s, along;
      if (type == 0) {
        float radius = std::sqrt(x * x + y * y);
        s = radius;
        along = radius * std::atan2(y, x);
      } else {
        s = -si * x + co * y;
        along = co * x + si * y;
      }
      marks(r, c) += share * amplitude * tooth(s * perPitch, along, lay);
    }
  }
}

// A plough mark: what it dug stands out of the tablet, its thrown-up rims are small furrows beside it.
void addScratch(cv::Mat1f& marks, const Grid& g, const float* xy, int from, int to, const float* spec) {
  float half = spec[0], height = spec[1], rough = spec[2];
  auto seed = static_cast<uint32_t>(spec[3]);
  float total = 0;
  for (int i = from + 1; i < to; ++i) total += std::hypot(xy[2 * i] - xy[2 * i - 2], xy[2 * i + 1] - xy[2 * i - 1]);
  cv::Mat1f own;
  cv::Rect box;
  {
    float x0 = 1e9f, x1 = -1e9f, y0 = 1e9f, y1 = -1e9f;
    for (int i = from; i < to; ++i) x0 = std::min(x0, xy[2 * i]), x1 = std::max(x1, xy[2 * i]), y0 = std::min(y0, xy[2 * i + 1]), y1 = std::max(y1, xy[2 * i + 1]);
    int m = static_cast<int>(3 * half / g.cell) + 2;
    int c0 = static_cast<int>((x0 - g.left) / g.cell) - m, c1 = static_cast<int>((x1 - g.left) / g.cell) + m;
    int r0 = static_cast<int>((g.top - y1) / g.cell) - m, r1 = static_cast<int>((g.top - y0) / g.cell) + m;
    box = cv::Rect(c0, r0, c1 - c0 + 1, r1 - r0 + 1) & cv::Rect(0, 0, g.width, g.height);
  }
  if (box.empty()) return;
  own = cv::Mat1f(box.height, box.width, 9e9f);  // distance to the line, then its height
  cv::Mat1f where(box.height, box.width, 0.0f);
  float left = g.left + static_cast<float>(box.x) * g.cell, top = g.top - static_cast<float>(box.y) * g.cell;
  float done = 0;
  for (int i = from; i + 1 < to; ++i) {
    float length = std::hypot(xy[2 * i + 2] - xy[2 * i], xy[2 * i + 3] - xy[2 * i + 1]);
    nearSegment(xy[2 * i], xy[2 * i + 1], xy[2 * i + 2], xy[2 * i + 3], 2.6f * half, left, top, g.cell, box.width, box.height,
                [&](int r, int c, float d, float t) {
                  if (d < own(r, c)) own(r, c) = d, where(r, c) = (done + t * length) / std::max(total, 1e-6f);
                });
    done += length;
  }
  for (int r = 0; r < box.height; ++r)
    for (int c = 0; c < box.width; ++c) {
      float d = own(r, c);
      if (d > 2.6f * half) continue;
      float s = where(r, c);
      float ends = std::min(1.0f, 6 * std::min(s, 1 - s));
      float wander = 1 + rough * noise(seed, s * total / (4 * half), 0.5f);
      float t = d / (half * (0.6f + 0.4f * ends));
      float ridge = std::exp(-t * t) - 0.22f * std::exp(-(t - 1.7f) * (t - 1.7f) * 3);
      marks(box.y + r, box.x + c) += height * ends * std::max(0.15f, wander) * ridge;
    }
}

template <typename Visit>
void nearSpot(const Grid& g, float x, float y, float reach, Visit visit) {
  nearSegment(x, y, x, y, reach, g.left, g.top, g.cell, g.width, g.height, [&](int r, int c, float, float) {
    visit(r, c, g.left + (static_cast<float>(c) + 0.5f) * g.cell - x, g.top - (static_cast<float>(r) + 0.5f) * g.cell - y);
  });
}

// Where the punch broke: 1 inside, ragged to 0 at the rim. `spot` as in EngraveJob::spots.
float inSpot(const float* spot, float x, float y) {
  float co = std::cos(spot[8]), si = std::sin(spot[8]), radius = spot[3];
  float u = (co * x + si * y) / (radius * spot[7]), v = (-si * x + co * y) / radius;
  auto seed = static_cast<uint32_t>(spot[6]);
  float t = std::sqrt(u * u + v * v) * (1 + spot[5] * 0.5f * noise(seed, 2.2f * x / radius, 2.2f * y / radius));
  return t >= 1 ? 0.0f : (1 - t * t) * (1 - t * t);
}

}  // namespace

cv::Mat1f engrave(const EngraveJob& job) {
  Grid g{job.width, job.height, job.cell, -0.5f * job.cell * static_cast<float>(job.width), 0.5f * job.cell * static_cast<float>(job.height)};
  cv::Mat1f sunk = drawStrokes(job, g, false), raised = drawStrokes(job, g, true);

  // Broken edges take the drawing away before wear rounds what is left.
  for (int i = 0; i < job.spots.rows; ++i) {
    const float* spot = job.spots.row(i);
    if (static_cast<int>(spot[0]) != 1) continue;
    nearSpot(g, spot[1], spot[2], spot[3] * std::max(1.0f, spot[7]) * 1.5f, [&](int r, int c, float x, float y) {
      float keep = 1 - std::min(1.0f, 1.6f * spot[4] * inSpot(spot, x, y));
      sunk(r, c) *= keep;
      raised(r, c) *= keep;
    });
  }
  if (job.wear > 0.3f * job.cell) {
    cv::GaussianBlur(sunk, sunk, {}, job.wear / job.cell);
    cv::GaussianBlur(raised, raised, {}, job.wear / job.cell);
  }

  double deepest = 0;
  cv::minMaxLoc(sunk, nullptr, &deepest);
  cv::Mat1f floor = deepest > 0 ? cv::Mat1f(cv::min(sunk * (1.6 / deepest), 1.0)) : cv::Mat1f(g.height, g.width, 0.0f);
  cv::Mat1f marks(g.height, g.width, 0.0f);
  for (int i = 0; i < job.lays.rows; ++i) addLay(marks, floor, g, job.lays.row(i));
  for (int i = 0; i < job.polish.rows; ++i) {
    const float* p = job.polish.row(i);
    nearSpot(g, p[0], p[1], p[2], [&](int r, int c, float x, float y) {
      marks(r, c) *= 1 - p[3] * smoothstep(p[2], 0.5f * p[2], std::sqrt(x * x + y * y));
    });
  }
  for (int i = 0; i < job.scratches.spec.rows; ++i)
    addScratch(marks, g, job.scratches.xy, job.scratches.start[i], job.scratches.start[i + 1], job.scratches.spec.row(i));
  for (int i = 0; i < job.spots.rows; ++i) {
    const float* spot = job.spots.row(i);
    if (static_cast<int>(spot[0]) != 0) continue;
    nearSpot(g, spot[1], spot[2], spot[3] * std::max(1.0f, spot[7]) * 1.5f, [&](int r, int c, float x, float y) {
      auto seed = static_cast<uint32_t>(spot[6]);
      marks(r, c) += spot[4] * inSpot(spot, x, y) * (1 + spot[5] * noise(seed + 9, 5 * x / spot[3], 5 * y / spot[3]));
    });
  }
  return raised - sunk + marks;
}

}  // namespace relievo::press
