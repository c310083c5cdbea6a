// Rows lie in segments of fixed size, as those of `scan`, so that a space grows without moving what a running search reads:
// of its last block only the lanes in use are read.
#include "profile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <system_error>
#include <thread>
#include <vector>

#include "common.h"
#include "profile_distance.h"

namespace relievo {
namespace {

constexpr uint32_t kRemoved = 0xFFFFFFFFu;
constexpr size_t kBlocksWorthAThread = 500;
enum Outcome : uint8_t { kOverlap = 3, kReferencePeak = 4, kNoVariation = 5, kCompared = 6, kOutcomes = 7, kPassedOver = 255 };

struct Segment {
  const double* columns;
  const double* amounts;
  const uint32_t* undetected;
  const uint32_t* keys;
  const uint32_t* facts;
  const double* times;
  size_t rows;
};

struct Hit {
  double distance;
  uint32_t key;
  uint32_t row;
};

// The total order of answers: true when a comes before b.
inline bool nearer(const Hit& a, const Hit& b) {
  return a.distance != b.distance ? a.distance < b.distance : a.key < b.key;
}

struct Request {
  std::vector<Segment> segments;
  ProfileForm form;
  ProfileProbe probe;
  const uint8_t* gates = nullptr;
  size_t gateCount = 0;
  const uint8_t* filter = nullptr;
  size_t filterBits = 0;
  size_t k = 0;
  size_t threads = 1;
};

struct Best {
  std::vector<Hit> heap;  // farthest on top
  std::array<uint64_t, kOutcomes> outcomes{};
};

inline size_t wordsOf(const ProfileForm& form) { return (form.analytes + kBits - 1) / kBits; }

// What is known of a row before it is compared: passed over, counted as an outcome, or to be compared.
inline uint8_t gateOf(const Request& request, uint32_t key, uint32_t facts) {
  if (key == kRemoved) return kPassedOver;
  if (request.filter && !(key < request.filterBits && (request.filter[key >> 3] >> (key & 7) & 1))) return kPassedOver;
  const uint8_t gate = facts < request.gateCount ? request.gates[facts] : 1;
  return uint8_t(gate ? gate - 1 : int(kCompared));
}

void keep(Best& best, size_t k, const Hit& hit) {
  if (best.heap.size() < k) {
    best.heap.push_back(hit);
    std::push_heap(best.heap.begin(), best.heap.end(), nearer);
  } else if (k > 0 && nearer(hit, best.heap.front())) {
    std::pop_heap(best.heap.begin(), best.heap.end(), nearer);
    best.heap.back() = hit;
    std::push_heap(best.heap.begin(), best.heap.end(), nearer);
  }
}

void scanBlock(const Request& request, const Segment& segment, size_t base, size_t first, ProfileTables& tables, Best& best) {
  const size_t count = std::min(kLanes, segment.rows - first);
  uint8_t outcome[kLanes];
  bool open = false;
  for (size_t l = 0; l < count; l++) {
    outcome[l] = gateOf(request, segment.keys[first + l], segment.facts[first + l]);
    open |= outcome[l] == kCompared;
  }
  if (open) {
    const size_t at = first * request.form.analytes, word = first * wordsOf(request.form);
    measureBlock(request.form, request.probe, {segment.columns + at, segment.amounts ? segment.amounts + at : nullptr, segment.undetected + word, segment.times + first, count}, tables);
  }
  for (size_t l = 0; l < count; l++) {
    if (outcome[l] == kPassedOver) continue;
    if (outcome[l] == kCompared) {
      if (tables.overlap[l] < request.form.required) outcome[l] = kOverlap;
      else if (tables.labels[l] == 0) outcome[l] = kReferencePeak;
      else if (tables.labels[l] < request.form.least || std::isnan(tables.distance[l])) outcome[l] = kNoVariation;
      else keep(best, request.k, {tables.distance[l], segment.keys[first + l], uint32_t(base + first + l)});
    }
    best.outcomes[outcome[l]]++;
  }
}

// Scans the blocks [from, to), counted over all segments.
void scanRange(const Request& request, size_t from, size_t to, ProfileTables& tables, Best& best) {
  size_t base = 0, row = 0;
  for (const Segment& segment : request.segments) {
    const size_t blocks = (segment.rows + kLanes - 1) / kLanes;
    const size_t low = std::max(from, base), high = std::min(to, base + blocks);
    for (size_t block = low; block < high; block++) scanBlock(request, segment, row, (block - base) * kLanes, tables, best);
    base += blocks;
    row += segment.rows;
  }
}

Best scanAll(const Request& request) {
  size_t rows = 0, blocks = 0;
  for (const Segment& segment : request.segments) {
    rows += segment.rows;
    blocks += (segment.rows + kLanes - 1) / kLanes;
  }
  const size_t threads = std::max<size_t>(1, std::min(request.threads, blocks / kBlocksWorthAThread));
  std::vector<Best> parts(threads);
  std::vector<ProfileTables> tables;
  // Reserved here, so that a thread has nothing left that can fail.
  for (Best& part : parts) {
    part.heap.reserve(std::min(request.k, rows));
    tables.emplace_back(request.probe.analytes.size(), request.form.measure == Measure::kMahalanobis);
  }
  const auto work = [&](size_t t) { scanRange(request, blocks * t / threads, blocks * (t + 1) / threads, tables[t], parts[t]); };
  std::vector<std::thread> helpers;
  helpers.reserve(threads);
  for (size_t t = 1; t < threads; t++) {
    try {
      helpers.emplace_back(work, t);
    } catch (const std::system_error&) {
      work(t);  // no thread to be had: the answer is the same, only later
    }
  }
  work(0);
  for (std::thread& helper : helpers) helper.join();
  Best best;
  for (const Best& part : parts) {
    for (size_t i = 0; i < kOutcomes; i++) best.outcomes[i] += part.outcomes[i];
    best.heap.insert(best.heap.end(), part.heap.begin(), part.heap.end());
  }
  std::sort(best.heap.begin(), best.heap.end(), nearer);
  if (best.heap.size() > request.k) best.heap.resize(request.k);
  return best;
}

[[noreturn]] void refuse(const Napi::Object& in, const char* what) { throw Napi::RangeError::New(in.Env(), what); }

template <typename TypedArray>
TypedArray sized(const Napi::Object& from, const char* key, size_t least) {
  const auto array = typed<TypedArray>(from, key);
  if (array.ElementLength() < least) refuse(from, "an array is shorter than what is stated");
  return array;
}

template <typename Name, size_t N>
Name named(const Napi::Object& from, const char* key, const char* const (&names)[N]) {
  const std::string name = from.Get(key).ToString().Utf8Value();
  for (size_t i = 0; i < N; i++)
    if (name == names[i]) return Name(i);
  refuse(from, "a name is not known");
}

ProfileForm readForm(const Napi::Object& in) {
  static const char* const measures[] = {"pearson", "cosine", "squared-cosine", "euclid", "manhattan", "canberra", "log-deviations", "robust-mahalanobis"};
  static const char* const closings[] = {"none", "ratio", "shift", "mean"};
  ProfileForm form;
  form.measure = named<Measure>(in, "measure", measures);
  form.closing = named<Closing>(in, "closing", closings);
  form.blind = in.Get("blind").ToBoolean().Value();
  form.exponent = number(in, "exponent");
  int halvings = 0;
  if (std::frexp(form.exponent, &halvings) != 0.5 || halvings > 1) refuse(in, "an exponent is no power of a half");
  form.closed = in.Get("closed").ToBoolean().Value();
  form.least = number(in, "least");
  form.required = number(in, "required");
  form.longestGap = number(in, "longestGap");
  const auto weights = typed<Napi::Float64Array>(in, "weights");
  form.analytes = weights.ElementLength();
  form.weights = weights.Data();
  form.scales = sized<Napi::Float64Array>(in, "scales", form.analytes).Data();
  form.unstable = sized<Napi::Uint8Array>(in, "unstable", form.analytes).Data();
  if (form.measure == Measure::kMahalanobis) {
    if (form.analytes > 64) refuse(in, "more analytes than a set of them is written in");
    form.correlation = sized<Napi::Float64Array>(in, "correlation", form.analytes * form.analytes).Data();
  }
  return form;
}

ProfileProbe readProbe(const Napi::Object& in, const ProfileForm& form, bool amounts) {
  ProfileProbe probe;
  probe.values = sized<Napi::Float64Array>(in, "values", form.analytes).Data();
  if (amounts) probe.amounts = sized<Napi::Float64Array>(in, "amounts", form.analytes).Data();
  probe.undetected = sized<Napi::Uint8Array>(in, "undetected", form.analytes).Data();
  probe.time = number(in, "time");
  for (size_t i = 0; i < form.analytes; i++)
    if (!std::isnan(probe.values[i])) probe.analytes.push_back(i);
  return probe;
}

Request read(const Napi::Object& in) {
  Request request;
  request.form = readForm(in.Get("form").As<Napi::Object>());
  const bool amounts = request.form.closing == Closing::kRatio || request.form.closing == Closing::kShift;
  request.probe = readProbe(in.Get("probe").As<Napi::Object>(), request.form, amounts);
  request.k = static_cast<size_t>(number(in, "k"));
  request.threads = static_cast<size_t>(number(in, "threads"));
  const auto gates = typed<Napi::Uint8Array>(in, "gates");
  request.gates = gates.Data();
  request.gateCount = gates.ElementLength();
  for (size_t i = 0; i < request.gateCount; i++)
    if (request.gates[i] > kOutcomes) refuse(in, "a gate states no outcome");
  const auto segments = in.Get("segments").As<Napi::Array>();
  for (uint32_t i = 0; i < segments.Length(); i++) {
    const auto segment = segments.Get(i).As<Napi::Object>();
    const size_t rows = static_cast<size_t>(number(segment, "rows"));
    const size_t lanes = (rows + kLanes - 1) / kLanes * kLanes, numbers = lanes * request.form.analytes;
    request.segments.push_back({sized<Napi::Float64Array>(segment, "columns", numbers).Data(), amounts ? sized<Napi::Float64Array>(segment, "amounts", numbers).Data() : nullptr,
                                sized<Napi::Uint32Array>(segment, "undetected", lanes * wordsOf(request.form)).Data(), sized<Napi::Uint32Array>(segment, "keys", rows).Data(), sized<Napi::Uint32Array>(segment, "facts", rows).Data(),
                                sized<Napi::Float64Array>(segment, "times", rows).Data(), rows});
  }
  if (in.Has("filter") && !in.Get("filter").IsUndefined()) {
    const auto filter = typed<Napi::Uint8Array>(in, "filter");
    static const uint8_t none = 0;
    request.filter = filter.ElementLength() ? filter.Data() : &none;
    request.filterBits = filter.ElementLength() * 8;
  }
  return request;
}

}  // namespace

Napi::Value profileScan(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  return Task<Best>::run(
      env, in, [request = read(in)] { return scanAll(request); },
      [](Napi::Env e, Best& best) -> Napi::Value {
        std::vector<uint32_t> rows;
        std::vector<double> distances;
        for (const Hit& hit : best.heap) {
          rows.push_back(hit.row);
          distances.push_back(hit.distance);
        }
        std::vector<double> outcomes(best.outcomes.begin(), best.outcomes.end());
        Napi::Object out = Napi::Object::New(e);
        out.Set("rows", toTyped(e, rows.data(), rows.size()));
        out.Set("distances", toTyped(e, distances.data(), distances.size()));
        out.Set("outcomes", toTyped(e, outcomes.data(), outcomes.size()));
        return out;
      });
}
}  // namespace relievo
