#include "measure_ruler.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace relievo {
namespace {
// A ruler is looked for as it is read: thin parallel lines, all alike in contrast, at equal distances,
// every fifth or tenth of them longer.
constexpr int kMinTicks = 7;
constexpr float kMinContrast = 0.10f;    // natural logarithm of brightness: the same in light and shadow
constexpr double kTolerance = 0.12;      // of a division, for one tick
constexpr double kMaxResidual = 0.035;   // of a division, root mean square over the ticks
constexpr int kMinBandsPerTick = 3;
constexpr double kSure = 14;  // quality at which no other direction is looked at

struct Peak {
  float x, strength;
};

struct Run {  // ticks of one band
  int band = 0;
  double period = 0;
  std::vector<float> x, strength;
  std::vector<int> index;
};

struct Hypothesis {
  double angle = 0;
  int polarity = 0;
  std::vector<Run> runs;
  int ticks = 0;
  double quality = 0;
};

// Directions across which many straight edges lie, degrees 0..180.
std::vector<double> directions(const cv::Mat& logGrey) {
  cv::Mat smooth, dx, dy;
  cv::GaussianBlur(logGrey, smooth, cv::Size(0, 0), 1.0);
  cv::Sobel(smooth, dx, CV_32F, 1, 0, 3, 1 / 8.0);
  cv::Sobel(smooth, dy, CV_32F, 0, 1, 3, 1 / 8.0);
  std::vector<double> histogram(180, 0);
  for (int y = 0; y < dx.rows; y++) {
    const float *a = dx.ptr<float>(y), *b = dy.ptr<float>(y);
    for (int x = 0; x < dx.cols; x++) {
      const float g = a[x] * a[x] + b[x] * b[x];
      if (g < 0.03f * 0.03f) continue;
      const double t = std::atan2(b[x], a[x]) * 180 / CV_PI;
      histogram[(static_cast<int>(std::lround(t)) + 360) % 180] += std::min(0.3f, std::sqrt(g));
    }
  }
  std::vector<double> smoothed(180, 0);
  for (int i = 0; i < 180; i++)
    for (int d = -3; d <= 3; d++) smoothed[i] += histogram[(i + d + 180) % 180] * std::exp(-d * d / 4.5);
  std::vector<std::pair<double, int>> peaks;
  for (int i = 0; i < 180; i++) {
    const double here = smoothed[i];
    bool top = here > 0;
    for (int d = -4; d <= 4; d++) top = top && (d == 0 || smoothed[(i + d + 180) % 180] < here || (smoothed[(i + d + 180) % 180] == here && d > 0));
    if (top) peaks.emplace_back(-here, i);
  }
  std::sort(peaks.begin(), peaks.end());
  std::vector<double> out;
  for (size_t k = 0; k < std::min<size_t>(6, peaks.size()); k++) {
    const int i = peaks[k].second;
    const double a = smoothed[(i + 179) % 180], b = smoothed[i], c = smoothed[(i + 1) % 180], den = a - 2 * b + c;
    out.push_back(i + (den < -1e-9 ? std::clamp(0.5 * (a - c) / den, -0.5, 0.5) : 0));
  }
  return out;
}

// Contrast of every place with what lies w to its left and right; counts the places with enough of it.
__attribute__((target_clones("avx2", "default"))) int contrastOf(const float* p, int n, int w, float sign, float* r) {
  for (int x = 0; x < w; x++) r[x] = r[n - 1 - x] = 0;
  int count = 0;
  for (int x = w; x < n - w; x++) {
    const float a = sign * p[x - w], b = sign * p[x + w], c = (a < b ? a : b) - sign * p[x];
    r[x] = c;
    count += c >= kMinContrast;
  }
  return count;
}

// Lines in a brightness profile that are darker (polarity 0) or brighter (1) than both sides.
// None where they are too few for a ruler; `r` is room for n numbers.
std::vector<Peak> peaksOf(const float* p, int n, int w, int polarity, std::vector<float>& r) {
  const float sign = polarity ? -1.f : 1.f;
  std::vector<Peak> out;
  if (n <= 2 * w || contrastOf(p, n, w, sign, r.data()) < kMinTicks) return out;
  for (int x = w + 1; x < n - w - 1; x++) {
    if (r[x] < kMinContrast) continue;
    bool top = true;
    for (int d = 1; d <= w && top; d++) top = r[x] >= r[x - d] && r[x] > r[x + d];
    if (!top) continue;
    double sum = 0, at = 0;  // centre of the line's darkness
    const float base = sign * p[x] + r[x];
    for (int d = -w; d <= w; d++) {
      const double depth = std::max(0.f, base - sign * p[x + d]);
      sum += depth, at += depth * d;
    }
    out.push_back({static_cast<float>(x + (sum > 0 ? at / sum : 0)), r[x]});
  }
  return out;
}

// The longest sequence of equally spaced, equally strong lines.
Run regular(const std::vector<Peak>& peaks, double minPeriod, double maxPeriod) {
  Run best;
  double bestScore = 0;
  const int n = static_cast<int>(peaks.size());
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < std::min(n, i + 5); j++) {
      const double first = peaks[j].x - peaks[i].x;
      if (first < minPeriod) continue;
      if (first > maxPeriod) break;
      Run run;
      run.x = {peaks[i].x, peaks[j].x};
      run.strength = {peaks[i].strength, peaks[j].strength};
      run.index = {0, 1};
      double mean = (peaks[i].strength + peaks[j].strength) / 2;
      if (std::max(peaks[i].strength, peaks[j].strength) > 3 * std::min(peaks[i].strength, peaks[j].strength)) continue;
      double period = first;
      int last = j, missed = 0, k = 1;
      while (missed <= 1) {
        k++;
        const double expected = run.x.back() + period * (k - run.index.back());
        int hit = -1;
        double near = kTolerance * period + 0.5;
        for (int m = last + 1; m < n && peaks[m].x < expected + near; m++)
          if (std::abs(peaks[m].x - expected) < near && peaks[m].strength > 0.3 * mean && peaks[m].strength < 3 * mean) near = std::abs(peaks[m].x - expected), hit = m;
        if (hit < 0) {
          missed++;
          continue;
        }
        missed = 0;
        last = hit;
        run.x.push_back(peaks[hit].x);
        run.strength.push_back(peaks[hit].strength);
        run.index.push_back(k);
        mean += (peaks[hit].strength - mean) / run.x.size();
        const int back = std::max(0, static_cast<int>(run.x.size()) - 5);  // follow a slow change
        period = (run.x.back() - run.x[back]) / (run.index.back() - run.index[back]);
      }
      const int count = static_cast<int>(run.x.size()), span = run.index.back() + 1;
      if (count < kMinTicks || count < 0.75 * span) continue;
      // other lines as strong as the ticks between the ticks: not the finest division
      int between = 0;
      for (const Peak& q : peaks)
        if (q.x > run.x.front() && q.x < run.x.back() && q.strength > 0.6 * mean) between++;
      if (between > 1.4 * count) continue;
      double score = count - 0.5 * (span - count) - 0.3 * (between - count);
      if (score > bestScore) {
        bestScore = score;
        run.period = (run.x.back() - run.x.front()) / run.index.back();
        best = std::move(run);
      }
    }
  return best;
}

// x(k) = (a k + b) / (c k + 1): what a plane in perspective does to equal steps. Robust.
struct Steps {
  double a = 0, b = 0, c = 0, residual = 1e9;
  double at(double k) const { return (a * k + b) / (c * k + 1); }
  double stepAt(double k) const { return (a - b * c) / ((c * k + 1) * (c * k + 1)); }
};

Steps fitSteps(const std::vector<double>& k, const std::vector<double>& x, const std::vector<double>& w0) {
  Steps s;
  const int n = static_cast<int>(k.size());
  std::vector<double> w = w0;
  const double mid = (k.front() + k.back()) / 2;
  for (int round = 0; round < 6; round++) {
    // a k + b - c k x = x, linear; with few ticks perspective is left out
    cv::Matx33d m = cv::Matx33d::zeros();
    cv::Vec3d v(0, 0, 0);
    for (int i = 0; i < n; i++) {
      const double q = k[i] - mid;
      const cv::Vec3d row(q, 1, n >= 8 ? -q * x[i] : 0);
      m += w[i] * (row * row.t());
      v += w[i] * x[i] * row;
    }
    if (n < 8) m(2, 2) = 1;
    m(2, 2) *= 1 + 1e-9;
    const cv::Vec3d r = m.inv(cv::DECOMP_SVD) * v;
    const double a = r[0], b = r[1], c = r[2];
    // back to k itself: ((a (k - mid)) + b) / (c (k - mid) + 1)
    const double d = 1 - c * mid;
    s.a = a / d, s.b = (b - a * mid) / d, s.c = c / d;
    double sum = 0, weight = 0;
    for (int i = 0; i < n; i++) {
      const double e = x[i] - s.at(k[i]);
      sum += w[i] * e * e, weight += w[i];
    }
    s.residual = std::sqrt(sum / std::max(1e-9, weight));
    const double scale = std::max(0.05, 1.5 * s.residual);
    for (int i = 0; i < n; i++) {
      const double e = (x[i] - s.at(k[i])) / scale;
      w[i] = w0[i] / (1 + e * e);
    }
  }
  return s;
}

// Takes a robust line out of the lengths and gives its value at the middle tick.
double level(const std::vector<double>& k, std::vector<double>& length) {
  std::vector<double> slopes, rest;
  for (size_t i = 0; i < k.size(); i++)
    for (size_t j = i + 1; j < k.size(); j++) slopes.push_back((length[j] - length[i]) / (k[j] - k[i]));
  std::nth_element(slopes.begin(), slopes.begin() + slopes.size() / 2, slopes.end());
  const double slope = slopes[slopes.size() / 2], middle = (k.front() + k.back()) / 2;
  for (size_t i = 0; i < k.size(); i++) rest.push_back(length[i] - slope * (k[i] - middle));
  std::vector<double> sorted = rest;
  const size_t at = sorted.size() * 2 / 5;  // the median of the short ones
  std::nth_element(sorted.begin(), sorted.begin() + at, sorted.end());
  for (size_t i = 0; i < k.size(); i++) length[i] = rest[i] - sorted[at];
  return sorted[at];
}

struct Tick {
  std::vector<float> x, band;
};

// `step` pixels a place, between four neighbours, on from (x, y).
__attribute__((target_clones("avx2", "default"))) void sampleRow(const float* p, int stride, float x, float y, float stepX, float stepY, int count, float* out) {
  for (int i = 0; i < count; i++) {
    const float fx = x + i * stepX, fy = y + i * stepY;
    const int ix = static_cast<int>(fx), iy = static_cast<int>(fy), at = iy * stride + ix;
    const float ax = fx - ix, ay = fy - iy;
    const float above = p[at] + ax * (p[at + 1] - p[at]), below = p[at + stride] + ax * (p[at + stride + 1] - p[at + stride]);
    out[i] = above + ay * (below - above);
  }
}

// The picture turned by `back` (turned -> picture, a rotation); -1 outside.
cv::Mat turn(const cv::Mat& picture, const cv::Matx23d& back, cv::Size size) {
  cv::Mat out(size, CV_32F);
  const double most[2] = {picture.cols - 1.0 - 1e-3, picture.rows - 1.0 - 1e-3};
  for (int y = 0; y < size.height; y++) {
    // the stretch of this row that lies on the picture
    double from = 0, to = size.width - 1;
    for (int axis = 0; axis < 2; axis++) {
      const double step = back(axis, 0), start = back(axis, 1) * y + back(axis, 2);
      if (std::abs(step) < 1e-9) {
        if (start < 0 || start > most[axis]) to = -1;
        continue;
      }
      const double a = -start / step, b = (most[axis] - start) / step;
      from = std::max(from, std::min(a, b));
      to = std::min(to, std::max(a, b));
    }
    float* o = out.ptr<float>(y);
    const int first = std::min(size.width, cvCeil(from + 1e-3)), last = std::max(first - 1, cvFloor(to - 1e-3));
    std::fill(o, o + first, -1.f);
    std::fill(o + last + 1, o + size.width, -1.f);
    sampleRow(picture.ptr<float>(), static_cast<int>(picture.step1()), static_cast<float>(back(0, 0) * first + back(0, 1) * y + back(0, 2)), static_cast<float>(back(1, 0) * first + back(1, 1) * y + back(1, 2)),
              static_cast<float>(back(0, 0)), static_cast<float>(back(1, 0)), last - first + 1, o + first);
  }
  return out;
}

__attribute__((target_clones("avx2", "default"))) void addScaled(const float* in, float k, int n, float* out) {
  for (int i = 0; i < n; i++) out[i] += k * in[i];
}

// Mean of `height` rows around every row, then a little blur along it (sigma 0.6).
cv::Mat bandMeans(const cv::Mat& turned, int height) {
  const int w = turned.cols, h = turned.rows;
  const float side = std::exp(-1 / (2 * 0.6f * 0.6f)), middle = 1 / (1 + 2 * side);
  cv::Mat out = cv::Mat::zeros(h, w, CV_32F);
  std::vector<float> column(w + 2);
  for (int y = 0; y < h; y++) {
    std::fill(column.begin(), column.end(), 0.f);
    for (int i = 0; i < height; i++) addScaled(turned.ptr<float>(std::clamp(y - height / 2 + i, 0, h - 1)), 1.f / height, w, &column[1]);
    column[0] = column[1], column[w + 1] = column[w];
    for (int d = 0; d < 3; d++) addScaled(&column[d], d == 1 ? middle : middle * side, w, out.ptr<float>(y));
  }
  return out;
}
}  // namespace

Ruler findRuler(const cv::Mat& grey) {
  Ruler out;
  out.reason = "no equally spaced ticks were found";
  cv::Mat f, logGrey;
  grey.convertTo(f, CV_32F, 1.0, 8.0);
  cv::log(f, logGrey);
  const int side = std::max(grey.cols, grey.rows);
  const double unit = side / 700.0;
  const int hb = std::max(3, static_cast<int>(std::lround(4 * unit)));
  double bestQuality = 0;
  for (const double angle : directions(logGrey)) {
    if (bestQuality > kSure) break;
    // rotate so that the direction across the lines is horizontal
    const double t = angle * CV_PI / 180, c = std::cos(t), s = std::sin(t);
    const int w = static_cast<int>(std::ceil(std::abs(c) * grey.cols + std::abs(s) * grey.rows)), h = static_cast<int>(std::ceil(std::abs(s) * grey.cols + std::abs(c) * grey.rows));
    const double cx = (grey.cols - 1) / 2.0, cy = (grey.rows - 1) / 2.0, ox = (w - 1) / 2.0, oy = (h - 1) / 2.0;
    const cv::Matx23d back(c, -s, cx - c * ox + s * oy, s, c, cy - s * ox - c * oy);  // turned -> grey
    const cv::Mat mean = bandMeans(turn(logGrey, back, cv::Size(w, h)), hb);
    std::vector<float> room(w);
    const int step = std::max(1, (hb + 1) / 2), count = (h - hb) / step;
    for (int polarity = 0; polarity < 2; polarity++)
      for (const double half : {2.0, 3.5, 6.0, 10.0}) {
        const int reach = std::max(2, static_cast<int>(std::lround(half * unit)));
        std::vector<Run> runs;
        for (int b = 0; b < count; b++) {
          std::vector<Peak> peaks = peaksOf(mean.ptr<float>(hb / 2 + b * step), w, reach, polarity, room);
          if (static_cast<int>(peaks.size()) < kMinTicks) continue;
          Run run = regular(peaks, std::max(4.0, 2.2 * reach), side / 4.0);
          if (run.x.empty()) continue;
          run.band = b;
          runs.push_back(std::move(run));
        }
        // join runs of neighbouring bands that have the same period and phase
        std::vector<bool> used(runs.size(), false);
        for (size_t i = 0; i < runs.size(); i++) {
          if (used[i]) continue;
          std::vector<size_t> chain{i};
          used[i] = true;
          for (size_t j = i + 1; j < runs.size() && runs[j].band - runs[chain.back()].band <= 2; j++) {
            if (used[j]) continue;
            const Run &a = runs[chain.back()], &q = runs[j];
            if (std::abs(a.period - q.period) > 0.05 * a.period) continue;
            double phase = 1e9;
            for (float x : q.x) phase = std::min<double>(phase, std::abs(x - a.x[a.x.size() / 2]));
            if (phase > 0.15 * a.period) continue;
            used[j] = true;
            chain.push_back(j);
          }
          const double period = runs[chain[chain.size() / 2]].period;
          if (static_cast<int>(chain.size()) < kMinBandsPerTick || chain.size() * step < 0.45 * period) continue;
          // number the ticks from the run with most of them
          size_t richest = chain[0];
          for (size_t q : chain)
            if (runs[q].x.size() > runs[richest].x.size()) richest = q;
          const Run& lead = runs[richest];
          std::map<int, Tick> ticks;
          std::vector<double> lk(lead.index.begin(), lead.index.end()), lx(lead.x.begin(), lead.x.end());
          const Steps rough = fitSteps(lk, lx, std::vector<double>(lk.size(), 1.0));
          const int top = runs[chain.front()].band, bottom = runs[chain.back()].band;
          for (size_t q : chain)
            for (float x : runs[q].x) {
              double k = (x - lead.x[0]) / lead.period;
              for (int it = 0; it < 4; it++) k += (x - rough.at(k)) / rough.stepAt(k);
              const int number = static_cast<int>(std::lround(k));
              if (std::abs(k - number) > 0.25) continue;
              ticks[number].x.push_back(x);
              ticks[number].band.push_back(static_cast<float>(runs[q].band));
            }
          // lines of a slightly wrong direction lean: take the lean out
          double sxy = 0, sxx = 0;
          for (auto& [k, tick] : ticks) {
            double mx = 0, mb = 0;
            for (size_t m = 0; m < tick.x.size(); m++) mx += tick.x[m], mb += tick.band[m];
            mx /= tick.x.size(), mb /= tick.x.size();
            for (size_t m = 0; m < tick.x.size(); m++) sxy += (tick.x[m] - mx) * (tick.band[m] - mb), sxx += (tick.band[m] - mb) * (tick.band[m] - mb);
          }
          const double lean = sxx > 0 ? sxy / sxx : 0, middle = (top + bottom) / 2.0;
          std::vector<double> k, x, weight;
          for (auto& [number, tick] : ticks) {
            if (tick.x.size() < std::max<size_t>(2, chain.size() / 4)) continue;
            std::vector<float> v;
            for (size_t m = 0; m < tick.x.size(); m++) v.push_back(static_cast<float>(tick.x[m] - lean * (tick.band[m] - middle)));
            std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
            double sum = 0;
            int n = 0;
            for (float q : v)
              if (std::abs(q - v[v.size() / 2]) < 0.1 * period) sum += q, n++;
            k.push_back(number), x.push_back(sum / n), weight.push_back(std::sqrt(double(n)));
          }
          if (static_cast<int>(k.size()) < kMinTicks) continue;
          const Steps fit = fitSteps(k, x, weight);
          const double mid = (k.front() + k.back()) / 2, here = fit.stepAt(mid);
          if (here <= 0 || fit.residual > kMaxResidual * here) continue;
          // How far each tick goes on beyond the rows where all are seen: the long ones.
          const double leanRow = lean / step, reachRows = 3.5 * here;
          auto rowDark = [&](double kk, int y) {
            const double xx = fit.at(kk) + leanRow * (y - hb / 2 - middle * step);
            const int xi = cvRound(xx);
            if (y < 0 || y >= h || xi - reach < 0 || xi + reach >= w) return false;
            const float* p = mean.ptr<float>(y);
            float best = 0;
            for (int d = -1; d <= 1; d++) {
              if (xi + d - reach < 0 || xi + d + reach >= w) continue;
              const float left = p[xi + d - reach], right = p[xi + d + reach], v = p[xi + d];
              if (left < 0 || right < 0 || v < 0) continue;
              best = std::max(best, polarity ? v - std::max(left, right) : std::min(left, right) - v);
            }
            return best > 0.5 * kMinContrast;
          };
          const int y0 = hb / 2 + static_cast<int>(middle) * step;
          // A tick is a line through all rows of the chain, and there is none half-way to the next.
          double on = 0, off = 0, tried = 0;
          for (size_t m = 0; m < k.size(); m++)
            for (int y = hb / 2 + top * step; y <= hb / 2 + bottom * step; y += step) {
              tried++;
              on += rowDark(k[m], y);
              off += rowDark(k[m] + 0.5, y);
            }
          if (on < 0.75 * tried || off > 0.35 * tried) continue;
          std::vector<double> up, down;
          for (double kk : k) {
            int a = y0, gap = 0, end = y0;
            while (a > 0 && gap <= hb && y0 - a < reachRows) {
              a--;
              if (rowDark(kk, a)) end = a, gap = 0;
              else gap++;
            }
            up.push_back(y0 - end);
            int z = y0;
            gap = 0, end = y0;
            while (z < h - 1 && gap <= hb && z - y0 < reachRows) {
              z++;
              if (rowDark(kk, z)) end = z, gap = 0;
              else gap++;
            }
            down.push_back(end - y0);
          }
          auto longOnes = [&](const std::vector<double>& len) {
            std::vector<int> longs;
            for (size_t m = 0; m < len.size(); m++)
              if (len[m] > std::max(0.15 * here, double(hb) * 0.75)) longs.push_back(static_cast<int>(k[m]));
            return longs;
          };
          // The ticks of a ruler end on straight lines: on its base line all, on the other side the short
          // ones. The rows seldom run quite along the ruler, so a line is fitted first.
          const double flatUp = level(k, up), flatDown = level(k, down);
          auto ragged = [&](const std::vector<double>& len) {
            int astray = 0;
            for (double q : len) astray += std::abs(q) > 0.2 * here + 2;
            return double(astray) / len.size();
          };
          const double raggedUp = ragged(up), raggedDown = ragged(down);
          if (std::min(raggedUp, raggedDown) > 0.2 || std::max(raggedUp, raggedDown) > 0.5) continue;
          bool pattern = false;
          std::string why = "no tick is longer than its neighbours, so the division is unknown";
          for (const auto* len : {&up, &down}) {
            const std::vector<int> longs = longOnes(*len);
            if (longs.empty() || longs.size() > k.size() / 2) {
              if (!longs.empty()) why = "every second tick is longer: not a millimetre division";
              continue;
            }
            // Every fifth, or every tenth and no other fifth. Dirt or a shadow's edge may lengthen one tick more
            // where three at the least agree.
            bool fives = false;
            for (int r = 0; r < 5 && !fives; r++) {
              size_t agree = 0;
              for (int q : longs) agree += ((q - r) % 5 + 5) % 5 == 0;
              fives = agree == longs.size() || (agree >= 3 && agree + 1 == longs.size());
            }
            if (!fives) {
              why = "the longer ticks are not every fifth or tenth";
              continue;
            }
            pattern = true;
          }
          const double quality = k.size() * (1 - fit.residual / (kMaxResidual * here) * 0.5) + std::min(4.0, chain.size() * step / here) + (pattern ? 5 : 0);
          if (!pattern && !out.found && bestQuality == 0) out.reason = why;
          if (!pattern || quality <= bestQuality) continue;
          bestQuality = quality;
          out.found = true;
          out.reason.clear();
          out.ticks.clear();
          out.index.clear();
          out.stepPx.clear();
          const auto toGrey = [&](double xx, double yy) { return cv::Point2f(static_cast<float>(back(0, 0) * xx + back(0, 1) * yy + back(0, 2)), static_cast<float>(back(1, 0) * xx + back(1, 1) * yy + back(1, 2))); };
          for (double kk : k) {
            out.ticks.push_back(toGrey(fit.at(kk), y0));
            out.index.push_back(static_cast<int>(kk));
            out.stepPx.push_back(fit.stepAt(kk) * std::cos(std::atan(leanRow)));
          }
          const double left = fit.at(k.front() - 0.4), right = fit.at(k.back() + 0.4), upper = y0 - flatUp, lower = y0 + flatDown;
          out.strip = {toGrey(left, upper), toGrey(right, upper), toGrey(right, lower), toGrey(left, lower)};
          out.relativeError = fit.residual / here / std::sqrt(double(k.size())) * 3.5 / std::max(1.0, k.back() - k.front());
        }
      }
  }
  return out;
}

size_t nearestTick(const Ruler& ruler, cv::Point2f point) {
  size_t best = 0;
  for (size_t i = 1; i < ruler.ticks.size(); i++)
    if (cv::norm(ruler.ticks[i] - point) < cv::norm(ruler.ticks[best] - point)) best = i;
  return best;
}
}  // namespace relievo
