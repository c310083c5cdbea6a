/**
 * A score of a pair -> log10 LR, by a line or by two densities, with what draws of whole sources make of it.
 * The line of a two-level model only takes back what the model says too loudly: its slope is at most 1. One misleading pair
 * more than was seen is laid among the pairs of either kind, so that a set that is told apart completely stays modest.
 */
import { type CurveModel, extentOf, fitCurve, type Observation } from '../curve.ts';
import { fitLogistic, sigmoid } from '../logistic.ts';
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

/**
 * @param steepest slope (of natural logarithms) that the line may have
 * @throws RangeError when one of the two kinds of pair is missing
 */
export function fitLine({ scores, match }: Pick<ScoredPairs, 'scores' | 'match'>, times: Float64Array, steepest: number): Line {
  const sums = { counts: [0, 0], scores: [0, 0], squares: 0 };
  scores.forEach((v, k) => {
    sums.counts[match[k]] += times[k];
    sums.scores[match[k]] += times[k] * v;
  });
  const [others, matches] = sums.counts;
  if (!(matches > 0 && others > 0)) throw new RangeError('a likelihood ratio needs pairs of one source and pairs of two');
  const means = [sums.scores[0] / others, sums.scores[1] / matches];
  const total = matches + others;
  const middle = (sums.scores[0] + sums.scores[1]) / total;
  scores.forEach((v, k) => (sums.squares += times[k] * (v - middle) ** 2));
  const spread = Math.sqrt(sums.squares / total) || 1;
  const [ofOther, ofMatch] = [total / 2 / (others + 1), total / 2 / (matches + 1)];
  const examples = [...scores].map((v, k) => ({ x: [(v - middle) / spread], match: match[k] === 1, weight: times[k] * (match[k] ? ofMatch : ofOther) }));
  examples.push({ x: [(means[0] - middle) / spread], match: true, weight: ofMatch }, { x: [(means[1] - middle) / spread], match: false, weight: ofOther });
  const [at, slope] = fitLogistic(examples, PROFILE_LIKELIHOOD_PARAMETERS.penalty.value);
  if (slope / spread <= steepest) return [(at - (slope * middle) / spread) / Math.LN10, slope / spread / Math.LN10];
  let [low, high] = [-1000, 1000];
  for (let k = 0; k < 60; k++) {
    const intercept = (low + high) / 2;
    const pull = examples.reduce((sum, { x, match: m, weight }) => sum + weight * (Number(m) - sigmoid(intercept + steepest * spread * x[0])), 0);
    if (pull > 0) low = intercept;
    else high = intercept;
  }
  return [(low - steepest * middle) / Math.LN10, steepest / Math.LN10];
}

/** log10 LR on a grid of the score, with the middle 95 % of draws. */
export interface ScoreCurve {
  readonly at: readonly number[];
  readonly value: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

const GRID = 61;

export function fitScoreCurve(model: CurveModel, pairs: ScoredPairs, draws: Iterable<Uint16Array>): ScoreCurve {
  const [first, last] = extentOf([...pairs.scores]);
  if (!(last > first)) throw new RangeError('all pairs have one score: it tells nothing');
  const at = Array.from({ length: GRID }, (_, k) => first + (k / (GRID - 1)) * (last - first));
  const observed = (times: Float64Array): Observation[] => [...pairs.scores].map((v, k) => ({ at: v, match: pairs.match[k] === 1, weight: times[k] })).filter((o) => o.weight > 0);
  const value = fitCurve(model, observed(timesOf(pairs, null)), at);
  const samples = at.map((): number[] => []);
  for (const draw of draws) {
    const times = observed(timesOf(pairs, draw));
    if ([true, false].some((m) => times.filter((o) => o.match === m).length < 2)) continue;
    fitCurve(model, times, at).forEach((v, k) => samples[k].push(v));
  }
  const share = (q: number): number[] => samples.map((s, k) => (s.length === 0 ? value[k] : quantile(s.sort((a, b) => a - b), q)));
  return { at, value, low: share(0.025), high: share(0.975) };
}

/** Between the values of a grid, and the nearest one beyond its ends. */
export function onCurve(at: readonly number[], value: readonly number[], score: number): number {
  const step = (at[at.length - 1] - at[0]) / (at.length - 1);
  const k = Math.min(at.length - 1, Math.max(0, (score - at[0]) / step));
  const below = Math.min(at.length - 2, Math.floor(k));
  return value[below] + (value[below + 1] - value[below]) * (k - below);
}
