// Rows are lanes: every sum of a profile is taken in the order of its analytes, whatever the width of the machine's
// vectors, as src/profiling takes it.
#include "profile_distance.h"

#include <cmath>
#include <limits>

namespace relievo {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr size_t kFactors = 1024;

// (1 - cosine) / 2 of the weighted vectors in percent, each less its mean where `centred`.
RELIEVO_CLONES
void angular(size_t analytes, size_t count, bool centred, bool squared, bool closed, ProfileTables& t) {
  double weight[kLanes], sumX[kLanes], sumY[kLanes], meanX[kLanes], meanY[kLanes];
  for (size_t l = 0; l < count; l++) weight[l] = sumX[l] = sumY[l] = 0;
  for (size_t a = 0; a < analytes; a++) {
    const double *x = &t.x[a * kLanes], *y = &t.y[a * kLanes], *w = &t.weight[a * kLanes];
    for (size_t l = 0; l < count; l++) {
      weight[l] += w[l];
      sumX[l] += w[l] * x[l];
      sumY[l] += w[l] * y[l];
    }
  }
  for (size_t l = 0; l < count; l++) {
    meanX[l] = centred && weight[l] > 0 ? sumX[l] / weight[l] : 0;
    meanY[l] = centred && weight[l] > 0 ? sumY[l] / weight[l] : 0;
    t.labels[l] = closed && !(sumX[l] > 0 && sumY[l] > 0) ? 0 : t.labels[l];
  }
  double squaresX[kLanes], squaresY[kLanes], sizeX[kLanes], sizeY[kLanes];
  for (size_t l = 0; l < count; l++) squaresX[l] = squaresY[l] = sizeX[l] = sizeY[l] = 0;
  for (size_t a = 0; a < analytes; a++) {
    const double *x = &t.x[a * kLanes], *y = &t.y[a * kLanes], *w = &t.weight[a * kLanes];
    for (size_t l = 0; l < count; l++) {
      const double dx = x[l] - meanX[l], dy = y[l] - meanY[l];
      squaresX[l] += w[l] * dx * dx;
      squaresY[l] += w[l] * dy * dy;
      sizeX[l] += w[l] * x[l] * x[l];
      sizeY[l] += w[l] * y[l] * y[l];
    }
  }
  double defined[kLanes], half[kLanes];
  for (size_t l = 0; l < count; l++) {
    defined[l] = (squaresX[l] > 1e-24 * sizeX[l]) & (squaresY[l] > 1e-24 * sizeY[l]);
    squaresX[l] = defined[l] != 0 ? 1 / std::sqrt(squaresX[l]) : 0;
    squaresY[l] = defined[l] != 0 ? 1 / std::sqrt(squaresY[l]) : 0;
    half[l] = 0;
  }
  for (size_t a = 0; a < analytes; a++) {
    const double *x = &t.x[a * kLanes], *y = &t.y[a * kLanes], *w = &t.weight[a * kLanes];
    for (size_t l = 0; l < count; l++) {
      const double d = (x[l] - meanX[l]) * squaresX[l] - (y[l] - meanY[l]) * squaresY[l];
      half[l] += 0.5 * w[l] * d * d;
    }
  }
  for (size_t l = 0; l < count; l++) {
    const double distance = (squared ? 100 * (2 - half[l]) : 50) * half[l];
    t.distance[l] = defined[l] != 0 ? (distance > 0 ? distance : 0) : kNone;
  }
}

// Weighted mean of a term a label; NaN where no label has a weight.
template <typename Term>
inline __attribute__((always_inline)) void meanOf(const ProfileForm& form, const ProfileProbe& probe, size_t count, bool root, ProfileTables& t, Term term) {
  double sum[kLanes], weight[kLanes];
  for (size_t l = 0; l < count; l++) sum[l] = weight[l] = 0;
  for (size_t a = 0; a < probe.analytes.size(); a++) {
    const double *x = &t.x[a * kLanes], *y = &t.y[a * kLanes], *w = &t.weight[a * kLanes];
    const double scale = form.scales[probe.analytes[a]];
    for (size_t l = 0; l < count; l++) {
      sum[l] += w[l] * term(x[l], y[l], scale);
      weight[l] += w[l];
    }
  }
  for (size_t l = 0; l < count; l++) {
    const double mean = weight[l] > 0 ? sum[l] / weight[l] : kNone;
    t.distance[l] = root ? std::sqrt(mean) : mean;
  }
}

RELIEVO_CLONES
void euclid(const ProfileForm& form, const ProfileProbe& probe, size_t count, ProfileTables& t) {
  meanOf(form, probe, count, true, t, [](double x, double y, double) { return (x - y) * (x - y); });
}

RELIEVO_CLONES
void manhattan(const ProfileForm& form, const ProfileProbe& probe, size_t count, ProfileTables& t) {
  meanOf(form, probe, count, false, t, [](double x, double y, double) { return std::fabs(x - y); });
}

RELIEVO_CLONES
void canberra(const ProfileForm& form, const ProfileProbe& probe, size_t count, ProfileTables& t) {
  meanOf(form, probe, count, false, t, [](double x, double y, double) {
    const double size = std::fabs(x) + std::fabs(y);
    return size > 0 ? std::fabs(x - y) / size : 0;
  });
}

// Logarithms are dear and products are not: the sum of logarithms of one weight is that of their product, taken before it
// can overflow.
RELIEVO_CLONES
void logDeviations(const ProfileForm& form, const ProfileProbe& probe, size_t count, ProfileTables& t) {
  double sum[kLanes], weight[kLanes], product[kLanes];
  for (size_t l = 0; l < count; l++) {
    sum[l] = weight[l] = 0;
    product[l] = 1;
  }
  double shared = 1;
  size_t factors = 0;
  const auto flush = [&] {
    for (size_t l = 0; l < count; l++) {
      sum[l] += shared * std::log(product[l]);
      product[l] = 1;
    }
    factors = 0;
  };
  for (size_t a = 0; a < probe.analytes.size(); a++) {
    const size_t i = probe.analytes[a];
    const double scale = form.scales[i];
    if (!(scale > 0)) continue;
    if (factors == 16 || (factors > 0 && form.weights[i] != shared)) flush();
    shared = form.weights[i];
    factors++;
    const double *x = &t.x[a * kLanes], *y = &t.y[a * kLanes], *w = &t.weight[a * kLanes];
    for (size_t l = 0; l < count; l++) {
      product[l] *= w[l] > 0 ? 1 + std::fabs(x[l] - y[l]) * scale : 1;
      weight[l] += w[l];
    }
  }
  flush();
  for (size_t l = 0; l < count; l++) t.distance[l] = weight[l] > 0 ? sum[l] / weight[l] : kNone;
}

double mahalanobis(const ProfileForm& form, const ProfileProbe& probe, size_t l, ProfileTables& t) {
  size_t picks[64], n = 0;
  double solved[64];
  uint64_t mask = 0;
  double weight = 0;
  for (size_t a = 0; a < probe.analytes.size(); a++) {
    const double w = t.weight[a * kLanes + l];
    if (!(w > 0)) continue;
    const size_t i = probe.analytes[a];
    mask |= uint64_t(1) << i;
    solved[n] = std::sqrt(w) * (t.x[a * kLanes + l] - t.y[a * kLanes + l]) * form.scales[i];
    picks[n++] = i;
    weight += w;
  }
  if (n == 0) return kNone;
  const double* lower = t.factors.factor(form, mask, picks, n);
  if (!lower) return kNone;
  double square = 0;
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < i; k++) solved[i] -= lower[k] * solved[k];
    solved[i] /= lower[i];
    square += solved[i] * solved[i];
    lower += i + 1;
  }
  return std::sqrt(square / weight);
}

}  // namespace

FactorCache::FactorCache(size_t analytes) : size_(analytes * (analytes + 1) / 2), entries_(analytes ? kFactors : 0), lower_(entries_.size() * size_) {}

const double* FactorCache::factor(const ProfileForm& form, uint64_t mask, const size_t* picks, size_t n) {
  const size_t place = (mask * 0x9E3779B97F4A7C15u) >> 54;
  Entry& entry = entries_[place];
  double* const lower = &lower_[place * size_];
  if (entry.mask == mask) return entry.definite ? lower : nullptr;
  entry = {mask, true};
  double* row = lower;
  for (size_t i = 0; i < n && entry.definite; i++) {
    const double* above = lower;
    for (size_t j = 0; j <= i; j++) {
      double sum = form.correlation[picks[i] * form.analytes + picks[j]];
      const double diagonal = sum;
      for (size_t k = 0; k < j; k++) sum -= row[k] * above[k];
      if (i != j) row[j] = sum / above[j];
      else if (sum > 1e-10 * diagonal) row[j] = std::sqrt(sum);
      else entry.definite = false;
      above += j + 1;
    }
    row += i + 1;
  }
  return entry.definite ? lower : nullptr;
}

void measureBlock(const ProfileForm& form, const ProfileProbe& probe, const ProfileBlock& block, ProfileTables& t) {
  treatBlock(form, probe, block, t);
  const size_t analytes = probe.analytes.size(), count = block.count;
  switch (form.measure) {
    case Measure::kPearson: return angular(analytes, count, true, false, form.closed, t);
    case Measure::kCosine: return angular(analytes, count, false, false, form.closed, t);
    case Measure::kSquaredCosine: return angular(analytes, count, false, true, form.closed, t);
    case Measure::kEuclid: return euclid(form, probe, count, t);
    case Measure::kManhattan: return manhattan(form, probe, count, t);
    case Measure::kCanberra: return canberra(form, probe, count, t);
    case Measure::kLogDeviations: return logDeviations(form, probe, count, t);
    case Measure::kMahalanobis:
      for (size_t l = 0; l < count; l++) t.distance[l] = t.overlap[l] >= form.required ? mahalanobis(form, probe, l, t) : kNone;
  }
}

}  // namespace relievo
