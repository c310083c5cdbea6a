/** What a tool comparison leaves out, as a picture on the probe's crop: the walls of both designs, and what one face does not show. */
import sharp from 'sharp';
import { beside, type DrawnFace, luminance, mixed, put, type Rgb, toGrid } from './draw-tools.ts';
import type { ComparisonPicture, ToolComparison } from './types.ts';

const VIOLET: Rgb = [150, 80, 255];

/** @param comparison with a pose */
export async function drawWalls(probe: DrawnFace, candidate: DrawnFace, comparison: ToolComparison): Promise<ComparisonPicture> {
  const { size } = probe.crop;
  const rgb = new Uint8Array(size * size * 3);
  const m = comparison.toCandidate;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      const [gx, gy] = toGrid(probe.marks, (x + 0.5) / size - 0.5, (y + 0.5) / size - 0.5);
      const [hx, hy] = [m[0] * gx + m[1] * gy + m[2], m[3] * gx + m[4] * gy + m[5]];
      const light = 0.8 * luminance(probe.crop.rgb, i);
      const known = isKnown(probe, gx, gy) && isKnown(candidate, hx, hy);
      const weight = known ? Math.min(beside(probe.marks, gx, gy), beside(candidate.marks, hx, hy)) : 0;
      put(rgb, i, known ? mixed([light, light, light], VIOLET, 0.75 * (1 - weight)) : [light * 0.4, light * 0.4, light * 0.4]);
    }
  }
  return { key: 'tool-walls', title: 'Walls of both designs (violet): marks there count less; dark where one face shows nothing', png: await sharp(rgb, { raw: { width: size, height: size, channels: 3 } }).png().toBuffer() };
}

function isKnown({ marks: { size, walls } }: DrawnFace, gx: number, gy: number): boolean {
  const [x, y] = [Math.round(gx), Math.round(gy)];
  return x >= 0 && y >= 0 && x < size && y < size && walls[y * size + x] !== 255;
}
