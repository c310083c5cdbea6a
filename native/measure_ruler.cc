#include "measure_ruler.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

#include "measure_ruler_ends.h"

namespace relievo {
namespace {
// A ruler is looked for as it is read: thin parallel lines, all alike in contrast, at equal distances,
// every fifth or tenth of them longer.
constexpr double kSure = 14;  // quality at which no other direction is looked at

// How far printed ticks may lie from equal steps, root mean square: a tenth of a pixel for finding a
// line, and a little of the division for a bent ruler. Grooves and grain lie further off.
double allowedResidual(double division) { return 0.1 + 0.008 * division; }

// The ticks that lines `reach` wide make in some rows of the picture.
std::vector<TickRows> ticksIn(const Upright& upright, int reach, float sign, int side) {
  const int step = std::max(1, (upright.band + 1) / 2), first = upright.band / 2, count = (upright.rows - upright.band) / step;
  LineRoom room;
  std::vector<Run> runs;
  for (int b = 0; b < count; b++) {
    const std::vector<Line> lines = linesOf(upright.row(first + b * step), upright.cols, reach, sign, room);
    if (static_cast<int>(lines.size()) < kMinTicks) continue;
    Run run = longestRun(lines, std::max(4.0, 2.2 * reach), side / 4.0);
    if (run.x.empty()) continue;
    run.row = first + b * step;
    runs.push_back(std::move(run));
  }
  return joinRuns(runs, step);
}

Ruler rulerOf(const Upright& upright, const TickRows& t) {
  Ruler out;
  out.found = true;
  const int n = static_cast<int>(t.k.size());
  const double mid = (t.k.front() + t.k.back()) / 2, along = std::sqrt(1 + t.slope * t.slope);
  for (double k : t.k) {
    const double x = t.steps.at(k);
    out.ticks.push_back(upright.toPicture(x, t.middle(x)));
    out.stepPx.push_back(t.steps.stepAt(k) * along);
  }
  out.relativeError = t.steps.residual / t.steps.stepAt(mid) / std::sqrt(double(n)) * 3.5 / std::max(1.0, t.k.back() - t.k.front());
  return out;
}
}  // namespace

Ruler findRuler(const cv::Mat& grey) {
  Ruler out;
  out.reason = "no equally spaced ticks were found";
  cv::Mat bright, logGrey;
  grey.convertTo(bright, CV_32F, 1.0, 8.0);
  cv::log(bright, logGrey);
  const int side = std::max(grey.cols, grey.rows);
  const double unit = side / 700.0;
  const int band = std::max(3, static_cast<int>(std::lround(4 * unit)));
  const cv::Mat pairs = pairsOf(logGrey);
  double bestQuality = 0;
  for (const double direction : lineDirections(logGrey)) {
    if (bestQuality > kSure) break;
    const Upright upright(pairs, direction, band);
    for (const float sign : {1.f, -1.f})  // dark ticks, bright ticks
      for (const double half : {2.0, 3.5, 6.0, 10.0}) {
        const int reach = std::max(2, static_cast<int>(std::lround(half * unit)));
        for (const TickRows& ticks : ticksIn(upright, reach, sign, side)) {
          const double division = ticks.steps.stepAt((ticks.k.front() + ticks.k.back()) / 2);
          if (division <= 0 || ticks.steps.residual > allowedResidual(division)) continue;
          const TickEnds ends = endsOf(upright, ticks, reach, sign);
          if (!ends.straight) continue;
          if (!ends.metric) {
            if (!out.found) out.reason = ends.reason;
            continue;
          }
          const double tall = (ticks.bottom - ticks.top) / division;
          const double quality = ticks.k.size() * (1 - 0.5 * ticks.steps.residual / allowedResidual(division)) + std::min(4.0, tall) + 5;
          if (quality <= bestQuality) continue;
          bestQuality = quality;
          out = rulerOf(upright, ticks);
        }
      }
  }
  return out;
}

size_t nearestTick(const Ruler& ruler, cv::Point2f point) {
  size_t best = 0;
  for (size_t i = 1; i < ruler.ticks.size(); i++)
    if (cv::norm(ruler.ticks[i] - point) < cv::norm(ruler.ticks[best] - point)) best = i;
  return best;
}
}  // namespace relievo
