/**
 * Search for profiles: recall against the comparison with every one, and time at a million.
 *   node benchmarks/retrieval/profiles.ts [--stored 20000] [--large 1000000] [--probes 20] [--searches 100] [--out benchmarks/results] [--parts recall,time]
 * About a quarter of an hour on two cores. A part that is not named is taken over from the last results.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PANELS } from '../../src/profiling/index.ts';
import { measureRecall, measureTimes, type ProfileCase } from './profile-measure.ts';
import { reportOf, type ProfileResults } from './profile-report.ts';

const { values } = parseArgs({
  options: {
    stored: { type: 'string', default: '20000' },
    large: { type: 'string', default: '1000000' },
    probes: { type: 'string', default: '20' },
    searches: { type: 'string', default: '100' },
    parts: { type: 'string', default: 'recall,time' },
    out: { type: 'string', default: 'benchmarks/results' },
  },
});
const [stored, large, probes, searches] = [values.stored, values.large, values.probes, values.searches].map(Number) as [number, number, number, number];
if (![stored, large, probes, searches].every((n) => Number.isInteger(n) && n >= 5)) throw new Error('--stored, --large, --probes and --searches take whole numbers from 5 on');

const RECALL: readonly ProfileCase[] = PANELS.flatMap(({ id }) => [
  ...[0, 0.1, 0.3, 0.5].map((missing) => ({ panel: id, missing, replicates: 1 })),
  { panel: id, missing: 0.3, replicates: 3 },
]);
const TIMES: readonly ProfileCase[] = [
  { panel: 'amphetamine-impurities', missing: 0.3, replicates: 1 },
  { panel: 'amphetamine-impurities', missing: 0.3, replicates: 3 },
  { panel: 'trace-elements', missing: 0.3, replicates: 1 },
  { panel: 'tablet-measurements', missing: 0.3, replicates: 1 },
  { panel: 'amphetamine-impurities', missing: 0.3, replicates: 1, distance: 'manhattan' },
  { panel: 'amphetamine-impurities', missing: 0.3, replicates: 1, distance: 'robust-mahalanobis' },
];
const say = (kind: string, one: ProfileCase): void => void process.stderr.write(`${kind}: ${one.panel}, ${one.missing * 100} % missing, ${one.replicates} replicates${one.distance ? `, ${one.distance}` : ''}\n`);

const parts = values.parts.split(',');
const last = parts.includes('recall') && parts.includes('time') ? undefined : (JSON.parse(await readFile(join(values.out, 'profile-retrieval.json'), 'utf8')) as ProfileResults);
const recall = [...(parts.includes('recall') ? [] : last!.recall)];
for (const one of parts.includes('recall') ? RECALL : []) {
  say('recall', one);
  recall.push(await measureRecall(one, stored, probes));
}
const times = [...(parts.includes('time') ? [] : last!.times)];
for (const one of parts.includes('time') ? TIMES : []) {
  say('time', one);
  times.push(await measureTimes(one, large, searches));
}

const results = {
  machine: { cores: cpus().length, node: process.versions.node },
  command: `node benchmarks/retrieval/profiles.ts --stored ${stored} --large ${large} --probes ${probes} --searches ${searches}`,
  recall, times,
};
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'profile-retrieval.json'), `${JSON.stringify(results, (_, value: unknown) => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value), 1)}\n`);
const page = reportOf(results);
await writeFile(join(values.out, 'profile-retrieval.md'), page);
process.stdout.write(page);
