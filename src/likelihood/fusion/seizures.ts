/**
 * LRs of the specimens of two seizures -> one LR of "some specimen of either has the same source".
 *
 * 1. groups      the specimens of each seizure that speak for one source among themselves (average linkage)
 * 2. pair        two groups: the mean of the logarithms of all pairs between them. A hundred tablets of one punch repeat what
 *                the punch says and are no hundred witnesses: they make its word steadier, not louder
 * 3. seizures    the mean of the LRs of all pairs of groups: any of them may be the one that is shared, and which is not known
 * A pair without an LR is left out of 2; a pair of groups without any counts as LR 1 in 3.
 */

/** log10 LR of specimens i and j; NaN where there is none. */
export type RatioBetween = (i: number, j: number) => number;

export interface SeizureRatios {
  /** Number of specimens of each seizure. */
  readonly first: number;
  readonly second: number;
  readonly withinFirst: RatioBetween;
  readonly withinSecond: RatioBetween;
  readonly between: RatioBetween;
}

export interface SeizureRatio {
  /** log10 LR; NaN where no pair between them has one. */
  readonly log10Lr: number;
  /** Of each seizure the groups, specimens by place. */
  readonly groups: readonly [first: readonly (readonly number[])[], second: readonly (readonly number[])[]];
  /** The pair of groups that speaks loudest for a common source, by place; null where none has an LR. */
  readonly loudest: { readonly first: number; readonly second: number; readonly log10Lr: number } | null;
  /** Pairs of specimens with an LR, of all pairs between the seizures. */
  readonly pairs: { readonly evaluated: number; readonly all: number };
}

export function seizureRatio({ first, second, withinFirst, withinSecond, between }: SeizureRatios): SeizureRatio {
  // 1 groups
  const groups = [groupsOf(first, withinFirst), groupsOf(second, withinSecond)] as const;
  // 2 pair
  let [evaluated, loudest]: [number, SeizureRatio['loudest']] = [0, null];
  const ratios: number[] = [];
  for (const [a, left] of groups[0].entries()) for (const [b, right] of groups[1].entries()) {
    const logs = left.flatMap((i) => right.map((j) => between(i, j))).filter((log) => !Number.isNaN(log));
    evaluated += logs.length;
    const log10Lr = logs.length === 0 ? 0 : meanOf(logs);
    ratios.push(log10Lr);
    if (logs.length > 0 && !(loudest && loudest.log10Lr >= log10Lr)) loudest = { first: a, second: b, log10Lr };
  }
  // 3 seizures
  return { log10Lr: loudest ? logMean(ratios) : Number.NaN, groups, loudest, pairs: { evaluated, all: first * second } };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** log10 of the mean of LRs. */
function logMean(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return most + Math.log10(meanOf(logs.map((log) => 10 ** (log - most))));
}

/**
 * The two groups whose pairs speak most for one source on average are laid together, as long as any speak for it at all.
 * Specimens that nothing is known of stay alone.
 */
function groupsOf(count: number, within: RatioBetween): number[][] {
  const groups = Array.from({ length: count }, (_, i) => [i]);
  const logs = groups.map((_, i) => groups.map((__, j) => (i === j ? Number.NaN : within(Math.min(i, j), Math.max(i, j)))));
  // Sums and numbers of the LRs between any two groups: they add up as groups are laid together.
  const sums = logs.map((row) => row.map((log) => (Number.isNaN(log) ? 0 : log)));
  const known = logs.map((row) => row.map((log) => Number(!Number.isNaN(log))));
  for (;;) {
    let best = { mean: 0, a: -1, b: -1 };
    for (let a = 0; a < groups.length; a++) for (let b = a + 1; b < groups.length; b++) {
      const mean = known[a]![b]! > 0 ? sums[a]![b]! / known[a]![b]! : Number.NEGATIVE_INFINITY;
      if (mean > best.mean) best = { mean, a, b };
    }
    if (best.a < 0) return groups;
    groups[best.a]!.push(...groups.splice(best.b, 1)[0]!);
    for (const table of [sums, known]) mergeRows(table, best.a, best.b);
  }
}

/** Row and column b of a symmetric table added to those of a, and taken out. */
function mergeRows(table: number[][], a: number, b: number): void {
  const [row] = table.splice(b, 1);
  const merged = table[a]!.map((value, k) => value + row![k]!).toSpliced(b, 1);
  for (const [k, other] of table.entries()) {
    other.splice(b, 1);
    other[a] = merged[k]!;
  }
  table[a] = merged;
}
