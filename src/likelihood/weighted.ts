/** AUC and EER of pairs that count with the number of times their two sources were drawn. */
import { orLowest, type ScoreTable } from './score-table.ts';

/** All pairs, best score first, for many draws over one sorting. */
export interface WeighedPairs {
  readonly score: Float64Array;
  /** 1 for a match. */
  readonly match: Uint8Array;
  readonly sourceA: Uint32Array;
  readonly sourceB: Uint32Array;
}

/** @param sources number of each face's source, 0, 1, ... */
export function weighPairs(table: ScoreTable, labels: readonly string[], sources: Uint32Array, groups?: readonly string[]): WeighedPairs {
  const at: [number, number, number][] = [];
  for (let i = 0; i < table.count; i++) for (let j = i + 1; j < table.count; j++) if (!groups || groups[i] === groups[j]) at.push([orLowest(table.scores[i * table.count + j]!), i, j]);
  at.sort((a, b) => (a[0] === b[0] ? 0 : b[0] - a[0]));
  return {
    score: Float64Array.from(at, (p) => p[0]),
    match: Uint8Array.from(at, (p) => Number(labels[p[1]] === labels[p[2]])),
    sourceA: Uint32Array.from(at, (p) => sources[p[1]]!),
    sourceB: Uint32Array.from(at, (p) => sources[p[2]]!),
  };
}

/** One sweep from the best score down; NaN when a draw has no matches or no non-matches. */
export function weighedRates(pairs: WeighedPairs, times: Uint16Array): { auc: number; eer: number } {
  const n = pairs.score.length;
  const weight = (k: number): number => {
    const [a, b] = [pairs.sourceA[k]!, pairs.sourceB[k]!];
    return a === b ? times[a]! : times[a]! * times[b]!;
  };
  let [matches, nonMatches] = [0, 0];
  for (let k = 0; k < n; k++) {
    if (pairs.match[k]) matches += weight(k);
    else nonMatches += weight(k);
  }
  if (matches === 0 || nonMatches === 0) return { auc: Number.NaN, eer: Number.NaN };
  let [accepted, wronglyAccepted, area, gap, eer] = [0, 0, 0, Infinity, Number.NaN];
  for (let k = 0; k < n; ) {
    let [m, q] = [0, 0];
    for (const score = pairs.score[k]; k < n && pairs.score[k] === score; k++) {
      if (pairs.match[k]) m += weight(k);
      else q += weight(k);
    }
    area += q * (accepted + m / 2);
    accepted += m;
    wronglyAccepted += q;
    const [miss, wrong] = [1 - accepted / matches, wronglyAccepted / nonMatches];
    if (Math.abs(miss - wrong) < gap) [gap, eer] = [Math.abs(miss - wrong), (miss + wrong) / 2];
  }
  return { auc: area / matches / nonMatches, eer };
}
