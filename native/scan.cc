#include "scan.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "common.h"

namespace relievo {
namespace {
struct Hits {
  std::vector<uint32_t> rows;
  std::vector<int32_t> scores;
};
}  // namespace

Napi::Value scan(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  const auto matrix = typed<Napi::Int8Array>(in, "matrix");
  const auto query = typed<Napi::Int8Array>(in, "query");
  const size_t k = static_cast<size_t>(number(in, "k"));
  const size_t dim = query.ElementLength();
  const size_t rows = dim ? matrix.ElementLength() / dim : 0;
  const int8_t* m = matrix.Data();
  const int8_t* q = query.Data();
  return Task<Hits>::run(
      env, in,
      [=] {
        std::vector<std::pair<int32_t, uint32_t>> all(rows);
        for (size_t r = 0; r < rows; r++) {
          int32_t sum = 0;
          for (size_t d = 0; d < dim; d++) sum += int32_t(m[r * dim + d]) * q[d];
          all[r] = {-sum, uint32_t(r)};
        }
        const size_t n = std::min(k, rows);
        std::partial_sort(all.begin(), all.begin() + n, all.end());
        Hits hits;
        for (size_t i = 0; i < n; i++) {
          hits.rows.push_back(all[i].second);
          hits.scores.push_back(-all[i].first);
        }
        return hits;
      },
      [](Napi::Env e, Hits& hits) -> Napi::Value {
        Napi::Object out = Napi::Object::New(e);
        out.Set("rows", toTyped(e, hits.rows.data(), hits.rows.size()));
        out.Set("scores", toTyped(e, hits.scores.data(), hits.scores.size()));
        return out;
      });
}
}  // namespace relievo
