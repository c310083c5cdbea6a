/**
 * Makes the pictures of docs/capture.md: `node scripts/capture-pictures.ts`. Every one is simulated, or computed from what is.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp, { type OverlayOptions } from 'sharp';
import { DESIGNS, type Photo, planSet, type PlannedShot, renderShots, type SimulateOptions } from '../fixtures/press-simulator/index.ts';
import { extract, extractMarks, type MarkSet } from '../src/features/index.ts';
import { cutFace, type FaceCrop, largestFace, measure } from '../src/imaging/index.ts';

const OUT = fileURLToPath(new URL('../docs/pictures', import.meta.url));
const SIDE = 300;
const GAP = 6;
const DESIGN = 'small-star';
const SPECIMEN = { designs: DESIGNS.filter((d) => d.kind === 'tablet').length, tools: 1, photos: 1, seed: 'capture-advice-4', tiltDeg: 0, rulerShare: 0, grounds: ['grey-card'], pxPerMm: [46, 46], grainMm: 0.003 } as const satisfies SimulateOptions;

interface Shown {
  readonly crops: readonly FaceCrop[];
  /** Relief of each photograph alone, and of all. */
  readonly alone: readonly MarkSet[];
  readonly all: MarkSet;
}

async function show(options: SimulateOptions): Promise<Shown> {
  const shots: { shot: PlannedShot; photo: Photo }[] = [];
  await renderShots(planSet(options).filter(({ tool }) => tool.design.id === DESIGN), (shot, photo, i) => void (shots[i] = { shot, photo }));
  const [first] = shots as [{ shot: PlannedShot; photo: Photo }];
  const face = largestFace(await measure(first.photo, { kind: 'tablet', mmPerPx: first.photo.truth[0]!.mmPerPx }));
  const features = await extract(face);
  const crops = await Promise.all(shots.map(({ photo }) => cutFace(photo, { ...face.crop, outlinePx: face.outlinePx })));
  const azimuth = ({ capture }: PlannedShot): number => (360 - capture.lightAzimuthDeg) % 360;
  const further = crops.slice(1).map((crop, k) => ({ crop, azimuthDeg: azimuth(shots[k + 1]!.shot) }));
  const alone = await Promise.all(crops.map(async (crop) => extractMarks({ ...face, crop }, await extract({ ...face, crop }))));
  return { crops, alone, all: await extractMarks(face, features, { azimuthDeg: azimuth(first.shot), further }) };
}

const photograph = ({ rgb, size }: FaceCrop): Promise<Buffer> => sharp(rgb, { raw: { width: size, height: size, channels: 3 } }).resize(SIDE, SIDE).png().toBuffer();

/** Ridges bright, grooves dark; laid where the crop lies. */
async function relief({ strokes, size, unit, centre }: MarkSet): Promise<Buffer> {
  const grey = await sharp(Buffer.from(Uint8Array.from(strokes[2]!, (v) => v + 128)), { raw: { width: size, height: size, channels: 1 } }).resize(Math.round(size * unit * SIDE)).png().toBuffer();
  const side = Math.round(size * unit * SIDE);
  const [left, top] = centre.map((c) => Math.round(SIDE / 2 + c * SIDE - side / 2)) as [number, number];
  return sharp({ create: { width: 2 * SIDE, height: 2 * SIDE, channels: 3, background: '#808080' } }).composite([{ input: grey, left: left + SIDE / 2, top: top + SIDE / 2 }]).png().toBuffer().then((whole) => sharp(whole).extract({ left: SIDE / 2, top: SIDE / 2, width: SIDE, height: SIDE }).png().toBuffer());
}

async function write(name: string, tiles: readonly Buffer[], columns: number): Promise<void> {
  const rows = Math.ceil(tiles.length / columns);
  const placed = tiles.map((input, i): OverlayOptions => ({ input, left: (i % columns) * (SIDE + GAP), top: Math.floor(i / columns) * (SIDE + GAP) }));
  await sharp({ create: { width: columns * (SIDE + GAP) - GAP, height: rows * (SIDE + GAP) - GAP, channels: 3, background: '#ffffff' } }).composite(placed).webp({ quality: 72 }).toFile(`${OUT}/${name}.webp`);
}

await mkdir(OUT, { recursive: true });
const four = await show({ ...SPECIMEN, light: 'raking', lampTurnsDeg: [0, 90, 180, 270] });
await write('four-lamps', [...(await Promise.all(four.crops.map(photograph))), await relief(four.all)], 5);
await write('one-lamp', [await photograph(four.crops[0]!), await relief(four.alone[0]!), await photograph(four.crops[1]!), await relief(four.alone[1]!)], 4);
const ring = await show({ ...SPECIMEN, light: 'ring' });
await write('ring-light', [await photograph(four.crops[0]!), await relief(four.alone[0]!), await photograph(ring.crops[0]!), await relief(ring.alone[0]!)], 4);
const resolutions = [20, 30, 60].map((pxPerMm) => show({ ...SPECIMEN, pxPerMm: [pxPerMm, pxPerMm], light: 'raking', lampTurnsDeg: [0] }));
await write('resolution', await Promise.all((await Promise.all(resolutions)).map((s) => relief(s.alone[0]!))), 3);
