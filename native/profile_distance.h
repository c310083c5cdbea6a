// Distances of one probe to a block of stored profiles, by the rules of src/profiling.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

// Not beside a sanitizer, whose run-time does not resolve them.
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__)
#define RELIEVO_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define RELIEVO_CLONES
#endif

namespace relievo {

constexpr size_t kBits = 32;   // analytes a word of what was not detected
constexpr size_t kLanes = 32;  // profiles a block; with some 30 analytes its tables stay in the first cache

enum class Measure { kPearson, kCosine, kSquaredCosine, kEuclid, kManhattan, kCanberra, kLogDeviations, kMahalanobis };

// What makes values of other analytes into values of the shared ones. kRatio: divided by a power of the sum of the amounts;
// kShift: less a multiple of its decadic logarithm; kMean: less their mean.
enum class Closing { kNone, kRatio, kShift, kMean };

struct ProfileForm {
  Measure measure = Measure::kEuclid;
  Closing closing = Closing::kNone;
  bool blind = false;           // the distance does not see the closing
  double exponent = 1;          // of the sum, for kRatio and kShift; 1, 1/2, 1/4 ...
  bool closed = false;          // profiles whose shared values are all nought have nothing to divide by
  double least = 1;             // labels below which the distance is not defined
  double required = 1;          // shared analytes below which profiles are not compared
  double longestGap = 365;      // days
  size_t analytes = 0;
  const double* weights = nullptr;
  const double* scales = nullptr;  // multiplies differences; 0: the analyte is in no distance
  const uint8_t* unstable = nullptr;
  const double* correlation = nullptr;  // within a batch, row by row; for kMahalanobis
};

struct ProfileProbe {
  const double* values = nullptr;
  const double* amounts = nullptr;
  const uint8_t* undetected = nullptr;
  double time = 0;               // milliseconds; NaN: not known
  std::vector<size_t> analytes;  // those it has a number for
};

struct ProfileBlock {
  const double* columns = nullptr;
  const double* amounts = nullptr;
  const uint32_t* undetected = nullptr;
  const double* times = nullptr;
  size_t count = 0;  // lanes that are in use
};

// Cholesky factors by the set of analytes that are shared; the same few sets come again and again.
class FactorCache {
 public:
  explicit FactorCache(size_t analytes);
  // The lower triangle of the correlations of `picks`, row by row; null where they are not positive definite.
  const double* factor(const ProfileForm& form, uint64_t mask, const size_t* picks, size_t n);

 private:
  struct Entry {
    uint64_t mask = 0;  // 0: empty
    bool definite = false;
  };
  size_t size_;  // of one factor
  std::vector<Entry> entries_;
  std::vector<double> lower_;
};

// Tables of one block: room for every analyte, used again for the next block.
struct ProfileTables {
  ProfileTables(size_t analytes, bool factored) : x(analytes * kLanes), y(analytes * kLanes), weight(analytes * kLanes), factors(factored ? analytes : 0) {}
  std::vector<double> x, y, weight;  // treated values of both, and weights; all 0 where either has none
  double overlap[kLanes], labels[kLanes], distance[kLanes];
  FactorCache factors;
};

// Fills x, y, weight, overlap and labels (profile_pair.cc).
void treatBlock(const ProfileForm& form, const ProfileProbe& probe, const ProfileBlock& block, ProfileTables& tables);

// The same, and distance of the lanes in use; NaN where the distance is not defined.
void measureBlock(const ProfileForm& form, const ProfileProbe& probe, const ProfileBlock& block, ProfileTables& tables);

}  // namespace relievo
