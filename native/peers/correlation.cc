#include "correlation.h"

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "pairs.h"

namespace relievo::peers {
namespace {

struct Picture {
  cv::Mat gray, mask;
};

// Pearson's correlation over the pixels inside both masks; 0 where fewer than 100 are or one is flat.
double correlation(const Picture& a, const Picture& b, const double* pose) {
  const cv::Mat h(3, 3, CV_64F, const_cast<double*>(pose));
  cv::Mat gray, mask;
  cv::warpPerspective(b.gray, gray, h, a.gray.size(), cv::INTER_LINEAR);
  cv::warpPerspective(b.mask, mask, h, a.gray.size(), cv::INTER_NEAREST);
  double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (int y = 0; y < gray.rows; y++) {
    const uint8_t *pa = a.gray.ptr(y), *ma = a.mask.ptr(y), *pb = gray.ptr(y), *mb = mask.ptr(y);
    for (int x = 0; x < gray.cols; x++) {
      if (!ma[x] || !mb[x]) continue;
      const double u = pa[x], v = pb[x];
      n++, sa += u, sb += v, saa += u * u, sbb += v * v, sab += u * v;
    }
  }
  const double va = saa - sa * sa / n, vb = sbb - sb * sb / n;
  return n < 100 || va <= 0 || vb <= 0 ? 0 : (sab - sa * sb / n) / std::sqrt(va * vb);
}

}  // namespace

Napi::Value correlationPairs(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  auto pairs = typed<Napi::Uint32Array>(in, "pairs");
  auto poses = typed<Napi::Float64Array>(in, "poses");
  const Napi::Array list = in.Get("pictures").As<Napi::Array>();
  std::vector<Picture> pictures;
  for (uint32_t i = 0; i < list.Length(); i++) {
    const Napi::Object s = list.Get(i).As<Napi::Object>();
    auto gray = typed<Napi::Uint8Array>(s, "gray");
    auto mask = typed<Napi::Uint8Array>(s, "mask");
    const int width = int(number(s, "width")), height = int(number(s, "height"));
    if (gray.ElementLength() != size_t(width) * height || mask.ElementLength() != gray.ElementLength())
      throw Napi::TypeError::New(env, "gray and mask must hold width * height bytes");
    pictures.push_back({cv::Mat(height, width, CV_8U, gray.Data()), cv::Mat(height, width, CV_8U, mask.Data())});
  }
  const uint32_t* p = pairs.Data();
  const double* h = poses.Data();
  const size_t count = pairs.ElementLength() / 2;
  if (poses.ElementLength() != 9 * count) throw Napi::TypeError::New(env, "poses must hold nine numbers a pair");
  for (size_t k = 0; k < 2 * count; k++)
    if (p[k] >= pictures.size()) throw Napi::RangeError::New(env, "a pair names a picture that is not there");
  return Task<PairScores>::run(
      env, in, [=] { return scorePairs(p, count, [&](size_t k, uint32_t i, uint32_t j) { return correlation(pictures[i], pictures[j], h + 9 * k); }); }, pairScores);
}

}  // namespace relievo::peers
