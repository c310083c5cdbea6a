/** The cross-country candidate table and what it shows, as text. */
import { toolColumns } from '../search.ts';
import { table } from '../table.ts';
import type { Answer } from './lookup.ts';
import { relationText, type Truth } from './truth.ts';

const HEAD = ['probe', 'country', 'seized on', 'rank', 'candidate', 'country', 'seized on', 'design score', 'logo', 'outline', 'size', 'tool score', 'LR of one tool', 'TRUTH (simulated)'];
const score = (value: number | null): string => (value === null ? '-' : value.toFixed(3));

/** At most `most` candidates for each probe; the probe stands in its first line only. */
export function crossCountryTable(answers: readonly Answer[], truth: Truth, most: number): string {
  const rows = answers.flatMap(({ probe, candidates }) => {
    const own = [probe.seizure, probe.country, probe.seizedOn];
    if (candidates.length === 0) return [[...own, '-', 'none', '', '', '-', '-', '-', '-', '-', '-', '']];
    return candidates.slice(0, most).map(({ seizure, designScore, partial, tool }, i) => [
      ...(i === 0 ? own : ['', '', '']), String(i + 1), seizure.reference!, seizure.country, seizure.seizedOn,
      score(designScore), score(partial.logo), score(partial.outline), score(partial.size), ...toolColumns(tool), relationText(truth, probe.seizure, seizure.reference!),
    ]);
  });
  return table(HEAD, rows);
}

/** Counts: how often the first candidate abroad shows the probe's own design, among the probes whose design was seized abroad. */
export function firstCandidates(answers: readonly Answer[], truth: Truth): string {
  const shared = (one: string, other: string): boolean => ['same-tool', 'same-design-other-tool'].includes(truth.relation(one, other));
  const having = answers.filter(({ probe }) => answers.some(({ probe: other }) => other.country !== probe.country && shared(probe.seizure, other.seizure)));
  const first = having.filter(({ probe, candidates }) => candidates[0] && shared(probe.seizure, candidates[0].seizure.reference!));
  return `${first.length} of ${having.length} seizures whose design was also seized in another country have it as their first candidate. The other ${answers.length - having.length} have no such counterpart: whatever stands first there should not be taken for one.`;
}
