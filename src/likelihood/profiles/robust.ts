/** Location, spread and correlation that a few entry errors do not move. */
import { cholesky } from './matrices.ts';

/** Of a normal distribution: standard deviation over the middle absolute value. */
export const MIDDLE_TO_SD = 1.4826;

/** Middle of a list that may hold NaN, which are left out; NaN of none. */
export function median(values: ArrayLike<number>): number {
  const known = Float64Array.from(Array.from(values).filter((v) => !Number.isNaN(v))).sort();
  const half = known.length >> 1;
  return known.length === 0 ? Number.NaN : known.length % 2 === 1 ? known[half] : (known[half - 1] + known[half]) / 2;
}

/** The value at which half of the weight lies below. */
export function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const half = weights.reduce((sum, w) => sum + w, 0) / 2;
  let below = 0;
  for (const k of order) if ((below += weights[k]) >= half) return values[k];
  return Number.NaN;
}

/**
 * A value in standard deviations, bent back to nought from 1.5 to 4: what lies further tells nothing. Covariances of wrapped
 * values are as for clean data where a share of the single values is wrong. Source: Raymaekers and Rousseeuw 2021.
 */
export function wrapped(z: number): number {
  const size = Math.abs(z);
  if (size < 1.5) return z;
  return size < 4 ? Math.sign(z) * 1.540793 * Math.tanh(0.8622731 * (4 - size)) : 0;
}

/**
 * Correlation of values in standard deviations, wrapped one by one, drawn towards none where there are few, and made
 * positive definite.
 * @param rows NaN where not known
 * @param freedom how many independent rows they are worth
 * @param share of the correlation that is kept besides
 */
export function robustCorrelation(rows: readonly Float64Array[], weights: ArrayLike<number>, n: number, freedom: number, share: number): Float64Array {
  const sums = new Float64Array(n * n);
  const totals = new Float64Array(n * n);
  rows.forEach((row, k) => {
    const bent = row.map(wrapped);
    for (let a = 0; a < n; a++)
      for (let b = 0; b <= a; b++) {
        const value = bent[a] * bent[b];
        if (Number.isNaN(value)) continue;
        sums[a * n + b] += weights[k] * value;
        totals[a * n + b] += weights[k];
      }
  });
  const size = Float64Array.from({ length: n }, (_, a) => Math.sqrt(Math.max(1e-6, sums[a * n + a] / Math.max(totals[a * n + a], 1e-12))));
  const correlation = (a: number, b: number): number => (totals[a * n + b] === 0 ? 0 : Math.max(-0.99, Math.min(0.99, sums[a * n + b] / totals[a * n + b] / size[a] / size[b])));
  for (let held = share * (1 - Math.min(1, n / (freedom + n))); ; held = held < 1e-3 ? 0 : held * 0.8) {
    const m = new Float64Array(n * n);
    for (let a = 0; a < n; a++) for (let b = 0; b <= a; b++) m[a * n + b] = m[b * n + a] = a === b ? 1 : held * correlation(a, b);
    if (cholesky(m, n)) return m;
  }
}
