/** Further photographs of an unmoved specimen: each cut where the face lies in the first one. */
import { readFile } from 'node:fs/promises';
import { problem } from '../domain/index.ts';
import type { FurtherLight } from '../features/index.ts';
import { cutFace, decode, type MeasuredFace, type Photograph } from '../imaging/index.ts';

export interface FurtherPhoto {
  readonly path: string;
  /** Where its lamp stands, when it is known: degrees from the picture's right towards its bottom. */
  readonly azimuthDeg?: number | undefined;
}

/** @throws Problem not-found, image-corrupt; photographs-apart where one has another size than the first */
export async function furtherLights(first: Photograph, { outlinePx, crop }: MeasuredFace, photos: readonly FurtherPhoto[]): Promise<FurtherLight[]> {
  const lights: FurtherLight[] = [];
  const read: Photograph[] = [];
  for (const { path, azimuthDeg } of photos) {
    const photo = await decode(await readFile(path).catch(() => {
      throw problem('not-found', { what: path });
    }));
    if (photo.width !== first.width || photo.height !== first.height) throw problem('photographs-apart', { reason: `${path} has ${photo.width} x ${photo.height} pixels, the first ${first.width} x ${first.height}` });
    if ([first, ...read].some((other) => Buffer.compare(other.rgb, photo.rgb) === 0)) throw problem('photographs-apart', { reason: `${path} is a photograph that was given already` });
    read.push(photo);
    lights.push({ crop: await cutFace(photo, { ...crop, outlinePx }), azimuthDeg });
  }
  return lights;
}
