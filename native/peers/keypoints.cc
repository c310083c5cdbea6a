#include "keypoints.h"

#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>
#include <string>
#include <vector>

#include "pairs.h"

namespace relievo::peers {
namespace {

struct Described {
  std::vector<float> points;
  cv::Mat descriptors;  // CV_8U, one row a point: 128 of SIFT, 32 of ORB
};

// A set as it lies in JavaScript's buffers; SIFT's rows widened to float once, as its matcher wants.
struct Set {
  const float* points;
  int count;
  cv::Mat descriptors;
};

struct Rule {
  bool sift;
  float ratio;      // Lowe: best distance < ratio * second best
  bool crossCheck;  // best of each other
  bool homography;  // else similarity: rotation, scale, shift
  double tolerancePx;
};

std::vector<cv::DMatch> bestMatches(const Set& a, const Set& b, const Rule& rule) {
  std::vector<cv::DMatch> kept;
  const cv::BFMatcher matcher(rule.sift ? cv::NORM_L2 : cv::NORM_HAMMING, rule.crossCheck);
  if (rule.crossCheck) {
    matcher.match(a.descriptors, b.descriptors, kept);
    return kept;
  }
  std::vector<std::vector<cv::DMatch>> nearest;
  matcher.knnMatch(a.descriptors, b.descriptors, nearest, 2);
  // One partner a point: else many points on one make a pose of scale nought that all agree with.
  std::vector<cv::DMatch> best(b.count);
  for (const auto& n : nearest) {
    if (n.size() < 2 || n[0].distance >= rule.ratio * n[1].distance) continue;
    auto& held = best[n[0].trainIdx];
    if (held.queryIdx < 0 || n[0].distance < held.distance) held = n[0];
  }
  for (const auto& m : best)
    if (m.queryIdx >= 0) kept.push_back(m);
  return kept;
}

// OpenCV's RANSAC draws from a fixed seed, so the count is reproducible.
double inliers(const Set& a, const Set& b, const Rule& rule) {
  const size_t needed = rule.homography ? 4 : 2;
  if (a.count < 2 || b.count < 2) return 0;
  const auto matches = bestMatches(a, b, rule);
  if (matches.size() < needed) return 0;
  std::vector<cv::Point2f> from, to;
  for (const auto& m : matches) {
    from.emplace_back(a.points[2 * m.queryIdx], a.points[2 * m.queryIdx + 1]);
    to.emplace_back(b.points[2 * m.trainIdx], b.points[2 * m.trainIdx + 1]);
  }
  cv::Mat mask;
  const cv::Mat model = rule.homography ? cv::findHomography(from, to, cv::RANSAC, rule.tolerancePx, mask)
                                        : cv::estimateAffinePartial2D(from, to, mask, cv::RANSAC, rule.tolerancePx);
  if (model.empty()) return 0;
  // Crops are of one size, so a pose that halves or doubles the face is no agreement.
  const double scale = std::sqrt(std::abs(model.at<double>(0, 0) * model.at<double>(1, 1) - model.at<double>(0, 1) * model.at<double>(1, 0)));
  return scale < 0.5 || scale > 2 ? 0 : cv::countNonZero(mask);
}

}  // namespace

Napi::Value keypoints(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  auto gray = typed<Napi::Uint8Array>(in, "gray");
  auto mask = typed<Napi::Uint8Array>(in, "mask");
  const int width = int(number(in, "width")), height = int(number(in, "height"));
  const int limit = int(number(in, "limit"));
  const double contrast = number(in, "contrast");
  const bool sift = in.Get("method").As<Napi::String>().Utf8Value() == "sift";
  if (gray.ElementLength() != size_t(width) * height || mask.ElementLength() != gray.ElementLength())
    throw Napi::TypeError::New(env, "gray and mask must hold width * height bytes");
  uint8_t* g = gray.Data();
  uint8_t* m = mask.Data();
  return Task<Described>::run(
      env, in,
      [=] {
        const cv::Mat picture(height, width, CV_8U, g), inside(height, width, CV_8U, m);
        cv::Ptr<cv::Feature2D> detector;
        if (sift) detector = cv::SIFT::create(limit, 3, contrast, 10, 1.6, CV_8U);
        else detector = cv::ORB::create(limit);
        std::vector<cv::KeyPoint> found;
        Described out;
        detector->detectAndCompute(picture, inside, found, out.descriptors);
        for (const auto& k : found) {
          out.points.push_back(k.pt.x);
          out.points.push_back(k.pt.y);
        }
        return out;
      },
      [](Napi::Env e, Described& d) -> Napi::Value {
        Napi::Object out = Napi::Object::New(e);
        out.Set("points", toTyped(e, d.points.data(), d.points.size()));
        out.Set("descriptors", toTyped(e, d.descriptors.data, d.descriptors.total()));
        return out;
      });
}

Napi::Value keypointPairs(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Napi::Object in = info[0].As<Napi::Object>();
  auto pairs = typed<Napi::Uint32Array>(in, "pairs");
  const Napi::Array list = in.Get("sets").As<Napi::Array>();
  Rule rule;
  rule.sift = in.Get("method").As<Napi::String>().Utf8Value() == "sift";
  rule.ratio = float(number(in, "ratio"));
  rule.crossCheck = in.Get("crossCheck").ToBoolean();
  rule.homography = in.Get("model").As<Napi::String>().Utf8Value() == "homography";
  rule.tolerancePx = number(in, "tolerancePx");
  std::vector<Set> sets;
  for (uint32_t i = 0; i < list.Length(); i++) {
    const Napi::Object s = list.Get(i).As<Napi::Object>();
    auto points = typed<Napi::Float32Array>(s, "points");
    auto descriptors = typed<Napi::Uint8Array>(s, "descriptors");
    const int count = int(points.ElementLength() / 2), width = rule.sift ? 128 : 32;
    if (descriptors.ElementLength() != size_t(count) * width) throw Napi::TypeError::New(env, "descriptors do not fit the points");
    cv::Mat rows(count, width, CV_8U, descriptors.Data());
    if (rule.sift) {
      cv::Mat wide;
      rows.convertTo(wide, CV_32F);
      rows = wide;
    }
    sets.push_back({points.Data(), count, rows});
  }
  const uint32_t* p = pairs.Data();
  const size_t count = pairs.ElementLength() / 2;
  for (size_t k = 0; k < 2 * count; k++)
    if (p[k] >= sets.size()) throw Napi::RangeError::New(env, "a pair names a set that is not there");
  return Task<PairScores>::run(
      env, in, [=] { return scorePairs(p, count, [&](size_t, uint32_t i, uint32_t j) { return inliers(sets[i], sets[j], rule); }); }, pairScores);
}

}  // namespace relievo::peers
