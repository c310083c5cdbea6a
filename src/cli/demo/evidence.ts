/** Three lines of evidence and a link for the pairs of seizures that have something in common. */
import type { Client } from '../client.ts';
import { evaluatePairOf, type EvaluationView, type FigureView, ratioCell } from '../link.ts';
import { table } from '../table.ts';
import type { Probe } from './lookup.ts';
import { relationText, type Truth } from './truth.ts';

export interface EvaluatedPair {
  readonly first: Probe;
  readonly second: Probe;
  readonly evaluation: EvaluationView;
}

/** One evaluation a related pair of seizures that were both measured. */
export async function evaluateRelated(client: Client, probes: readonly Probe[], truth: Truth, onProgress: (done: number, total: number) => void): Promise<EvaluatedPair[]> {
  const bySeizure = new Map(probes.map((probe) => [probe.seizure, probe]));
  const pairs = truth.pairs.flatMap(([one, other]) => (bySeizure.has(one) && bySeizure.has(other) ? [[bySeizure.get(one)!, bySeizure.get(other)!] as const] : []));
  const found: EvaluatedPair[] = [];
  for (const [first, second] of pairs) {
    onProgress(found.length, pairs.length);
    found.push({ first, second, evaluation: await evaluatePairOf(client, first.seizureId, second.seizureId) });
  }
  onProgress(pairs.length, pairs.length);
  return found;
}

const HEAD = ['seizures', 'countries', 'LR of one design', 'of one tool', 'of one batch', 'of a link', 'TRUTH (simulated)'];

/** The strongest link first; pairs without an LR of a link last. */
export function evidenceTable(pairs: readonly EvaluatedPair[], truth: Truth): string {
  const cell = (figure: FigureView): string => (figure.log10Lr ? ratioCell(figure.log10Lr) : '-');
  const strength = ({ evaluation }: EvaluatedPair): number => evaluation.link!.log10Lr?.value ?? Number.NEGATIVE_INFINITY;
  const rows = [...pairs].sort((a, b) => strength(b) - strength(a)).map(({ first, second, evaluation: { lines, link } }) => [
    `${first.seizure}, ${second.seizure}`, `${first.country}, ${second.country}`, cell(lines!.design), cell(lines!.tool), cell(lines!.batch), cell(link!), relationText(truth, first.seizure, second.seizure),
  ]);
  return table(HEAD, rows);
}
