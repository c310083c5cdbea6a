/** Pairs of a reference set, and their scores as a line is fitted to them. */
import type { ScoredPairs } from './line.ts';
import { PROFILE_LIKELIHOOD_PARAMETERS } from './parameters.ts';
import { pairsBetween, pairsWithin, type ReferenceSet, type RowPair } from './reference.ts';

const { mostPairs } = PROFILE_LIKELIHOOD_PARAMETERS;

/** Pairs of a set: all of one source, and so many of two. */
export function labelledPairs(set: ReferenceSet, most: number = mostPairs.value): RowPair[] {
  // where analytes are missing, what the population says is kept for each pair
  const held = set.rows.some((row) => row.some(Number.isNaN)) ? Math.min(most, Math.max(3000, Math.round(2e6 / set.sources.length))) : most;
  return [...pairsWithin(set), ...pairsBetween(set, held)];
}

/** Pairs with their scores, as a line is fitted to. */
export const scoredPairs = (set: ReferenceSet, pairs: readonly RowPair[], scores: readonly number[]): ScoredPairs => ({
  scores: Float64Array.from(scores),
  match: Uint8Array.from(pairs, ({ first, second }) => Number(set.sourceOf[first] === set.sourceOf[second])),
  first: Uint32Array.from(pairs, ({ first }) => set.sourceOf[first]),
  second: Uint32Array.from(pairs, ({ second }) => set.sourceOf[second]),
});
