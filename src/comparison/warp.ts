/** Lays the candidate on the probe: every probe pixel looks up its place in the candidate. */
import type { FaceCrop } from '../imaging/index.ts';
import type { Pose } from './types.ts';

export interface WarpedFace {
  readonly size: number;
  readonly rgb: Uint8Array;
  readonly mask: Uint8Array;
}

/** Place in the candidate's crop (fractions from its centre) of a place in the probe's. */
export function toCandidate(pose: Pose, ux: number, uy: number): [number, number] {
  const turn = (pose.rotationDeg * Math.PI) / 180;
  const [c, s] = [Math.cos(turn) / pose.scale, Math.sin(turn) / pose.scale];
  const [x, y] = [ux - pose.shift[0], uy - pose.shift[1]];
  return [c * x + s * y, c * y - s * x];
}

/** The candidate in the probe's pose, `size` pixels square; black and mask 0 where it shows nothing. */
export function warpCandidate(candidate: FaceCrop, pose: Pose, size: number): WarpedFace {
  const rgb = new Uint8Array(size * size * 3);
  const mask = new Uint8Array(size * size);
  const n = candidate.size;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [ux, uy] = toCandidate(pose, (x + 0.5) / size - 0.5, (y + 0.5) / size - 0.5);
      const px = (ux + 0.5) * n - 0.5;
      const py = (uy + 0.5) * n - 0.5;
      const ix = Math.floor(px);
      const iy = Math.floor(py);
      if (ix < 0 || iy < 0 || ix >= n - 1 || iy >= n - 1) continue;
      const fx = px - ix;
      const fy = py - iy;
      const at = iy * n + ix;
      const to = y * size + x;
      mask[to] = candidate.mask[at]!;
      for (let c = 0; c < 3; c++) {
        const p = at * 3 + c;
        const top = candidate.rgb[p]! * (1 - fx) + candidate.rgb[p + 3]! * fx;
        const low = candidate.rgb[p + n * 3]! * (1 - fx) + candidate.rgb[p + n * 3 + 3]! * fx;
        rgb[to * 3 + c] = Math.round(top * (1 - fy) + low * fy);
      }
    }
  }
  return { size, rgb, mask };
}
