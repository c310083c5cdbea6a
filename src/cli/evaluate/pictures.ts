/** Pictures of a report, small enough to lie inside the page. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { compareDesigns, compareSurfaces, compareTools, drawComparison, drawSurfaces, drawTools } from '../../comparison/index.ts';
import type { FaceCrop } from '../../imaging/index.ts';
import { cropOf, type EvaluatedFace } from './faces.ts';

const SIDE = 220;
const THUMBNAIL = 220;

/** An encoded picture as a data URI, its longer side at most `side`. */
export async function inlined(bytes: Uint8Array, side: number): Promise<string> {
  const webp = await sharp(bytes, { failOn: 'none', limitInputPixels: 100_000_000 }).autoOrient().resize(side, side, { fit: 'inside', withoutEnlargement: true }).flatten({ background: '#ffffff' }).webp({ quality: 80 }).toBuffer();
  return `data:image/webp;base64,${webp.toString('base64')}`;
}

/** A picture and what it shows. */
export interface Panel {
  readonly src: string;
  readonly text: string;
}

/** Draws one pair: the probe first, then the candidate laid on it, then what explains the score. */
export type PairPainter = (probe: number, reference: number) => Promise<readonly Panel[]>;

const TOOL_PANELS = { probe: 'probe', 'tool-aligned': 'candidate, aligned', 'tool-marks-probe': 'marks of the probe', 'tool-marks-candidate': 'marks of the candidate', 'tool-marks-shared': 'shared (green), opposite (orange)', 'tool-cells': 'cells' };

/** Crops of faces, cut again from their photographs; each is kept. */
export function cropKeeper(folder: string, faces: readonly EvaluatedFace[]): (face: number) => Promise<FaceCrop> {
  const crops = new Map<number, Promise<FaceCrop>>();
  return (i) => {
    if (!crops.has(i)) crops.set(i, cropOf(folder, faces[i]!.record));
    return crops.get(i)!;
  };
}

/** Painters of both propositions. */
export function pairPainters(faces: readonly EvaluatedFace[], crop: (face: number) => Promise<FaceCrop>): Readonly<Record<'design' | 'tool', PairPainter>> {
  const panels = async (drawn: readonly { key: string; png: Uint8Array }[], keys: Readonly<Record<string, string>>): Promise<Panel[]> => {
    const png = new Map(drawn.map((p) => [p.key, p.png]));
    return Promise.all(Object.entries(keys).filter(([key]) => png.has(key)).map(async ([key, text]) => ({ src: await inlined(png.get(key)!, SIDE), text })));
  };
  const design: PairPainter = async (probe, reference) => {
    const [a, b] = await Promise.all([crop(probe), crop(reference)]);
    const [comparison] = await compareDesigns(faces[probe]!.features!, [faces[reference]!.features!]);
    return panels(await drawComparison(a, b, comparison!), { probe: 'probe', 'candidate-aligned': 'candidate, aligned', overlay: 'its strokes on the probe' });
  };
  const tool: PairPainter = async (probe, reference) => {
    const [p, c] = [faces[probe]!, faces[reference]!];
    if (p.surface && c.surface) return panels(await drawSurfaces(p.surface, c.surface, await compareSurfaces(p.surface, c.surface, 'as-scanned', true)), TOOL_PANELS);
    const [a, b] = await Promise.all([crop(probe), crop(reference)]);
    if (!p.features || !p.marks || !c.features || !c.marks) return [];
    const [comparison] = await compareTools({ features: p.features, marks: p.marks }, [{ features: c.features, marks: c.marks }], true);
    const drawn = comparison!.pose ? await drawTools({ crop: a, marks: p.marks }, { crop: b, marks: c.marks }, comparison!) : [];
    return panels(drawn, TOOL_PANELS);
  };
  return { design, tool };
}

/** The photograph as it is, or null when even that cannot be decoded. */
export async function thumbnail(folder: string, file: string): Promise<string | null> {
  try {
    return await inlined(await readFile(join(folder, file)), THUMBNAIL);
  } catch {
    return null;
  }
}
