/** A pressed face drawn in code: straight grooves in a disc under one lamp, with grain. For tests of features and comparison. */
import type { MeasuredFace } from '../../src/imaging/index.ts';

/** A groove from (x0, y0) to (x1, y1), in radii of the face. */
export type Stroke = readonly [number, number, number, number];

export interface View {
  readonly turnDeg?: number;
  /** Where the lamp stands, degrees from x towards y (down). */
  readonly lampDeg?: number;
  readonly albedo?: readonly [number, number, number];
  readonly shift?: readonly [number, number];
  readonly radius?: number;
  readonly size?: number;
  readonly seed?: number;
  /** Noise of the sensor, grey levels. */
  readonly grain?: number;
  /** Height of the powder's own grain, in depths of a groove; the lamp lights it as it lights a groove. */
  readonly powder?: number;
  readonly mirrored?: boolean;
  readonly lengthMm?: number | null;
  readonly partial?: boolean;
}

export const ARROW: readonly Stroke[] = [[-0.5, 0, 0.5, 0], [0.5, 0, 0.2, -0.3], [0.5, 0, 0.2, 0.3], [-0.4, -0.35, -0.4, -0.1]];
export const LETTER_K: readonly Stroke[] = [[-0.3, -0.5, -0.3, 0.5], [-0.3, 0, 0.35, -0.5], [-0.3, 0, 0.35, 0.5]];
export const HOUSE: readonly Stroke[] = [[-0.4, 0.5, -0.4, -0.1], [0.4, 0.5, 0.4, -0.1], [-0.4, 0.5, 0.4, 0.5], [-0.4, -0.1, 0, -0.55], [0.4, -0.1, 0, -0.55]];
export const ZIGZAG: readonly Stroke[] = [[-0.6, 0.3, -0.2, -0.4], [-0.2, -0.4, 0.1, 0.4], [0.1, 0.4, 0.6, -0.3], [-0.5, 0.55, 0.5, 0.55]];
export const DESIGNS = { ARROW, LETTER_K, HOUSE, ZIGZAG } as const;

const GROOVE = 0.045; // half width in radii

function distance(x: number, y: number, [x0, y0, x1, y1]: Stroke): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}

/** Numbers in -1..1 that depend on the seed only. */
function noise(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

export function syntheticFace(strokes: readonly Stroke[], view: View = {}): MeasuredFace {
  const { turnDeg = 0, lampDeg = 30, albedo = [180, 170, 150], shift = [0, 0], size = 240, radius = 0.45 * size, seed = 1, grain = 4, powder = 0, mirrored = false, lengthMm = null, partial = false } = view;
  const turn = (turnDeg * Math.PI) / 180;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const [lx, ly] = [Math.cos((lampDeg * Math.PI) / 180), Math.sin((lampDeg * Math.PI) / 180)];
  const next = noise(seed);
  const bumps = Float64Array.from({ length: (size + 1) ** 2 }, () => (powder > 0 ? powder * next() : 0));
  const height = (px: number, py: number): number => {
    const [u, v] = [(px - size / 2) / radius - shift[0], (py - size / 2) / radius - shift[1]];
    const x = (c * u + s * v) * (mirrored ? -1 : 1);
    const y = c * v - s * u;
    let depth = 0;
    for (const stroke of strokes) depth = Math.max(depth, Math.exp(-((distance(x, y, stroke) / GROOVE) ** 2)));
    return bumps[py * (size + 1) + px]! - depth;
  };
  const rgb = new Uint8Array(size * size * 3);
  const mask = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      const inside = Math.hypot(x + 0.5 - size / 2 - shift[0] * radius, y + 0.5 - size / 2 - shift[1] * radius) <= radius;
      if (inside) mask[i] = 255;
      const slope = inside ? lx * (height(x + 1, y) - height(x, y)) + ly * (height(x, y + 1) - height(x, y)) : 0;
      const light = inside ? 0.7 - 0.25 * Math.max(-2, Math.min(2, slope * 8)) : 0.1;
      for (let k = 0; k < 3; k++) rgb[3 * i + k] = Math.max(0, Math.min(255, Math.round(albedo[k]! * light + grain * next())));
    }
  }
  return {
    kind: 'tablet',
    partial,
    lengthMm,
    widthMm: lengthMm,
    diameterMm: lengthMm,
    scale: { mmPerPx: lengthMm === null ? null : lengthMm / (2 * radius), source: lengthMm === null ? 'none' : 'given', bounds: [0.99, 1.01] },
    crop: { size, rgb, mask },
  } as unknown as MeasuredFace;
}
