/**
 * A score of a pair -> log10 LR, by a line or by two densities, with what draws of whole sources make of it.
 * The line of a two-level model only takes back what the model says too loudly: its slope is at most 1, and where the model
 * sees no evidence, a line of few sources shall see little. One misleading pair more than was seen is laid among the pairs of either kind, so that a set that is told apart completely stays modest.
 */
import { type CurveModel, extentOf, fitCurve, type Observation } from '../curve.ts';
import { sigmoid } from '../logistic.ts';
import { quantile } from '../intervals.ts';
import { PROFILE_LIKELIHOOD_PARAMETERS } from './parameters.ts';

/** log10 LR = intercept + slope * score. */
export type Line = readonly [intercept: number, slope: number];

/** Scores of labelled pairs; a pair counts as often as both its sources were drawn. */
export interface ScoredPairs {
  readonly scores: Float64Array;
  /** 1 for a match. */
  readonly match: Uint8Array;
  readonly first: Uint32Array;
  readonly second: Uint32Array;
}

/** How often each pair counts in a draw of sources; once where there is none. */
export function timesOf({ first, second }: ScoredPairs, times: Uint16Array | null): Float64Array {
  return Float64Array.from(first, (a, k) => (times ? (a === second[k] ? times[a] : times[a] * times[second[k]]) : 1));
}

/** What is known of a line before any pair is seen. */
export interface LineShape {
  /** Slope (of natural logarithms) that it may have at most. */
  readonly steepest: number;
  /** Whether a score of nought is no evidence by the model itself: then some sources' worth of pairs of either kind have it. */
  readonly throughNought: boolean;
}

/** @throws RangeError when one of the two kinds of pair is missing */
export function fitLine({ scores, match, first, second }: ScoredPairs, times: Float64Array, { steepest, throughNought }: LineShape): Line {
  const [counts, sums] = [[0, 0], [0, 0]];
  scores.forEach((v, k) => {
    counts[match[k]] += times[k];
    sums[match[k]] += times[k] * v;
  });
  const [others, matches] = counts;
  if (!(matches > 0 && others > 0)) throw new RangeError('a likelihood ratio needs pairs of one source and pairs of two');
  const [total, middle] = [matches + others, (sums[0] + sums[1]) / (matches + others)];
  const spread = Math.sqrt(scores.reduce((sum, v, k) => sum + times[k] * (v - middle) ** 2, 0) / total) || 1;
  const [ofOther, ofMatch] = [total / 2 / (others + 1), total / 2 / (matches + 1)];
  const n = scores.length;
  const pairs: WeighedPairs = { at: new Float64Array(n + 4), match: new Uint8Array(n + 4), weight: new Float64Array(n + 4) };
  const put = (k: number, score: number, m: number, weight: number): void => {
    pairs.at[k] = (score - middle) / spread;
    pairs.match[k] = m;
    pairs.weight[k] = weight;
  };
  for (let k = 0; k < n; k++) put(k, scores[k], match[k], times[k] * (match[k] ? ofMatch : ofOther));
  put(n, sums[0] / others, 1, ofMatch);
  put(n + 1, sums[1] / matches, 0, ofOther);
  const doubt = throughNought ? ((total / 2) * PROFILE_LIKELIHOOD_PARAMETERS.noughtWeight.value) / (1 + Math.max(largest(first), largest(second))) : 0;
  put(n + 2, 0, 1, doubt);
  put(n + 3, 0, 0, doubt);
  let [intercept, slope] = likeliest(pairs, null);
  if (slope / spread > steepest) [intercept, slope] = likeliest(pairs, steepest * spread);
  return [(intercept - (slope * middle) / spread) / Math.LN10, slope / spread / Math.LN10];
}

const largest = (places: Uint32Array): number => places.reduce((most, v) => Math.max(most, v), 0);

interface WeighedPairs {
  readonly at: Float64Array;
  readonly match: Uint8Array;
  readonly weight: Float64Array;
}

/** Intercept and slope by Newton's method, as `fitLogistic` does it for any number of predictors; the slope may be given. */
function likeliest({ at, match, weight }: WeighedPairs, given: number | null): [intercept: number, slope: number] {
  const penalty = PROFILE_LIKELIHOOD_PARAMETERS.penalty.value;
  let [intercept, slope] = [0, given ?? 0];
  for (let step = 0; step < 60; step++) {
    let [g0, g1, h00, h01, h11] = [0, -penalty * slope, 1e-12, 0, penalty];
    for (let k = 0; k < at.length; k++) {
      const p = sigmoid(intercept + slope * at[k]);
      const [pull, bend] = [weight[k] * (match[k] - p), weight[k] * p * (1 - p)];
      g0 += pull;
      g1 += pull * at[k];
      h00 += bend;
      h01 += bend * at[k];
      h11 += bend * at[k] * at[k];
    }
    const determinant = h00 * h11 - h01 * h01;
    const [da, db] = given === null ? [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant] : [g0 / h00, 0];
    // a step that the quadratic model cannot vouch for is cut
    const longest = Math.max(Math.abs(da), Math.abs(db));
    const held = Math.min(1, 5 / Math.max(longest, 1e-12));
    intercept += held * da;
    slope += held * db;
    if (longest < 1e-9) break;
  }
  return [intercept, slope];
}

/** log10 LR on a grid of the score, with the middle 95 % of draws. */
export interface ScoreCurve {
  readonly at: readonly number[];
  readonly value: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

const GRID = 61;

/** @param drawn of the pairs, those that draws look at */
export function fitScoreCurve(model: CurveModel, pairs: ScoredPairs, draws: Iterable<Uint16Array> = [], drawn = pairs): ScoreCurve {
  const [first, last] = extentOf([...pairs.scores]);
  if (!(last > first)) throw new RangeError('all pairs have one score: it tells nothing');
  const at = Array.from({ length: GRID }, (_, k) => first + (k / (GRID - 1)) * (last - first));
  const observed = ({ scores, match }: ScoredPairs, times: Float64Array): Observation[] => Array.from(scores, (v, k) => ({ at: v, match: match[k] === 1, weight: times[k] })).filter((o) => o.weight > 0);
  const value = fitCurve(model, observed(pairs, timesOf(pairs, null)), at);
  const samples = at.map((): number[] => []);
  for (const draw of draws) {
    const times = observed(drawn, timesOf(drawn, draw));
    if ([true, false].some((m) => times.filter((o) => o.match === m).length < 2)) continue;
    fitCurve(model, times, at).forEach((v, k) => samples[k].push(v));
  }
  const share = (q: number): number[] => samples.map((s, k) => (s.length === 0 ? value[k] : quantile(s.sort((a, b) => a - b), q)));
  return { at, value, low: share(0.025), high: share(0.975) };
}
