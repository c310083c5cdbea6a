/**
 * Metrics of the two-way decision: known matches (KM, one label) against known non-matches (KNM).
 * Conventions: a threshold accepts scores at or above it; pairs without a score lie below all others.
 */
import { orLowest, type ScoreTable } from './score-table.ts';

export interface LabelledScores {
  /** Ascending. */
  readonly matches: Float64Array;
  readonly nonMatches: Float64Array;
  /** Pairs that have no score, counted in both lists as -Infinity. */
  readonly unscored: number;
}

/** Splits the unordered pairs of a table by label; pairs across groups are left out when groups are given. */
export function splitPairs(table: ScoreTable, labels: readonly string[], groups?: readonly string[]): LabelledScores {
  const [matches, nonMatches]: [number[], number[]] = [[], []];
  let unscored = 0;
  for (let i = 0; i < table.count; i++) {
    for (let j = i + 1; j < table.count; j++) {
      if (groups && groups[i] !== groups[j]) continue;
      const score = table.scores[i * table.count + j]!;
      if (Number.isNaN(score)) unscored += 1;
      (labels[i] === labels[j] ? matches : nonMatches).push(orLowest(score));
    }
  }
  return { matches: Float64Array.from(matches).sort(), nonMatches: Float64Array.from(nonMatches).sort(), unscored };
}

/** Entries below `value` in an ascending list; with `orEqual`, at or below it. */
export function countBelow(sorted: Float64Array, value: number, orEqual = false): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Probability that a match scores above a non-match; a tie counts half. */
export function areaUnderCurve({ matches, nonMatches }: LabelledScores): number {
  let sum = 0;
  for (const score of matches) sum += countBelow(nonMatches, score) + countBelow(nonMatches, score, true);
  return sum / matches.length / 2 / nonMatches.length;
}

/** Error rates at one threshold. */
export interface ErrorRates {
  readonly threshold: number;
  /** Share of matches below the threshold (FNMR). */
  readonly falseNonMatch: number;
  /** Share of non-matches at or above it (FMR). */
  readonly falseMatch: number;
}

/** Detection error trade-off: the rates at every score that occurs, ascending. */
export function errorTradeOff({ matches, nonMatches }: LabelledScores): ErrorRates[] {
  const thresholds = [...new Set([...matches, ...nonMatches])].sort((a, b) => a - b);
  return thresholds.map((threshold) => ({
    threshold,
    falseNonMatch: countBelow(matches, threshold) / matches.length,
    falseMatch: 1 - countBelow(nonMatches, threshold) / nonMatches.length,
  }));
}

/** Where the two error rates are closest: their mean, and the threshold. */
export function equalErrorRate(scores: LabelledScores): { readonly rate: number; readonly threshold: number } {
  let best: ErrorRates | undefined;
  const gap = (r: ErrorRates): number => Math.abs(r.falseNonMatch - r.falseMatch);
  for (const rates of errorTradeOff(scores)) if (!best || gap(rates) < gap(best)) best = rates;
  if (!best) throw new RangeError('no pairs to find an equal error rate in');
  return { rate: (best.falseNonMatch + best.falseMatch) / 2, threshold: best.threshold };
}

/** True accept rate: share of matches above the threshold that lets at most `falseAccepts` of the non-matches above it. */
export function trueAcceptRate({ matches, nonMatches }: LabelledScores, falseAccepts: number): number {
  const n = nonMatches.length;
  const threshold = nonMatches[Math.min(n - 1, Math.ceil(n * (1 - falseAccepts)) - 1)]!;
  return (matches.length - countBelow(matches, threshold, true)) / matches.length;
}
