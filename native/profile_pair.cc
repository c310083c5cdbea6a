// A probe and a block of stored profiles laid side by side on what they share, and treated as a pair: closed anew, limits
// evened out. Rows are lanes: every sum of a profile is taken in the order of its analytes, whatever the width of the
// machine's vectors, as src/profiling takes it.
#include "profile_distance.h"

#include <cfloat>
#include <cmath>

namespace relievo {
namespace {

constexpr double kDayMs = 86'400'000;

// What of an unstable analyte takes part: 0 where so many days lie between the analyses that it is left out, else 1.
void nearInTime(const ProfileForm& form, const ProfileProbe& probe, const ProfileBlock& block, double* near) {
  for (size_t l = 0; l < block.count; l++) near[l] = std::floor(std::fabs(block.times[l] - probe.time) / kDayMs + 0.5) > form.longestGap ? 0 : 1;
}

constexpr double kOnes[kLanes] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

// Values both have, side by side; counts of what is shared and of what has a treated value.
RELIEVO_CLONES
void stage(const ProfileForm& form, const ProfileProbe& probe, const ProfileBlock& block, const double* near, ProfileTables& t) {
  const size_t count = block.count;
  double* __restrict overlap = t.overlap;
  double* __restrict labels = t.labels;
  for (size_t l = 0; l < count; l++) overlap[l] = labels[l] = 0;
  for (size_t a = 0; a < probe.analytes.size(); a++) {
    const size_t i = probe.analytes[a];
    const double* __restrict column = block.columns + i * kLanes;
    const double* __restrict open = form.unstable[i] ? near : kOnes;
    double* __restrict x = &t.x[a * kLanes];
    double* __restrict y = &t.y[a * kLanes];
    double* __restrict weight = &t.weight[a * kLanes];
    const bool usable = std::fabs(probe.values[i]) <= DBL_MAX;
    const double value = usable ? probe.values[i] : 0, label = usable ? 1 : 0;
    const double share = usable && form.scales[i] > 0 ? form.weights[i] : 0;
    for (size_t l = 0; l < count; l++) {
      const double v = column[l], takesPart = open[l];
      const double present = v == v ? takesPart : 0;
      const double known = std::fabs(v) <= DBL_MAX ? takesPart : 0;
      const double stored = std::fabs(v) <= DBL_MAX ? v : 0;
      overlap[l] += present;
      labels[l] += label * known;
      x[l] = label * known * stored;
      y[l] = known * value;
      weight[l] = known * share;
    }
  }
}

// Sums of the amounts of what is shared.
RELIEVO_CLONES
void sumAmounts(const ProfileForm& form, const ProfileProbe& probe, const ProfileBlock& block, const double* near, double* __restrict sumX, double* __restrict sumY) {
  for (size_t l = 0; l < block.count; l++) sumX[l] = sumY[l] = 0;
  for (const size_t i : probe.analytes) {
    const double* __restrict column = block.columns + i * kLanes;
    const double* __restrict amounts = block.amounts + i * kLanes;
    const double* __restrict open = form.unstable[i] ? near : kOnes;
    const double amount = probe.amounts[i];
    for (size_t l = 0; l < block.count; l++) {
      const double v = column[l], takesPart = open[l];
      const double present = v == v ? takesPart : 0;
      sumX[l] += present * amounts[l];
      sumY[l] += present * amount;
    }
  }
}

RELIEVO_CLONES
void rescale(size_t rows, size_t count, const double* scale, const double* shift, std::vector<double>& values) {
  for (size_t a = 0; a < rows; a++)
    for (size_t l = 0; l < count; l++) values[a * kLanes + l] = values[a * kLanes + l] * scale[l] + shift[l];
}

void closeBySum(const ProfileForm& form, const ProfileProbe& probe, const ProfileBlock& block, const double* near, ProfileTables& t) {
  double sums[2][kLanes], scale[kLanes], shift[kLanes];
  sumAmounts(form, probe, block, near, sums[0], sums[1]);
  for (size_t side = 0; side < 2; side++) {
    for (size_t l = 0; l < block.count; l++) {
      const double sum = sums[side][l];
      scale[l] = 1;
      shift[l] = 0;
      if (!(sum > 0)) t.labels[l] = 0;
      else if (form.closing == Closing::kRatio) scale[l] = 1 / sum;
      else shift[l] = -form.exponent * std::log10(sum);
    }
    for (double power = 1; form.closing == Closing::kRatio && power > form.exponent; power /= 2)
      for (size_t l = 0; l < block.count; l++) scale[l] = std::sqrt(scale[l]);
    rescale(probe.analytes.size(), block.count, scale, shift, side ? t.y : t.x);
  }
}

void closeByMean(const ProfileProbe& probe, const ProfileBlock& block, ProfileTables& t) {
  double scale[kLanes], shift[kLanes];
  for (std::vector<double>* values : {&t.x, &t.y}) {
    for (size_t l = 0; l < block.count; l++) shift[l] = 0;
    for (size_t a = 0; a < probe.analytes.size(); a++)
      for (size_t l = 0; l < block.count; l++) shift[l] -= (*values)[a * kLanes + l];
    for (size_t l = 0; l < block.count; l++) {
      scale[l] = 1;
      shift[l] = t.labels[l] > 0 ? shift[l] / t.labels[l] : 0;
    }
    rescale(probe.analytes.size(), block.count, scale, shift, *values);
  }
}

// Whether an analyte of the probe was not detected in it, or in a row of the block.
bool anyUndetected(const ProfileProbe& probe, const ProfileBlock& block) {
  uint32_t found = 0;
  size_t word = SIZE_MAX;  // the one that was collected
  for (const size_t i : probe.analytes) {
    if (i / kBits != word) {
      word = i / kBits;
      found = 0;
      for (size_t l = 0; l < block.count; l++) found |= block.undetected[word * kLanes + l];
    }
    if (probe.undetected[i] || (found >> (i % kBits) & 1)) return true;
  }
  return false;
}

// Limits of a pair evened out: where one did not detect an analyte, a lower value of the other is raised to what stands
// there. What either has no value for may be raised too; it has no weight.
RELIEVO_CLONES
void evenOut(const ProfileProbe& probe, const ProfileBlock& block, ProfileTables& t) {
  for (size_t a = 0; a < probe.analytes.size(); a++) {
    const size_t i = probe.analytes[a];
    const uint32_t* __restrict words = block.undetected + i / kBits * kLanes;
    const uint32_t bit = i % kBits;
    const bool raise = probe.undetected[i] != 0;
    double* __restrict x = &t.x[a * kLanes];
    double* __restrict y = &t.y[a * kLanes];
    for (size_t l = 0; l < block.count; l++) {
      const double higher = x[l] > y[l] ? x[l] : y[l];
      const double undetected = double(int32_t(words[l] >> bit & 1));
      x[l] = raise ? higher : x[l];
      y[l] = undetected != 0 ? higher : y[l];
    }
  }
}

}  // namespace

void treatBlock(const ProfileForm& form, const ProfileProbe& probe, const ProfileBlock& block, ProfileTables& t) {
  double near[kLanes];
  nearInTime(form, probe, block, near);
  stage(form, probe, block, near, t);
  const bool limits = anyUndetected(probe, block);
  if (limits || !form.blind) {
    if (form.closing == Closing::kMean) closeByMean(probe, block, t);
    else if (form.closing != Closing::kNone) closeBySum(form, probe, block, near, t);
  }
  if (limits) evenOut(probe, block, t);
}

}  // namespace relievo
