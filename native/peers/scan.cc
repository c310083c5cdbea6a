#include "scan.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "../common.h"

namespace relievo::peers {
namespace {
struct Found {
  std::vector<uint32_t> rows;
  std::vector<int32_t> scores;
};
}  // namespace

Napi::Value scanPlain(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  const auto vectors = typed<Napi::Int8Array>(in, "vectors");
  const auto query = typed<Napi::Int8Array>(in, "query");
  const size_t k = static_cast<size_t>(number(in, "k"));
  const size_t dimension = query.ElementLength();
  const size_t rows = dimension ? vectors.ElementLength() / dimension : 0;
  const int8_t* v = vectors.Data();
  const int8_t* q = query.Data();
  return Task<Found>::run(
      env, in,
      [=] {
        std::vector<std::pair<int32_t, uint32_t>> all(rows);
        for (size_t r = 0; r < rows; r++) {
          int32_t sum = 0;
          for (size_t d = 0; d < dimension; d++) sum += int32_t(v[r * dimension + d]) * q[d];
          all[r] = {-sum, uint32_t(r)};
        }
        const size_t n = std::min(k, rows);
        std::partial_sort(all.begin(), all.begin() + n, all.end());
        Found found;
        for (size_t i = 0; i < n; i++) {
          found.rows.push_back(all[i].second);
          found.scores.push_back(-all[i].first);
        }
        return found;
      },
      [](Napi::Env e, Found& found) -> Napi::Value {
        Napi::Object out = Napi::Object::New(e);
        out.Set("rows", toTyped(e, found.rows.data(), found.rows.size()));
        out.Set("scores", toTyped(e, found.scores.data(), found.scores.size()));
        return out;
      });
}
}  // namespace relievo::peers
