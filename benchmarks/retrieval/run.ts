/**
 * Recall and time of the graph index against the exact one.
 *   node benchmarks/retrieval/run.ts [--sizes 100000,1000000] [--kinds clustered,unclustered] [--probes 200]
 *     [--cache DIR] [--out benchmarks/results] [--again]
 * Graphs and finished cases are kept in the cache folder: a run that was stopped goes on where it was
 * (a million vectors take a graph some 15 minutes of one core, and 1.5 GB of disk). `--again` measures
 * finished cases again. The report holds the other finished cases of the cache folder as well.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RETRIEVAL_PARAMETERS as P } from '../../src/retrieval/index.ts';
import { K, measureCase, SEED, type CaseResult } from './measure.ts';
import { reportOf, type Results } from './report.ts';
import { KINDS, type VectorKind } from './vectors.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100000,1000000' },
    kinds: { type: 'string', default: 'clustered,unclustered' },
    probes: { type: 'string', default: '200' },
    cache: { type: 'string', default: join(tmpdir(), 'relievo-retrieval') },
    out: { type: 'string', default: 'benchmarks/results' },
    again: { type: 'boolean', default: false },
  },
});

const sizes = values.sizes.split(',').map(Number);
const kinds = values.kinds.split(',') as VectorKind[];
const probes = Number(values.probes);
if (sizes.some((n) => !Number.isInteger(n) || n < 1000)) throw new Error('--sizes takes whole numbers from 1000 on');
if (kinds.some((kind) => !(kind in KINDS))) throw new Error(`--kinds takes ${Object.keys(KINDS).join(', ')}`);
if (!(probes >= 20 && probes <= 500)) throw new Error('--probes takes 20 to 500');

const stamp = createHash('sha256').update(JSON.stringify([2, P, probes, SEED])).digest('hex').slice(0, 12);
const cases: CaseResult[] = [];
for (const count of sizes) {
  for (const kind of kinds) {
    const folder = join(values.cache, `${kind}-${count}`);
    await mkdir(folder, { recursive: true });
    const kept = join(folder, `result-${stamp}.json`);
    const known = values.again ? undefined : await readFile(kept, 'utf8').catch(() => undefined);
    if (known !== undefined) {
      cases.push(JSON.parse(known) as CaseResult);
      process.stderr.write(`${kind} ${count}: already measured\n`);
      continue;
    }
    let [said, at] = ['', 0];
    const say = (text: string): void => {
      const now = performance.now();
      if (text.split(':')[0] === said.split(':')[0] && now - at < 5000) return;
      [said, at] = [text, now];
      process.stderr.write(`${kind} ${count}: ${text}\n`);
    };
    const result = await measureCase(kind, count, { probes, folder, say });
    await writeFile(kept, JSON.stringify(result));
    cases.push(result);
  }
}

for (const name of await readdir(values.cache)) {
  const text = await readFile(join(values.cache, name, `result-${stamp}.json`), 'utf8').catch(() => undefined);
  const other = text === undefined ? undefined : (JSON.parse(text) as CaseResult);
  if (other && !cases.some(({ kind, count }) => kind === other.kind && count === other.count)) cases.push(other);
}
const rank = ({ kind, count }: CaseResult): number => Object.keys(KINDS).indexOf(kind) * 1e9 + count;
cases.sort((a, b) => rank(a) - rank(b));

const results: Results = {
  machine: { cores: cpus().length, node: process.versions.node },
  command: `node benchmarks/retrieval/run.ts --sizes ${values.sizes} --kinds ${values.kinds} --probes ${values.probes}`,
  parameters: { m: P.m.value, efConstruction: P.efConstruction.value, partVectors: P.partVectors.value, targetRecall: P.targetRecall.value, k: K },
  cases,
};
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'retrieval.json'), `${JSON.stringify(results, (_, value: unknown) => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value), 1)}\n`);
const page = reportOf(results);
await writeFile(join(values.out, 'retrieval.md'), page);
process.stdout.write(page);
