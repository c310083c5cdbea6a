import type { KeyFilter, ProbeVectors, VectorIndex } from './types.ts';

/** A share with its Wilson 95 % interval. */
export interface Proportion {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface RecallAudit {
  readonly k: number;
  readonly queries: number;
  /** Neighbours the exact search returned over all queries. */
  readonly expected: number;
  /** Of these, how many the audited index returned, or others of the same score. */
  readonly found: number;
  readonly recall: Proportion;
  /** The smallest recall of one query. */
  readonly worst: number;
}

/** Wilson score interval at 95 %. Unlike the normal one it stays within 0..1 and holds for shares near 1. */
export function wilson(successes: number, trials: number): Proportion {
  if (trials === 0) return { value: 0, low: 0, high: 1 };
  const z = 1.959964;
  const p = successes / trials;
  const centre = (p + (z * z) / (2 * trials)) / (1 + (z * z) / trials);
  const half = (z * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials))) / (1 + (z * z) / trials);
  return { value: p, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * Recall of an index against the exact one: of the exact k best, the share that it returns. A neighbour
 * counts when its score reaches that of the k-th exact one, so that ties are no misses. The interval
 * takes the neighbours as independent; `worst` shows how unequal queries are.
 */
export async function auditRecall(exact: Pick<VectorIndex, 'search'>, audited: Pick<VectorIndex, 'search'>, queries: readonly ProbeVectors[], k: number, filter?: KeyFilter): Promise<RecallAudit> {
  let [expected, found, worst] = [0, 0, 1];
  for (const query of queries) {
    const reference = await exact.search(query, k, filter);
    if (!reference.length) continue;
    const last = reference[reference.length - 1]!.score;
    const answer = await audited.search(query, k, filter);
    const hits = Math.min(reference.length, answer.filter((neighbour) => neighbour.score >= last).length);
    expected += reference.length;
    found += hits;
    worst = Math.min(worst, hits / reference.length);
  }
  return { k, queries: queries.length, expected, found, recall: wilson(found, expected), worst };
}
