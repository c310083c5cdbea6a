/**
 * How well are tools of one logo design told apart, and how do SIFT and plain correlation do on the same crops?
 *
 *   node benchmarks/accuracy/tools.ts [--designs 20] [--seed tools-benchmark-12] [--data ../shared/data] [--work DIR]
 *     [--out benchmarks/results] [--no-pressed]
 *
 * 1. sets: a simulated one whose seed was not used in development (4 tools of each design, two of them cut from one
 *    drawing; 4 photographs of each tool, every one of another specimen), and path-traced photographs where they lie
 *    beside the repository; the engine sees file, kind and scale
 * 2. scores: every pair by Relievo; every pair of one design by the peers
 * 3. figures: pairs under raking light, all pairs, twins, exhibits of two photographs against two
 * 4. likelihood ratios: each set by a calibration of another, and by the bundled one
 * Everything is kept in the work folder; a run that was stopped goes on where it was.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simulate } from '../../fixtures/press-simulator/index.ts';
import { evaluateFolder } from '../../src/cli/evaluate.ts';
import { engineStamp } from '../../src/cli/evaluate/engine.ts';
import { readManifest } from '../../src/cli/evaluate/manifest.ts';
import { blindCopy } from './blind.ts';
import { peerTables } from './tools-peers.ts';
import { type SetFigures, setFigures, TUNED } from './tools-figures.ts';
import { toolsPage } from './tools-page.ts';
import { type LitSet, litSet, partOf, ratioFigures } from './tools-ratios.ts';

const { values } = parseArgs({
  options: {
    designs: { type: 'string', default: '20' },
    seed: { type: 'string', default: 'tools-benchmark-12' },
    data: { type: 'string', default: '../shared/data' },
    work: { type: 'string', default: join(tmpdir(), 'relievo-tools') },
    out: { type: 'string', default: 'benchmarks/results' },
    'no-pressed': { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function measureSet(title: string, folder: string): Promise<{ figures: SetFigures[]; lit: LitSet }> {
  const work = join(values.work, title.replaceAll(/\W+/g, '-'));
  const blind = `${work}-blind`;
  await blindCopy(folder, blind, ['file', 'kind', 'mm_per_px']);
  say(`evaluating: ${title}`);
  const { faces, tables } = await evaluateFolder(blind, `${work}-evaluation`, { progress: true, title });
  const labels = await readManifest(folder);
  say(`peers: ${title}`);
  const peers = await peerTables(blind, faces, labels, work, say);
  return { figures: setFigures(title, labels, [{ name: 'Relievo', table: tables.tool }, ...peers]), lit: litSet(title, { faces, tables }, labels) };
}

// 1 sets
const set = join(values.work, `set-${values.designs}-${values.seed}`);
if (!existsSync(join(set, 'manifest.csv'))) {
  say(`simulating ${values.designs} designs x 4 tools x 4 photographs`);
  await simulate({ designs: Number(values.designs), tools: 4, photos: 4, seed: values.seed, library: 'unseen', out: set });
}
// 2 scores, 3 figures
const simulated = await measureSet(`own simulator, ${values.designs} designs`, set);
const [figures, lit] = [[...simulated.figures], [simulated.lit]];
const pressed = join(values.data, 'pressed-dev');
const skipped = values['no-pressed'] || !existsSync(join(pressed, 'manifest.csv'));
if (!skipped) {
  const traced = await measureSet('path-traced', pressed);
  figures.push(...traced.figures);
  lit.push(partOf(traced.lit, 'path-traced L01-L07', (d) => TUNED.test(d)), partOf(traced.lit, 'path-traced L08-L14', (d) => !TUNED.test(d)));
}
// 4 likelihood ratios
const ratios = await ratioFigures(lit);

const machine = { cores: cpus().length, node: process.versions.node, load: loadavg()[0]! };
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'tools.json'), `${JSON.stringify({ seed: values.seed, engine: engineStamp(), machine, figures, ratios, skipped }, (_, v: unknown) => (typeof v === 'number' && !Number.isInteger(v) ? Number(v.toPrecision(5)) : v), 1)}\n`);
const page = toolsPage(values.seed, figures, ratios, skipped);
await writeFile(join(values.out, 'tools.md'), page);
process.stdout.write(page);
