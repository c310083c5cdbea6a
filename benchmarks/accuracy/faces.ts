/**
 * How well are specimens found, and how true is the scale?
 *   node benchmarks/accuracy/faces.ts [--data DIR] [--designs N] [--seed S] [--keep DIR]
 * A freshly simulated set (tablets one by one, several in a frame, bricks) and, where it is present,
 * the path-traced set pressed-dev in --data (default: ../shared/data beside the repository), half of whose designs
 * the network has been shown in training: the two halves are reported apart.
 * A face is right when its box and the true box, both cut at the frame, overlap by IoU >= 0.9.
 * A photograph is right when every true face is found and nothing else is reported, refused when nothing is
 * reported, incomplete when what is reported is right but some of several faces are refused, wrong when any
 * face that is reported is wrong. Wrong by no overlap (IoU < 0.5) is counted apart.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { simulate } from '../../fixtures/press-simulator/index.ts';
import { Problem } from '../../src/domain/index.ts';
import { type MeasuredFace, decode, measure } from '../../src/imaging/index.ts';
import { wilson } from '../../src/likelihood/index.ts';
import { boxOf, overlap, readManifest, type Row } from './labelled.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
  options: { data: { type: 'string', default: join(ROOT, '..', 'shared', 'data') }, designs: { type: 'string', default: '40' }, seed: { type: 'string', default: 'faces-benchmark-11' }, keep: { type: 'string' } },
});

/** Designs of pressed-dev that the network that finds faces was trained on (docs/adr/0008-a-network-sees-faces.md). */
const TRAINED = new Set(['L01', 'L02', 'L03', 'L04', 'L05', 'L06', 'L07', 'B01', 'B02']);

interface Outcome {
  readonly group: string;
  readonly design: string;
  readonly verdict: 'right' | 'wrong' | 'refused' | 'incomplete';
  /** Least overlap of a reported face with its true one; 1 when nothing is reported. */
  readonly iou: number;
  readonly hasRuler: boolean;
  /** Reading of the ruler over its true scale at that place; null when none was read. */
  readonly ratio: number | null;
}

async function judge(folder: string, file: string, rows: readonly Row[]): Promise<Outcome> {
  const photo = await decode(await readFile(join(folder, file)));
  let faces: readonly MeasuredFace[] = [];
  try {
    faces = await measure(photo); // no hint: what a face is has to be found too
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
  }
  const truth = rows.map((row) => boxOf(row, photo.width, photo.height));
  const iou = Math.min(1, ...faces.map((f) => Math.max(...truth.map((t) => overlap(t, f.bboxPx)))));
  const found = truth.every((t) => faces.some((f) => overlap(t, f.bboxPx) >= 0.9));
  const row = rows[0]!;
  const group = `${row['kind']!}${rows.length > 1 ? 's, several' : ''}${row['ground'] ? `, ${row['ground']}` : ''}, ${row['light'] ?? ''}`;
  const hasRuler = row['ruler'] === '1';
  // The ruler is read once for each face, where it is nearest to it: the worst of them counts.
  const ratios = faces.filter((f) => f.scale.source === 'ruler').map((f) => {
    const own = rows[truth.map((t) => overlap(t, f.bboxPx)).reduce((best, o, i, all) => (o > all[best]! ? i : best), 0)]!;
    return f.scale.mmPerPx! / Number(own['ruler_mm_per_px'] || own['mm_per_px']);
  });
  const ratio = ratios.length === 0 ? null : ratios.reduce((a, b) => (Math.abs(Math.log(b)) > Math.abs(Math.log(a)) ? b : a));
  return { group, design: row['design_id']!, verdict: faces.length === 0 ? 'refused' : iou < 0.9 ? 'wrong' : found ? 'right' : 'incomplete', iou, hasRuler, ratio };
}

async function run(folder: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [file, rows] of readManifest(join(folder, 'manifest.csv'))) outcomes.push(await judge(folder, file, rows));
  return outcomes;
}

const share = (k: number, n: number): string => {
  if (n === 0) return '-';
  const { low, high } = wilson(k, n);
  return `${k}/${n} = ${((100 * k) / n).toFixed(1)} % (${(100 * low).toFixed(1)}-${(100 * high).toFixed(1)})`;
};
const count = (outcomes: readonly Outcome[], test: (o: Outcome) => boolean): number => outcomes.filter(test).length;

function faceTable(outcomes: readonly Outcome[]): string[] {
  const groups = [...new Set(outcomes.map((o) => o.group))].sort();
  const line = (name: string, set: readonly Outcome[]): string =>
    `| ${name} | ${share(count(set, (o) => o.verdict === 'right'), set.length)} | ${count(set, (o) => o.verdict === 'refused')} | ${count(set, (o) => o.verdict === 'incomplete')} | ${share(count(set, (o) => o.verdict === 'wrong'), set.length)} | ${share(count(set, (o) => o.iou < 0.5), set.length)} |`;
  return ['| photographs | right: IoU >= 0.9 | refused | incomplete | wrong | of these another thing: IoU < 0.5 |', '|---|---|---|---|---|---|', ...groups.map((g) => line(g, outcomes.filter((o) => o.group === g))), line('**all**', outcomes)];
}

/** `own`: the manifest holds the scale at the ruler itself; else only the face's, above which a ruler reads 3-13 % too much. */
function rulerTable(outcomes: readonly Outcome[], own: boolean): string[] {
  const seen = outcomes.filter((o) => o.hasRuler);
  const near = (r: number | null): boolean => r !== null && (own ? Math.abs(r - 1) <= 0.01 : r >= 0.99 && r <= 1.14);
  const far = (r: number | null): boolean => r !== null && (own ? Math.abs(r - 1) > 0.03 : r < 0.97 || r > 1.16);
  return [
    '| ruler | |', '|---|---|',
    `| ${own ? 'read within 1 % of its own scale' : "read between 0.99 and 1.14 of the face's scale"} | ${share(count(seen, (o) => near(o.ratio)), seen.length)} |`,
    `| not read | ${share(count(seen, (o) => o.ratio === null), seen.length)} |`,
    `| ${own ? 'wrong by more than 3 %' : 'outside 0.97 to 1.16'} | ${share(count(seen, (o) => far(o.ratio)), seen.length)} |`,
    `| read where there is none | ${share(count(outcomes, (o) => !o.hasRuler && o.ratio !== null), outcomes.length - seen.length)} |`,
  ];
}

const report = ['# Faces and scale', '', `\`node benchmarks/accuracy/faces.ts --designs ${options.designs} --seed ${options.seed}\`; counts with Wilson's 95 % intervals.`];
const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'relievo-faces-')));
const designs = Number(options.designs);
const sets = [
  { name: 'tablets', designs, tools: 2, photos: 4, seed: options.seed },
  { name: 'several', designs: Math.ceil(designs / 4), tools: 1, photos: 4, seed: `${options.seed}-several`, several: 1 },
  { name: 'bricks', designs: Math.min(8, Math.ceil(designs / 4)), tools: 2, photos: 4, seed: `${options.seed}-bricks`, kind: 'brick' as const },
];
for (const { name, ...set } of sets) {
  const out = join(folder, name);
  if (!existsSync(join(out, 'manifest.csv'))) await simulate({ ...set, out });
  const outcomes = await run(out);
  report.push('', `## Simulated: ${name}`, '', ...faceTable(outcomes), '', ...rulerTable(outcomes, true));
}
if (!options.keep) await rm(folder, { recursive: true, force: true });
const pressed = join(options.data, 'pressed-dev');
if (existsSync(join(pressed, 'manifest.csv'))) {
  const outcomes = await run(pressed);
  for (const kind of ['tablet', 'brick'])
    for (const trained of [false, true]) {
      const set = outcomes.filter((o) => o.group.startsWith(kind) && TRAINED.has(o.design) === trained);
      report.push('', `## pressed-dev (path-traced, not part of the repository): ${kind}s, ${trained ? 'designs that the network was trained on' : 'held-out designs'}`, '', ...faceTable(set), '', ...rulerTable(set, false));
    }
} else report.push('', `## pressed-dev: SKIPPED, there is no pressed-dev in ${options.data === join(ROOT, '..', 'shared', 'data') ? '../shared/data' : 'the folder given'}`);
const page = `${report.join('\n')}\n`;
process.stdout.write(page);
const results = join(dirname(fileURLToPath(import.meta.url)), '..', 'results');
await mkdir(results, { recursive: true });
await writeFile(join(results, 'faces.md'), page);
