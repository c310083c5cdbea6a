/** Pictures of a report, small enough to lie inside the page. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { compareDesigns, drawComparison } from '../../comparison/index.ts';
import type { FaceCrop } from '../../imaging/index.ts';
import { cropOf, type EvaluatedFace } from './faces.ts';

const SIDE = 220;
const THUMBNAIL = 220;

const dataUri = (jpeg: Buffer): string => `data:image/jpeg;base64,${jpeg.toString('base64')}`;
const small = async (bytes: Uint8Array, side: number): Promise<string> => dataUri(await sharp(bytes, { failOn: 'none', limitInputPixels: 100_000_000 }).autoOrient().resize(side, side, { fit: 'inside', withoutEnlargement: true }).flatten({ background: '#ffffff' }).jpeg({ quality: 80 }).toBuffer());

/** The probe, the candidate laid on it, and the overlay of the candidate's strokes. */
export interface PairPictures {
  readonly probe: string;
  readonly aligned: string;
  readonly overlay: string;
}

/** Draws pairs; keeps the crops it has cut. */
export function pairPainter(folder: string, faces: readonly EvaluatedFace[]): (probe: number, reference: number) => Promise<PairPictures> {
  const crops = new Map<number, Promise<FaceCrop>>();
  const crop = (i: number): Promise<FaceCrop> => {
    if (!crops.has(i)) crops.set(i, cropOf(folder, faces[i]!.record));
    return crops.get(i)!;
  };
  return async (probe, reference) => {
    const [a, b] = await Promise.all([crop(probe), crop(reference)]);
    const [comparison] = await compareDesigns(faces[probe]!.features!, [faces[reference]!.features!]);
    const drawn = new Map((await drawComparison(a, b, comparison!)).map((p) => [p.key, p.png]));
    const [first, aligned, overlay] = await Promise.all(['probe', 'candidate-aligned', 'overlay'].map((key) => small(drawn.get(key)!, SIDE)));
    return { probe: first!, aligned: aligned!, overlay: overlay! };
  };
}

/** The photograph as it is, or null when even that cannot be decoded. */
export async function thumbnail(folder: string, file: string): Promise<string | null> {
  try {
    return await small(await readFile(join(folder, file)), THUMBNAIL);
  } catch {
    return null;
  }
}
