/**
 * An engine as small as can be, for tests of everything around it: a face is the whole picture (two where it is twice
 * as wide as high), its features are 16 x 16 grey values, the comparison is their cosine. A black picture has no face.
 */
import sharp from 'sharp';
import type { Engine, ExaminedFace, ExtractedFace } from '../../src/casework/index.ts';
import { problem } from '../../src/domain/index.ts';
import type { FeatureSet, MarkSet } from '../../src/features/index.ts';
import type { FaceCrop, MeasuredFace, MeasureHints, Photograph } from '../../src/imaging/index.ts';

const SIDE = 16;

async function cropOf(photo: Photograph, x: number, y: number, size: number, pxScale = 1): Promise<FaceCrop> {
  const rgb = new Uint8Array(size * size * 3);
  for (let row = 0; row < size; row++) rgb.set(photo.rgb.subarray(((y + row) * photo.width + x) * 3, ((y + row) * photo.width + x + size) * 3), row * size * 3);
  return { size, rgb, mask: new Uint8Array(size * size).fill(255), pxScale, toOriginal: Float64Array.of(1, 0, x, 0, 1, y, 0, 0, 1) };
}

async function embeddingOf(crop: FaceCrop): Promise<Int8Array> {
  const grey = await sharp(crop.rgb, { raw: { width: crop.size, height: crop.size, channels: 3 } }).resize(SIDE, SIDE, { fit: 'fill' }).greyscale().raw().toBuffer();
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  return Int8Array.from(grey, (value) => Math.max(-127, Math.min(127, Math.round(value - mean))));
}

function measured(crop: FaceCrop, x: number, y: number, { kind = 'tablet', mmPerPx }: MeasureHints): MeasuredFace {
  const { size } = crop;
  const mm = mmPerPx === undefined ? null : size * mmPerPx;
  return {
    kind,
    outlinePx: Float32Array.of(x, y, x + size, y, x + size, y + size, x, y + size),
    bboxPx: [x, y, size, size],
    scale: { mmPerPx: mmPerPx ?? null, source: mmPerPx === undefined ? 'none' : 'given', bounds: mmPerPx === undefined ? [0, Infinity] : [1, 1] },
    partial: false,
    lengthMm: mm,
    widthMm: mm,
    diameterMm: mm,
    tiltDeg: 0,
    quality: { expectedOverlap: 1, sharpness: 1, clippedDark: 0, clippedBright: 0, spanPx: size, pxPerMm: mmPerPx === undefined ? null : 1 / mmPerPx, lightDirectionality: 0, lightAzimuthDeg: null },
    crop,
  };
}

async function examined(photo: Photograph, x: number, size: number, hints: MeasureHints): Promise<ExaminedFace> {
  const face = measured(await cropOf(photo, x, 0, size), x, 0, hints);
  return { face, ...(await extracted(face)) };
}

async function extracted({ crop, kind }: MeasuredFace): Promise<ExtractedFace> {
  const embedding = await embeddingOf(crop);
  const features = { version: 1, embedding, kind, colour: [50, 0, 0], scoreLine: { strength: 0, angleDeg: 0 } } as unknown as FeatureSet;
  return { features, marks: { parametersDigest: 'test', light: { azimuthDeg: 0, bevelContrast: 1, spreadDeg: 0 }, furtherLights: [], photometric: false, marks: embedding } as unknown as MarkSet };
}

const cosine = (a: Int8Array, b: Int8Array): number => {
  const dot = (p: Int8Array, q: Int8Array): number => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  return Math.max(0, dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) || 1));
};

export const smallEngine: Engine = {
  featureVersion: 1,
  dimension: SIDE * SIDE,
  parameters: { imaging: 'test', features: 'test', marks: 'test', comparison: 'test', tools: 'test', frames: 'test' },
  async decode(bytes) {
    const { data, info } = await sharp(bytes).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgb: data };
  },
  async examine(photo, hints) {
    if (photo.rgb.every((value) => value < 8)) throw problem('face-not-found', { reason: 'the picture is black' });
    const size = Math.min(photo.width, photo.height);
    const first = await examined(photo, 0, size, hints);
    return photo.width < 2 * photo.height ? [first] : [first, await examined(photo, photo.width - size, size, hints)];
  },
  extract: extracted,
  encodeFeatures: (features) => Buffer.from(JSON.stringify({ ...features, embedding: [...features.embedding] })),
  decodeFeatures(bytes) {
    const { embedding, ...rest } = JSON.parse(Buffer.from(bytes).toString()) as Omit<FeatureSet, 'embedding'> & { embedding: number[] };
    return { ...rest, embedding: Int8Array.from(embedding) } as FeatureSet;
  },
  encodeMarks: (marks) => Buffer.from(JSON.stringify({ ...marks, marks: [...marks.marks] })),
  decodeMarks(bytes) {
    const { marks, ...rest } = JSON.parse(Buffer.from(bytes).toString()) as Omit<MarkSet, 'marks'> & { marks: number[] };
    return { ...rest, marks: Int8Array.from(marks) } as MarkSet;
  },
  compareTools: async (probe, candidates) =>
    candidates.map(({ marks }) => ({
      outcome: 'compared' as const,
      toolScore: cosine(probe.marks.marks, marks.marks) ** 4,
      partial: { marks: 0.5, cells: 8, strokes: 0.5, elsewhere: 0, weight: 1, poses: 0 },
      areaMm2: 20,
      shiftMm: 0,
      pose: { rotationDeg: 0, shift: [0, 0] as const, scale: 1 },
      toCandidate: [1, 0, 0, 0, 1, 0] as const,
      turned: false,
      cells: [{ verdict: 'agrees' as const, column: 0, row: 0, agreement: 0.5, own: 0.5, shiftMm: [0, 0] as const, known: 1, energy: 1 }],
    })),
  compare: async (probe, candidates) => candidates.map(({ embedding }) => ({ designScore: cosine(probe.embedding, embedding), partial: { logo: cosine(probe.embedding, embedding), outline: null, size: null }, pose: { rotationDeg: 0, shift: [0, 0], scale: 1 } })),
  newFrame: ({ marks }) => marks,
  layOnFrame: async (_frame, faces) => faces.map(({ marks }) => ({ strokes: 1, toFace: [1, 0, 0, 0, 1, 0] as const, vectors: [marks.marks] })),
  growFrame: async (frame) => frame,
  cut: (photo, { outlinePx, size, pxScale }) => cropOf(photo, Math.round(outlinePx[0]!), Math.round(outlinePx[1]!), size, pxScale),
  async draw(probe, _candidate, _comparison, tool) {
    const png = await sharp(probe.rgb, { raw: { width: probe.size, height: probe.size, channels: 3 } }).png().toBuffer();
    return ['side-by-side', 'probe', 'candidate-aligned', 'overlay', 'agreement', ...(tool ? ['tool-aligned', 'tool-marks-probe', 'tool-marks-candidate', 'tool-marks-shared', 'tool-cells'] : [])].map((key) => ({ key, title: key, png }));
  },
};

/** A small picture that is its seed's own: bright blocks on a darker ground. */
export async function picture(seed: number, { width = 64, height = 64, black = false } = {}): Promise<Uint8Array> {
  const blocks = Uint8Array.from({ length: 64 }, (_, i) => (black ? 0 : 40 + ((seed * 7919 + i * (seed + 13) * 104729) % 200)));
  return sharp(blocks, { raw: { width: 8, height: 8, channels: 1 } }).resize(width, height, { kernel: 'nearest', fit: 'fill' }).png().toBuffer();
}
