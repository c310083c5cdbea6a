/**
 * How well are logo designs told apart, and how do SIFT, ORB and perceptual hashes do on the same crops?
 *
 *   node benchmarks/accuracy/logo.ts [--designs 40] [--tools 4] [--photos 4] [--seed 20261130] [--peer-photos 2]
 *     [--data ../shared/data] [--work DIR] [--out benchmarks/results] [--no-pressed]
 *
 * 1. simulated: a set whose seed was not used in development; every pair by Relievo
 * 2. peers: the same crops of `peer-photos` photographs of each tool; every pair of them by every method
 * 3. times: the same pairs one after the other on one core
 * 4. pressed-dev: path-traced photographs, where they lie beside the repository
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
import { designSlices } from '../../src/cli/evaluate/slices.ts';
import { blindCopy } from './blind.ts';
import { logoPage, type LogoResults } from './logo-page.ts';
import { compareMethods } from './logo-peers.ts';

const { values } = parseArgs({
  options: {
    designs: { type: 'string', default: '40' },
    tools: { type: 'string', default: '4' },
    photos: { type: 'string', default: '4' },
    seed: { type: 'string', default: '20261130' },
    'peer-photos': { type: 'string', default: '2' },
    data: { type: 'string', default: '../shared/data' },
    work: { type: 'string', default: join(tmpdir(), 'relievo-logo') },
    out: { type: 'string', default: 'benchmarks/results' },
    'no-pressed': { type: 'boolean', default: false },
  },
});
const [designs, tools, photos, peerPhotos] = [values.designs, values.tools, values.photos, values['peer-photos']].map(Number) as [number, number, number, number];
const say = (line: string): void => void process.stderr.write(`${line}\n`);

// 1 simulated
const set = join(values.work, `set-${designs}-${tools}-${photos}-${values.seed}`);
if (!existsSync(join(set, 'manifest.csv'))) {
  say(`simulating ${designs} designs x ${tools} tools x ${photos} photographs`);
  await simulate({ designs, tools, photos, seed: values.seed, out: set });
}
const blind = `${set}-blind`;
await blindCopy(set, blind);
say('evaluating the simulated set');
const simulated = await evaluateFolder(blind, `${set}-evaluation`, { progress: true, designsOnly: true, title: 'Logo designs, simulated', about: `Simulated photographs, seed ${values.seed}.` });
const labels = await readManifest(set);
const simulatedSlices = designSlices(simulated.tables.design, labels);

// 2 peers, 3 times
say('peers');
const compared = await compareMethods({ folder: blind, evaluated: simulated, labels, perTool: peerPhotos, work: values.work, say });

// 4 pressed-dev
const pressed = join(values.data, 'pressed-dev');
let pressedSlices: LogoResults['pressed'] = null;
if (!values['no-pressed'] && existsSync(join(pressed, 'manifest.csv'))) {
  const copy = join(values.work, 'pressed-dev-blind');
  await blindCopy(pressed, copy);
  say('evaluating pressed-dev');
  const { tables: { design: table }, faces } = await evaluateFolder(copy, join(values.work, 'pressed-dev-evaluation'), { progress: true, designsOnly: true, title: 'Logo designs, pressed-dev', about: 'Path-traced photographs; the engine saw file and kind only.' });
  pressedSlices = { slices: designSlices(table, await readManifest(pressed)).map(withoutCurves), refused: faces.filter((f) => !f.features).length };
}

const results: LogoResults = {
  command: ['npm run bench -- logo', ...process.argv.slice(2).filter((arg, i, all) => !/^--(work|data|out)\b/.test(arg) && !/^--(work|data|out)$/.test(all[i - 1] ?? ''))].join(' '),
  machine: { cores: cpus().length, model: cpus()[0]!.model, node: process.versions.node, load: loadavg()[0]! },
  engine: engineStamp(),
  set: { designs, tools, photos, seed: values.seed, refused: simulated.faces.filter((f) => !f.features).length },
  simulated: simulatedSlices.map(withoutCurves),
  compared,
  pressed: pressedSlices,
};
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'logo.json'), `${JSON.stringify(results, (_, v: unknown) => (typeof v === 'number' && !Number.isInteger(v) ? Number(v.toPrecision(6)) : v), 1)}\n`);
const page = logoPage(results);
await writeFile(join(values.out, 'logo.md'), page);
process.stdout.write(page);

function withoutCurves({ name, members, metrics: { errorTradeOff: _, ...metrics } }: (typeof simulatedSlices)[number]): LogoResults['simulated'][number] {
  return { name, photographs: members.length, metrics };
}
