/** Which errors are shown: the ones that cost most, each pair once. */
import { orLowest, type ScoreTable } from '../../likelihood/index.ts';

/** A probe whose first candidate has another label: design or, among faces of its design, tool. */
export interface MissedProbe {
  readonly probe: number;
  readonly wrong: number;
  readonly right: number;
  readonly rightRank: number;
}

/** Scores with what a match shares; pairs of different groups, when given, are no question. */
export interface LabelledTable {
  readonly table: ScoreTable;
  readonly labels: readonly string[];
  readonly groups?: readonly string[] | undefined;
}

/** Worst first: by how far the wrong candidate is ahead of the best right one. */
export function missedProbes({ table, labels, groups }: LabelledTable, most: number): { readonly shown: MissedProbe[]; readonly all: number } {
  const found: (MissedProbe & { lead: number })[] = [];
  const score = (i: number, j: number): number => orLowest(table.scores[i * table.count + j]!);
  for (let probe = 0; probe < table.count; probe++) {
    let [wrong, right] = [-1, -1];
    for (let c = 0; c < table.count; c++) {
      if (c === probe || (groups && groups[c] !== groups[probe])) continue;
      if (labels[c] === labels[probe]) right = right < 0 || score(probe, c) > score(probe, right) ? c : right;
      else wrong = wrong < 0 || score(probe, c) > score(probe, wrong) ? c : wrong;
    }
    if (wrong < 0 || right < 0 || score(probe, wrong) === -Infinity || score(probe, wrong) < score(probe, right)) continue;
    let ahead = 0;
    for (let c = 0; c < table.count; c++) if (c !== probe && labels[c] !== labels[probe] && (!groups || groups[c] === groups[probe]) && score(probe, c) >= score(probe, right)) ahead += 1;
    found.push({ probe, wrong, right, rightRank: ahead + 1, lead: score(probe, wrong) - score(probe, right) });
  }
  found.sort((a, b) => b.lead - a.lead);
  return { shown: found.slice(0, most), all: found.length };
}

export interface WorstPair {
  readonly probe: number;
  readonly reference: number;
  readonly score: number;
}

/** Pairs of different labels with the highest scores, or of one label with the lowest; a face appears at most twice. */
export function worstPairs({ table, labels, groups }: LabelledTable, kind: 'different' | 'same', most: number): WorstPair[] {
  const pairs: WorstPair[] = [];
  for (let i = 0; i < table.count; i++) {
    for (let j = i + 1; j < table.count; j++) {
      const score = table.scores[i * table.count + j]!;
      if (groups && groups[i] !== groups[j]) continue;
      if (!Number.isNaN(score) && (labels[i] === labels[j]) === (kind === 'same')) pairs.push({ probe: i, reference: j, score });
    }
  }
  pairs.sort((a, b) => (kind === 'different' ? b.score - a.score : a.score - b.score));
  const seen = new Map<number, number>();
  const shown: WorstPair[] = [];
  for (const p of pairs) {
    if (shown.length >= most) break;
    if ((seen.get(p.probe) ?? 0) >= 2 || (seen.get(p.reference) ?? 0) >= 2) continue;
    for (const face of [p.probe, p.reference]) seen.set(face, (seen.get(face) ?? 0) + 1);
    shown.push(p);
  }
  return shown;
}
