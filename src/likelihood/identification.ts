/**
 * Retrieval metrics: each face in turn is the probe, all others of its group are the candidate list.
 * Ties are broken against the engine: a candidate that is not relevant goes before one that is.
 */
import { orLowest, type ScoreTable } from './score-table.ts';

/** What one probe's candidate list came to. */
export interface ProbeOutcome {
  readonly probe: number;
  /** Place of the first relevant candidate, from 1; Infinity when none was scored. */
  readonly rank: number;
  /** Mean over the relevant candidates of the share of relevant ones down to each. */
  readonly averagePrecision: number;
  readonly relevant: number;
  readonly candidates: number;
}

/**
 * @param labels what a relevant candidate shares with the probe
 * @param groups candidates come only from the probe's own group, when given
 * @returns one outcome a probe that has both relevant and other candidates
 */
export function identify(table: ScoreTable, labels: readonly string[], groups?: readonly string[]): ProbeOutcome[] {
  const outcomes: ProbeOutcome[] = [];
  for (let probe = 0; probe < table.count; probe++) {
    const list: { score: number; relevant: boolean }[] = [];
    for (let c = 0; c < table.count; c++) {
      if (c === probe || (groups && groups[c] !== groups[probe])) continue;
      list.push({ score: orLowest(table.scores[probe * table.count + c]!), relevant: labels[c] === labels[probe] });
    }
    const relevant = list.filter((c) => c.relevant).length;
    if (relevant === 0 || relevant === list.length) continue;
    list.sort((a, b) => (a.score === b.score ? Number(a.relevant) - Number(b.relevant) : b.score - a.score));
    let [found, sum, rank] = [0, 0, Infinity];
    list.forEach((c, i) => {
      if (!c.relevant) return;
      if (found === 0 && c.score !== -Infinity) rank = i + 1;
      found += 1;
      sum += found / (i + 1);
    });
    outcomes.push({ probe, rank, averagePrecision: sum / relevant, relevant, candidates: list.length });
  }
  return outcomes;
}

/** Cumulative match characteristic: share of probes whose first relevant candidate is at or above each place. */
export function cumulativeMatch(outcomes: readonly ProbeOutcome[], places: number): number[] {
  return Array.from({ length: places }, (_, k) => outcomes.filter((o) => o.rank <= k + 1).length / outcomes.length);
}
