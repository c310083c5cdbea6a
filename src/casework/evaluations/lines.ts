/** LRs of all pairs -> one line: its LR and interval, how many pairs it rests on, which of them is loudest, the groups. */
import { seizureRatio } from '../../likelihood/index.ts';
import { groupsById, pairsBetween, type PairRatio, type PairTable, type RatioEnd, valueOf } from './pairs.ts';
import type { CalibrationRecord, EvaluatedLine, LineAnswer, LoudestPair } from './types.ts';

/** @param calibrations that LRs of the table are of */
export function lineOf(table: PairTable, calibrations: readonly CalibrationRecord[]): EvaluatedLine {
  const { items, first, at } = table;
  const counts = { first, second: items.length - first };
  const within = { withinFirst: (i: number, j: number) => valueOf(at(i, j)), withinSecond: (i: number, j: number) => valueOf(at(first + i, first + j)) };
  // The groups are those of the values at either end of the interval too: it is of what lies between the two.
  const ratioAt = (end: RatioEnd) => seizureRatio({ ...counts, ...within, between: (i, j) => valueOf(at(i, first + j), end) });
  const { log10Lr, groups, loudest, pairs } = ratioAt('log10Lr');
  const between = [...pairsBetween(table)].map(([i, j]) => at(i, j));
  const answer: LineAnswer = loudest
    ? { ratio: { log10Lr, low: Math.min(log10Lr, ratioAt('low').log10Lr), high: Math.max(log10Lr, ratioAt('high').log10Lr), bounded: between.every((pair) => 'without' in pair || pair.bounded) } }
    : { uncalibrated: whyNone(between) };
  return {
    answer,
    calibrations,
    pairs: { ...pairs, without: reasonsOf(between) },
    loudest: loudest && loudestPair(table, groups[0][loudest.first]!, groups[1][loudest.second]!),
    groups: groupsById(table, groups),
  };
}

/** Reason -> number of pairs, the most frequent first. */
function reasonsOf(pairs: readonly PairRatio[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const pair of pairs) if ('without' in pair) counts.set(pair.without, (counts.get(pair.without) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

function whyNone(pairs: readonly PairRatio[]): string {
  const reasons = Object.entries(reasonsOf(pairs));
  if (reasons.length === 0) return 'there is nothing to compare on one side or on both';
  if (reasons.length === 1) return reasons[0]![0];
  return reasons.map(([reason, count]) => `${reason} (${count} of ${pairs.length} pairs)`).join('; ');
}

/** Of two groups the pair of items with the highest LR. */
function loudestPair({ items, first, at }: PairTable, left: readonly number[], right: readonly number[]): LoudestPair {
  const found = left.flatMap((i) => right.map((j) => ({ i, j: first + j, log: valueOf(at(i, first + j)) }))).filter(({ log }) => !Number.isNaN(log));
  const { i, j, log } = found.reduce((best, next) => (next.log > best.log ? next : best));
  return { first: items[i]!, second: items[j]!, log10Lr: log, comparisonId: null };
}
