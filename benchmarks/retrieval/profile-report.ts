/** The results as a page. */
import type { Proportion } from '../../src/retrieval/index.ts';
import { K, type ProfileCase, type RecallResult, type TimeResult, type Times } from './profile-measure.ts';

export interface ProfileResults {
  readonly machine: { readonly cores: number; readonly node: string };
  readonly command: string;
  readonly recall: readonly RecallResult[];
  readonly times: readonly TimeResult[];
}

export function reportOf({ machine, command, recall, times }: ProfileResults): string {
  return `# Retrieval of profiles: recall and time

Simulated profiles (\`benchmarks/retrieval/profile-set.ts\`: log-normal, correlated, in batches of heavy-tailed sizes, a
fifteenth not detected, analytes missing at random, each profile its own). Probes are of stored batches and not stored.
Truth is the comparison of the probe with every profile by \`distanceBetween\`. Recall@${K} is the share of its nearest ${K}
that the search returns; intervals are Wilson's at 95 %. "Identical" counts probes whose whole answer is the same: keys,
order, distances, and how many could not be compared for which reason. Population figures come from another set.

Machine: ${machine.cores} cores, Node ${machine.node}. Load states how many processes wanted to run when a case began and
ended: above ${machine.cores}, times (not recalls) are too long; processor time is less moved by it.

Command: \`${command}\`

## Recall, by the panels' own recipe and distance
| panel | recipe, distance | analytes | missing | replicates | stored | recall@${K} (95 %) | found / expected | worst probe | identical | all compared, median | search, median |
|---|---|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|
${recall.map((r) => `| ${r.panel} | ${r.settings} | ${r.analytes} | ${percent(r.missing)} | ${r.replicates} | ${whole(r.stored)} | ${shareOf(r.recall)} | ${whole(r.found)} / ${whole(r.expected)} | ${r.worst.toFixed(2)} | ${r.identical} of ${r.probes} | ${ms(r.exhaustive.medianMs)} | ${ms(r.indexed.medianMs)} |`).join('\n')}

## Time of a search for ${K}, with full comparison of the nearest
| panel | recipe, distance | analytes | missing | replicates | stored | have a distance | searches | least / median / p95 / most | processor time | a fiftieth passes the filter: median / p95 | load |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|
${times.map((t) => `| ${nameOf(t)} | ${percent(t.comparedShare)} | ${t.times.searches} | ${timesOf(t.times)} | ${ms(t.processorMs)} | ${t.filtered.medianMs.toFixed(0)} / ${ms(t.filtered.p95Ms)} | ${t.load.map((l) => l.toFixed(1)).join(' to ')} |`).join('\n')}

## Memory and filling
| panel | recipe, distance | analytes | missing | replicates | stored | bytes a profile | treated in | added in |
|---|---|---:|---:|---:|---:|---:|---:|---:|
${times.map((t) => `| ${nameOf(t)} | ${t.bytesPerProfile.toFixed(0)} | ${t.prepareSeconds.toFixed(0)} s | ${t.addSeconds.toFixed(0)} s |`).join('\n')}
`;
}

const nameOf = (t: TimeResult & ProfileCase): string => `${t.panel} | ${t.settings} | ${t.analytes} | ${percent(t.missing)} | ${t.replicates} | ${whole(t.stored)}`;
const whole = (n: number): string => n.toLocaleString('en-GB');
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const shareOf = ({ value, low, high }: Proportion): string => `${value.toFixed(4)} (${low.toFixed(4)}-${high.toFixed(4)})`;
const ms = (n: number): string => `${n.toFixed(0)} ms`;
const timesOf = (t: Times): string => `${t.leastMs.toFixed(0)} / ${t.medianMs.toFixed(0)} / ${t.p95Ms.toFixed(0)} / ${ms(t.mostMs)}`;
