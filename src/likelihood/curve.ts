/**
 * One number a pair -> log10 LR: three models, each a curve on a grid.
 * - logistic: a straight line; Morrison 2013
 * - kde: two densities of Gaussian kernels, Silverman's width, each mixed with the same share of an even one; Silverman 1986
 * - isotonic: pool adjacent violators, with a misleading pair more at either end; Brümmer and du Preez 2006
 */
import { isotonicSteps } from './isotonic.ts';
import { fitLogistic } from './logistic.ts';

export const CURVE_MODELS = ['logistic', 'kde', 'isotonic'] as const;
export type CurveModel = (typeof CURVE_MODELS)[number];

/** A pair's predictor, and how often it counts. */
export interface Observation {
  readonly at: number;
  readonly match: boolean;
  readonly weight: number;
}

/**
 * @param grid ascending
 * @returns log10 LR at each place of the grid
 * @throws RangeError when one of the two kinds of pair is missing
 */
export function fitCurve(model: CurveModel, observations: readonly Observation[], grid: readonly number[]): number[] {
  if (model === 'logistic') {
    const [matches, others] = [sumOf(observations, true), sumOf(observations, false)];
    const [intercept, slope] = fitLogistic(observations.map(({ at, match, weight }) => ({ x: [at], match, weight: weight / (match ? matches : others) })), 0);
    return grid.map((z) => (intercept! + slope! * z) / Math.LN10);
  }
  if (model === 'kde') {
    const [matches, others] = [densityOf(observations, true), densityOf(observations, false)];
    return grid.map((z) => Math.log10(matches(z) / others(z)));
  }
  return isotonicCurve(observations, grid);
}

/** Between the values of an even grid, and the nearest one beyond its ends. */
export function onCurve(at: readonly number[], value: readonly number[], score: number): number {
  const step = (at.at(-1)! - at[0]!) / (at.length - 1);
  const k = Math.min(at.length - 1, Math.max(0, (score - at[0]!) / step));
  const below = Math.min(at.length - 2, Math.floor(k));
  return value[below]! + (value[below + 1]! - value[below]!) * (k - below);
}

/** Least and greatest; as arguments of one call, the pairs of a large set would not fit. */
export const extentOf = (values: readonly number[]): [number, number] => values.reduce<[number, number]>(([least, most], v) => [Math.min(least, v), Math.max(most, v)], [Infinity, -Infinity]);

const sumOf = (observations: readonly Observation[], match: boolean): number => observations.reduce((sum, o) => sum + (o.match === match ? o.weight : 0), 0);

/** Mixed with an even density, of the same share in both kinds, so that far from all pairs the LR is 1. */
function densityOf(observations: readonly Observation[], match: boolean): (z: number) => number {
  const own = observations.filter((o) => o.match === match && o.weight > 0);
  const total = sumOf(own, match);
  if (own.length < 2) throw new RangeError('a density needs two pairs of each kind');
  const mean = own.reduce((sum, o) => sum + o.weight * o.at, 0) / total;
  const spread = Math.sqrt(own.reduce((sum, o) => sum + o.weight * (o.at - mean) ** 2, 0) / total);
  const width = Math.max(1e-3, 1.06 * spread * total ** -0.2);
  const [first, last] = extentOf(observations.map((o) => o.at));
  const even = 1 / (1 + Math.min(sumOf(observations, true), sumOf(observations, false)));
  const floor = even / Math.max(1e-3, last - first);
  return (z) => floor + ((1 - even) * own.reduce((sum, o) => sum + o.weight * Math.exp(-0.5 * ((z - o.at) / width) ** 2), 0)) / total / (width * Math.sqrt(2 * Math.PI));
}

/** Weights are whole numbers: how often a pair was drawn. */
function isotonicCurve(observations: readonly Observation[], grid: readonly number[]): number[] {
  const [first, last] = extentOf(observations.map((o) => o.at));
  const repeated = (match: boolean, misleading: number): Float64Array => Float64Array.from([misleading, ...observations.filter((o) => o.match === match).flatMap((o) => new Array<number>(o.weight).fill(o.at))]).sort();
  const [matches, nonMatches] = [repeated(true, first), repeated(false, last)];
  if (matches.length === 1 || nonMatches.length === 1) throw new RangeError('a likelihood ratio needs pairs of one source and pairs of two');
  const steps = isotonicSteps({ matches, nonMatches, unscored: 0 });
  return grid.map((z) => {
    const step = steps.findLast((s) => s.from <= z) ?? steps[0]!;
    return Math.log10(step.matches / matches.length / (step.nonMatches / nonMatches.length));
  });
}
