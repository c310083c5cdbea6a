/**
 * LRs of the specimens of two seizures -> one LR of "some specimen of either has the same source".
 *
 * 1. groups      the specimens of each seizure that speak for one source among themselves (average linkage)
 * 2. pair        two groups: of every line the mean of the logarithms of all pairs between them, and the LR that they make.
 *                A hundred tablets of one punch repeat what the punch says and are no hundred witnesses: they make its word
 *                steadier, not louder
 * 3. seizures    the mean of the LRs of all pairs of groups: any of them may be the one that is shared, and which is not known
 * A pair without an LR is left out of 2; a pair of groups without any counts as LR 1 in 3.
 */
import { type StateCounts, linkRatio } from './link.ts';
import { type Proposition, PROPOSITIONS } from './propositions.ts';

/** log10 LR of specimens i and j; NaN where there is none. */
export type RatioBetween = (i: number, j: number) => number;

/** The specimens of two seizures, by what they say of one line or of several. */
export interface SeizureRatios<Of = RatioBetween> {
  /** Number of specimens of each seizure. */
  readonly first: number;
  readonly second: number;
  readonly withinFirst: Of;
  readonly withinSecond: Of;
  readonly between: Of;
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

/** One line of two seizures. */
export const seizureRatio = ({ first, second, withinFirst, withinSecond, between }: SeizureRatios): SeizureRatio =>
  overGroups({ first, second, withinFirst: [withinFirst], withinSecond: [withinSecond], between: [between] }, ([mean]) => (Number.isNaN(mean!) ? 0 : mean!));

/**
 * The LR of a link of two seizures: specimens are grouped by all lines together, since a link is of specimens that share tool
 * or batch, and not of one specimen's tool and another's powder.
 * @param states of pairs of specimens
 */
export function seizureLink({ first, second, withinFirst, withinSecond, between }: SeizureRatios<Readonly<Record<Proposition, RatioBetween>>>, states: StateCounts): SeizureRatio {
  const listed = (of: Readonly<Record<Proposition, RatioBetween>>): RatioBetween[] => PROPOSITIONS.map((line) => of[line]);
  const value = (mean: number): number => (Number.isNaN(mean) ? 0 : mean);
  return overGroups({ first, second, withinFirst: listed(withinFirst), withinSecond: listed(withinSecond), between: listed(between) }, ([design, tool, batch]) => linkRatio({ design: value(design!), tool: value(tool!), batch: value(batch!) }, states));
}

/** @param ratio of the mean of every line between two groups; NaN where a line has none */
function overGroups({ first, second, withinFirst, withinSecond, between }: SeizureRatios<readonly RatioBetween[]>, ratio: (means: readonly number[]) => number): SeizureRatio {
  // 1 groups
  const groups = [groupsOf(first, withinFirst), groupsOf(second, withinSecond)] as const;
  // 2 pair
  let [evaluated, loudest]: [number, SeizureRatio['loudest']] = [0, null];
  const ratios: number[] = [];
  for (const [a, left] of groups[0].entries()) for (const [b, right] of groups[1].entries()) {
    const pairs = left.flatMap((i) => right.map((j) => [i, j] as const));
    const known = pairs.filter(([i, j]) => between.some((line) => !Number.isNaN(line(i, j)))).length;
    evaluated += known;
    const log10Lr = known === 0 ? 0 : ratio(between.map((line) => meanOf(pairs.map(([i, j]) => line(i, j)))));
    ratios.push(log10Lr);
    if (known > 0 && !(loudest && loudest.log10Lr >= log10Lr)) loudest = { first: a, second: b, log10Lr };
  }
  // 3 seizures
  return { log10Lr: loudest ? logMean(ratios) : Number.NaN, groups, loudest, pairs: { evaluated, all: first * second } };
}

/** Of those that are numbers; NaN where none is. */
function meanOf(values: readonly number[]): number {
  const known = values.filter((v) => !Number.isNaN(v));
  return known.reduce((sum, v) => sum + v, 0) / known.length;
}

/** log10 of the mean of LRs. */
function logMean(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return most + Math.log10(meanOf(logs.map((log) => 10 ** (log - most))));
}

/**
 * The two groups whose pairs speak most for one source on average, by the line that speaks least for it, are laid together, as
 * long as any speak for it at all. Specimens that nothing is known of stay alone.
 */
function groupsOf(count: number, within: readonly RatioBetween[]): number[][] {
  const groups = Array.from({ length: count }, (_, i) => [i]);
  // Sums and numbers of the LRs between any two groups, by line: they add up as groups are laid together.
  const tables = within.map((line) => {
    const logs = groups.map((_, i) => groups.map((__, j) => (i === j ? Number.NaN : line(Math.min(i, j), Math.max(i, j)))));
    return { sums: logs.map((row) => row.map((log) => (Number.isNaN(log) ? 0 : log))), known: logs.map((row) => row.map((log) => Number(!Number.isNaN(log)))) };
  });
  const together = (a: number, b: number): number => {
    let [least, any] = [Number.POSITIVE_INFINITY, false];
    for (const { sums, known } of tables) if (known[a]![b]! > 0) [least, any] = [Math.min(least, sums[a]![b]! / known[a]![b]!), true];
    return any ? least : Number.NEGATIVE_INFINITY;
  };
  for (;;) {
    let best = { mean: 0, a: -1, b: -1 };
    for (let a = 0; a < groups.length; a++) for (let b = a + 1; b < groups.length; b++) {
      const mean = together(a, b);
      if (mean > best.mean) best = { mean, a, b };
    }
    if (best.a < 0) return groups;
    groups[best.a]!.push(...groups.splice(best.b, 1)[0]!);
    for (const { sums, known } of tables) for (const table of [sums, known]) mergeRows(table, best.a, best.b);
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
