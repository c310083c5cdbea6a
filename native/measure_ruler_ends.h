// How long the ticks of a row are, and whether their lengths are those of a ruler.
#pragma once

#include "measure_ruler_steps.h"

#include <string>

namespace relievo {
struct TickEnds {
  bool straight = false;   // ticks that end as a ruler's do: on straight lines but for the long ones
  bool metric = false;     // every fifth or tenth is longer
  std::string reason;      // why not
};

// `sign` as for linesOf; `reach` is how far to its sides a tick is compared.
TickEnds endsOf(const Upright& upright, const TickRows& ticks, int reach, float sign);
}  // namespace relievo
