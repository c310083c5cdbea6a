/**
 * Scanned surface -> relief in bands, laid out as a photograph's mark set, so that one comparison serves both. Heights
 * are seen as they are: no lamp hides a direction, and what was not measured is known.
 *
 * Native code levels the surface (robust plane), leaves out spikes, and takes bands of wavelengths by Gaussian regression
 * filters of first order (areal form of ISO 16610-31), which neither holes nor edges pull.
 */
import type { FaceCrop, Surface } from '../imaging/index.ts';
import { callKernel } from '../platform/native/index.ts';
import { MARK_PARAMETERS } from './mark-parameters.ts';
import type { MarkField } from './marks.ts';
import { SURFACE_PARAMETERS, surfaceDigest, surfaceValues } from './surface-parameters.ts';

export interface SurfaceMarks extends MarkField {
  /** Lengths on this surface over those of the parameters' table. */
  readonly lengths: number;
  /** Area that was measured, without spikes and rims. */
  readonly areaMm2: number;
  /** Root mean square of the band of fine marks. */
  readonly roughnessUm: number;
}

interface KernelAnswer {
  readonly size: number;
  readonly areaMm2: number;
  readonly roughnessUm: number;
  readonly bands: readonly Int8Array[];
  readonly walls: Uint8Array;
}

/** Lengths that fit a surface of this size, in powers of 2, so that scans of one sort of face get the same. */
export function lengthsFor(surface: Surface): number {
  const side = Math.max(surface.width * surface.stepXM, surface.height * surface.stepYM) * 1e3;
  return 2 ** Math.round(Math.log2(side / SURFACE_PARAMETERS.usualSide.value));
}

/** The relief as a picture of the grid: heights bright, hollows dark, black where nothing was measured. */
export function surfaceCrop(marks: SurfaceMarks): FaceCrop {
  const { size, walls, strokes } = marks;
  const [rgb, mask] = [new Uint8Array(size * size * 3), new Uint8Array(size * size)];
  for (let i = 0; i < size * size; i++) {
    if (walls[i] === 255) continue;
    mask[i] = 255;
    rgb.fill(Math.min(255, Math.max(0, 118 + 0.9 * strokes[2]![i]!)), 3 * i, 3 * i + 3);
  }
  return { size, rgb, mask, pxScale: 1, toOriginal: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) };
}

/**
 * @param lengths the same for both surfaces of a pair
 * @throws Problem surface-unusable where too little was measured
 */
export async function extractSurfaceMarks(surface: Surface, lengths: number): Promise<SurfaceMarks> {
  const { width, height, heightsM } = surface;
  if (heightsM.length !== width * height) throw new RangeError(`a surface of ${width} x ${height} has ${heightsM.length} heights`);
  const gridPerMm = MARK_PARAMETERS.pxPerMm.value / lengths;
  const scaled = Object.fromEntries(Object.entries(surfaceValues()).map(([name, value]) => [name, SURFACE_PARAMETERS[name as keyof typeof SURFACE_PARAMETERS].unit === 'mm' ? value * lengths : value]));
  const { size, areaMm2, roughnessUm, bands, walls } = await callKernel<KernelAnswer>('surface', { heightsM, width, height, stepXMm: surface.stepXM * 1e3, stepYMm: surface.stepYM * 1e3, gridPerMm, ...scaled });
  return {
    parametersDigest: surfaceDigest, size, unit: 1 / size, centre: [0, 0], lengths, areaMm2, roughnessUm,
    strokes: bands.slice(0, 3), strides: [SURFACE_PARAMETERS.stride0.value, SURFACE_PARAMETERS.stride1.value, SURFACE_PARAMETERS.stride2.value], marks: bands[3]!, walls,
  };
}
