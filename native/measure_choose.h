// Which outlines of a photograph are its faces, and how likely.
#pragma once

#include "measure_refine.h"
#include "measure_rim.h"

namespace relievo {

// What speaks for and against an outline, one number a term; `pictureArea` in the pixels of `c.area`.
std::vector<double> evidenceOf(const Candidate& c, const Refined& refined, const RimEvidence& rim, bool ticks, double pictureArea);

// Weighted sum of the evidence: of outlines of one thing the one with the largest is its face.
double preferenceOf(const std::vector<double>& evidence);

// Fills in how likely each outline is a face, and sorts by that. Of outlines that overlap at most one is likely.
void weighRivals(std::vector<Candidate>& all);

// The faces to report, out of weighed outlines.
std::vector<Candidate> chooseFaces(const std::vector<Candidate>& all, const MeasureParameters& p);

}  // namespace relievo
