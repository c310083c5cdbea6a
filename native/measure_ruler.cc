#include "measure_ruler.h"

namespace relievo {
Ruler findRuler(const cv::Mat&) {
  Ruler r;
  r.reason = "no ruler was looked for";
  return r;
}
}  // namespace relievo
