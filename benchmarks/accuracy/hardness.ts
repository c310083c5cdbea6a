/**
 * How hard the simulated photographs are, so that nobody fools himself: on 14 designs x 4 tools x 4 photographs (two tools
 * of each design share one drawing; every photograph another specimen, lamp, camera and ground) every photograph is a query
 * among the others of its design.
 *   1. OpenCV SIFT + ratio test + RANSAC: how often is the nearest photograph of the right tool? At most 40 %; chance is 20 %.
 *   2. Plain normalised correlation at the TRUE pose: at most 70 %.
 *   3. An oracle that renders the true relief of each of the 4 tools at the true pose and light: at least 95 %.
 * 1 and 2 say that the marks are not given away, 3 that they are in the pictures. Raking light; simulated.
 *
 *   node benchmarks/accuracy/hardness.ts [--designs 14] [--tools 4] [--photos 4] [--seed hardness] [--threads 2] [--out benchmarks/results]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { encodePhoto, engraveTool, type Photo, type PlannedShot, perfectSpecimen, planSet, type Relief, renderCapture, renderShots, type Wear } from '../../fixtures/press-simulator/index.ts';
import { correlationPairs, everyPair, grayOf, type GrayPicture, keypointPairs, keypoints, USUAL_RULE } from '../peers/index.ts';
import { flatten } from './flatten.ts';

export interface HardnessOptions {
  readonly designs: number;
  readonly tools: number;
  readonly photos: number;
  readonly seed: string;
  readonly threads: number;
}

export interface Share {
  readonly right: number;
  readonly of: number;
}

export interface Hardness {
  readonly sift: Share;
  readonly correlation: Share;
  readonly oracle: Share;
  /** Core time of one photograph, simulated and stored as JPEG, ms; its tools' share of engraving included. */
  readonly photographMs: number;
  /** The oracle's errors, for a look at the pictures. */
  readonly missed: readonly string[];
}

interface Taken {
  readonly shot: PlannedShot;
  /** As stored: after JPEG. */
  readonly picture: GrayPicture;
  readonly flat: GrayPicture;
}

/** Grey picture of a photograph, its face as mask. */
function asGray(rgb: Uint8Array, photo: Photo): GrayPicture {
  return grayOf(rgb, photo.width, photo.height, photo.label.map((v) => (v === 1 ? 255 : 0)));
}

/** Share of queries whose best other photograph (ties count by their share) is of the right tool. */
function nearest(taken: readonly Taken[], scores: Float64Array): number {
  const n = taken.length;
  const pairs = everyPair(n);
  const table = new Float64Array(n * n).fill(-Infinity);
  scores.forEach((score, k) => {
    table[pairs[2 * k]! * n + pairs[2 * k + 1]!] = score;
    table[pairs[2 * k + 1]! * n + pairs[2 * k]!] = score;
  });
  let right = 0;
  for (let i = 0; i < n; i++) {
    const row = table.subarray(i * n, i * n + n);
    const best = Math.max(...row);
    const ties = [...row.keys()].filter((j) => row[j] === best);
    right += ties.filter((j) => taken[j]!.shot.tool.id === taken[i]!.shot.tool.id).length / ties.length;
  }
  return right;
}

async function askOracle(item: Taken, tools: readonly PlannedShot['tool'][], reliefOf: (tool: PlannedShot['tool'], wear: Wear) => Promise<Relief>): Promise<string> {
  const { shot, flat } = item;
  const scores: number[] = [];
  for (const tool of tools) {
    const drawn = await renderCapture([{ tool, relief: await reliefOf(tool, shot.wear), specimen: perfectSpecimen(shot.pieces[0]!.specimen) }], shot.capture);
    const other = flatten(asGray(drawn.rgb, drawn), shot.tool, shot.capture);
    scores.push((await correlationPairs([flat, other], new Uint32Array([0, 1]), new Float64Array([1, 0, 0, 0, 1, 0, 0, 0, 1]))).scores[0]!);
  }
  return tools[scores.indexOf(Math.max(...scores))]!.id;
}

/** Core time of a photograph, all of it: engraving its share of the tools, rendering, JPEG. */
async function timePhotographs(shots: readonly PlannedShot[]): Promise<number> {
  const before = process.cpuUsage();
  await renderShots(shots, async (shot, photo) => void (await encodePhoto(photo, shot.capture)), 1);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / shots.length;
}

/** Runs the three on a fresh set. @param onProgress called with a line for the terminal */
export async function measureHardness(options: HardnessOptions, onProgress: (line: string) => void = () => {}): Promise<Hardness> {
  const shots = planSet({ ...options, light: 'raking' });
  const photographMs = await timePhotographs(shots.slice(0, 32));
  const taken: Taken[] = [];
  await renderShots(shots, async (shot, photo, index) => {
    const { data } = await sharp(await encodePhoto(photo, shot.capture)).raw().toBuffer({ resolveWithObject: true });
    const picture = asGray(data, photo);
    taken[index] = { shot, picture, flat: flatten(picture, shot.tool, shot.capture) };
    onProgress(`photograph ${index + 1} of ${shots.length}`);
  }, options.threads);

  let [sift, correlation, oracle] = [0, 0, 0];
  const missed: string[] = [];
  const reliefs = new Map<string, Promise<Relief>>();
  const reliefOf = (tool: PlannedShot['tool'], wear: Wear): Promise<Relief> => {
    const key = `${tool.id}/${wear}`;
    if (!reliefs.has(key)) reliefs.set(key, engraveTool(tool, wear));
    return reliefs.get(key)!;
  };
  for (const design of new Set(shots.map((s) => s.tool.design.id))) {
    const own = taken.filter((t) => t.shot.tool.design.id === design);
    const tools = [...new Set(own.map((t) => t.shot.tool))];
    const pairs = everyPair(own.length);
    const sets = await Promise.all(own.map((t) => keypoints(t.picture, 'sift')));
    sift += nearest(own, (await keypointPairs(sets, pairs, USUAL_RULE.sift)).scores);
    const identity = new Float64Array((pairs.length / 2) * 9).map((_, i) => (i % 9 === 0 || i % 9 === 4 || i % 9 === 8 ? 1 : 0));
    correlation += nearest(own, (await correlationPairs(own.map((t) => t.flat), pairs, identity)).scores);
    const queue = [...own];
    await Promise.all(Array.from({ length: options.threads }, async () => {
      for (let item = queue.shift(); item; item = queue.shift()) {
        const said = await askOracle(item, tools, reliefOf);
        if (said === item.shot.tool.id) oracle++;
        else missed.push(`${item.shot.file} ${item.shot.tool.id} taken for ${said}${said === item.shot.twinId ? ' (its twin)' : ''}`);
      }
    }));
    reliefs.clear();
    onProgress(design);
  }
  const of = shots.length;
  return { sift: { right: sift, of }, correlation: { right: correlation, of }, oracle: { right: oracle, of }, photographMs, missed };
}

/** Wilson's interval, 95 %. */
export function interval({ right, of }: Share): readonly [number, number] {
  const z = 1.96;
  const p = right / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return [middle - half, middle + half];
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      designs: { type: 'string', default: '14' }, tools: { type: 'string', default: '4' }, photos: { type: 'string', default: '4' }, seed: { type: 'string', default: 'hardness' },
      threads: { type: 'string', default: '2' }, out: { type: 'string', default: 'benchmarks/results' },
    },
  });
  const found = await measureHardness({ designs: Number(values.designs), tools: Number(values.tools), photos: Number(values.photos), seed: values.seed, threads: Number(values.threads) }, (line) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${line}`));
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const row = (name: string, share: Share, asked: string): string => {
    const [low, high] = interval(share);
    const percent = (v: number): string => (100 * v).toFixed(1);
    return `| ${name} | ${percent(share.right / share.of)} % (${percent(low)}-${percent(high)}) | ${share.right.toFixed(1)} / ${share.of} | ${asked} |`;
  };
  const page = `# How hard the simulated photographs are

Each of the ${found.sift.of} photographs (${values.designs} designs x ${values.tools} tools x ${values.photos} photographs, two tools of each design share one drawing; raking
light; seed ${values.seed}; simulated) is a query among the others of the SAME design: how often does the right tool come
first? Wilson's 95 % interval; ties count by their share. Chance is about ${Math.round((100 * (Number(values.photos) - 1)) / (Number(values.tools) * Number(values.photos) - 1))} % for the first two rows and ${Math.round(100 / Number(values.tools))} % for the third.

| method | right tool first | right / queries | asked |
|---|---|---:|---|
${row('OpenCV SIFT + ratio test + RANSAC', found.sift, 'at most 40 %')}
${row('plain normalised correlation at the true pose', found.correlation, 'at most 70 %')}
${row('oracle: true relief of each tool, rendered at the true pose and light', found.oracle, 'at least 95 %')}

The first two say that the marks are not given away, the third that they are in the pictures.
One photograph takes ${found.photographMs.toFixed(0)} ms of one core, engraving and JPEG included (${cpus().length} cores, load at the end ${loadavg()[0]!.toFixed(1)}: above ${cpus().length}, times are too long).
`;
  process.stdout.write(page);
  if (found.missed.length) process.stdout.write(`\nThe oracle missed:\n${found.missed.join('\n')}\n`);
  await mkdir(values.out, { recursive: true });
  await writeFile(join(values.out, 'hardness.md'), page);
  await writeFile(join(values.out, 'hardness.json'), `${JSON.stringify({ options: values, ...found }, null, 1)}\n`);
}
