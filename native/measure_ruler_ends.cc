#include "measure_ruler_ends.h"

#include <algorithm>
#include <cmath>

namespace relievo {
namespace {
constexpr double kRowsSeen = 0.75;     // share of its rows in which a tick must be seen
constexpr double kBetweenSeen = 0.35;  // and, at the most, a line half-way to the next
constexpr float kOwnContrast = 0.4f;  // of its own contrast is where a tick ends

// The ticks of one row in the picture they were found in.
struct TickView {
  const Upright& upright;
  const TickRows& t;
  int reach;
  float sign;

  // Contrast of tick k, or of the place between two, `dy` rows below its middle; -1 outside the picture.
  float contrast(double k, int dy) const {
    const double at = t.steps.at(k);
    const int x = cvRound(at + t.lean * dy), y = cvRound(t.middle(at) + dy);
    if (y < 0 || y >= upright.rows) return -1;
    const float* p = upright.row(y);
    float best = -1;
    for (int i = x - 1; i <= x + 1; i++) {
      if (i - reach < 0 || i + reach >= upright.cols) continue;
      const float left = p[i - reach], right = p[i + reach], v = p[i];
      if (left < 0 || right < 0 || v < 0) continue;
      best = std::max(best, std::min(sign * left, sign * right) - sign * v);
    }
    return best;
  }

  int half() const { return (t.bottom - t.top) / 2; }

  // Median contrast along a short tick.
  float strength(double k) const {
    std::vector<float> v;
    for (int dy = -half(); dy <= half(); dy++) v.push_back(contrast(k, dy));
    std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
    return v[v.size() / 2];
  }

  // Rows that tick k goes on for from its middle in direction `step`; small gaps are dirt.
  int length(double k, float least, int step, int gapAllowed, int longest) const {
    int end = 0, gap = 0;
    for (int d = 1; d <= longest && gap <= gapAllowed; d++) {
      if (contrast(k, step * d) > least) end = d, gap = 0;
      else gap++;
    }
    return end;
  }
};

// Takes a robust line through the short ticks out of the lengths.
void level(const std::vector<double>& k, std::vector<double>& length) {
  std::vector<double> slopes, rest;
  for (size_t i = 0; i < k.size(); i++)
    for (size_t j = i + 1; j < k.size(); j++) slopes.push_back((length[j] - length[i]) / (k[j] - k[i]));
  std::nth_element(slopes.begin(), slopes.begin() + slopes.size() / 2, slopes.end());
  const double slope = slopes[slopes.size() / 2], middle = (k.front() + k.back()) / 2;
  for (size_t i = 0; i < k.size(); i++) rest.push_back(length[i] - slope * (k[i] - middle));
  std::vector<double> sorted = rest;
  const size_t at = sorted.size() * 2 / 5;  // the median of the short ones
  std::nth_element(sorted.begin(), sorted.begin() + at, sorted.end());
  for (size_t i = 0; i < k.size(); i++) length[i] = rest[i] - sorted[at];
}

double raggedness(const std::vector<double>& length, double division) {
  int astray = 0;
  for (double q : length) astray += std::abs(q) > 0.2 * division + 2;
  return double(astray) / length.size();
}

// Numbers of the ticks that are longer than most.
std::vector<int> longOnes(const std::vector<double>& k, const std::vector<double>& length, double least) {
  std::vector<int> out;
  for (size_t m = 0; m < k.size(); m++)
    if (length[m] > least) out.push_back(static_cast<int>(k[m]));
  return out;
}

// Every fifth, or every tenth and no other fifth. Dirt or a shadow's edge may lengthen one in four.
bool everyFifth(const std::vector<int>& longs) {
  for (int r = 0; r < 5; r++) {
    size_t agree = 0;
    for (int q : longs) agree += ((q - r) % 5 + 5) % 5 == 0;
    if (longs.size() - agree <= longs.size() / 4) return true;
  }
  return false;
}
}  // namespace

TickEnds endsOf(const Upright& upright, const TickRows& ticks, int reach, float sign) {
  TickEnds out;
  const TickView view{upright, ticks, reach, sign};
  const double division = ticks.steps.stepAt((ticks.k.front() + ticks.k.back()) / 2);
  std::vector<float> least;
  for (double k : ticks.k) least.push_back(std::max(kMinContrast / 2, kOwnContrast * view.strength(k)));

  // A tick is a line through its rows, and there is none half-way to the next.
  double on = 0, off = 0, tried = 0;
  for (size_t m = 0; m < ticks.k.size(); m++)
    for (int dy = -view.half(); dy <= view.half(); dy++) {
      tried++;
      on += view.contrast(ticks.k[m], dy) > least[m];
      off += view.contrast(ticks.k[m] + 0.5, dy) > least[m];
    }
  out.reason = "no equally spaced ticks were found";
  if (on < kRowsSeen * tried || off > kBetweenSeen * tried) return out;

  std::vector<double> up, down;
  for (size_t m = 0; m < ticks.k.size(); m++) {
    const int longest = static_cast<int>(3.5 * division);
    up.push_back(view.length(ticks.k[m], least[m], -1, upright.band, longest));
    down.push_back(view.length(ticks.k[m], least[m], 1, upright.band, longest));
  }
  // The ticks of a ruler end on straight lines: on its base line all, on the other side the short ones.
  level(ticks.k, up), level(ticks.k, down);
  const double raggedUp = raggedness(up, division), raggedDown = raggedness(down, division);
  if (std::min(raggedUp, raggedDown) > 0.2 || std::max(raggedUp, raggedDown) > 0.5) return out;
  out.straight = true;
  out.reason = "no tick is longer than its neighbours, so the division is unknown";
  for (const auto* length : {&up, &down}) {
    const std::vector<int> longs = longOnes(ticks.k, *length, std::max(0.15 * division, upright.band * 0.75));
    if (longs.empty()) continue;
    if (longs.size() > ticks.k.size() / 2) out.reason = "every second tick is longer: not a millimetre division";
    else if (everyFifth(longs)) out.metric = true;
    else out.reason = "the longer ticks are not every fifth or tenth";
  }
  if (out.metric) out.reason.clear();
  return out;
}
}  // namespace relievo
