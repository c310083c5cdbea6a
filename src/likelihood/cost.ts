/** How good likelihood ratios are, and how far the data behind them carry. Log LRs are base 10. */
import { countBelow, type LabelledScores } from './verification.ts';

/** Cost of an LR that is for what is true, in bits; its natural logarithm may be of any size. */
export const lostBits = (natural: number): number => (natural < -36 ? -natural : Math.log1p(Math.exp(-natural))) / Math.LN2;

/**
 * Cllr, the mean cost in bits of log10 LRs: 0 for certainty that is right, 1 for LRs of 1, more for LRs that mislead.
 * Source: Brümmer and du Preez 2006.
 * @throws RangeError when one of the two kinds of pair is missing
 */
export function costOf({ matches, nonMatches }: LabelledScores): number {
  if (matches.length === 0 || nonMatches.length === 0) throw new RangeError('Cllr needs pairs of one source and pairs of two');
  const mean = (values: Float64Array, sign: number): number => values.reduce((sum, l) => sum + lostBits(sign * l * Math.LN10), 0) / values.length;
  return (mean(matches, 1) + mean(nonMatches, -1)) / 2;
}

/** Numbers of LRs that point to the wrong side of a limit: matches below 1 / limit, non-matches above the limit. */
export function misleading({ matches, nonMatches }: LabelledScores, limit: number): { readonly matches: number; readonly nonMatches: number } {
  const log = Math.log10(limit);
  return { matches: matches.filter((l) => l < -log).length, nonMatches: nonMatches.filter((l) => l > log).length };
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** A log10 LR within bounds. */
export const held = (log10Lr: number, { low, high }: Bounds): number => Math.min(high, Math.max(low, log10Lr));

const BOUND_STEP = 0.01;
const FURTHEST = 10;

/**
 * Empirical bounds (ELUB): the log10 LRs beyond which deciding by the LR system would cost more than deciding without
 * any evidence, when one misleading LR more than was seen is allowed for in each kind of pair.
 * Source: Vergeer et al. 2016, Science & Justice 56, 482-491.
 */
export function empiricalBounds({ matches, nonMatches }: LabelledScores): Bounds {
  return boundsOf({
    missed: (log) => (countBelow(matches, log) + 1) / (matches.length + 1),
    accepted: (log) => (nonMatches.length - countBelow(nonMatches, log) + 1) / (nonMatches.length + 1),
  });
}

/** Of log10 LRs: the share of matches below, and of non-matches at or above, with one misleading LR more than was seen in each. */
interface MissedShares {
  readonly missed: (log: number) => number;
  readonly accepted: (log: number) => number;
}

/** ELUB by what a threshold at each LR would miss and accept. */
export function boundsOf({ missed, accepted }: MissedShares): Bounds {
  const helps = (log: number): boolean => {
    const threshold = 10 ** log;
    return missed(log) + threshold * accepted(log) < Math.min(1, threshold);
  };
  const reach = (sign: number): number => {
    let k = 1;
    while (k * BOUND_STEP < FURTHEST && helps(sign * k * BOUND_STEP)) k++;
    return sign * (k - 1) * BOUND_STEP;
  };
  return { low: reach(-1), high: reach(1) };
}
