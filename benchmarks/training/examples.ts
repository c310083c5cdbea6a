/**
 * Photographs with the truth of every pixel, for native/face-network.onnx to learn from.
 *   node benchmarks/training/examples.ts --out DIR [--share S]
 * Renders simulated photographs of seeds of their own (tablets, several in a frame, bricks, benches on which nothing
 * lies; half of them of specimens with other bevels, domes and colours than the simulator's own), passes each
 * through JPEG, reduces it to 256 px, and so again the surroundings of each face that does not nearly fill it, as
 * the product looks at them from close by. Writes DIR/examples.bin: for each of these 256 x 256 pixels of red, green,
 * blue, truth (0 neither, 1 side or wrapping of a specimen, 2 face, 3 beyond the photograph, 4 no face but perhaps
 * side, 5 perhaps another face), plane after plane.
 * --share 0.01 makes a hundredth of them, to try it out.
 */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodePhoto, outlineInPicture, type PlannedShot, planSet, Random, renderShots, type SimulateOptions } from '../../fixtures/press-simulator/index.ts';
import { pressRender } from '../../src/platform/native/index.ts';
import { closer, EXAMPLE_BYTES, example, Truth } from './example.ts';

const { values: options } = parseArgs({ options: { out: { type: 'string' }, share: { type: 'string', default: '1' } } });
if (!options.out) throw new Error('say where to with --out DIR');
const share = Number(options.share);

const SETS: readonly SimulateOptions[] = [
  { designs: 150, tools: 2, photos: 8, seed: 'face-network-1' },
  { designs: 100, tools: 2, photos: 6, seed: 'face-network-2', tiltMaxDeg: 22, light: 'raking', rulerShare: 0.9 },
  { designs: 100, tools: 2, photos: 4, seed: 'face-network-3', pxPerMm: [9, 40] },
  { designs: 60, tools: 2, photos: 6, seed: 'face-network-4', several: 1 },
  { designs: 16, tools: 6, photos: 12, seed: 'face-network-5', kind: 'brick' },
  { designs: 16, tools: 2, photos: 8, seed: 'face-network-6', kind: 'brick', tiltMaxDeg: 22, light: 'raking', rulerShare: 0.9 },
];
const WIDE: readonly SimulateOptions[] = [
  { designs: 150, tools: 2, photos: 8, seed: 'face-network-9', tiltMaxDeg: 20 },
  { designs: 60, tools: 2, photos: 5, seed: 'face-network-10', several: 1, rulerShare: 0.6 },
  { designs: 16, tools: 6, photos: 12, seed: 'face-network-11', kind: 'brick', tiltMaxDeg: 20, rulerShare: 0.5 },
  { designs: 16, tools: 4, photos: 8, seed: 'face-network-12', kind: 'brick', light: 'raking', rulerShare: 1 },
  { designs: 150, tools: 2, photos: 6, seed: 'face-network-13', tiltMaxDeg: 20, light: 'raking' },
  { designs: 60, tools: 2, photos: 4, seed: 'face-network-14', several: 1, tiltMaxDeg: 20, light: 'raking' },
];
const EMPTY: readonly SimulateOptions[] = [
  { designs: 50, tools: 1, photos: 5, seed: 'face-network-7', rulerShare: 0.6 },
  { designs: 10, tools: 1, photos: 5, seed: 'face-network-8', kind: 'brick', rulerShare: 0.6 },
];

/** The same shot of specimens as other presses may make them; some have the colour of the ground they lie on. */
function widened(shot: PlannedShot, r: Random): PlannedShot {
  const [bevel, drop, dome] = [r.scale(0.5, 2.5), r.scale(0.5, 1.8), r.scale(0.5, 3)];
  const ground = shot.capture.scene.ground.albedo;
  const tint = r.chance(0.15) ? r.scale(0.75, 1.3) : undefined;
  const pieces = shot.pieces.map((piece) => {
    const { specimen } = piece;
    const albedo = tint ? ([0, 1, 2].map((c) => Math.min(0.9, ground[c]! * tint)) as [number, number, number]) : specimen.albedo;
    return { ...piece, specimen: { ...specimen, albedo, bevel: specimen.bevel * bevel, drop: Math.min(0.3 * specimen.thickness, specimen.drop * drop), dome: specimen.dome * dome } };
  });
  return { ...shot, pieces };
}

/** Whatever of a specimen is not face is its side, or its wrapping. */
const sides = (label: Uint8Array): Uint8Array => label.map((v) => (v > 0 ? Truth.side : Truth.neither));

await mkdir(options.out, { recursive: true });
const file = createWriteStream(join(options.out, 'examples.bin'));
let written = 0;
const write = async (bytes: Buffer): Promise<void> => {
  if (!file.write(bytes)) await new Promise<void>((done) => void file.once('drain', done));
  if (++written % 100 === 0) process.stderr.write(`${written} photographs\n`);
};
for (const set of [...SETS, ...WIDE]) {
  const r = new Random(`relievo/${set.seed}/widened`);
  const plan = planSet(set).map((shot, i) => (WIDE.includes(set) ? widened(shot, r.fork(i)) : shot));
  await renderShots(plan.slice(0, Math.ceil(share * plan.length)), async (shot, photo) => {
    const faces = shot.pieces.map(({ specimen }, i) => outlineInPicture({ specimen, tool: shot.tool }, shot.capture.poses[i]!, shot.capture));
    const labelled = { jpeg: await encodePhoto(photo, shot.capture), width: photo.width, height: photo.height, around: sides(photo.label), faces };
    await write(await example(labelled));
    for (const face of faces) {
      const part = closer(labelled, face);
      if (part) await write(await example({ ...labelled, faces: [face], others: faces.filter((other) => other !== face) }, part));
    }
  });
}
for (const set of EMPTY) {
  const plan = planSet(set);
  for (const { capture } of plan.slice(0, Math.ceil(share * plan.length))) {
    const { width, height } = capture.scene.camera;
    const picture = await pressRender({ ...capture.scene, specimens: [] });
    await write(await example({ jpeg: await encodePhoto({ ...picture, width, height, truth: [] }, capture), width, height, around: sides(picture.label), faces: [] }));
  }
}
await new Promise<void>((done) => void file.end(done));
process.stderr.write(`${written} photographs, ${((written * EXAMPLE_BYTES) / 1e6).toFixed(0)} MB\n`);
