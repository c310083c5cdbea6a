// Registration only: one line a kernel.
#include <napi.h>
#include <opencv2/core.hpp>

#include "design.h"
#include "extract.h"
#include "frame.h"
#include "marks.h"
#include "measure.h"
#include "press.h"
#include "profile.h"
#include "scan.h"
#include "surface.h"
#include "tool.h"

namespace {
Napi::Object init(Napi::Env env, Napi::Object exports) {
  // Results must not depend on how many threads happen to be free.
  cv::setNumThreads(1);
  exports.Set("measure", Napi::Function::New(env, relievo::measure));
  exports.Set("cut", Napi::Function::New(env, relievo::cut));
  exports.Set("extract", Napi::Function::New(env, relievo::extract));
  exports.Set("marks", Napi::Function::New(env, relievo::marks));
  exports.Set("design", Napi::Function::New(env, relievo::design));
  exports.Set("designPoses", Napi::Function::New(env, relievo::designPoses));
  exports.Set("tool", Napi::Function::New(env, relievo::tool));
  exports.Set("frame", Napi::Function::New(env, relievo::frame));
  exports.Set("frameGrow", Napi::Function::New(env, relievo::frameGrow));
  exports.Set("surface", Napi::Function::New(env, relievo::surface));
  exports.Set("surfacePoses", Napi::Function::New(env, relievo::surfacePoses));
  exports.Set("pressEngrave", Napi::Function::New(env, relievo::pressEngrave));
  exports.Set("pressRender", Napi::Function::New(env, relievo::pressRender));
  exports.Set("scan", Napi::Function::New(env, relievo::scan));
  exports.Set("profileScan", Napi::Function::New(env, relievo::profileScan));
  return exports;
}
}  // namespace

NODE_API_MODULE(relievo, init)
