/** Spread and correlation that a tenth of gross errors moves little. */
import { PROFILE_PARAMETERS } from '../parameters.ts';

/**
 * SD of deviations about nought, by Huber's proposal 2: those beyond some SD count as at so many. 0 where nearly all are 0.
 * @param deviations NaN is left out
 */
export function huberSd(deviations: Float64Array): number {
  const bound = PROFILE_PARAMETERS.huberBound.value;
  const squares = deviations.filter((d) => !Number.isNaN(d)).map((d) => d * d);
  if (squares.length === 0) return 0;
  let variance = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  for (let i = 0; i < 200 && variance > 0; i++) {
    const most = bound * bound * variance;
    const next = squares.reduce((sum, square) => sum + Math.min(square, most), 0) / (squares.length * keptVariance(bound));
    if (Math.abs(next - variance) <= 1e-9 * variance) return Math.sqrt(next);
    variance = next;
  }
  return Math.sqrt(variance) < 1e-100 ? 0 : Math.sqrt(variance);
}

/** E[min(Z², k²)] of a normal Z. */
function keptVariance(k: number): number {
  // Simpson's rule on 2 ∫ z² φ(z) dz over 0..k, and the tails.
  const steps = 200;
  const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const integral = (f: (z: number) => number): number => {
    let sum = f(0) + f(k);
    for (let i = 1; i < steps; i++) sum += (i % 2 ? 4 : 2) * f((i * k) / steps);
    return (sum * k) / steps / 3;
  };
  const inside = 2 * integral(density);
  return 2 * integral((z) => z * z * density(z)) + k * k * (1 - inside);
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
