/**
 * Was a calibration made of the photographs that it judges? Then its LRs were fitted to them, and look better than they
 * will on others. Told by the SHA-256 of the bytes: a photograph that was saved again passes for another.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Calibration } from '../../likelihood/index.ts';
import type { Manifest, ManifestPhoto } from './manifest.ts';

/** SHA-256 of every photograph, those under further lamps too; each once. */
export async function photographDigests(folder: string, photos: readonly ManifestPhoto[]): Promise<string[]> {
  const digests = new Set<string>();
  for (const { file } of photos.flatMap((p) => [p, ...p.further])) digests.add(createHash('sha256').update(await readFile(join(folder, file))).digest('hex'));
  return [...digests];
}

export interface PhotographShare {
  readonly shared: number;
  readonly of: number;
}

/** How many photographs of the set made the calibration; null where it does not say what made it. */
export async function sharedPhotographs({ madeOf }: Calibration, { folder, photos }: Manifest): Promise<PhotographShare | null> {
  if (!madeOf) return null;
  const [made, own] = [new Set(madeOf), await photographDigests(folder, photos)];
  return { shared: own.filter((digest) => made.has(digest)).length, of: own.length };
}

/** A warning; undefined where none is due. */
export function ownCalibrationWarning(found: PhotographShare | null): string | undefined {
  if (!found || found.shared === 0) return undefined;
  const { shared, of } = found;
  return `${shared === of ? 'Judged by its own calibration' : 'Judged in part by its own calibration'}: figures are too good. ${shared} of the ${of} photographs of this set made the calibration (same SHA-256), so that its LRs are fitted to them; what they are worth on other photographs, only another set can show.`;
}
