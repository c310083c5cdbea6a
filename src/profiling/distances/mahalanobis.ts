/** Mahalanobis distance on the labels both vectors have. */
import { cholesky, solveBy } from './cholesky.ts';
import type { DistanceMeasure } from './distances.ts';

export const mahalanobis: DistanceMeasure = (x, y, weights, figures, contributions) => {
  const { within, covariance } = figures!;
  const kept: number[] = [];
  for (let i = 0; i < x.length; i++) if (!Number.isNaN(x[i]!) && !Number.isNaN(y[i]!) && within[i]! > 0) kept.push(i);
  contributions?.fill(0);
  const n = kept.length;
  if (n === 0) return Number.NaN;
  // Weighted differences, in units of the SD within a batch: the matrix that is left is one of correlations.
  const difference = Float64Array.from(kept, (i) => (Math.sqrt(weights[i]!) * (x[i]! - y[i]!)) / within[i]!);
  const correlation = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) correlation[i * n + j] = covariance[kept[i]! * x.length + kept[j]!]! / (within[kept[i]!]! * within[kept[j]!]!);
  const lower = cholesky(correlation, n);
  if (!lower) return Number.NaN;
  const solved = solveBy(lower, difference, n);
  let weight = 0;
  let square = 0;
  for (let i = 0; i < n; i++) {
    weight += weights[kept[i]!]!;
    square += difference[i]! * solved[i]!;
  }
  const distance = Math.sqrt(Math.max(0, square) / weight);
  // A label may take off what another explains: its part may be negative.
  if (contributions && square > 0) for (let i = 0; i < n; i++) contributions[kept[i]!] = (difference[i]! * solved[i]! * distance) / square;
  return distance;
};
