/**
 * Runs every kernel of the addon on good and bad input.
 *   run.ts            in the build with sanitizers (native/build-asan): the first fault ends the process
 *   run.ts --growth   in the ordinary build, with --expose-gc: repeats the work and fails when memory grows
 * Not a vitest file: the sanitizers have to be loaded before node. `npm run test:sanitizer` does both.
 */
import { fileURLToPath } from 'node:url';
import { planSet, renderCapture, engraveTool, type Photo } from '../../fixtures/press-simulator/index.ts';
import { compareDesigns, compareSurfaces, compareTools, growFrame, layOnFrame, newFrame, type ToolFace } from '../../src/comparison/index.ts';
import { extract, extractMarks, extractSurfaceMarks, type SurfaceMarks } from '../../src/features/index.ts';
import { cutFace, measure, type Photograph } from '../../src/imaging/index.ts';
import { scanOf } from '../features/heights.ts';
import { DISTANCES, measurePopulation, PANELS, prepareProfile, settingsFor, RECIPES, type Panel, type Profile } from '../../src/profiling/index.ts';
import { ExactIndex, IndexedProfiles, keyFilter } from '../../src/retrieval/index.ts';

const growth = process.argv.includes('--growth');
const ORDINARY = fileURLToPath(new URL('../../native/build/Release/relievo.node', import.meta.url));
const SANITIZED = fileURLToPath(new URL('../../native/build-asan/build/Release/relievo.node', import.meta.url));

/** How often each kernel was called. */
const calls = new Map<string, number>();

// The one door to the addon (src/platform/native) names its file; here another one is opened instead.
const dlopen = process.dlopen.bind(process);
process.dlopen = (module: object, filename: string, ...flags: number[]): void => {
  const ours = filename === ORDINARY;
  dlopen(module, ours && !growth ? SANITIZED : filename, ...flags);
  if (!ours) return;
  const kernels = (module as { exports: Record<string, (input: object) => Promise<unknown>> }).exports;
  for (const [name, kernel] of Object.entries(kernels)) {
    calls.set(name, 0);
    kernels[name] = (input) => {
      calls.set(name, calls.get(name)! + 1);
      return kernel(input);
    };
  }
};

const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

/** A refusal is an answer; anything else is a fault. */
const refused = async (work: Promise<unknown>): Promise<void> => {
  const code = await work.then(() => undefined, (error: { code?: string; name: string; message: string }) => error.code ?? `${error.name}: ${error.message}`);
  if (code !== undefined && (code === 'internal' || code === 'addon-missing' || !/^[a-z-]+$/.test(code))) throw new Error(`a picture was not refused with a problem: ${code}`);
};

async function photographs(count: number): Promise<Photo[]> {
  const shots = planSet({ designs: Math.ceil(count / 2), tools: 1, photos: 2, seed: 'sanitizer', kind: 'mixed', several: 0.3 }).slice(0, count);
  const photos: Photo[] = [];
  for (const { tool, wear, pieces, capture } of shots) {
    const relief = await engraveTool(tool, wear);
    photos.push(await renderCapture(pieces.map(({ specimen }) => ({ tool, relief, specimen })), capture));
  }
  return photos;
}

/** Marks all over the grid but for a margin. */
function filled(like: ToolFace['marks'], size: number, margin: number): ToolFace['marks'] {
  let state = 1;
  const noise = (side: number): Int8Array => Int8Array.from({ length: side * side }, () => ((state = (state * 48271) % 2147483647) % 201) - 100);
  const known = Uint8Array.from({ length: size * size }, (_, i) => (Math.min(i % size, size - 1 - (i % size), Math.floor(i / size), size - 1 - Math.floor(i / size)) < margin ? 255 : 32));
  return { ...like, size, unit: 1 / size, strokes: like.strides.map((stride) => noise(Math.ceil(size / stride))), marks: noise(size), walls: known };
}

async function faces(photos: readonly Photograph[]): Promise<ToolFace[]> {
  const sets: ToolFace[] = [];
  for (const photo of photos) {
    const found = await measure(photo).catch(() => []);
    for (const face of found) {
      const features = await extract(face);
      sets.push({ features, marks: await extractMarks(face, features) });
      // The smallest grid that is read, the largest, and scales that cannot be right.
      for (const mm of [2.5, 50, 0.01, 500]) await refused(extractMarks({ ...face, kind: 'tablet', scale: { mmPerPx: (mm * face.crop.pxScale) / face.crop.size, source: 'given', bounds: [1, 1] } }, features));
      await refused(extractMarks({ ...face, crop: { ...face.crop, mask: new Uint8Array(face.crop.mask.length) } }, features));
      for (const azimuthDeg of [undefined, 10]) await refused(extractMarks(face, features, { azimuthDeg, further: [{ crop: face.crop, azimuthDeg }, { crop: face.crop, azimuthDeg }] }));
      await cutFace(photo, { outlinePx: face.outlinePx, size: face.crop.size, pxScale: face.crop.pxScale, toOriginal: face.crop.toOriginal });
      // A geometry that lies outside of its picture, and one without extent.
      await refused(cutFace(photo, { outlinePx: face.outlinePx.map((v) => v + 5000), size: 64, pxScale: 1, toOriginal: Float64Array.of(1, 0, 5000, 0, 1, 5000, 0, 0, 1) }));
      await refused(cutFace(photo, { outlinePx: new Float32Array(6), size: 1, pxScale: 1, toOriginal: new Float64Array(9) }));
    }
  }
  return sets;
}

/** Pictures no camera takes. */
function oddPhotographs(): Photograph[] {
  const next = random(3);
  const picture = (width: number, height: number, value: (i: number) => number): Photograph => ({ width, height, rgb: Uint8Array.from({ length: width * height * 3 }, (_, i) => value(i)) });
  return [
    ...[[1, 1], [2, 3], [1, 700], [900, 2], [17, 33], [255, 256]].map(([w, h]) => picture(w!, h!, () => next() * 256)),
    picture(320, 240, () => 0),
    picture(320, 240, () => 255),
    picture(320, 240, () => next() * 256),
    picture(320, 240, (i) => (Math.floor(i / 3 / 8) % 2 ? 255 : 0)),
  ];
}

async function scans(): Promise<void> {
  const next = random(5);
  for (const dimension of [1, 7, 33, 256]) {
    const index = new ExactIndex(dimension, { segmentRows: 300, threads: 2, prominence: dimension === 33 });
    const vector = (): Int8Array => Int8Array.from({ length: dimension }, () => Math.floor(next() * 256) - 128);
    await index.search(vector(), 3);
    await index.add(Array.from({ length: dimension === 7 ? 70_000 : 1000 }, (_, key) => ({ key, vector: vector() })));
    for (const filter of [undefined, keyFilter([]), keyFilter([0, 5, 999, 80_000]), keyFilter(Array.from({ length: 500 }, (_, i) => i * 2))]) {
      for (const k of [0, 1, 100, 5000]) await index.search([vector(), vector()], k, filter);
    }
    const running = index.search(vector(), 10);
    await index.remove(Array.from({ length: 600 }, (_, i) => i));
    await running;
    await index.search(vector(), 2000);
    await index.close();
  }
}

/** Profiles by every distance and way to close: none, one, many, with gaps, with none but gaps, removed while they are searched. */
async function profiles(): Promise<void> {
  const next = random(9);
  const profile = (panel: Panel, i: number): Profile => ({
    id: String(i), panel: { id: panel.id, version: panel.version }, batch: String(i % 20), control: i % 40 === 39, ...(i % 3 === 0 && { date: `202${i % 5}-05-01` }), ...(panel.methodFamilies[0] && { methodFamily: panel.methodFamilies[0].id }),
    replicates: Array.from({ length: 1 + (i % 3) }, (_, r) => ({ id: String(r), readings: Object.fromEntries(panel.analytes.flatMap(({ id, scale }) => (scale === 'category' || next() < (i === 7 ? 1 : 0.3) ? [] : [[id, { state: 'measured' as const, value: next() < 0.1 ? 0 : Math.exp(4 * next()) }]]))) })),
  });
  for (const panel of PANELS.filter(({ id }) => id === 'cocaine-alkaloids' || id === 'stable-isotopes')) {
    const all = Array.from({ length: 150 }, (_, i) => profile(panel, i));
    for (const id of ['as-measured', 'sum-fourth-root', 'sum-log', 'centred-log-ratio']) for (const { id: distance } of DISTANCES) {
      const recipe = RECIPES.find((each) => each.id === id)!;
      if (id !== 'as-measured' && panel.analytes.some(({ scale }) => scale === 'interval')) continue;
      const settings = settingsFor(panel, { recipe, distance, population: measurePopulation(all, panel, recipe) });
      const entries = all.map((each, key) => ({ key, prepared: prepareProfile(each, settings) }));
      const space = new IndexedProfiles(settings, { segmentRows: 64, threads: 2 });
      await space.search(entries[0]!.prepared, 3);
      await space.add(entries.slice(0, 1));
      await space.search(entries[0]!.prepared, 3);
      await space.add(entries);
      for (const filter of [undefined, keyFilter([]), keyFilter([0, 5, 149, 80_000])]) for (const [probe, k] of [[0, 0], [1, 5], [7, 1000]] as const) await space.search(entries[probe]!.prepared, k, filter);
      const running = space.search(entries[2]!.prepared, 10);
      await space.remove(entries.slice(0, 120).map(({ key }) => key));
      await running;
      await space.search(entries[3]!.prepared, 200);
      await space.close();
    }
  }
  const settings = settingsFor(PANELS[0]!);
  const many = new IndexedProfiles(settings, { threads: 2 });
  const some = Array.from({ length: 100 }, (_, i) => prepareProfile(profile(PANELS[0]!, i), settings));
  await many.add(Array.from({ length: 70_000 }, (_, key) => ({ key, prepared: some[key % 100]! })));
  await many.search(some[4]!, 10);
  await many.close();
}

async function everything(photos: readonly Photo[]): Promise<void> {
  const sets = await faces(photos);
  if (sets.length < photos.length / 2) throw new Error(`only ${sets.length} faces were found on ${photos.length} photographs`);
  const [first] = sets as [ToolFace];
  const blank = { ...first.features, field: new Int8Array(first.features.field.length), fieldWeight: new Uint8Array(first.features.fieldWeight.length) };
  const features = sets.map((set) => set.features);
  await compareDesigns(first.features, [...features, blank]);
  await compareDesigns(blank, features.slice(0, 1));
  // Tools: in every pose that is found, with nothing to see, and in the pose of a blank field.
  const unseen = { ...first.marks, walls: new Uint8Array(first.marks.walls.length).fill(255) };
  const [empty, lost] = [{ features: first.features, marks: unseen }, { features: blank, marks: first.marks }];
  await compareTools(first, [...sets, empty, lost], true);
  for (const odd of [empty, lost]) await compareTools(odd, [first, odd], true);
  // Faces that fill their grid to its corners, at sizes that leave a part of a cell over.
  for (const [size, margin] of [[400, 9], [398, 30], [391, 3], [445, 3], [56, 2], [48, 2]] as const) {
    const one = { ...first, marks: filled(first.marks, size, margin) };
    await compareTools(one, [one, { ...first, marks: filled(first.marks, size + 6, margin) }], true);
  }
  // Frames: of one face, of many, and of one that shows nothing.
  const frame = newFrame(first);
  const laid = await layOnFrame({ ...first, marks: frame }, [...sets, empty, lost], { shifted: true });
  const grown = await growFrame(frame, sets.flatMap(({ marks }, i) => (laid[i] ? [{ marks, toFace: laid[i].toFace }, { marks, toFace: [1, 0, 1e4, 0, 1, -1e4] as const }] : [])));
  for (const marks of [grown, await growFrame(frame, []), newFrame(empty)]) await layOnFrame({ ...first, marks }, sets);
  for (const photo of oddPhotographs()) await refused(measure(photo));
  await scans();
  await profiles();
  await surfaces();
}

/** Scans with holes, with uneven steps, flat, full of codes for no value, and too small. */
async function surfaces(): Promise<void> {
  const plain = scanOf({ tool: 'a', stepUm: 20 });
  const holed = scanOf({ tool: 'a', turnDeg: 30, stepUm: 20, measured: (x, y) => Math.hypot(x, y) < 0.9 && x > -0.3 });
  const odd = [{ ...plain, stepXM: 3 * plain.stepXM }, { ...plain, heightsM: plain.heightsM.map(() => 1e-6) }, { ...holed, heightsM: holed.heightsM.map((z, i) => (i % 50 === 0 ? 3.4e38 : z)) }, scanOf({ tool: 'a', sideMm: 0.4, stepUm: 20 }), { ...plain, heightsM: plain.heightsM.map(() => Number.NaN) }];
  const marks: SurfaceMarks[] = [];
  for (const surface of [scanOf({ tool: 'a', stepUm: 20 }), holed, ...odd]) await refused(extractSurfaceMarks(surface, 0.25).then((m) => marks.push(m)));
  for (const candidate of marks) await compareSurfaces(marks[0]!, candidate, 'as-scanned', true);
}

const collect = (globalThis as { gc?: () => void }).gc;

async function grows(): Promise<void> {
  if (!collect) throw new Error('--growth needs node --expose-gc');
  const round = async (): Promise<number> => {
    await everything(await photographs(2));
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
    collect();
    return process.memoryUsage.rss() / 2 ** 20;
  };
  const megabytes: number[] = [];
  for (let i = 0; i < 12; i++) megabytes.push(await round());
  // The allocator and the heap settle within the first rounds; a leak of one picture a round would not.
  const [early, late] = [Math.max(...megabytes.slice(3, 6)), Math.min(...megabytes.slice(9))];
  console.log(`memory by round, MB: ${megabytes.map((m) => m.toFixed(0)).join(' ')}`);
  if (late > early + 24) throw new Error(`memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MB in six rounds`);
}

if (growth) await grows();
else await everything(await photographs(4));
const idle = [...calls].filter(([, times]) => times === 0).map(([name]) => name);
if (!calls.size || idle.length) throw new Error(`kernels that were not run: ${idle.join(', ') || 'all'}`);
console.log(`${growth ? 'growth' : 'sanitizers'}: ${[...calls].map(([name, times]) => `${name} ${times}`).join(', ')}; no fault`);
