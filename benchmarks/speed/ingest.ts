/**
 * How long does a photograph take, next to decoding it alone?
 *   node benchmarks/speed/ingest.ts [--rounds N]
 * Photographs of about 12 megapixels, rendered by the press simulator at that resolution with the
 * sensor's noise and written at JPEG quality 92: an enlarged small one would be smooth and decode
 * unnaturally fast. Each in a child process of its own with one thread: decode alone by sharp, and all
 * stages (decode, measure, extract features and marks), alternating. Processor time, median of the rounds. Garbage is
 * collected between the steps, so that none pays for pixels that the one before left behind.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { encodePhoto, planSet, renderShots } from '../../fixtures/press-simulator/index.ts';
import { extract, extractMarks } from '../../src/features/index.ts';
import { decode, measure } from '../../src/imaging/index.ts';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '9' }, photograph: { type: 'string' } } });

/** The longest side of the longest frame; the simulator's frames then have 10.7 to 12.8 megapixels. */
const LONGEST_PX = 3880;

interface Times {
  readonly megapixels: number;
  readonly megabytes: number;
  readonly decodeMs: number;
  readonly measureMs: number;
  readonly extractMs: number;
  readonly ingestMs: number;
  readonly faces: number;
  readonly peakMiB: number;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
/** Time this process spent on processors: other work on the machine does not count. */
const spent = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Processor time of one step, ms. */
async function timed<T>(step: () => Promise<T>): Promise<[T, number]> {
  globalThis.gc!();
  const before = spent();
  const result = await step();
  return [result, spent() - before];
}
/** Most memory this process held. Not `maxRSS`: a child's begins with what its parent held when it was started. */
const peakMiB = (): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;

async function child(path: string): Promise<void> {
  sharp.concurrency(1);
  sharp.cache(false);
  const bytes = await readFile(path);
  const [alone, decoding, measuring, extracting] = [[], [], [], []] as [number[], number[], number[], number[]];
  let [faces, pixels] = [0, 0];
  for (let i = 0; i <= Number(options.rounds); i++) {
    const [, aloneMs] = await timed(() => sharp(bytes).raw().toBuffer());
    const [photo, decodeMs] = await timed(() => decode(bytes));
    const [found, measureMs] = await timed(() => measure(photo));
    const [, extractMs] = await timed(async () => {
      for (const face of found) await extractMarks(face, await extract(face));
    });
    faces = found.length;
    pixels = photo.width * photo.height;
    if (i === 0) continue; // warms up
    alone.push(aloneMs);
    decoding.push(decodeMs);
    measuring.push(measureMs);
    extracting.push(extractMs);
  }
  const times: Times = { megapixels: pixels / 1e6, megabytes: bytes.length / 1e6, decodeMs: median(alone), measureMs: median(measuring), extractMs: median(extracting), ingestMs: median(decoding.map((_, i) => decoding[i]! + measuring[i]! + extracting[i]!)), faces, peakMiB: peakMiB() };
  process.stdout.write(JSON.stringify(times));
}

async function parent(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'relievo-ingest-'));
  const lines: string[] = [];
  const ratios: number[] = [];
  const shots = planSet({ designs: 5, tools: 1, photos: 1, seed: 'ingest-benchmark', rulerShare: 0.5, sizePx: LONGEST_PX });
  await renderShots(shots, async (shot, photo) => {
    const name = basename(shot.file);
    const path = join(folder, name);
    await writeFile(path, await encodePhoto(photo, { ...shot.capture, jpegQuality: 92 }));
    const run = spawnSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), '--photograph', path, '--rounds', options.rounds], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    if (run.status !== 0) throw new Error(`the child process ended with ${run.status}`);
    const t = JSON.parse(run.stdout) as Times;
    ratios.push(t.ingestMs / t.decodeMs);
    lines.push(`| ${name} | ${t.megapixels.toFixed(1)} | ${t.megabytes.toFixed(1)} | ${shot.capture.rulerMmPerPx ? 'yes' : 'no'} | ${t.decodeMs.toFixed(0)} | ${t.ingestMs.toFixed(0)} | ${t.measureMs.toFixed(0)} | ${t.extractMs.toFixed(0)} | ${(t.ingestMs / t.decodeMs).toFixed(2)} | ${t.peakMiB.toFixed(0)} | ${t.faces} |`);
  }, 1);
  await rm(folder, { recursive: true, force: true });
  const page = ['# Ingest of a 12-megapixel JPEG', '', `\`node benchmarks/speed/ingest.ts --rounds ${options.rounds}\`; processor time of one thread (other work on the machine does not count), median of ${options.rounds} rounds. Simulated photographs, rendered at about 12 megapixels with sensor noise, JPEG quality 92. Median of the ratios: ${median([...ratios]).toFixed(2)}, largest ${Math.max(...ratios).toFixed(2)}.`, '', '| photograph | megapixels | MB | ruler | sharp decodes, ms | all stages, ms | of these measure | of these extract | all stages / decode | peak memory, MiB | faces |', '|---|---|---|---|---|---|---|---|---|---|---|', ...lines, ''].join('\n');
  process.stdout.write(page);
  const results = join(dirname(fileURLToPath(import.meta.url)), '..', 'results');
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'ingest.md'), page);
}

await (options.photograph ? child(options.photograph) : parent());
