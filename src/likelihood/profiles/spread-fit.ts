/** Differences of one source -> scales, correlation, tail, and the share of entry errors. */
import { PROFILE_LIKELIHOOD_PARAMETERS } from './parameters.ts';
import type { ReferenceSet, RowPair } from './reference.ts';
import { MIDDLE_TO_SD, robustCorrelation, weightedMedian } from './robust.ts';
import { errorDensity, heavyDensity, knownOf, type SpreadModel, whitenersOf } from './spread.ts';

const { tail: TAIL, tailDoubt, errorShare: ERROR_SHARE, errorWeight, leastSpread, scaleDoubt } = PROFILE_LIKELIHOOD_PARAMETERS;

/** Core to start from: that of real tablets. */
const CORE = 2;
/** Variance that rounding and detection add, over that between sources, up to which a difference tells how values repeat. */
const FINE = 0.1;

/** With what is added by rounding and detection, and how much each counts. */
interface Differences {
  /** NaN where rounding or detection hides it: two values that were not detected differ by nought, and that is no precision. */
  readonly rows: readonly Float64Array[];
  readonly noise: readonly Float64Array[];
  readonly weights: Float64Array;
}

/**
 * @param pairs of one source each
 * @param between robust standard deviation of the sources' middles, an analyte
 * @param share of the correlation that is taken out: 0 independent, 1 all
 */
export function fitSpread(set: ReferenceSet, pairs: readonly RowPair[], between: Float64Array, share: number): SpreadModel {
  const d = differencesOf(set, pairs, between);
  const total = d.weights.reduce((sum, w) => sum + w, 0);
  const scale = scalesOf(d, between);
  const standard = d.rows.map((row, k) => row.map((v, c) => v / Math.sqrt(scale[c] ** 2 + d.noise[k][c])));
  const correlation = robustCorrelation(standard, d.weights, set.analytes, total / 2, share);
  let model: SpreadModel = { scale: [...scale], between: [...between], correlation: [...correlation], independent: share === 0, tail: TAIL.value, core: CORE, errorShare: ERROR_SHARE.value };
  for (let round = 0; round < 3; round++) {
    const wrong = d.rows.map((row, k) => errorsOf(model, row, d.noise[k]));
    model = { ...model, ...shapeOf(model, d, wrong) };
    model = { ...model, scale: likeliestScales(model, d, wrong, scale) };
    let [errors, cells] = [0, 0];
    d.rows.forEach((row, k) => errorsOf(model, row, d.noise[k]).forEach((v) => {
      if (!Number.isNaN(v)) (errors += d.weights[k] * v), (cells += d.weights[k]);
    }));
    model = { ...model, errorShare: (errors + ERROR_SHARE.value * errorWeight.value) / (cells + errorWeight.value) };
  }
  return model;
}

function differencesOf(set: ReferenceSet, pairs: readonly RowPair[], between: Float64Array): Differences {
  const sizes = new Float64Array(set.sources.length);
  for (const s of set.sourceOf) sizes[s] += 1;
  return {
    rows: pairs.map(({ first, second }) => set.rows[first].map((v, c) => (set.noise[first][c] + set.noise[second][c] <= FINE * between[c] ** 2 ? v - set.rows[second][c] : Number.NaN))),
    noise: pairs.map(({ first, second }) => set.noise[first].map((v, c) => v + set.noise[second][c])),
    // n (n - 1) / 2 pairs are worth n - 1 differences
    weights: Float64Array.from(pairs, ({ first }) => 2 / sizes[set.sourceOf[first]]),
  };
}

/** The middle size of a difference. */
function scalesOf({ rows, weights }: Differences, between: Float64Array): Float64Array {
  const found = between.map((_, c) => {
    const fine = rows.flatMap((row, k) => (Number.isNaN(row[c]) ? [] : [k]));
    if (fine.reduce((sum, k) => sum + weights[k], 0) < 6) return Number.NaN;
    return MIDDLE_TO_SD * weightedMedian(fine.map((k) => Math.abs(rows[k][c])), fine.map((k) => weights[k]));
  });
  const known = [...found.keys()].filter((c) => !Number.isNaN(found[c]));
  const usual = known.length === 0 ? 0.2 : weightedMedian(known.map((c) => found[c] / between[c]), known.map(() => 1));
  return found.map((v, c) => Math.max(Number.isNaN(v) ? usual * between[c] : v, leastSpread.value * between[c]));
}

/** For each difference how likely it is an entry error. */
const errorsOf = ({ scale, between, tail, core, errorShare }: SpreadModel, row: Float64Array, noise: Float64Array): Float64Array =>
  row.map((v, c) => 1 / (1 + ((1 - errorShare) / errorShare) * Math.exp(heavyDensity(Math.abs(v), core * Math.sqrt(scale[c] ** 2 + noise[c]), tail) - errorDensity(between[c]))));

/** Tail and core that make the differences likeliest, those apart that are entry errors. */
function shapeOf(model: SpreadModel, d: Differences, wrong: readonly Float64Array[]): Pick<SpreadModel, 'tail' | 'core'> {
  const whitener = whitenersOf(model);
  const [sizes, noises, weights]: [number[], number[], number[]] = [[], [], []];
  d.rows.forEach((row, k) => {
    const known = knownOf(row);
    const { root } = whitener(known);
    const n = known.length;
    known.forEach((c, a) => {
      let [z, noise] = [0, 0];
      known.forEach((e, b) => {
        // an entry error must not spread to the analytes beside it
        if (e === c || wrong[k][e] <= 0.5) z += root[a * n + b] * row[e];
        noise += root[a * n + b] ** 2 * d.noise[k][e];
      });
      sizes.push(Math.abs(z)), noises.push(noise), weights.push(d.weights[k] * (1 - wrong[k][c]));
    });
  });
  const cost = (logTail: number, logCore: number): number => {
    const [tail, core] = [1 + Math.exp(logTail), Math.exp(logCore)];
    let sum = ((logTail - Math.log(TAIL.value - 1)) / tailDoubt.value) ** 2 / 2;
    for (let k = 0; k < sizes.length; k++) sum -= weights[k] * heavyDensity(sizes[k], core * Math.sqrt(1 + noises[k]), tail);
    return sum;
  };
  let [logTail, logCore] = [Math.log(model.tail - 1), Math.log(model.core)];
  for (const reach of [2, 1, 0.5]) {
    logCore = least((v) => cost(logTail, v), logCore, reach);
    // along the valley in which a longer tail and a narrower core say nearly the same
    const apart = logCore - logTail;
    logTail = least((v) => cost(v, apart + v), logTail, reach);
    logCore = apart + logTail;
  }
  return { tail: 1 + Math.exp(logTail), core: Math.exp(logCore) };
}

/** The scale of each analyte by all its differences, not the middle one alone. */
function likeliestScales({ tail, core, between }: SpreadModel, { rows, noise, weights }: Differences, wrong: readonly Float64Array[], from: Float64Array): number[] {
  return [...from].map((start, c) => {
    const known = [...rows.keys()].filter((k) => !Number.isNaN(rows[k][c]));
    const cost = (move: number): number => known.reduce((sum, k) => sum - weights[k] * (1 - wrong[k][c]) * heavyDensity(Math.abs(rows[k][c]), core * Math.hypot(start * Math.exp(move), Math.sqrt(noise[k][c])), tail), (move / scaleDoubt.value) ** 2 / 2);
    return Math.max(start * Math.exp(least(cost, 0, 1.5)), leastSpread.value * between[c]);
  });
}

/** Where a function of one valley is least, within `reach` of `from`, by golden section. */
function least(of: (v: number) => number, from: number, reach: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from - reach, from + reach];
  for (let k = 0; k < 14; k++) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    if (of(a) < of(b)) high = b;
    else low = a;
  }
  return (low + high) / 2;
}
