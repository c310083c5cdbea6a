/** Every unordered pair -> its score, or why there is none. */
import { comparePrepared, distanceBetween, type NotComparableReason } from '../../../profiling/index.ts';
import type { ProfileFits } from './fits.ts';

/** Why a pair has no score. */
export const REASONS = ['other-panel', 'control-sample', 'method-family', 'too-little-overlap', 'reference-peak-missing', 'no-variation'] as const satisfies readonly NotComparableReason[];

/** Pairs in the order (0,1), (0,2) ... (1,2) ... */
export interface ProfileScores {
  readonly count: number;
  /** Distances with the sign changed, so that higher is closer; NaN where there is none. */
  readonly score: Float64Array;
  /** Place in REASONS plus one, or 0 where there is a score. */
  readonly reason: Uint8Array;
}

export const pairCount = (count: number): number => (count * (count - 1)) / 2;
/** Place of the pair of profile i and the next one. */
export const rowStart = (i: number, count: number): number => i * (count - 1) - (i * (i - 1)) / 2;
/** @param i less than j */
export const pairAt = (i: number, j: number, count: number): number => rowStart(i, count) + j - i - 1;

/** @param onRow told after every profile how many pairs it had */
export async function scorePairs(count: number, fits: ProfileFits, onRow: (pairs: number) => void): Promise<ProfileScores> {
  const score = new Float64Array(pairCount(count));
  const reason = new Uint8Array(score.length);
  let k = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++, k++) {
      const { settings, prepared } = fits.of(i, j);
      const distance = distanceBetween(prepared[i]!, prepared[j]!, settings);
      // Nought without a sign: -0 would be written as 0 and sorted before it.
      score[k] = distance === null ? Number.NaN : 0 - distance;
      if (distance !== null) continue;
      const why = comparePrepared(prepared[i]!, prepared[j]!, settings);
      reason[k] = why.outcome === 'not-comparable' ? 1 + REASONS.indexOf(why.reason) : 0;
    }
    onRow(count - i - 1);
    // The bar is drawn between rows.
    if (i % 16 === 0) await new Promise(setImmediate);
  }
  return { count, score, reason };
}
