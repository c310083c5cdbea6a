/**
 * A photograph -> its measured faces.
 *
 * 1. find    outlines, ruler, crops and numbers in one native call
 * 2. kind    what the photograph shows, and what its ruler is divided in
 * 3. scale   given, from the ruler, or none
 * 4. judge   refuse what carries too little
 * 5. face    put the numbers together
 */
import { type Scale, type SpecimenKind, type Trace, NO_TRACE, problem } from '../domain/index.ts';
import { type FoundFace, type KernelAnswer, measureKernel } from './kernel.ts';
import { value } from './parameters.ts';
import { readingOf } from './kind.ts';
import { resolveScale } from './scale.ts';
import type { MeasureHints, MeasuredFace, Photograph } from './types.ts';

/** @throws face-not-found, image-too-small, image-too-blurred, image-badly-exposed */
export async function measure(photo: Photograph, hints: MeasureHints = {}, trace: Trace = NO_TRACE): Promise<MeasuredFace[]> {
  // 1. find
  const [short, long] = [Math.min(photo.width, photo.height), Math.max(photo.width, photo.height)];
  // Nor does a strip hold a face; reduced to the working size it would have no width left.
  if (long < value('minFaceSpanPx') || short * 40 < long) throw problem('image-too-small', { found: short, required: value('minFaceSpanPx') });
  const answer = await measureKernel(photo);
  if (trace.accepts('measure.found')) trace.take('measure.found', 'application/json', json(answer));
  if (answer.faces.length === 0) throw problem('face-not-found', { reason: reasonOf(answer) });
  // 2. kind
  const { kind, mmPerDivision } = readingOf(answer.faces, hints);
  const faces = answer.faces.map((found) => {
    // 3. scale
    const scale = resolveScale(hints.mmPerPx, answer.ruler, found.divisionPx, mmPerDivision);
    // 4. judge, 5. face
    return { refusal: refusalOf(found), face: faceOf(found, kind, scale) };
  });
  const good = faces.filter((f) => !f.refusal);
  if (good.length === 0) throw faces[0]!.refusal!;
  return good.map((f) => f.face);
}

/** Of several specimens the one with the largest box: where one is asked for, it is the one meant. */
export const largestFace = <Face extends Pick<MeasuredFace, 'bboxPx'>>(faces: readonly Face[]): Face => faces.reduce((a, b) => (b.bboxPx[2] * b.bboxPx[3] > a.bboxPx[2] * a.bboxPx[3] ? b : a));

function reasonOf(answer: KernelAnswer): string {
  const best = answer.candidates[0];
  if (!best) return 'nothing looks like a pressed specimen';
  if (best.score >= value('minScore')) return 'what looks like a face is smaller than 3.5 divisions of the ruler, and so than any tablet';
  return `the likeliest of ${answer.candidates.length} outlines is expected to overlap a face by ${best.score.toFixed(2)}, ${value('minScore')} is needed`;
}

function refusalOf(found: FoundFace): Error | undefined {
  const span = spanOf(found);
  if (span < value('minFaceSpanPx')) return problem('image-too-small', { found: Math.round(span), required: value('minFaceSpanPx') });
  if (found.clippedBright > value('maxClippedBright')) return exposure(found.clippedBright, 'white', value('maxClippedBright'));
  if (found.clippedDark > value('maxClippedDark')) return exposure(found.clippedDark, 'black', value('maxClippedDark'));
  // rounded down: what is too little must not read as enough
  if (found.sharpness < value('minSharpness')) return problem('image-too-blurred', { found: (Math.floor(100 * found.sharpness) / 100).toFixed(2), required: value('minSharpness') });
  return undefined;
}

const exposure = (share: number, side: string, limit: number): Error => problem('image-badly-exposed', { found: `${(100 * share).toFixed(0)} %`, side, required: `${(100 * limit).toFixed(0)} %` });

const spanOf = (found: FoundFace): number => found.longPx;

function faceOf(found: FoundFace, kind: SpecimenKind, scale: Scale): MeasuredFace {
  const mm = scale.mmPerPx;
  const toMm = (px: number): number | null => (mm === null ? null : px * mm);
  return {
    kind,
    outlinePx: found.outlinePx,
    bboxPx: boxOf(found.outlinePx),
    scale,
    partial: found.cropped > 0.01,
    lengthMm: toMm(found.longPx),
    widthMm: toMm(found.shortPx),
    diameterMm: toMm(2 * Math.sqrt(found.areaPx / Math.PI)),
    tiltDeg: found.tiltDeg,
    quality: {
      expectedOverlap: found.score,
      sharpness: found.sharpness,
      clippedDark: found.clippedDark,
      clippedBright: found.clippedBright,
      spanPx: spanOf(found),
      pxPerMm: mm === null ? null : 1 / mm,
      lightDirectionality: found.lightDirectionality,
      lightAzimuthDeg: found.lightAzimuthDeg,
    },
    crop: found.crop,
  };
}

function boxOf(outline: Float32Array): [number, number, number, number] {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < outline.length; i += 2) {
    x0 = Math.min(x0, outline[i]!);
    x1 = Math.max(x1, outline[i]!);
    y0 = Math.min(y0, outline[i + 1]!);
    y1 = Math.max(y1, outline[i + 1]!);
  }
  return [x0, y0, x1 - x0, y1 - y0];
}

const json = (answer: KernelAnswer): Uint8Array => new TextEncoder().encode(JSON.stringify({ ...answer, faces: answer.faces.map(({ crop: _, ...rest }) => rest) }, (_, v: unknown) => (v instanceof Float32Array ? Array.from(v) : v)));
