/**
 * Photographs -> measured faces with their features, two at a time.
 *
 * 1. decode, 2. measure, 3. take the largest face, 4. extract design, and marks of all photographs of the capture; what cannot be measured keeps its problem.
 * Results are kept below the output folder by the digest of bytes, hints and engine, so that a run resumes.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asProblem, type Problem } from '../../domain/index.ts';
import { decodeFeatureSet, decodeMarkSet, encodeFeatureSet, encodeMarkSet, extract, extractMarks, type FeatureSet, type MarkSet, type SurfaceMarks } from '../../features/index.ts';
import { cutFace, decode, type FaceCrop, largestFace, measure, type MeasuredFace } from '../../imaging/index.ts';
import { furtherLights } from '../further-lights.ts';
import { type EngineStamp, sha256 } from './engine.ts';
import type { Manifest, ManifestPhoto } from './manifest.ts';

/** What is written to faces.jsonl, one line a photograph. */
export interface FaceRecord {
  readonly file: string;
  /** `ok`, or the code of the problem. */
  readonly status: string;
  readonly problem?: { readonly title: string; readonly detail: string };
  /** Code of the problem that kept the marks from being read, when the face itself was measured. */
  readonly marksProblem?: string;
  /** Faces found; the largest is the one evaluated. */
  readonly faces: number;
  readonly bboxPx?: readonly number[];
  readonly mmPerPx?: number | null;
  readonly mmPerPxSource?: string;
  readonly diameterMm?: number | null;
  readonly partial?: boolean;
  readonly quality?: MeasuredFace['quality'];
  /** Enough to cut the crop again from the original. */
  readonly crop?: { readonly outlinePx: number[]; readonly size: number; readonly pxScale: number; readonly toOriginal: number[] };
}

export interface EvaluatedFace {
  readonly record: FaceRecord;
  readonly features: FeatureSet | null;
  /** Null also where the marks alone could not be read (`record.marksProblem`): the design is compared all the same. */
  readonly marks: MarkSet | null;
  /** Of a scanned surface; it has neither of the two above. */
  readonly surface?: SurfaceMarks;
}

/** True where there is something to compare. */
export const isMeasured = ({ features, surface }: EvaluatedFace): boolean => features !== null || surface !== undefined;

const LANES = 2;

/** Runs `work` for 0..count-1 with a fixed number under way. */
export async function inLanes(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: LANES }, async () => {
    while (next < count) await work(next++);
  }));
}

export async function measureFaces(manifest: Manifest, out: string, stamp: EngineStamp, onDone: () => void): Promise<EvaluatedFace[]> {
  const cache = join(out, 'cache', 'faces');
  await mkdir(cache, { recursive: true });
  const faces: EvaluatedFace[] = new Array(manifest.photos.length);
  const { comparison: _, tools: __, ...before } = stamp.digests;
  await inLanes(manifest.photos.length, async (i) => {
    const photo = manifest.photos[i]!;
    const bytes = await readFile(join(manifest.folder, photo.file));
    const others = await Promise.all(photo.further.map(({ file }) => readFile(join(manifest.folder, file))));
    const azimuths = [photo, ...photo.further].map((p) => p.azimuthDeg ?? null);
    const path = join(cache, `${sha256(bytes, ...others, JSON.stringify([photo.kind, photo.mmPerPx, azimuths, before])).slice(0, 40)}.json`);
    const kept = existsSync(path) ? await readKept(path, photo.file) : undefined;
    faces[i] = kept ?? (await measureFace(bytes, photo, manifest.folder));
    if (!kept) await keep(path, faces[i]!);
    onDone();
  });
  return faces;
}

async function measureFace(bytes: Uint8Array, { file, kind, mmPerPx, azimuthDeg, further }: ManifestPhoto, folder: string): Promise<EvaluatedFace> {
  try {
    const photo = await decode(bytes);
    const found = await measure(photo, { kind, mmPerPx });
    const face = largestFace(found);
    const features = await extract(face);
    const record = recordOf(file, face, found.length);
    try {
      const lights = await furtherLights(photo, face, further.map((other) => ({ path: join(folder, other.file), azimuthDeg: other.azimuthDeg })));
      return { record, features, marks: await extractMarks(face, features, { azimuthDeg, further: lights }) };
    } catch (thrown) {
      return { record: { ...record, marksProblem: asProblem(thrown).code }, features, marks: null };
    }
  } catch (thrown) {
    const { code, title, detail }: Problem = asProblem(thrown);
    return { record: { file, status: code, problem: { title, detail: code === 'internal' && thrown instanceof Error ? thrown.message : detail }, faces: 0 }, features: null, marks: null };
  }
}

function recordOf(file: string, face: MeasuredFace, faces: number): FaceRecord {
  const { outlinePx, bboxPx, scale, diameterMm, partial, quality, crop } = face;
  return {
    file, status: 'ok', faces, bboxPx: [...bboxPx], mmPerPx: scale.mmPerPx, mmPerPxSource: scale.source, diameterMm, partial, quality,
    crop: { outlinePx: [...outlinePx], size: crop.size, pxScale: crop.pxScale, toOriginal: [...crop.toOriginal] },
  };
}

/** The crop that was compared, cut again from the photograph. */
export async function cropOf(folder: string, record: FaceRecord): Promise<FaceCrop> {
  if (!record.crop) throw new RangeError(`${record.file} has no face`);
  const { outlinePx, size, pxScale, toOriginal } = record.crop;
  const photo = await decode(await readFile(join(folder, record.file)));
  return cutFace(photo, { outlinePx: Float32Array.from(outlinePx), size, pxScale, toOriginal: Float64Array.from(toOriginal) });
}

async function keep(path: string, { record, features, marks }: EvaluatedFace): Promise<void> {
  const packed = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const text = JSON.stringify({ record, features: features && packed(encodeFeatureSet(features)), marks: marks && packed(encodeMarkSet(marks)) });
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}

/** Anything unreadable is made again. */
async function readKept(path: string, file: string): Promise<EvaluatedFace | undefined> {
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as { record: FaceRecord; features: string | null; marks: string | null };
    return { record: { ...kept.record, file }, features: kept.features === null ? null : decodeFeatureSet(Buffer.from(kept.features, 'base64')), marks: kept.marks === null ? null : decodeMarkSet(Buffer.from(kept.marks, 'base64')) };
  } catch {
    return undefined;
  }
}
