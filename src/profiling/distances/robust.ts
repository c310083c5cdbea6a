/** Spread and correlation that a tenth of gross errors moves little. */
import { PROFILE_PARAMETERS } from '../parameters.ts';

/**
 * SD of deviations about nought: an M-estimate of scale with Tukey's biweight (Rousseeuw and Yohai 1984), right for normal
 * deviations. Unlike an M-estimate that only holds large ones down, it stays near the bulk up to `spoiltShare` of errors.
 * @param deviations NaN is left out
 * @returns 0 where there are none, or too many are 0
 */
export function robustSd(deviations: Float64Array): number {
  const known = deviations.filter((d) => !Number.isNaN(d));
  const share = PROFILE_PARAMETERS.spoiltShare.value;
  if (known.length === 0 || known.reduce((count, d) => count + (d === 0 ? 0 : 1), 0) <= share * known.length) return 0;
  let sd = Math.sqrt(known.reduce((sum, d) => sum + d * d, 0) / known.length);
  for (let i = 0; i < 500; i++) {
    const loss = known.reduce((sum, d) => sum + biweightLoss(d / sd / BOUND), 0) / known.length;
    const next = sd * Math.sqrt(loss / share);
    if (Math.abs(next - sd) <= 1e-9 * sd) return next;
    sd = next;
  }
  return sd;
}

/** 0 at nought, 1 from 1 on. */
const biweightLoss = (u: number): number => (Math.abs(u) < 1 ? 1 - (1 - u * u) ** 3 : 1);

/** The SDs from which on a deviation counts no more: so many that normal deviations lose `spoiltShare` in the mean. */
const BOUND = boundOf(PROFILE_PARAMETERS.spoiltShare.value);

function boundOf(share: number): number {
  let [low, high] = [0.1, 20];
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (meanLoss(middle) > share) low = middle;
    else high = middle;
  }
  return low;
}

/** Mean loss of a normal deviation, by Simpson's rule to 10 SD. */
function meanLoss(bound: number): number {
  const steps = 2000;
  const at = (i: number): number => {
    const z = (10 * i) / steps;
    return biweightLoss(z / bound) * Math.exp((-z * z) / 2);
  };
  let sum = at(0) + at(steps);
  for (let i = 1; i < steps; i++) sum += (i % 2 ? 4 : 2) * at(i);
  return (sum * 10) / steps / 3 / Math.sqrt(Math.PI / 2);
}

/** Robust centre: the median. NaN is left out; NaN when nothing is left. */
export function medianOf(values: Float64Array): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return Number.NaN;
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/**
 * Correlations of normal variables with the same ranks as these columns: 2 sin(π/6 · Spearman's rho), row by row, 1 on the
 * diagonal. Ranks are within a column; a row in which either column is NaN is left out of their pair.
 */
export function rankCorrelations(columns: readonly Float64Array[]): Float64Array {
  const n = columns.length;
  const ranks = columns.map(ranksOf);
  const correlation = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    correlation[i * n + i] = 1;
    for (let j = 0; j < i; j++) correlation[i * n + j] = correlation[j * n + i] = 2 * Math.sin((Math.PI / 6) * plainCorrelation(ranks[i]!, ranks[j]!));
  }
  return correlation;
}

/** 0 where it is not defined. */
function plainCorrelation(x: Float64Array, y: Float64Array): number {
  let [count, sumX, sumY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!) || Number.isNaN(y[i]!)) continue;
    count++;
    sumX += x[i]!;
    sumY += y[i]!;
  }
  if (count < 3) return 0;
  let [cross, squareX, squareY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!) || Number.isNaN(y[i]!)) continue;
    const [a, b] = [x[i]! - sumX / count, y[i]! - sumY / count];
    cross += a * b;
    squareX += a * a;
    squareY += b * b;
  }
  return squareX > 0 && squareY > 0 ? cross / Math.sqrt(squareX * squareY) : 0;
}

/** Ranks from 0; equal values share theirs; NaN has none. */
function ranksOf(values: Float64Array): Float64Array {
  const order = [...values.keys()].filter((i) => !Number.isNaN(values[i]!)).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let i = from; i <= to; i++) ranks[order[i]!] = (from + to) / 2;
    from = to + 1;
  }
  return ranks;
}
