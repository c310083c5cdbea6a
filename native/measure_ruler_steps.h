// Equal steps: lines that stand at equal distances in a row, and in the rows below it.
#pragma once

#include "measure_ruler_lines.h"

#include <vector>

namespace relievo {
// x(k) = (a k + b) / (c k + 1): what a plane in perspective does to equal steps.
struct Steps {
  double a = 0, b = 0, c = 0, residual = 1e9;  // residual: weighted root mean square, pixels
  double at(double k) const { return (a * k + b) / (c * k + 1); }
  double stepAt(double k) const { return (a - b * c) / ((c * k + 1) * (c * k + 1)); }
};

// Ticks of one row.
struct Run {
  int row = 0;
  double period = 0;
  std::vector<float> x;
  std::vector<int> index;
};

// The longest sequence of equally spaced, equally strong lines; empty where there is none.
Run longestRun(const std::vector<Line>& lines, double minPeriod, double maxPeriod);

// Upright ticks that go through many rows. The rows seldom run quite along the ruler: under a tilted
// camera the ticks do not even stand at right angles on it.
struct TickRows {
  int top = 0, bottom = 0;      // rows in which the short ticks begin and end, at x = origin
  double slope = 0, origin = 0; // rows a column, by which the ruler falls
  double lean = 0;              // columns a row, by which the ticks lean
  double period = 0;
  std::vector<double> k, x;     // number of each tick, and its place in the middle of a short one
  Steps steps;
  double middle(double x) const { return (top + bottom) / 2.0 + slope * (x - origin); }
};

// Joins runs of rows `step` apart that have the same period and phase. `runs` are in the order of their rows.
std::vector<TickRows> joinRuns(const std::vector<Run>& runs, int step);
}  // namespace relievo
