// SIFT and ORB: key points of one picture, and the number of RANSAC inliers of a pair.
#pragma once

#include <napi.h>

namespace relievo::peers {
// {gray, mask, width, height, method: 'sift' | 'orb', limit, contrast} -> {points: x,y,..., descriptors}
Napi::Value keypoints(const Napi::CallbackInfo& info);
// {sets: [{points, descriptors}], pairs, method, ratio, crossCheck, model, tolerancePx} -> PairScores
Napi::Value keypointPairs(const Napi::CallbackInfo& info);
}  // namespace relievo::peers
