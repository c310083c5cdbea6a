#include "measure_ruler_steps.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

namespace relievo {
namespace {
constexpr double kTolerance = 0.12;  // of a division, for one tick
constexpr size_t kMinRows = 3;

// Robust; with few ticks perspective is left out.
Steps fitSteps(const std::vector<double>& k, const std::vector<double>& x, const std::vector<double>& w0) {
  Steps s;
  const int n = static_cast<int>(k.size());
  std::vector<double> w = w0;
  const double mid = (k.front() + k.back()) / 2;
  for (int round = 0; round < 6; round++) {
    // a k + b - c k x = x, linear
    cv::Matx33d m = cv::Matx33d::zeros();
    cv::Vec3d v(0, 0, 0);
    for (int i = 0; i < n; i++) {
      const double q = k[i] - mid;
      const cv::Vec3d row(q, 1, n >= 8 ? -q * x[i] : 0);
      m += w[i] * (row * row.t());
      v += w[i] * x[i] * row;
    }
    if (n < 8) m(2, 2) = 1;
    m(2, 2) *= 1 + 1e-9;
    const cv::Vec3d r = m.inv(cv::DECOMP_SVD) * v;
    const double a = r[0], b = r[1], c = r[2];
    // back to k itself: ((a (k - mid)) + b) / (c (k - mid) + 1)
    const double d = 1 - c * mid;
    s.a = a / d, s.b = (b - a * mid) / d, s.c = c / d;
    double sum = 0, weight = 0;
    for (int i = 0; i < n; i++) {
      const double e = x[i] - s.at(k[i]);
      sum += w[i] * e * e, weight += w[i];
    }
    s.residual = std::sqrt(sum / std::max(1e-9, weight));
    const double scale = std::max(0.05, 1.5 * s.residual);
    for (int i = 0; i < n; i++) {
      const double e = (x[i] - s.at(k[i])) / scale;
      w[i] = w0[i] / (1 + e * e);
    }
  }
  return s;
}

struct Tick {
  std::vector<float> x, row;
};

// Runs that go on from the one before: at most two steps further down, same period and phase.
std::vector<std::vector<size_t>> chains(const std::vector<Run>& runs, int step) {
  std::vector<std::vector<size_t>> out;
  std::vector<bool> used(runs.size(), false);
  for (size_t i = 0; i < runs.size(); i++) {
    if (used[i]) continue;
    std::vector<size_t> chain{i};
    used[i] = true;
    for (size_t j = i + 1; j < runs.size() && runs[j].row - runs[chain.back()].row <= 2 * step; j++) {
      if (used[j]) continue;
      const Run &a = runs[chain.back()], &q = runs[j];
      if (std::abs(a.period - q.period) > 0.05 * a.period) continue;
      double phase = 1e9;
      for (float x : q.x) phase = std::min<double>(phase, std::abs(x - a.x[a.x.size() / 2]));
      if (phase > 0.15 * a.period) continue;
      used[j] = true;
      chain.push_back(j);
    }
    out.push_back(std::move(chain));
  }
  return out;
}

// Numbers the ticks of all runs from the run with most of them.
std::map<int, Tick> numberTicks(const std::vector<Run>& runs, const std::vector<size_t>& chain) {
  size_t richest = chain[0];
  for (size_t q : chain)
    if (runs[q].x.size() > runs[richest].x.size()) richest = q;
  const Run& lead = runs[richest];
  std::vector<double> lk(lead.index.begin(), lead.index.end()), lx(lead.x.begin(), lead.x.end());
  const Steps rough = fitSteps(lk, lx, std::vector<double>(lk.size(), 1.0));
  std::map<int, Tick> ticks;
  for (size_t q : chain)
    for (float x : runs[q].x) {
      double k = (x - lead.x[0]) / lead.period;
      for (int it = 0; it < 4; it++) k += (x - rough.at(k)) / rough.stepAt(k);
      const int number = static_cast<int>(std::lround(k));
      if (std::abs(k - number) > 0.25) continue;
      ticks[number].x.push_back(x);
      ticks[number].row.push_back(static_cast<float>(runs[q].row));
    }
  return ticks;
}

double meanOf(const std::vector<float>& v) {
  double sum = 0;
  for (float q : v) sum += q;
  return sum / v.size();
}

double medianOf(std::vector<double> v) {
  if (v.empty()) return 0;
  std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
  return v[v.size() / 2];
}

double leanOf(const std::map<int, Tick>& ticks) {
  double sxy = 0, sxx = 0;
  for (const auto& [k, tick] : ticks) {
    const double mx = meanOf(tick.x), mr = meanOf(tick.row);
    for (size_t m = 0; m < tick.x.size(); m++) sxy += (tick.x[m] - mx) * (tick.row[m] - mr), sxx += (tick.row[m] - mr) * (tick.row[m] - mr);
  }
  return sxx > 0 ? sxy / sxx : 0;
}

// By which the middles of the ticks fall, rows a column.
double slopeOf(const std::map<int, Tick>& ticks) {
  std::vector<double> slopes;
  for (auto a = ticks.begin(); a != ticks.end(); ++a)
    for (auto b = std::next(a); b != ticks.end(); ++b) slopes.push_back((meanOf(b->second.row) - meanOf(a->second.row)) / (meanOf(b->second.x) - meanOf(a->second.x)));
  return medianOf(std::move(slopes));
}
}  // namespace

Run longestRun(const std::vector<Line>& lines, double minPeriod, double maxPeriod) {
  Run best;
  double bestScore = 0;
  const int n = static_cast<int>(lines.size());
  std::vector<int> hits(n), index(n);  // of the run at hand: its lines and their numbers
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < std::min(n, i + 5); j++) {
      const double first = lines[j].x - lines[i].x;
      if (first < minPeriod) continue;
      if (first > maxPeriod) break;
      const float strong = std::max(lines[i].strength, lines[j].strength), weak = std::min(lines[i].strength, lines[j].strength);
      if (strong > 3 * weak) continue;
      int count = 2;
      hits[0] = i, hits[1] = j, index[0] = 0, index[1] = 1;
      double mean = (lines[i].strength + lines[j].strength) / 2, period = first;
      for (int k = 2, missed = 0; missed <= 1 && count + n - 1 - hits[count - 1] >= kMinTicks; k++) {
        const int last = hits[count - 1];
        const double expected = lines[last].x + period * (k - index[count - 1]);
        double near = kTolerance * period + 0.5;
        int m = last + 1, hit = -1;
        while (m < n && lines[m].x <= expected - near) m++;
        for (; m < n && lines[m].x < expected + near; m++)
          if (std::abs(lines[m].x - expected) < near && lines[m].strength > 0.3 * mean && lines[m].strength < 3 * mean) near = std::abs(lines[m].x - expected), hit = m;
        if (hit < 0) {
          missed++;
          continue;
        }
        missed = 0;
        hits[count] = hit, index[count++] = k;
        mean += (lines[hit].strength - mean) / count;
        const int back = std::max(0, count - 5);  // follow a slow change
        period = (lines[hit].x - lines[hits[back]].x) / (k - index[back]);
      }
      const int span = index[count - 1] + 1;
      if (count < kMinTicks || count < 0.75 * span) continue;
      // other lines as strong as the ticks between the ticks: not the finest division
      const float left = lines[i].x, right = lines[hits[count - 1]].x;
      int between = 0;
      for (const Line& q : lines)
        if (q.x > left && q.x < right && q.strength > 0.6 * mean) between++;
      if (between > 1.4 * count) continue;
      const double score = count - 0.5 * (span - count) - 0.3 * (between - count);
      if (score <= bestScore) continue;
      bestScore = score;
      best.x.clear();
      for (int c = 0; c < count; c++) best.x.push_back(lines[hits[c]].x);
      best.index.assign(index.begin(), index.begin() + count);
      best.period = (right - left) / index[count - 1];
    }
  return best;
}

std::vector<TickRows> joinRuns(const std::vector<Run>& runs, int step) {
  std::vector<TickRows> out;
  for (const std::vector<size_t>& chain : chains(runs, step)) {
    TickRows t;
    t.period = runs[chain[chain.size() / 2]].period;
    if (chain.size() < kMinRows || chain.size() * step < 0.45 * t.period) continue;
    std::map<int, Tick> ticks = numberTicks(runs, chain);
    for (auto tick = ticks.begin(); tick != ticks.end();) tick = tick->second.x.size() < std::max<size_t>(2, chain.size() / 4) ? ticks.erase(tick) : std::next(tick);
    if (static_cast<int>(ticks.size()) < kMinTicks) continue;
    t.lean = leanOf(ticks);
    t.slope = slopeOf(ticks);
    t.origin = meanOf(ticks.begin()->second.x);
    std::vector<double> tops, bottoms;  // most ticks are short ones
    for (const auto& [number, tick] : ticks) {
      const double fallen = t.slope * (meanOf(tick.x) - t.origin);
      tops.push_back(tick.row.front() - fallen), bottoms.push_back(tick.row.back() - fallen);
    }
    t.top = static_cast<int>(std::lround(medianOf(tops))), t.bottom = static_cast<int>(std::lround(medianOf(bottoms)));
    std::vector<double> weight;
    for (const auto& [number, tick] : ticks) {
      const double middle = t.middle(meanOf(tick.x));
      std::vector<double> v;
      for (size_t m = 0; m < tick.x.size(); m++) v.push_back(tick.x[m] - t.lean * (tick.row[m] - middle));
      const double median = medianOf(v);
      double sum = 0;
      int n = 0;
      for (double q : v)
        if (std::abs(q - median) < 0.1 * t.period) sum += q, n++;
      t.k.push_back(number), t.x.push_back(sum / n), weight.push_back(std::sqrt(double(n)));
    }
    t.steps = fitSteps(t.k, t.x, weight);
    out.push_back(std::move(t));
  }
  return out;
}
}  // namespace relievo
