/**
 * Explanation pictures of one tool comparison, all on the probe's crop and of its size.
 *
 * 1. warp: the candidate laid on the probe, ready for a swipe.
 * 2. marks: the signed relief of both faces, ridges bright whichever side the lamp was on.
 * 3. shared marks: where both show the same relief, and where they show opposite ones.
 * 4. cells: what each cell of the grid says.
 */
import sharp from 'sharp';
import { MARK_PARAMETERS, type MarkField, surfaceCrop, type SurfaceMarks } from '../features/index.ts';
import type { FaceCrop } from '../imaging/index.ts';
import { TOOL_PARAMETERS } from './tool-parameters.ts';
import type { CellVerdict, ComparisonPicture, ToolComparison } from './types.ts';

export interface DrawnFace {
  readonly crop: FaceCrop;
  readonly marks: MarkField;
}

export type Rgb = readonly [number, number, number];
/** What a cell's verdict is painted with; a legend needs them too. */
export const VERDICT_COLOURS: Readonly<Record<CellVerdict, Rgb>> = { agrees: [70, 200, 90], disagrees: [235, 120, 30], undecided: [150, 160, 175], uninformative: [60, 64, 72] };
const ORANGE: Rgb = [255, 140, 0];
const GREEN: Rgb = [70, 220, 100];
const CONTRAST = 1.6;
const WALL_UNIT = 32; // of a mark set's walls

/** @param comparison with its cells (`detail`) and a pose */
export async function drawTools(probe: DrawnFace, candidate: DrawnFace, comparison: ToolComparison): Promise<ComparisonPicture[]> {
  const { size } = probe.crop;
  const [aligned, own, other, shared, cells] = Array.from({ length: 5 }, () => new Uint8Array(size * size * 3)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const { cellPx, inverse } = { cellPx: Math.round(TOOL_PARAMETERS.cell.value * MARK_PARAMETERS.pxPerMm.value), inverse: comparison.turned };
  const verdicts = new Map(comparison.cells.map((c) => [`${c.column},${c.row}`, c.verdict]));
  const m = comparison.toCandidate;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      const [gx, gy] = toGrid(probe.marks, (x + 0.5) / size - 0.5, (y + 0.5) / size - 0.5);
      const [hx, hy] = [m[0] * gx + m[1] * gy + m[2], m[3] * gx + m[4] * gy + m[5]];
      // 1 warp
      const [ux, uy] = fromGrid(candidate.marks, hx, hy);
      put(aligned, i, colourAt(candidate.crop, ux, uy));
      // 2 marks
      const a = reliefAt(probe.marks, gx, gy);
      const b = reliefAt(candidate.marks, hx, hy);
      put(own, i, grey(a));
      put(other, i, grey(b));
      // 3 shared marks
      const dim = 0.45 * luminance(probe.crop.rgb, i);
      const both = a === null || b === null ? 0 : Math.sign(a * b) * Math.sqrt(Math.abs(a * b)) * Math.min(beside(probe.marks, gx, gy), beside(candidate.marks, hx, hy));
      put(shared, i, mixed([dim, dim, dim], both > 0 ? GREEN : ORANGE, Math.min(1, Math.max(0, (Math.abs(both) - (both > 0 ? 0.12 : 0.2)) * 2.2))));
      // 4 cells
      const [cx, cy] = inverse ? [hx, hy] : [gx, gy];
      const verdict = a === null || b === null ? undefined : verdicts.get(`${Math.floor(cx / cellPx)},${Math.floor(cy / cellPx)}`);
      const light = 0.8 * luminance(probe.crop.rgb, i);
      const edge = Math.min(mod(cx, cellPx), mod(cy, cellPx)) < 1;
      put(cells, i, verdict ? mixed([light, light, light], VERDICT_COLOURS[verdict], edge ? 0.1 : verdict === 'uninformative' ? 0.6 : verdict === 'undecided' ? 0.25 : 0.45) : [light * 0.5, light * 0.5, light * 0.5]);
    }
  }
  const png = (rgb: Uint8Array): Promise<Uint8Array> => sharp(rgb, { raw: { width: size, height: size, channels: 3 } }).png().toBuffer();
  return [
    { key: 'probe', title: 'Probe', png: await png(probe.crop.rgb) },
    { key: 'tool-aligned', title: 'Candidate laid on the probe by its strokes and marks', png: await png(aligned) },
    { key: 'tool-marks-probe', title: 'Fine marks of the probe, as they were read: ridges bright, grooves dark', png: await png(own) },
    { key: 'tool-marks-candidate', title: 'Fine marks of the candidate, aligned', png: await png(other) },
    { key: 'tool-marks-shared', title: 'Marks that both show (green), marks of opposite sign (orange)', png: await png(shared) },
    { key: 'tool-cells', title: 'Cells that agree (green), disagree (orange), are undecided (grey) or uninformative (dark)', png: await png(cells) },
  ];
}

/** The same of two scanned surfaces, on the probe's grid; of a candidate in another relation, `undone`. */
export async function drawSurfaces(probe: SurfaceMarks, candidate: SurfaceMarks, comparison: ToolComparison): Promise<ComparisonPicture[]> {
  return comparison.pose ? drawTools({ crop: surfaceCrop(probe), marks: probe }, { crop: surfaceCrop(candidate), marks: candidate }, comparison) : [];
}

export const toGrid = (m: MarkField, ux: number, uy: number): [number, number] => [(ux - m.centre[0]) / m.unit + m.size / 2 - 0.5, (uy - m.centre[1]) / m.unit + m.size / 2 - 0.5];
const fromGrid = (m: MarkField, gx: number, gy: number): [number, number] => [(gx - m.size / 2 + 0.5) * m.unit + m.centre[0], (gy - m.size / 2 + 0.5) * m.unit + m.centre[1]];
const mod = (v: number, n: number): number => v - n * Math.floor(v / n);

/** -1..1 between the four nearest cells; null where nothing is known. */
function reliefAt(m: MarkField, gx: number, gy: number): number | null {
  const [ix, iy] = [Math.floor(gx), Math.floor(gy)];
  if (ix < 0 || iy < 0 || ix >= m.size - 1 || iy >= m.size - 1) return null;
  const i = iy * m.size + ix;
  if (m.walls[i] === 255) return null;
  const [fx, fy] = [gx - ix, gy - iy];
  const top = m.marks[i]! * (1 - fx) + m.marks[i + 1]! * fx;
  const low = m.marks[i + m.size]! * (1 - fx) + m.marks[i + m.size + 1]! * fx;
  return (top * (1 - fy) + low * fy) / 127;
}

/** Weight of marks beside the walls of the design, as in the score. */
export function beside(m: MarkField, gx: number, gy: number): number {
  const wall = m.walls[Math.round(gy) * m.size + Math.round(gx)]! / (WALL_UNIT * TOOL_PARAMETERS.wallHalf.value);
  return 1 / (1 + wall * wall);
}

function grey(relief: number | null): Rgb {
  const v = relief === null ? 24 : Math.min(255, Math.max(0, 110 + 127 * CONTRAST * relief));
  return [v, v, v];
}

function colourAt(crop: FaceCrop, ux: number, uy: number): Rgb {
  const [px, py] = [(ux + 0.5) * crop.size - 0.5, (uy + 0.5) * crop.size - 0.5];
  const [ix, iy] = [Math.floor(px), Math.floor(py)];
  if (ix < 0 || iy < 0 || ix >= crop.size - 1 || iy >= crop.size - 1) return [0, 0, 0];
  const [fx, fy] = [px - ix, py - iy];
  const at = (c: number): number => {
    const p = (iy * crop.size + ix) * 3 + c;
    const q = p + crop.size * 3;
    return (crop.rgb[p]! * (1 - fx) + crop.rgb[p + 3]! * fx) * (1 - fy) + (crop.rgb[q]! * (1 - fx) + crop.rgb[q + 3]! * fx) * fy;
  };
  return [at(0), at(1), at(2)];
}

export const luminance = (rgb: Uint8Array, i: number): number => 0.299 * rgb[3 * i]! + 0.587 * rgb[3 * i + 1]! + 0.114 * rgb[3 * i + 2]!;
export const mixed = (a: Rgb, b: Rgb, share: number): Rgb => [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
export const put = (to: Uint8Array, i: number, c: Rgb): void => to.set([Math.round(c[0]), Math.round(c[1]), Math.round(c[2])], 3 * i);
