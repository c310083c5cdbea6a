#include "marks_field.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "common_error.h"
#include "marks_light.h"
#include "marks_network.h"
#include "marks_picture.h"
#include "marks_register.h"
#include "marks_relief.h"
#include "marks_walls.h"

namespace relievo {
using namespace mark;
namespace {

constexpr double MARGIN_MM = 0.3;
constexpr float WALL_UNIT = 32;
constexpr double FREE = 0.5;  // energy of walls, over the face's mean, below which a place is free of them
constexpr double FAINTEST = 5e-4;  // usual local contrast, natural logarithm, below which a face shows nothing but rounding
constexpr int CUBIC_FROM = 1;  // enlarging needs a smooth interpolation, reducing a low pass

// Strokes divided by the local contrast, but where there is next to none by a share of the usual one, so that calm powder stays calm.
cv::Mat evened(const cv::Mat& strokes, const Surroundings& around, const cv::Mat& inner, const cv::Mat& innerMask, const MarkSettings& s) {
  const cv::Mat rms = around.spreadOf(strokes);
  const double least = std::max(1e-9, s.strokeFloor * double(medianWhere(rms, innerMask)));
  return strokes.mul(inner) / cv::max(rms, least);
}

// Root of the weight of a place beside walls.
cv::Mat freeOf(const cv::Mat& walls) {
  cv::Mat out(walls.size(), CV_32F);
  for (int y = 0; y < walls.rows; y++)
    for (int x = 0; x < walls.cols; x++) out.at<float>(y, x) = float(1 / std::hypot(1.0, walls.at<double>(y, x) / FREE));
  return out;
}

// Without what is coarse, the strongest marks tamed: a scratch must not decide alone.
cv::Mat tamed(const cv::Mat& marks, const Surroundings& around, const cv::Mat& inner, const MarkSettings& s) {
  const double coarse = s.markCoarsest * s.pxPerMm;
  const cv::Mat own = marks.mul(inner), fine = (own - blurred(own, coarse) / cv::max(blurred(inner, coarse), 1e-3)).mul(inner);
  return fine / cv::max(around.spreadOf(fine), s.markFloor);
}

std::vector<int8_t> packed(const cv::Mat& m, int stride, double most) {
  std::vector<int8_t> out;
  out.reserve(size_t((m.rows + stride - 1) / stride) * ((m.cols + stride - 1) / stride));
  const double unit = 127 / most;
  for (int y = 0; y < m.rows; y += stride)
    for (int x = 0; x < m.cols; x += stride) out.push_back(int8_t(cvRound(std::clamp(double(m.at<float>(y, x)), -most, most) * unit)));
  return out;
}

// The face at its own scale, the centre of the outline in the middle.
struct Grid {
  double cx, cy, perCrop;
  int size;

  // `off`: how far the photograph lies from the first, in pixels of the grid.
  cv::Matx23d from(cv::Point2d off) const {
    const double middle = size / 2.0 - 0.5;
    return {perCrop, 0, middle - perCrop * cx - off.x, 0, perCrop, middle - perCrop * cy - off.y};
  }

  cv::Mat grey(const cv::Mat& picture, cv::Point2d off) const {
    cv::Mat grey;
    cv::cvtColor(picture, grey, cv::COLOR_RGB2GRAY);
    grey.convertTo(grey, CV_32F);
    if (perCrop < CUBIC_FROM) grey = blurred(grey, 0.45 * std::sqrt(1 / (perCrop * perCrop) - 1));
    cv::warpAffine(grey, grey, from(off), cv::Size(size, size), perCrop > CUBIC_FROM ? cv::INTER_CUBIC : cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return grey;
  }
};

// Lamps that light along one line tell one slope only: the smaller variance of their directions must not vanish. False also
// where an azimuth is not known.
constexpr double LEAST_AROUND = 0.1;

bool lampsAround(const std::vector<MarkPhotograph>& photographs) {
  double xx = 0, xy = 0, yy = 0;
  for (const MarkPhotograph& p : photographs) {
    const double a = p.azimuthDeg * CV_PI / 180, share = 1.0 / double(photographs.size());
    xx += std::cos(a) * std::cos(a) * share;
    xy += std::cos(a) * std::sin(a) * share;
    yy += std::sin(a) * std::sin(a) * share;
  }
  return 0.5 * (xx + yy - std::hypot(xx - yy, 2 * xy)) >= LEAST_AROUND;
}

}  // namespace

MarkField markField(const std::vector<MarkPhotograph>& photographs, const uint8_t* maskBytes, int cropSize, double cx, double cy, double perCrop, const MarkSettings& s, bool wantPlanes) {
  // 1 grid
  const cv::Mat cropMask(cropSize, cropSize, CV_8U, const_cast<uint8_t*>(maskBytes));
  const cv::Rect box = cv::boundingRect(cropMask);
  if (box.area() == 0) throw KernelError("face-not-found", "the outline is empty");
  const double reach = std::max(std::max(cx - box.x, box.x + box.width - 1 - cx), std::max(cy - box.y, box.y + box.height - 1 - cy));
  const Grid grid{cx, cy, perCrop, 2 * cvCeil(reach * perCrop + MARGIN_MM * s.pxPerMm)};
  const int size = grid.size;
  cv::Mat mask, inside, distance;
  cv::warpAffine(cropMask, mask, grid.from({0, 0}), cv::Size(size, size), cv::INTER_LINEAR);
  cv::threshold(mask, mask, 127, 255, cv::THRESH_BINARY);
  mask.convertTo(inside, CV_32F, 1 / 255.0);
  cv::copyMakeBorder(mask, distance, 1, 1, 1, 1, cv::BORDER_CONSTANT, 0);
  cv::distanceTransform(distance, distance, cv::DIST_L2, cv::DIST_MASK_5);
  distance = distance(cv::Rect(1, 1, size, size)).clone();

  MarkField out;
  out.size = size;
  const double shade = s.shadeSigma * s.pxPerMm;
  const auto expose = [&](const MarkPhotograph& photograph, cv::Point2d off) {
    Exposure e;
    e.grey = grid.grey(cv::Mat(cropSize, cropSize, CV_8UC3, const_cast<uint8_t*>(photograph.rgb)), off);
    cv::Mat logGrey;
    cv::log(cv::max(e.grey, 0) + s.darkOffset, logGrey);
    // 2 light
    e.lamp = readLamp(logGrey, mask, distance, photograph.light, s);
    if (!std::isnan(photograph.azimuthDeg)) e.lamp.azimuth = photograph.azimuthDeg * CV_PI / 180;
    // 3 what is neither albedo nor shading of the face as a whole
    e.detail = (logGrey - blurred(logGrey.mul(inside), shade) / cv::max(blurred(inside, shade), 1e-3)).mul(inside);
    return e;
  };
  std::vector<Exposure> exposures{expose(photographs[0], {0, 0})};
  const cv::Mat innerMask = distance > exposures[0].lamp.rim * s.pxPerMm;
  cv::Mat inner;
  innerMask.convertTo(inner, CV_32F, 1 / 255.0);
  for (size_t i = 1; i < photographs.size(); i++) {
    Exposure e = expose(photographs[i], {0, 0});
    const cv::Point2d off = offsetOf(exposures[0], e, i, inner, s);
    if (cv::norm(off) > s.still * s.pxPerMm) e = expose(photographs[i], off);
    exposures.push_back(std::move(e));
  }
  for (const Exposure& e : exposures) out.lamps.push_back({e.lamp.azimuth * 180 / CV_PI, e.lamp.contrast, e.lamp.axis * 180 / CV_PI, e.lamp.bevel * 180 / CV_PI});

  // 4 signed relief
  out.photometric = exposures.size() >= size_t(s.photometricFrom) && lampsAround(photographs);
  const Relief relief = out.photometric ? Relief::photometric(exposures, inside, s) : Relief::joint(exposures, s);

  // 5 strokes: the design, for registration
  const Surroundings aroundStrokes(inner, s.strokeSpread * s.pxPerMm);
  for (int l = 0; l < STROKE_LEVELS; l++) {
    const cv::Mat band = relief.band(s.strokeFine[l], s.strokeCoarse[l]);
    const cv::Mat strokes = evened(band, aroundStrokes, inner, innerMask, s);
    const int stride = int(s.strokeStride[l]);
    out.strokes[l] = {(size + stride - 1) / stride, stride, packed(strokes, stride, s.strokeClip)};
  }
  // 6 walls
  const cv::Mat walls = wallsOf(exposures, innerMask, s);
  // 7 marks: a scratch on the tool is a ridge on the specimen
  const cv::Mat white = relief.whiteBand(s.markFine, s.markCoarse, freeOf(walls).mul(inner));
  const Surroundings aroundMarks(inner, s.markSpread * s.pxPerMm);
  const cv::Mat planes = networkPlanes({exposures, relief, white, walls, inner, innerMask, aroundMarks}, s);
  const bool plain = medianWhere(aroundMarks.spreadOf(exposures[0].detail), innerMask) < FAINTEST;
  out.marks = packed(plain ? cv::Mat::zeros(inner.size(), CV_32F) : tamed(networkMarks(planes, innerMask), aroundMarks, inner, s), 1, s.markClip);
  if (wantPlanes) out.planes.assign(planes.ptr<float>(), planes.ptr<float>() + planes.total());
  out.walls.resize(size_t(size) * size);
  for (int y = 0; y < size; y++)
    for (int x = 0; x < size; x++) out.walls[size_t(y) * size + x] = innerMask.at<uint8_t>(y, x) ? uint8_t(std::min(254.0, walls.at<double>(y, x) * WALL_UNIT)) : 255;
  return out;
}

}  // namespace relievo
