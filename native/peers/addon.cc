// The peers Relievo is measured against, from OpenCV as it comes. Only benchmarks/ loads this addon.
#include <napi.h>
#include <opencv2/core.hpp>

#include "correlation.h"
#include "hash.h"
#include "keypoints.h"
#include "scan.h"

namespace {
Napi::Object init(Napi::Env env, Napi::Object exports) {
  // One thread: times a pair are per core.
  cv::setNumThreads(1);
  exports.Set("keypoints", Napi::Function::New(env, relievo::peers::keypoints));
  exports.Set("keypointPairs", Napi::Function::New(env, relievo::peers::keypointPairs));
  exports.Set("hash", Napi::Function::New(env, relievo::peers::hash));
  exports.Set("hashPairs", Napi::Function::New(env, relievo::peers::hashPairs));
  exports.Set("correlationPairs", Napi::Function::New(env, relievo::peers::correlationPairs));
  exports.Set("scanPlain", Napi::Function::New(env, relievo::peers::scanPlain));
  return exports;
}
}  // namespace

NODE_API_MODULE(relievo_peers, init)
