#include "measure_region.h"

#include <algorithm>
#include <cmath>

namespace relievo {
namespace {
constexpr int kL = 24, kU = 28, kV = 28, kCounts[3] = {kL, kU, kV};

// The part of the colours that a face and its surroundings have: most have none.
struct Box {
  int first[3] = {kL, kU, kV}, count[3] = {0, 0, 0};
  size_t size() const { return static_cast<size_t>(count[0]) * count[1] * count[2]; }
};

struct Samples {
  std::vector<std::pair<uint16_t, float>> of;  // bin, weight
  double total = 0;
  void add(uint16_t bin, float weight) { of.emplace_back(bin, weight), total += weight; }
};

// Grown by as much as `soften` spreads a colour.
Box boxAround(const Samples& a, const Samples& b) {
  Box out;
  int last[3] = {0, 0, 0};
  for (const Samples* s : {&a, &b})
    for (const auto& [bin, weight] : s->of) {
      const int place[3] = {bin / (kU * kV), bin / kV % kU, bin % kV};
      for (int i = 0; i < 3; i++) out.first[i] = std::min(out.first[i], place[i]), last[i] = std::max(last[i], place[i]);
    }
  const int spread[3] = {1, 2, 2};
  for (int i = 0; i < 3; i++) {
    out.first[i] = std::max(0, out.first[i] - spread[i]);
    out.count[i] = std::max(0, std::min(kCounts[i], last[i] + spread[i] + 1) - out.first[i]);
  }
  return out;
}

// [1 2 1] along the axes from `first` on: 0 lightness, 1 and 2 chromaticity.
void soften(std::vector<float>& h, const Box& box, int first) {
  std::vector<float> t(h.size());
  const int stride[3] = {box.count[1] * box.count[2], box.count[2], 1};
  for (int axis = first; axis < 3; axis++) {
    const int step = stride[axis], last = box.count[axis] - 1;
    for (int from = 0; from < static_cast<int>(h.size()); from += step * (last + 1))
      for (int at = 0; at <= last; at++) {
        const float* here = &h[from + at * step];
        const float *before = at > 0 ? here - step : here, *after = at < last ? here + step : here;
        float* o = &t[from + at * step];
        for (int i = 0; i < step; i++) o[i] = 0.25f * before[i] + 0.5f * here[i] + 0.25f * after[i];
      }
    h.swap(t);
  }
}

std::vector<float> histogram(const Samples& s, const Box& box) {
  std::vector<float> h(box.size(), 0.f);
  for (const auto& [bin, weight] : s.of) h[((bin / (kU * kV) - box.first[0]) * box.count[1] + bin / kV % kU - box.first[1]) * box.count[2] + bin % kV - box.first[2]] += weight;
  for (int i = 0; i < 2; i++) soften(h, box, i);
  return h;
}
}  // namespace

int colourBin(float l, float u, float v) {
  const int a = std::clamp(static_cast<int>(l * kL / 100), 0, kL - 1);
  const int b = std::clamp(static_cast<int>((u + 0.4f) * kU), 0, kU - 1);
  const int c = std::clamp(static_cast<int>((v + 0.6f) * kV), 0, kV - 1);
  return (a * kU + b) * kV + c;
}

Region regionOf(const cv::Mat& bins, cv::Point2f centre, const std::vector<float>& radii) {
  const int rows = bins.rows, cols = bins.cols, n = static_cast<int>(radii.size());
  Samples inside, outside;
  for (int k = 0; k < n; k++) {
    const float c = std::cos(k * 2 * CV_PI / n), s = std::sin(k * 2 * CV_PI / n);
    for (int j = 1; j <= 32; j++) {
      const float f = j * 0.05f;
      if (f > 0.93f && f < 1.07f) continue;
      const int x = cvRound(centre.x + f * radii[k] * c), y = cvRound(centre.y + f * radii[k] * s);
      if (x < 0 || y < 0 || x >= cols || y >= rows) continue;
      (f < 1 ? inside : outside).add(bins.at<uint16_t>(y, x), f * radii[k] * radii[k]);
    }
  }
  const Box box = boxAround(inside, outside);
  const std::vector<float> in = histogram(inside, box), out = histogram(outside, box);
  // Colour as a whole, and chromaticity alone: the second knows the specimen's dark side again.
  const size_t hues = static_cast<size_t>(box.count[1]) * box.count[2];
  std::vector<float> inChroma(hues, 0.f), outChroma(hues, 0.f), chroma(hues);
  for (size_t i = 0; i < in.size(); i++) inChroma[i % hues] += in[i], outChroma[i % hues] += out[i];
  const float a = static_cast<float>(1 / std::max(1.0, inside.total)), b = static_cast<float>(1 / std::max(1.0, outside.total));
  // The ring of ground is seen whole, the specimen's dark side is not among the samples of its inside:
  // a colour that neither holds is more likely the specimen's.
  const float e = 2e-4f, unknown = 4e-4f, unseen = std::log(unknown / e);
  for (size_t k = 0; k < hues; k++) chroma[k] = std::log((inChroma[k] * a + 1e-3f) / (outChroma[k] * b + 1e-3f));
  Region region{bins, cv::Mat(1, kL * kU * kV, CV_32F, cv::Scalar(std::clamp(0.4f * unseen, -1.f, 1.f)))};
  float* side = region.side.ptr<float>();
  for (int l = 0; l < kL; l++)
    for (int u = 0; u < box.count[1]; u++) {
      float* o = side + (l * kU + box.first[1] + u) * kV + box.first[2];
      const bool known = l >= box.first[0] && l < box.first[0] + box.count[0];
      for (int v = 0; v < box.count[2]; v++) {
        const size_t hue = static_cast<size_t>(u) * box.count[2] + v, i = known ? (l - box.first[0]) * hues + hue : 0;
        const float whole = !known || (in[i] == 0 && out[i] == 0) ? unseen : std::log((in[i] * a + unknown) / (out[i] * b + e));
        o[v] = std::clamp(0.4f * whole + 0.25f * chroma[hue], -1.f, 1.f);
      }
    }
  return region;
}

}  // namespace relievo
