/**
 * How much do more lamps tell of a tool, and how much do resolution, tilt and grain take?
 *
 *   node benchmarks/accuracy/lights.ts [--designs 24] [--curve-designs 6] [--seed lights-benchmark-6] [--work DIR] [--out benchmarks/results]
 *
 * 1. lamps: a simulated set of 4 tools a design and 3 specimens a tool, each photographed under eleven lamps without being
 *    moved; figures for 1, 2, 4 and 8 of the photographs, azimuths unknown and known, and for two lamps by their difference
 * 2. curves: smaller sets, one for each resolution, tilt and grain, under one lamp and under two
 * All light is raking, all figures are of pairs of one design. Rendered sets and figures are kept in the work folder; a run
 * that was stopped goes on where it was.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type SimulateOptions } from '../../fixtures/press-simulator/index.ts';
import { engineStamp, sha256 } from '../../src/cli/evaluate/engine.ts';
import { lightsPage, type LightRow } from './lights-page.ts';
import { figuresUnder, litSet, type LitSet } from './lights-scores.ts';

const { values } = parseArgs({
  options: {
    designs: { type: 'string', default: '24' },
    'curve-designs': { type: 'string', default: '6' },
    seed: { type: 'string', default: 'lights-benchmark-6' },
    work: { type: 'string', default: join(tmpdir(), 'relievo-lights') },
    out: { type: 'string', default: 'benchmarks/results' },
  },
});
const FOUR = [0, 90, 180, 270];
const EIGHT = [...FOUR, 45, 135, 225, 315];
const APART = [30, 60, 90, 120, 180];
const stamp = engineStamp();
const rows: LightRow[] = [];
await mkdir(values.work, { recursive: true });

/** Makes the set only when a figure of it is missing. */
async function add(name: string, options: SimulateOptions & { lampTurnsDeg: readonly number[] }, wanted: readonly Pick<LightRow, 'part' | 'what' | 'known' | 'turns'>[]): Promise<void> {
  let set: LitSet | undefined;
  for (const row of wanted) {
    const path = join(values.work, `${sha256(JSON.stringify([options, row.turns, row.known, stamp])).slice(0, 32)}.json`);
    if (!existsSync(path)) {
      set ??= await litSet(join(values.work, `${values.seed}-${name}`), options);
      await writeFile(path, JSON.stringify(await figuresUnder(set, row.turns, row.known)));
    }
    const found = { ...row, ...(JSON.parse(await readFile(path, 'utf8')) as Pick<LightRow, 'metrics' | 'refused'>) };
    rows.push(found);
    process.stderr.write(`${row.part}: ${row.what}${row.known ? ', known' : ''}: EER ${found.metrics.equalErrorRate?.value.toFixed(3)}\n`);
  }
}

// 1 lamps
const common = { tools: 4, photos: 3, seed: values.seed, light: 'raking', library: 'unseen', rulerShare: 0 } as const;
const lamps = (turns: readonly number[]): Pick<LightRow, 'part' | 'what' | 'turns'> => ({ part: 'lamps', what: turns.length === 1 ? '1 photograph' : turns.length === 2 ? '2, 90 degrees apart' : `${turns.length} around`, turns });
await add('lamps', { ...common, designs: Number(values.designs), lampTurnsDeg: [...EIGHT, ...APART.filter((turn) => !EIGHT.includes(turn))] }, [
  ...[[0], [0, 90], FOUR, EIGHT].flatMap((turns) => [false, true].map((known) => ({ ...lamps(turns), known }))),
  ...APART.map((turn) => ({ part: 'azimuth difference of two lamps', what: `${turn} degrees`, turns: [0, turn], known: false })),
]);
// 2 curves
const curve = (part: string, what: string, options: Partial<SimulateOptions>): Promise<void> =>
  add(`${part}-${what}`.replaceAll(/\W+/g, '-'), { ...common, designs: Number(values['curve-designs']), lampTurnsDeg: [0, 90], ...options }, [[0], [0, 90]].map((turns) => ({ part, what, turns, known: false })));
for (const pxPerMm of [14, 20, 30, 45, 60]) await curve('resolution', `${pxPerMm} px/mm`, { pxPerMm: [pxPerMm, pxPerMm], tiltMaxDeg: 5 });
for (const tiltDeg of [0, 5, 10]) await curve('tilt', `${tiltDeg} degrees`, { tiltDeg });
for (const grainMm of [0.002, 0.004, 0.007]) await curve('grain', `${1000 * grainMm} µm`, { grainMm });

const machine = { cores: cpus().length, node: process.versions.node, load: loadavg()[0]! };
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'lights.json'), `${JSON.stringify({ seed: values.seed, engine: stamp, machine, rows }, (_, v: unknown) => (typeof v === 'number' && !Number.isInteger(v) ? Number(v.toPrecision(5)) : v), 1)}\n`);
const page = lightsPage(values.seed, rows);
await writeFile(join(values.out, 'lights.md'), page);
process.stdout.write(page);
