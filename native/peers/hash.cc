#include "hash.h"

#include <algorithm>
#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "pairs.h"

namespace relievo::peers {
namespace {

constexpr int kSide = 32;  // pHash: 32 x 32 grey, lowest 8 x 8 coefficients against their median
constexpr int kLow = 8;

uint64_t hashOf(const cv::Mat& gray) {
  cv::Mat small, spectrum;
  cv::resize(gray, small, {kSide, kSide}, 0, 0, cv::INTER_AREA);
  small.convertTo(small, CV_32F);
  cv::dct(small, spectrum);
  std::vector<float> low;
  for (int v = 0; v < kLow; v++)
    for (int u = 0; u < kLow; u++) low.push_back(spectrum.at<float>(v, u));
  // The mean brightness is no part of the median.
  std::vector<float> sorted(low.begin() + 1, low.end());
  std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
  const float median = sorted[sorted.size() / 2];
  uint64_t bits = 0;
  for (size_t i = 0; i < low.size(); i++)
    if (low[i] > median) bits |= uint64_t(1) << i;
  return bits;
}

}  // namespace

Napi::Value hash(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  auto gray = typed<Napi::Uint8Array>(in, "gray");
  const int width = int(number(in, "width")), height = int(number(in, "height")), turns = int(number(in, "rotations"));
  if (gray.ElementLength() != size_t(width) * height) throw Napi::TypeError::New(env, "gray must hold width * height bytes");
  uint8_t* g = gray.Data();
  return Task<std::vector<uint64_t>>::run(
      env, in,
      [=] {
        const cv::Mat picture(height, width, CV_8U, g);
        std::vector<uint64_t> out;
        for (int t = 0; t < turns; t++) {
          cv::Mat turned = picture;
          if (t > 0)
            cv::warpAffine(picture, turned, cv::getRotationMatrix2D(cv::Point2f((width - 1) / 2.f, (height - 1) / 2.f), 360.0 * t / turns, 1), picture.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
          out.push_back(hashOf(turned));
        }
        return out;
      },
      [](Napi::Env e, std::vector<uint64_t>& h) -> Napi::Value { return toTyped(e, reinterpret_cast<const uint8_t*>(h.data()), h.size() * 8); });
}

Napi::Value hashPairs(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  auto pairs = typed<Napi::Uint32Array>(in, "pairs");
  const Napi::Array list = in.Get("hashes").As<Napi::Array>();
  std::vector<std::vector<uint64_t>> hashes;
  for (uint32_t i = 0; i < list.Length(); i++) {
    auto bytes = list.Get(i).As<Napi::Uint8Array>();
    std::vector<uint64_t> turns(bytes.ElementLength() / 8);
    if (!turns.empty()) std::memcpy(turns.data(), bytes.Data(), turns.size() * 8);
    hashes.push_back(std::move(turns));
  }
  const uint32_t* p = pairs.Data();
  const size_t count = pairs.ElementLength() / 2;
  for (size_t k = 0; k < 2 * count; k++)
    if (p[k] >= hashes.size() || hashes[p[k]].empty()) throw Napi::RangeError::New(env, "a pair names a hash that is not there");
  return Task<PairScores>::run(
      env, in,
      [=] {
        return scorePairs(p, count, [&](size_t, uint32_t i, uint32_t j) {
          int nearest = 64;
          for (const uint64_t turn : hashes[j]) nearest = std::min(nearest, __builtin_popcountll(hashes[i][0] ^ turn));
          return 1 - nearest / 64.0;
        });
      },
      pairScores);
}

}  // namespace relievo::peers
