// Where the camera stands, and the ray through every pixel.
#include <cmath>

#include "press.h"

namespace relievo::press {

// The camera looks at (0, 0, faceZ) from `distance`, tipped from the vertical by `tilt` towards `tiltAzimuth`;
// with no tilt the picture's right is +x and its up is +y.
View::View(const Camera& c) : camera(c) {
  float st = std::sin(c.tilt), ct = std::cos(c.tilt), sa = std::sin(c.tiltAzimuth), ca = std::cos(c.tiltAzimuth);
  Vec3 out{st * ca, st * sa, ct};
  eye = {c.distance * out.x, c.distance * out.y, c.faceZ + c.distance * out.z};
  forward = {-out.x, -out.y, -out.z};
  // Turn the untilted frame about the horizontal axis that is perpendicular to the tilt (Rodrigues).
  Vec3 axis{-sa, ca, 0};
  auto turn = [&](Vec3 v) {
    float dot = axis.x * v.x + axis.y * v.y + axis.z * v.z;
    Vec3 cross{axis.y * v.z - axis.z * v.y, axis.z * v.x - axis.x * v.z, axis.x * v.y - axis.y * v.x};
    return Vec3{v.x * ct + cross.x * st + axis.x * dot * (1 - ct), v.y * ct + cross.y * st + axis.y * dot * (1 - ct), v.z * ct + cross.z * st + axis.z * dot * (1 - ct)};
  };
  right = turn({1, 0, 0});
  up = turn({0, 1, 0});
}

Vec3 View::ray(float px, float py) const {
  float a = px - 0.5f * static_cast<float>(camera.width), b = 0.5f * static_cast<float>(camera.height) - py, f = camera.focal;
  return {forward.x * f + right.x * a + up.x * b, forward.y * f + right.y * a + up.y * b, forward.z * f + right.z * a + up.z * b};
}

void View::onPlane(float px, float py, float z, float& x, float& y) const {
  Vec3 d = ray(px, py);
  float t = (z - eye.z) / d.z;
  x = eye.x + t * d.x;
  y = eye.y + t * d.y;
}

}  // namespace relievo::press
