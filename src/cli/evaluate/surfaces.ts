/**
 * X3P files of a labelled folder -> their relief, and every pair of them compared. A folder holds either photographs or
 * surfaces. Nothing is cached but the scores: a surface is read in a fifth of a second.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareSurfaces, type ToolOutcome } from '../../comparison/index.ts';
import { asProblem, problem } from '../../domain/index.ts';
import { extractSurfaceMarks, lengthsFor, type SurfaceMarks } from '../../features/index.ts';
import { readX3p, type Surface } from '../../imaging/index.ts';
import { type EvaluatedFace, inLanes } from './faces.ts';
import type { Manifest } from './manifest.ts';

const isSurface = (file: string): boolean => file.toLowerCase().endsWith('.x3p');

/** @throws Problem invalid-request where photographs and surfaces are mixed */
export function holdsSurfaces({ photos }: Manifest): boolean {
  const count = photos.filter((p) => isSurface(p.file)).length;
  if (count > 0 && count < photos.length) throw problem('invalid-request', {}, [{ pointer: '/manifest.csv', detail: `${count} of ${photos.length} files are X3P surfaces: a folder holds either surfaces or photographs` }]);
  return count > 0;
}

export async function readSurfaces(manifest: Manifest, onDone: () => void): Promise<EvaluatedFace[]> {
  const read = async (file: string): Promise<Surface> => readX3p(await readFile(join(manifest.folder, file)));
  // one length for all, or they could not be compared: the usual one of the folder. Read twice, so that they need not all be held
  const lengths: number[] = [];
  for (const { file } of manifest.photos) lengths.push(...(await read(file).then((surface) => [lengthsFor(surface)], () => [])));
  const usual = lengths.sort((a, b) => a - b)[lengths.length >> 1] ?? 1;
  const faces: EvaluatedFace[] = [];
  await inLanes(manifest.photos.length, async (i) => {
    const { file } = manifest.photos[i]!;
    try {
      faces[i] = { record: { file, status: 'ok', faces: 1 }, features: null, marks: null, surface: await extractSurfaceMarks(await read(file), usual) };
    } catch (thrown) {
      faces[i] = refused(file, thrown);
    }
    onDone();
  });
  return faces;
}

function refused(file: string, thrown: unknown): EvaluatedFace {
  const { code, title, detail } = asProblem(thrown);
  return { record: { file, status: code, problem: { title, detail }, faces: 0 }, features: null, marks: null };
}

/** Tool scores and outcomes of one surface with the others, null for those that were refused. */
export async function compareSurfaceRow(probe: SurfaceMarks, candidates: readonly (SurfaceMarks | undefined)[]): Promise<({ toolScore: number; outcome: ToolOutcome } | null)[]> {
  const row = [];
  for (const candidate of candidates) row.push(candidate ? await compareSurfaces(probe, candidate) : null);
  return row;
}
