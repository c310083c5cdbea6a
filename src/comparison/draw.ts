/**
 * Explanation pictures of one design comparison, all in the probe's pose and size.
 *
 * 1. warp: the candidate laid on the probe, ready for a swipe.
 * 2. side by side.
 * 3. overlay: the probe in grey, the candidate's edges in orange.
 * 4. agreement: where both fields show the same stroke, and where only one does; what the other lamp hides is fainter.
 */
import sharp from 'sharp';
import { type ExtractedField, FEATURE_PARAMETERS, extractField } from '../features/index.ts';
import type { FaceCrop } from '../imaging/index.ts';
import { edgeLines } from './edges.ts';
import { shownBy } from './lamp.ts';
import type { ComparisonPicture, DesignComparison, Pose } from './types.ts';
import { toCandidate, warpCandidate } from './warp.ts';

const ORANGE = [255, 140, 0] as const;
const GREEN = [70, 200, 90] as const;
const BLUE = [70, 150, 255] as const;
const GAP = 12;

export async function drawComparison(probe: FaceCrop, candidate: FaceCrop, comparison: DesignComparison): Promise<ComparisonPicture[]> {
  const size = probe.size;
  const { pose } = comparison;
  const [probeField, candidateField] = await Promise.all([extractField(probe), extractField(candidate)]);
  // 1 warp
  const warped = warpCandidate(candidate, pose, size);
  // 2 side by side
  const pair = new Uint8Array((2 * size + GAP) * size * 3).fill(255);
  for (let y = 0; y < size; y++) {
    pair.set(probe.rgb.subarray(y * size * 3, (y + 1) * size * 3), y * (2 * size + GAP) * 3);
    pair.set(warped.rgb.subarray(y * size * 3, (y + 1) * size * 3), (y * (2 * size + GAP) + size + GAP) * 3);
  }
  // 3 overlay
  const overlay = dimmedGrey(probe, 0.8);
  const lines = edgeLines(warped.rgb, warped.mask, size);
  // 4 agreement
  const agreement = dimmedGrey(probe, 0.35);
  const probeLight: [number, number] = [probeField.light[0]!, probeField.light[1]!];
  const candidateLight = turn([candidateField.light[0]!, candidateField.light[1]!], pose);
  paint(size, (i, ux, uy) => {
    const a = fieldAt(probeField, probe.size, ux, uy);
    const b = fieldAt(candidateField, candidate.size, ...toCandidate(pose, ux, uy));
    if (lines[i] || lines[i + 1] || lines[i + size]) blend(overlay, i, ORANGE, 0.9);
    const known = a[2] * b[2];
    if (known <= 0) return;
    const turned = turn(b, pose);
    const [la, lb] = [Math.hypot(a[0], a[1]), Math.hypot(turned[0], turned[1])];
    const both = Math.max(0, a[0] * turned[0] + a[1] * turned[1]) / Math.max(la, lb, 0.05);
    blend(agreement, i, GREEN, known * Math.min(1, 1.3 * both));
    blend(agreement, i, BLUE, known * Math.min(1, 1.3 * Math.max(0, la - both)) * shownBy(candidateLight, [a[0], a[1]]));
    blend(agreement, i, ORANGE, known * Math.min(1, 1.3 * Math.max(0, lb - both)) * shownBy(probeLight, turned));
  });
  const png = (rgb: Uint8Array, width: number): Promise<Uint8Array> => sharp(rgb, { raw: { width, height: size, channels: 3 } }).png().toBuffer();
  return [
    { key: 'side-by-side', title: 'Probe, and candidate turned into its pose', png: await png(pair, 2 * size + GAP) },
    { key: 'probe', title: 'Probe', png: await png(probe.rgb, size) },
    { key: 'candidate-aligned', title: 'Candidate laid on the probe', png: await png(warped.rgb, size) },
    { key: 'overlay', title: "Probe in grey, the candidate's edges in orange", png: await png(overlay, size) },
    { key: 'agreement', title: 'Strokes of both (green), of the probe only (blue), of the candidate only (orange); fainter where the other lamp hides them', png: await png(agreement, size) },
  ];
}

function dimmedGrey(crop: FaceCrop, factor: number): Uint8Array {
  const out = new Uint8Array(crop.size * crop.size * 3);
  for (let i = 0; i < crop.size * crop.size; i++) out.fill(Math.round(factor * (0.299 * crop.rgb[3 * i]! + 0.587 * crop.rgb[3 * i + 1]! + 0.114 * crop.rgb[3 * i + 2]!)), 3 * i, 3 * i + 3);
  return out;
}

function paint(size: number, at: (index: number, ux: number, uy: number) => void): void {
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) at(y * size + x, (x + 0.5) / size - 0.5, (y + 0.5) / size - 0.5);
}

function blend(rgb: Uint8Array, i: number, colour: readonly [number, number, number], alpha: number): void {
  for (let c = 0; c < 3; c++) rgb[3 * i + c] = Math.round(rgb[3 * i + c]! * (1 - alpha) + colour[c]! * alpha);
}

/** Field (real, imaginary) and weight at a place of the crop, between the four nearest cells. */
function fieldAt(f: ExtractedField, size: number, ux: number, uy: number): [number, number, number] {
  const grid = FEATURE_PARAMETERS.grid.value;
  const perCell = (2 * FEATURE_PARAMETERS.halfSpan.value * f.radiusPx) / grid;
  const x = ((ux + 0.5) * size - 0.5 - f.centreX) / perCell + grid / 2 - 0.5;
  const y = ((uy + 0.5) * size - 0.5 - f.centreY) / perCell + grid / 2 - 0.5;
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  if (ix < 0 || iy < 0 || ix >= grid - 1 || iy >= grid - 1) return [0, 0, 0];
  const out: [number, number, number] = [0, 0, 0];
  for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]] as const) {
    const w = (dx ? x - ix : 1 - x + ix) * (dy ? y - iy : 1 - y + iy);
    const i = (iy + dy) * grid + ix + dx;
    out[0] += (w * f.field[3 * i]!) / 127;
    out[1] += (w * f.field[3 * i + 1]!) / 127;
    out[2] += (w * f.weight[i]!) / 255;
  }
  return out;
}

/** An orientation seen after the candidate was turned: the doubled angle turns twice as far. */
function turn(b: readonly [number, number, ...number[]], pose: Pose): [number, number] {
  const t = (2 * pose.rotationDeg * Math.PI) / 180;
  return [b[0] * Math.cos(t) - b[1] * Math.sin(t), b[0] * Math.sin(t) + b[1] * Math.cos(t)];
}
