// Exact scan of profiles: what lies nearest to a probe on the analytes that both have?
//   in   { segments: [{ columns: Float64Array, amounts?: Float64Array, undetected, keys, facts: Uint32Array, times: Float64Array, rows }],
//          form: { measure, closing, blind, exponent, closed, least, required, longestGap, weights, scales: Float64Array,
//                  unstable: Uint8Array, correlation?: Float64Array },
//          probe: { values, amounts: Float64Array, time, undetected: Uint8Array }, gates: Uint8Array, k, filter?: Uint8Array, threads }
//   out  { rows: Uint32Array, distances: Float64Array, outcomes: Float64Array }  nearest first, ties by key
// Columns: blocks of 32 rows, in a block one analyte after another, 32 numbers each. NaN: no number; infinite: a number
// of which the recipe makes none. Undetected: blocks of 32 rows too, a word for every 32 analytes, with one bit each (the
// first is the lowest), of the probe one byte each: an analyte that was not detected. `facts` of a row is the place of its gate: 0 open, else 1 + the outcome that it is counted
// as. Outcomes: 0 other panel, 1 control sample, 2 method family, 3 too little overlap, 4 reference peak missing,
// 5 no variation, 6 compared. `rows` are counted over all segments.
#pragma once
#include <napi.h>

namespace relievo {
Napi::Value profileScan(const Napi::CallbackInfo& info);
}
