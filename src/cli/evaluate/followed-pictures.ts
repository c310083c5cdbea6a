/** Everything that is shown of one followed pair, drawn once and inlined. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareDesigns, compareTools, type DesignComparison, drawComparison, drawTools, drawWalls, findToolPoses, type Pose, type ToolComparison, type ToolFace } from '../../comparison/index.ts';
import { NO_TRACE } from '../../domain/index.ts';
import { decode, drawMeasured, type FaceCrop } from '../../imaging/index.ts';
import type { EvaluatedFace } from './faces.ts';
import { inlined } from './pictures.ts';

export interface DrawnPair {
  readonly design: DesignComparison;
  readonly tool: ToolComparison;
  /** The poses of the candidate that were tried on the strokes, the logo's best first. */
  readonly poses: readonly Pose[];
  /** Pixels of both photographs, upright. */
  readonly sizes: readonly (readonly [number, number])[];
  /** Data URIs by key; those of the marks are there where a pose was registered. */
  readonly pictures: Readonly<Record<string, string>>;
}

/** Longer sides, in pixels: what is looked into is larger. */
const SIDES: Readonly<Record<string, number>> = {
  'photograph-0': 520, 'photograph-1': 520, 'face-0': 360, 'face-1': 360,
  'candidate-aligned': 320, overlay: 320, agreement: 320,
  probe: 520, 'tool-aligned': 520,
  'tool-marks-probe': 340, 'tool-marks-candidate': 340, 'tool-walls': 340, 'tool-marks-shared': 340, 'tool-cells': 440,
};

/** @param pair faces whose marks were compared or found wanting, so that both have them */
export async function drawPair(folder: string, pair: readonly [EvaluatedFace, EvaluatedFace], crops: readonly [FaceCrop, FaceCrop]): Promise<DrawnPair> {
  const [probe, candidate] = pair.map(({ features, marks }): ToolFace => ({ features: features!, marks: marks! })) as [ToolFace, ToolFace];
  const [design] = await compareDesigns(probe.features, [candidate.features]);
  const [poses] = await findToolPoses(probe, [candidate]);
  const [tool] = await compareTools(probe, [candidate], true);
  const drawn = new Map<string, Uint8Array>();
  const sizes: [number, number][] = [];
  for (const [i, { record }] of pair.entries()) {
    const photo = await decode(await readFile(join(folder, record.file)));
    sizes.push([photo.width, photo.height]);
    const measured = await drawMeasured(photo, [{ outlinePx: Float32Array.from(record.crop!.outlinePx), crop: crops[i]! }], NO_TRACE, SIDES['photograph-0']);
    drawn.set(`photograph-${i}`, measured.get('outline.jpg')!).set(`face-${i}`, measured.get('crop-1.png')!);
  }
  for (const { key, png } of await drawComparison(crops[0], crops[1], design!)) drawn.set(key, png);
  if (tool!.pose) {
    const faces = [{ crop: crops[0], marks: probe.marks }, { crop: crops[1], marks: candidate.marks }] as const;
    for (const { key, png } of [...(await drawTools(...faces, tool!)), await drawWalls(...faces, tool!)]) drawn.set(key, png);
  }
  const pictures: Record<string, string> = {};
  for (const [key, side] of Object.entries(SIDES)) if (drawn.has(key)) pictures[key] = await inlined(drawn.get(key)!, side);
  return { design: design!, tool: tool!, poses: poses!, sizes, pictures };
}
