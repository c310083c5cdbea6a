/**
 * The weights by which native/measure_choose.cc prefers one outline to another, and how likely it makes it a face.
 *   node benchmarks/accuracy/outline-weights.ts [--data DIR] [--keep DIR]
 * Simulated sets of seeds of their own (tablets, several in a frame, bricks) and, where it is present, the
 * path-traced set pressed-dev in --data (default: ../shared/data beside the repository) are measured; the
 * evidence of every outline is taken, and a conditional logit fitted: of all outlines of a specimen, and of
 * things that are no specimen's, one whose box overlaps the true one by IoU >= 0.92 is to be chosen. A second
 * regression tells how likely an outline is a face from its preference and from its rivals; it also sees
 * benches on which no specimen lies.
 * Prints how each set fares when it is left out, and the constants for the whole.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { encodePhoto, planSet, simulate } from '../../fixtures/press-simulator/index.ts';
import { decode, measureKernel } from '../../src/imaging/index.ts';
import { pressRender } from '../../src/platform/native/index.ts';
import { type Choice, fitConditionalLogit, fitLogistic } from './conditional-logit.ts';
import { type Box, boxOf, overlap, readManifest, shared } from './labelled.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({ options: { data: { type: 'string', default: join(ROOT, '..', 'shared', 'data') }, keep: { type: 'string' } } });

const PENALTY = 10;
const CHOSEN = 0.92; // a little more than a face must overlap, so that a good outline is preferred to one at the limit
const RIGHT = 0.9;
const MOST_THINGS = 6; // of one photograph, for the second regression

interface Outline {
  readonly box: Box;
  readonly evidence: readonly number[];
}
interface Photo {
  readonly truth: readonly Box[];
  readonly outlines: readonly Outline[];
}

const area = (b: Box): number => b[2] * b[3];
const touches = (a: Box, b: Box): boolean => shared(a, b) > 0.1 * Math.min(area(a), area(b));

function boxAround(outlinePx: Float32Array): Box {
  const xs = outlinePx.filter((_, i) => i % 2 === 0);
  const ys = outlinePx.filter((_, i) => i % 2 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return [x, y, Math.max(...xs) - x, Math.max(...ys) - y];
}

async function look(folder: string, kind?: string): Promise<Photo[]> {
  const out: Photo[] = [];
  for (const [file, rows] of readManifest(join(folder, 'manifest.csv'))) {
    if (kind && rows[0]!['kind'] !== kind) continue;
    out.push(await lookAtBytes(await readFile(join(folder, file)), (width, height) => rows.map((row) => boxOf(row, width, height))));
  }
  return out;
}

async function lookAtBytes(bytes: Uint8Array, truth: (width: number, height: number) => Box[]): Promise<Photo> {
  const photo = await decode(bytes);
  const { candidates } = await measureKernel(photo);
  return { truth: truth(photo.width, photo.height), outlines: candidates.map((c) => ({ box: boxAround(c.outlinePx), evidence: [...c.evidence] })) };
}

/** The same scenes without their specimens. */
async function lookAtEmpty(seed: string): Promise<Photo[]> {
  const out: Photo[] = [];
  for (const kind of ['tablet', 'brick'] as const)
    for (const { capture } of planSet({ designs: 12, tools: 1, photos: 4, seed, kind, rulerShare: 0.6 })) {
      const { width, height } = capture.scene.camera;
      const empty = { ...(await pressRender({ ...capture.scene, specimens: [] })), width, height, truth: [] };
      out.push(await lookAtBytes(await encodePhoto(empty, capture), () => []));
    }
  return out;
}

/** One choice for each specimen: its own outlines and, where it is alone, those that are nobody's. */
function choices(photo: Photo): Choice[] {
  return photo.truth.map((truth) => {
    const own = photo.outlines.filter(({ box }) => touches(box, truth) || (photo.truth.length === 1 && !photo.truth.some((t) => touches(box, t))));
    return { terms: own.map((o) => o.evidence), right: own.map((o) => overlap(o.box, truth) >= CHOSEN) };
  });
}

interface Thing {
  readonly outline: Outline;
  readonly preference: number;
  readonly right: boolean;
  /** Preference, and how little speaks for other outlines of the same thing. */
  readonly terms: readonly [number, number];
}

/** What is seen in a photograph, by its most preferred outline, in falling order of preference. */
function things(photo: Photo, weights: readonly number[]): Thing[] {
  const preference = photo.outlines.map((o) => o.evidence.reduce((sum, x, i) => sum + x * weights[i]!, 0));
  let left = photo.outlines.map((_, i) => i).sort((a, b) => preference[b]! - preference[a]!);
  const out: Thing[] = [];
  while (left.length > 0 && out.length < MOST_THINGS) {
    const i = left[0]!;
    const { box } = photo.outlines[i]!;
    const rivals = photo.outlines.reduce((sum, o, j) => (touches(o.box, box) ? sum + Math.exp(Math.min(30, preference[j]! - preference[i]!)) : sum), 0);
    out.push({ outline: photo.outlines[i]!, preference: preference[i]!, right: photo.truth.some((t) => overlap(t, box) >= RIGHT), terms: [preference[i]!, -Math.log(rivals - 1 + 1e-3)] });
    left = left.filter((j) => !touches(photo.outlines[j]!.box, box));
  }
  return out;
}

const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'relievo-outlines-')));
const tablets = { designs: 60, tools: 4, photos: 1 };
const sets = [
  { name: 'tablets, small', ...tablets, seed: 'outline-weights-1' },
  { name: 'tablets, large', ...tablets, seed: 'outline-weights-2', sizePx: 1100 },
  { name: 'tablets, tilted', ...tablets, seed: 'outline-weights-3', sizePx: 1400, tiltMaxDeg: 18, rulerShare: 0.6 },
  { name: 'tablets, other tools', ...tablets, seed: 'outline-weights-4', sizePx: 900 },
  { name: 'several', designs: 30, tools: 2, photos: 1, seed: 'outline-weights-5', several: 1 },
  { name: 'bricks', designs: 16, tools: 3, photos: 2, seed: 'outline-weights-6', kind: 'brick' as const },
];
const looked: { name: string; photos: Photo[] }[] = [];
for (const { name, ...set } of sets) {
  const out = join(folder, set.seed);
  if (!existsSync(join(out, 'manifest.csv'))) await simulate({ ...set, out });
  looked.push({ name, photos: await look(out) });
  process.stderr.write(`${name}: ${looked.at(-1)!.photos.length} photographs\n`);
}
if (!options.keep) await rm(folder, { recursive: true, force: true });
const pressed = join(options.data, 'pressed-dev');
if (existsSync(join(pressed, 'manifest.csv'))) for (const kind of ['tablet', 'brick']) looked.push({ name: `pressed-dev, ${kind}s`, photos: await look(pressed, kind) });
else process.stderr.write('pressed-dev is not there: the weights rest on simulated photographs alone\n');

const fit = (photos: readonly Photo[]): number[] => fitConditionalLogit(photos.flatMap(choices), PENALTY);
const lines = ['| left out | photographs | right outline first | a right outline among all |', '|---|---|---|---|'];
for (const { name, photos } of looked) {
  const kin = name.split(',')[0];
  const weights = fit(looked.filter((l) => l.name !== name && !(kin === 'pressed-dev' && l.name.startsWith(kin))).flatMap((l) => l.photos));
  const first = photos.filter((p) => things(p, weights)[0]?.right).length;
  const any = photos.filter((p) => p.outlines.some((o) => p.truth.some((t) => overlap(t, o.box) >= RIGHT))).length;
  lines.push(`| ${name} | ${photos.length} | ${first} = ${((100 * first) / photos.length).toFixed(1)} % | ${any} |`);
}
const all = looked.flatMap((l) => l.photos);
const weights = fit(all);
const empty = await lookAtEmpty('outline-weights-7');
const [base, preference, rivals] = fitLogistic([...all, ...empty].flatMap((p) => things(p, weights)), 1e-3);
const likelihood = (t: Thing): number => 1 / (1 + Math.exp(-(base! + preference! * t.terms[0] + rivals! * t.terms[1])));
lines.push('', '| likelihood asked for | the best outline is right | is wrong | below it | empty benches above it |', '|---|---|---|---|---|');
const best = (photos: readonly Photo[]): { right: boolean; likelihood: number }[] => photos.map((p) => things(p, weights).map((t) => ({ right: t.right, likelihood: likelihood(t) })).reduce((a, b) => (b.likelihood > a.likelihood ? b : a), { right: false, likelihood: 0 }));
const [seen, unseen] = [best(all), best(empty)];
for (const least of [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5]) {
  const above = seen.filter((t) => t.likelihood >= least);
  lines.push(`| ${least} | ${above.filter((t) => t.right).length} | ${above.filter((t) => !t.right).length} | ${seen.length - above.length} | ${unseen.filter((t) => t.likelihood >= least).length} of ${empty.length} |`);
}
process.stdout.write(`${lines.join('\n')}\n\nkPreference{${weights.map((w) => w.toFixed(2)).join(', ')}}\nkFaceBase = ${base!.toFixed(2)}, kFacePreference = ${preference!.toFixed(3)}, kFaceRivals = ${rivals!.toFixed(3)}\n`);
