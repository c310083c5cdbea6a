// Exact int8 scan. Rows lie in segments of fixed size, so that an index grows without moving what a
// running scan reads. One pass: the filter bitmap picks rows a block at a time, the dot products of
// the block are taken, and a bounded heap keeps the best k under a total order (score descending,
// then key ascending), so that the answer depends neither on insertion order nor on threads.
#include "scan.h"

#include <algorithm>
#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

#include "common.h"

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__)
#define RELIEVO_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define RELIEVO_CLONES
#endif

namespace relievo {
namespace {

constexpr uint32_t kRemoved = 0xFFFFFFFFu;  // the key of a row that was taken out
constexpr size_t kBlock = 256;              // rows a block; with its scores it stays in the first cache
constexpr size_t kProductsWorthAThread = 8'000'000;

struct Segment {
  const int8_t* vectors;
  const uint32_t* keys;
  size_t rows;
};

struct Hit {
  int32_t score;
  uint32_t key;
};

// The total order of answers: true when a comes before b.
inline bool better(const Hit& a, const Hit& b) {
  return a.score != b.score ? a.score > b.score : a.key < b.key;
}

struct Request {
  std::vector<Segment> segments;
  std::vector<int16_t> queries;  // widened once: int8 x int8 products are summed as int16 pairs
  size_t count = 0;              // queries
  size_t dimension = 0;
  size_t k = 0;
  const uint8_t* filter = nullptr;
  size_t filterBits = 0;
  size_t threads = 1;
  bool prominence = false;  // queries are pooled by how far the largest score stands out of the middle one
};

struct Best {
  std::vector<Hit> heap;        // worst on top
  std::vector<int32_t> scores;  // of a block of rows
  uint64_t scored = 0;
};

// out[i * count + q] = inner product of row picks[i] with query q. Written so that the compiler turns
// the inner loop into widening multiply-adds (pmaddwd): 16 products an instruction.
RELIEVO_CLONES
void scoreRows(const int8_t* vectors, const uint32_t* picks, size_t n, const int16_t* queries,
               size_t count, size_t dimension, int32_t* out) {
  for (size_t i = 0; i < n; i++) {
    const int8_t* row = vectors + size_t(picks[i]) * dimension;
    for (size_t q = 0; q < count; q++) {
      const int16_t* query = queries + q * dimension;
      int32_t sum = 0;
      for (size_t d = 0; d < dimension; d++) sum += int16_t(row[d]) * query[d];
      *out++ = sum;
    }
  }
}

// One score of all that a row has with the queries; changes their order.
int32_t pool(int32_t* scores, size_t count, bool prominence) {
  const int32_t most = *std::max_element(scores, scores + count);
  if (!prominence) return most;
  std::nth_element(scores, scores + count / 2, scores + count);
  return most - scores[count / 2];
}

// Row numbers of [from, to) that are present and pass the filter, without branches.
size_t pick(const Request& request, const uint32_t* keys, size_t from, size_t to, uint32_t* picks) {
  size_t n = 0;
  if (!request.filter) {
    for (size_t r = from; r < to; r++) {
      picks[n] = uint32_t(r);
      n += keys[r] != kRemoved;
    }
    return n;
  }
  for (size_t r = from; r < to; r++) {
    const uint32_t key = keys[r];
    const bool inside = key < request.filterBits;
    const uint8_t byte = request.filter[inside ? key >> 3 : 0];
    picks[n] = uint32_t(r);
    n += inside & (byte >> (key & 7)) & 1;
  }
  return n;
}

void scanSegment(const Request& request, const Segment& segment, size_t from, size_t to, Best& best) {
  uint32_t picks[kBlock];
  for (size_t start = from; start < to; start += kBlock) {
    const size_t n = pick(request, segment.keys, start, std::min(start + kBlock, to), picks);
    scoreRows(segment.vectors, picks, n, request.queries.data(), request.count, request.dimension, best.scores.data());
    best.scored += n;
    for (size_t i = 0; i < n; i++) {
      const Hit hit{pool(best.scores.data() + i * request.count, request.count, request.prominence), segment.keys[picks[i]]};
      if (best.heap.size() < request.k) {
        best.heap.push_back(hit);
        std::push_heap(best.heap.begin(), best.heap.end(), better);
      } else if (better(hit, best.heap.front())) {
        std::pop_heap(best.heap.begin(), best.heap.end(), better);
        best.heap.back() = hit;
        std::push_heap(best.heap.begin(), best.heap.end(), better);
      }
    }
  }
}

// Scans the rows [from, to), counted over all segments.
void scanRange(const Request& request, size_t from, size_t to, Best& best) {
  size_t base = 0;
  for (const Segment& segment : request.segments) {
    const size_t low = std::max(from, base), high = std::min(to, base + segment.rows);
    if (low < high) scanSegment(request, segment, low - base, high - base, best);
    base += segment.rows;
  }
}

Best scanAll(const Request& request) {
  Best best;
  if (request.k == 0) return best;
  size_t rows = 0;
  for (const Segment& segment : request.segments) rows += segment.rows;
  const size_t threads = std::max<size_t>(1, std::min(request.threads, rows * request.count * request.dimension / kProductsWorthAThread));
  std::vector<Best> parts(threads);
  // Reserved here, so that a thread has nothing left that can fail.
  for (Best& part : parts) {
    part.heap.reserve(std::min(request.k, rows));
    part.scores.resize(kBlock * request.count);
  }
  const auto work = [&](size_t t) { scanRange(request, rows * t / threads, rows * (t + 1) / threads, parts[t]); };
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
  for (const Best& part : parts) {
    best.scored += part.scored;
    best.heap.insert(best.heap.end(), part.heap.begin(), part.heap.end());
  }
  std::sort(best.heap.begin(), best.heap.end(), better);
  if (best.heap.size() > request.k) best.heap.resize(request.k);
  return best;
}

Request read(const Napi::Object& in) {
  Request request;
  request.dimension = static_cast<size_t>(number(in, "dimension"));
  request.k = static_cast<size_t>(number(in, "k"));
  request.threads = static_cast<size_t>(number(in, "threads"));
  request.prominence = in.Get("prominence").ToBoolean().Value();
  const auto queries = typed<Napi::Int8Array>(in, "queries");
  request.queries.assign(queries.Data(), queries.Data() + queries.ElementLength());
  request.count = request.dimension ? request.queries.size() / request.dimension : 0;
  const auto segments = in.Get("segments").As<Napi::Array>();
  for (uint32_t i = 0; i < segments.Length(); i++) {
    const auto segment = segments.Get(i).As<Napi::Object>();
    const auto vectors = typed<Napi::Int8Array>(segment, "vectors");
    const auto keys = typed<Napi::Uint32Array>(segment, "keys");
    const size_t rows = static_cast<size_t>(number(segment, "rows"));
    if (rows > keys.ElementLength() || rows * request.dimension > vectors.ElementLength()) {
      throw Napi::RangeError::New(in.Env(), "a segment states more rows than it holds");
    }
    request.segments.push_back({vectors.Data(), keys.Data(), rows});
  }
  if (in.Has("filter") && !in.Get("filter").IsUndefined()) {
    const auto filter = typed<Napi::Uint8Array>(in, "filter");
    static const uint8_t none = 0;  // an empty bitmap lets nothing pass, and is still read at 0
    request.filter = filter.ElementLength() ? filter.Data() : &none;
    request.filterBits = filter.ElementLength() * 8;
  }
  return request;
}

}  // namespace

Napi::Value scan(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  return Task<Best>::run(
      env, in, [request = read(in)] { return scanAll(request); },
      [](Napi::Env e, Best& best) -> Napi::Value {
        std::vector<uint32_t> keys;
        std::vector<int32_t> scores;
        for (const Hit& hit : best.heap) {
          keys.push_back(hit.key);
          scores.push_back(hit.score);
        }
        Napi::Object out = Napi::Object::New(e);
        out.Set("keys", toTyped(e, keys.data(), keys.size()));
        out.Set("scores", toTyped(e, scores.data(), scores.size()));
        out.Set("scored", Napi::Number::New(e, double(best.scored)));
        return out;
      });
}
}  // namespace relievo
