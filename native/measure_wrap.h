// Which of two nested outlines is the whole specimen, where a part of it is wrapped or in its own shadow.
#pragma once

#include <vector>

#include "measure_types.h"

namespace relievo {

// A rectangle and an outline inside it are rivals: what speaks for the inner one is shared out among
// them. Scores are likelihoods, 0..1.
void weighWrapped(std::vector<Candidate>& all);

}  // namespace relievo
