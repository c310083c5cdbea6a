/**
 * Adds photographs of another source, of which only the boxes are known, to examples to learn from.
 *   node benchmarks/training/labelled-examples.ts --photographs DIR --designs L01,L02 --out DIR [--times N]
 * DIR/manifest.csv of --photographs holds file, design_id and the box of the face. The outline is what is found now,
 * stretched into the true box; photographs where that would be a guess (overlap below 0.75) are left out. Each is
 * written N times (8), as a whole and from close by where that shows more, since they are few beside the simulated
 * ones: appended to DIR/examples.bin of --out.
 */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from '../../src/domain/index.ts';
import { decode, measure } from '../../src/imaging/index.ts';
import { type Box, boxOf, overlap, readManifest } from '../accuracy/labelled.ts';
import { closer, example, Truth } from './example.ts';

const GUESS = 0.75;
const AROUND = 0.2;  // of a box: how far beyond it its specimen's side may be seen

const { values: options } = parseArgs({ options: { photographs: { type: 'string' }, designs: { type: 'string' }, out: { type: 'string' }, times: { type: 'string', default: '8' } } });
if (!options.photographs || !options.designs || !options.out) throw new Error('say which with --photographs DIR --designs L01,L02 and where to with --out DIR');
const designs = new Set(options.designs.split(','));

function stretched(outline: Float32Array, from: Box, to: Box): [number, number][] {
  return Array.from({ length: outline.length / 2 }, (_, i) => [to[0] + ((outline[2 * i]! - from[0]) * to[2]) / from[2], to[1] + ((outline[2 * i + 1]! - from[1]) * to[3]) / from[3]]);
}

function near(box: Box, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height).fill(Truth.neither);
  const [dx, dy] = [AROUND * box[2], AROUND * box[3]];
  for (let y = Math.max(0, Math.floor(box[1] - dy)); y < Math.min(height, box[1] + box[3] + dy); y++)
    out.fill(Truth.noFaceButPerhapsSide, y * width + Math.max(0, Math.floor(box[0] - dx)), y * width + Math.min(width, Math.ceil(box[0] + box[2] + dx)));
  return out;
}

function nothing(thrown: unknown): [] {
  if (!(thrown instanceof Problem)) throw thrown;
  return [];
}

let [used, left] = [0, 0];
for (const [file, rows] of readManifest(join(options.photographs, 'manifest.csv'))) {
  const row = rows[0]!;
  if (rows.length > 1 || !designs.has(row['design_id']!)) continue;
  const bytes = await readFile(join(options.photographs, file));
  const photo = await decode(bytes);
  const truth = boxOf(row, photo.width, photo.height);
  const [face] = await measure(photo).catch(nothing);
  if (!face || overlap(truth, face.bboxPx) < GUESS) {
    left++;
    continue;
  }
  used++;
  const outline = stretched(face.outlinePx, face.bboxPx, truth);
  const labelled = { jpeg: bytes, width: photo.width, height: photo.height, around: near(truth, photo.width, photo.height), faces: [outline] };
  const part = closer(labelled, outline);
  const written = Buffer.concat([await example(labelled), ...(part ? [await example(labelled, part)] : [])]);
  for (let n = Number(options.times); n > 0; n--) await appendFile(join(options.out, 'examples.bin'), written);
}
process.stderr.write(`${used} photographs, ${left} left out\n`);
