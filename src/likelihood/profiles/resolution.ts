/**
 * How finely values were written down, and where detection ends. A rounded value is uncertain by its step, a value that was
 * not detected by what lies below the lowest detected ones: both are added to the spread of the value, so that the number of
 * decimals makes an LR weaker or stronger, and never speaks for or against one source.
 */
import { PROFILE_LIKELIHOOD_PARAMETERS } from './parameters.ts';
import type { ProfileVector } from './reference.ts';

/** What a reference set tells of each analyte. */
export interface Resolution {
  /** Coarsest rounding that a value with few decimals is taken for. */
  readonly coarsest: readonly number[];
  /** Value of what was not detected; null where nothing ties. */
  readonly floor: readonly (number | null)[];
  /** How far above the floor the lowest detected values lie. */
  readonly gap: readonly number[];
}

const MOST_DECIMALS = 6;

/** Decimals of a value as it was written, without the noughts at its end; Infinity from seven on. */
export function decimalsOf(value: number): number {
  for (let d = 0; d <= MOST_DECIMALS; d++) {
    const shifted = value * 10 ** d;
    if (Math.abs(shifted - Math.round(shifted)) < 1e-9 * Math.max(1, Math.abs(shifted))) return d;
  }
  return Infinity;
}

/** @param columns one list of values an analyte, NaN where not analysed */
export function resolutionOf(columns: readonly Float64Array[]): Resolution {
  const limits = columns.map(floorOf);
  return { coarsest: columns.map(coarsestOf), floor: limits.map((l) => l.floor), gap: limits.map((l) => l.gap) };
}

/** A value with few decimals may be a fine one that ends in noughts: only where there are many of them, they are rounded. */
function coarsestOf(values: Float64Array): number {
  const counts = new Array<number>(MOST_DECIMALS + 2).fill(0);
  for (const v of values) if (!Number.isNaN(v)) counts[Math.min(decimalsOf(v), MOST_DECIMALS + 1)] += 1;
  const finest = counts.findLastIndex((c) => c > 0);
  if (finest > MOST_DECIMALS) return 0;
  let coarsest = finest;
  for (let d = finest - 1; d >= 0; d--) if (counts[d] >= PROFILE_LIKELIHOOD_PARAMETERS.roundShare.value * counts[coarsest]) coarsest = d;
  return finest < 0 ? 0 : 10 ** -coarsest;
}

function floorOf(values: Float64Array): { floor: number | null; gap: number } {
  const known = values.filter((v) => !Number.isNaN(v)).sort();
  const above = known.filter((v) => v > known[0]);
  if (above.length < 5 || known.length - above.length < PROFILE_LIKELIHOOD_PARAMETERS.tie.value * known.length) return { floor: null, gap: 0 };
  return { floor: known[0], gap: above[Math.floor(above.length / 10)] - known[0] };
}

/** Variance that rounding and detection add to each value: a step of s is as uncertain as s^2 / 12. */
export function noiseOf({ values, steps }: ProfileVector, { coarsest, floor, gap }: Resolution): Float64Array {
  return values.map((value, c) => {
    if (Number.isNaN(value)) return 0;
    const told = steps?.[c] ?? Number.NaN;
    const own = !Number.isNaN(told) ? told : coarsest[c] === 0 ? 0 : Math.min(coarsest[c], 10 ** -decimalsOf(value));
    const limit = floor[c];
    return Math.max(own, limit !== null && value <= limit ? gap[c] : 0) ** 2 / 12;
  });
}
