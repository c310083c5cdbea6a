/** The results as a page. */
import type { Proportion, RecallAudit } from '../../src/retrieval/index.ts';
import type { CaseResult, Times } from './measure.ts';
import { KINDS } from './vectors.ts';

export interface Results {
  readonly machine: { readonly cores: number; readonly node: string };
  readonly command: string;
  readonly parameters: { readonly m: number; readonly efConstruction: number; readonly partVectors: number; readonly targetRecall: number; readonly k: number };
  readonly cases: readonly CaseResult[];
}

export function reportOf({ machine, command, parameters, cases }: Results): string {
  const { m, efConstruction, partVectors, targetRecall, k } = parameters;
  return `# Retrieval: recall and time of the graph index against the exact one

Simulated vectors (256 numbers, int8), with the statistics of Relievo's embeddings: see
\`benchmarks/retrieval/vectors.ts\`. Probes are not stored. Recall@${k} counts a neighbour when its score
reaches that of the exact ${k}th; intervals are Wilson's at 95 % over all neighbours, and the worst probe
stands beside them. The graph is hnswlib with M ${m}, efConstruction ${efConstruction}, in parts of at most ${whole(partVectors)} vectors that are all
searched; the width of the search in each part (ef) is measured on stored vectors until the lower bound of recall reaches ${targetRecall} (\`calibrateEf\`). "As planned" is what a
search of the product answers: the planner takes the graph only where it is expected to be faster than a
scan at that recall.

Machine: ${machine.cores} cores, Node ${machine.node}. Load states how many processes wanted to run while a case was
measured: above ${machine.cores}, times (not recalls) are too long.

Command: \`${command}\`

## With and without a filter: as planned
| vectors | filter | pass | plan | recall (95 %) | found / expected | worst probe | time median / p95 | the scan: time |
|---|---|---:|---|---|---:|---:|---:|---:|
${cases.flatMap((c) => c.filters.map((f) => `| ${nameOf(c)} | ${f.filter} | ${whole(f.passing)} | ${f.plan.plan} | ${shareOf(f.planned.audit.recall)} | ${counts(f.planned.audit)} | ${f.planned.audit.worst.toFixed(2)} | ${timesOf(f.planned.times)} | ${timesOf(f.scan)} |`)).join('\n')}

## With and without a filter: the graph alone
At the measured width; with a filter it fetches ever more neighbours until ${k} pass.

| vectors | filter | probes | recall (95 %) | found / expected | worst probe | time median / p95 |
|---|---|---:|---|---:|---:|---:|
${cases.flatMap((c) => c.filters.map((f) => ({ c, f, alone: f.graphAlone ?? f.planned })).map(({ c, f, alone }) => `| ${nameOf(c)} | ${f.filter} | ${alone.audit.queries} | ${shareOf(alone.audit.recall)} | ${counts(alone.audit)} | ${alone.audit.worst.toFixed(2)} | ${timesOf(alone.times)} |`)).join('\n')}

## The graph by width of search, no filter
| vectors | ef | recall (95 %) | found / expected | worst probe | time median / p95 |
|---|---:|---|---:|---:|---:|
${cases.flatMap((c) => c.byWidth.map((w) => `| ${nameOf(c)} | ${w.ef}${w.ef === c.width ? ' (measured)' : ''} | ${shareOf(w.audit.recall)} | ${counts(w.audit)} | ${w.audit.worst.toFixed(2)} | ${timesOf(w.times)} |`)).join('\n')}

## Brute force next to the scan, no filter
| vectors | method | answers as the scan | searches | time median / p95 |
|---|---|---|---:|---:|
${cases.flatMap((c) => [`| ${nameOf(c)} | Relievo's scan | itself | ${c.filters[0]!.scan.searches} | ${timesOf(c.filters[0]!.scan)} |`, ...c.peers.map((p) => `| ${nameOf(c)} | ${p.name} | ${p.agrees ? 'yes' : 'NO'} | ${p.times.searches} | ${timesOf(p.times)} |`)]).join('\n')}

## Building
| vectors | designs | parts | graph built in | processor time | ef measured | load |
|---|---:|---:|---:|---:|---|---|
${cases.map((c) => `| ${nameOf(c)} | ${whole(c.designs)} | ${c.parts} | ${c.buildSeconds.toFixed(0)} s | ${c.buildCpuSeconds.toFixed(0)} s | ${c.width}${c.calibration.ef === null ? ', slower than a scan' : ''} | ${c.load.map((l) => l.toFixed(1)).join(' to ')} |`).join('\n')}

## The kinds of vectors
${[...new Set(cases.map((c) => c.kind))].map((kind) => `- ${kind}: ${KINDS[kind]}`).join('\n')}
`;
}

const nameOf = (c: CaseResult): string => `${whole(c.count)} ${c.kind}`;
const whole = (n: number): string => n.toLocaleString('en-GB');
const shareOf = ({ value, low, high }: Proportion): string => `${value.toFixed(4)} (${low.toFixed(4)}-${high.toFixed(4)})`;
const counts = (a: RecallAudit): string => `${whole(a.found)} / ${whole(a.expected)}`;
const timesOf = (t: Times): string => `${t.medianMs.toPrecision(3)} / ${t.p95Ms.toPrecision(3)} ms`;
