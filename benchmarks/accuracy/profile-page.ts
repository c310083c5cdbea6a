/** Figures of profiles -> results/profiles.md and .json, with the aims and whether each is met. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MethodFigures, RankFigures, SetFigures } from './profile-figures.ts';
import type { EntryErrors } from './profile-sets.ts';

interface Page {
  readonly seed: number;
  readonly results: readonly SetFigures[];
  readonly skipped: readonly string[];
}

const AIMS: Readonly<Record<string, { readonly cllr: number; readonly over: number | null; readonly eer: number; readonly ranks: readonly [number, number] | null }>> = {
  tablets: { cllr: 0.165, over: 0.03, eer: 0.036, ranks: [0.84, 0.965] },
  glass: { cllr: 0.05, over: null, eer: 0.008, ranks: null },
};
const RAISED = 0.1;

const bits = (v: number): string => v.toFixed(3);
const percent = (v: number): string => `${(100 * v).toFixed(1)} %`;
const count = (v: number): string => v.toLocaleString('en');

/** @returns the page */
export async function writeProfilePage(out: string, { seed, results, skipped }: Page): Promise<string> {
  const page = `# What the evidence of real profiles is worth

\`npm run bench -- profiles --seed ${seed}\`. A calibration is made of a random half of the sources and judges the pairs of the
other half. None of these halves was looked at while the models were made, but halves of other seeds were: the models were
made with these tablets and panes in view. *Cllr* is the cost of the LRs in bits, mean and least to most over the halves, then
the 95 % interval of the mean (whole sources of the judged pairs drawn; what the calibrations vary is not in it). *Possible* is
the least Cllr that any monotone calibration of the same LRs would have. *Misleading* counts LRs beyond 100 to the wrong side,
of pairs of one source and of two, in all halves.

\`chosen\` is what \`calibrateProfiles\` does: models compete within the half that is learnt from. \`baseline\` is the sum of
log(1 + |difference| / spread within a source) with one logistic line, \`two-level-normal, plain\` the normal model of Aitken and
Lucy as it stands, without line and bounds. All else has a line (or curve) and bounds.
${results.map(sectionOf).join('')}${skipped.length > 0 ? `\nSKIPPED, because the table is not beside the repository (\`--data\`): ${skipped.join(', ')}.\n` : ''}`;
  await writeFile(join(out, 'profiles.md'), page);
  await writeFile(join(out, 'profiles.json'), `${JSON.stringify({ seed, results, skipped }, null, 1)}\n`);
  return page;
}

function sectionOf({ name, about, splits, counts, methods, errors, ranks }: SetFigures): string {
  const { matches, nonMatches } = methods[0]!.counts;
  const chosen = Object.entries(methods[0]!.chosen).map(([model, times]) => `${model} ${times}`).join(', ');
  return `
## ${name[0]!.toUpperCase()}${name.slice(1)}

${about[0]!.toUpperCase()}${about.slice(1)}: ${count(counts.measurements)} measurements of ${counts.sources} sources, ${counts.analytes} analytes; ${splits} random halves. All halves together: ${count(matches)} pairs of one source, ${count(nonMatches)} of two.

| model | Cllr | interval | possible | over it | EER | misleading |
|---|---|---|---:|---:|---:|---|
${methods.map(rowOf).join('\n')}

Chosen: ${chosen}. LRs outside of their bounds: ${methods.reduce((sum, m) => sum + m.counts.outside, 0)}.

${aimsOf(name, methods[0]!, ranks)}
${ranks ? ranksOf(ranks) : ''}
### With errors of entry

Decimal points misplaced, up or down by chance. The aim: Cllr of \`chosen\` less than ${RAISED} higher with an error in a tenth of the rows.

| errors in | of | model | Cllr | higher by | EER | LRs outside of their bounds | misleading |
|---|---|---|---:|---:|---:|---:|---|
${errors.flatMap(({ errors: e, where, methods: own }) => own.map((m) => errorRow(where, e, m, methods.find((c) => c.name === m.name)!))).join('\n')}

${raisedOf(errors, methods[0]!)}
`;
}

const misled = ({ counts }: MethodFigures): string => `${counts.misleadingMatches} / ${counts.misleadingNonMatches}`;

const rowOf = (m: MethodFigures): string => `| ${m.name === 'chosen' ? '**chosen**' : m.name} | ${bits(m.cllr.mean)} (${bits(m.cllr.least)}-${bits(m.cllr.most)}) | ${m.cllr.interval ? `${bits(m.cllr.interval.low)}-${bits(m.cllr.interval.high)}` : ''} | ${bits(m.cllrMin.mean)} | ${bits(m.cllr.mean - m.cllrMin.mean)} | ${percent(m.eer.mean)} | ${misled(m)} |`;

const errorRow = (where: string, { of, share }: EntryErrors, m: MethodFigures, clean: MethodFigures): string => `| ${where} | ${percent(share)} of the ${of} | ${m.name} | ${bits(m.cllr.mean)} | ${bits(m.cllr.mean - clean.cllr.mean)} | ${percent(m.eer.mean)} | ${m.name === 'chosen' ? m.counts.outside : ''} | ${misled(m)} |`;

const ranksOf = (ranks: readonly RankFigures[]): string => `
### Each among all others

${ranks[0]!.probes} probes that have a fellow; every pair judged by a calibration that has seen neither of its sources (sources in five parts), in the
order of \`agreement\`, which knows no bounds and, of the heavy two-level models, no rarity; a tie counts against the method.

| model | rank-1 | among the first five |
|---|---|---|
${ranks.map((r) => `| ${r.name} | ${shareOf(r.first, r.probes)} | ${shareOf(r.firstFive, r.probes)} |`).join('\n')}
`;

const shareOf = ({ count: found, interval }: RankFigures['first'], of: number): string => `${percent(found / of)} (${found}; ${percent(interval.low)}-${percent(interval.high)})`;

const met = (value: number, limit: number, print: (v: number) => string, above = false): string => `${print(value)}, aim ${above ? 'at least' : 'at most'} ${print(limit)}: ${(above ? value >= limit : value <= limit) ? 'met' : '**not met**'}`;

function aimsOf(name: string, { cllr, cllrMin, eer }: MethodFigures, ranks: readonly RankFigures[] | null): string {
  const aims = AIMS[name]!;
  const lines = [`Cllr ${met(cllr.mean, aims.cllr, bits)}`];
  if (aims.over !== null) lines.push(`over what is possible ${met(cllr.mean - cllrMin.mean, aims.over, bits)}`);
  lines.push(`EER ${met(eer.mean, aims.eer, percent)}`);
  if (ranks && aims.ranks) lines.push(`rank-1 ${met(ranks[0]!.first.count / ranks[0]!.probes, aims.ranks[0], percent, true)}`, `among the first five ${met(ranks[0]!.firstFive.count / ranks[0]!.probes, aims.ranks[1], percent, true)}`);
  return `Aims, by \`chosen\`: ${lines.join('; ')}.`;
}

function raisedOf(errors: SetFigures['errors'], clean: MethodFigures): string {
  const rows = errors.filter(({ errors: e }) => e.of === 'rows').map(({ where, methods: [chosen] }) => `${where} ${met(chosen!.cllr.mean - clean.cllr.mean, RAISED, bits)}`);
  return `Higher by: ${rows.join('; ')}. LRs outside of their bounds: ${errors.reduce((sum, { methods: [chosen] }) => sum + chosen!.counts.outside, 0)}.`;
}
