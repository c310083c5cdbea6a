/** Empirical bounds where many pairs are of the same two sources, and so are no independent trials. */
import { type Bounds, boundsOf } from './cost.ts';
import { countBelow } from './verification.ts';

export interface SourcePair {
  readonly log10Lr: number;
  readonly match: boolean;
  /** In any order. */
  readonly sources: readonly [string, string];
}

/** ELUB in which two sources count as one pair, however many pairs are of them. */
export function sourceBounds(pairs: Iterable<SourcePair>): Bounds {
  const logs = { true: new Map<string, number[]>(), false: new Map<string, number[]>() };
  for (const { log10Lr, match, sources } of pairs) {
    const key = [...sources].sort().join('\n');
    const known = logs[`${match}`].get(key);
    if (known) known.push(log10Lr);
    else logs[`${match}`].set(key, [log10Lr]);
  }
  const below = { true: shareBelow([...logs.true.values()]), false: shareBelow([...logs.false.values()]) };
  return boundsOf({
    missed: (log) => (below.true(log) * logs.true.size + 1) / (logs.true.size + 1),
    accepted: (log) => ((1 - below.false(log)) * logs.false.size + 1) / (logs.false.size + 1),
  });
}

/** Share of the LRs below a limit, every list counting as much as another. */
function shareBelow(lists: readonly (readonly number[])[]): (log: number) => number {
  const all = lists.flatMap((list) => list.map((log) => ({ log, weight: 1 / list.length / lists.length }))).sort((a, b) => a.log - b.log);
  const sorted = Float64Array.from(all, ({ log }) => log);
  const sums = new Float64Array(all.length + 1);
  all.forEach(({ weight }, k) => (sums[k + 1] = sums[k]! + weight));
  return (log) => sums[countBelow(sorted, log)]!;
}
