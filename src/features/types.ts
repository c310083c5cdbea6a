import type { SpecimenKind } from '../domain/index.ts';

/** Class characteristics of one face: what tools of one design share. Never evidence of one tool by itself. */
export interface FeatureSet {
  readonly version: number;
  /** Digest of the parameters that made it: two feature sets are comparable only when it is the same. */
  readonly parametersDigest: string;
  readonly kind: SpecimenKind;
  /** True when the outline is not whole, so that its centre and radius are unsure. */
  readonly partial: boolean;
  /** Retrieval embedding, rotation invariant, int8, unit length before quantisation. A shortlist, never a score. */
  readonly embedding: Int8Array;
  /** The light-invariant logo field, row by row, three numbers a cell: real and imaginary part of the doubled-angle orientation, and relief (structure of any orientation); 127 = 1. */
  readonly field: Int8Array;
  /** Weight of each field cell, 0 where nothing is known (outside the outline, rim, clipped); 255 = 1. */
  readonly fieldWeight: Uint8Array;
  /** Where the field lies in the face's crop: centre of the outline and equivalent radius sqrt(area / pi), in fractions of the crop's side. */
  readonly frame: { readonly centre: readonly [number, number]; readonly radius: number };
  /** Outline as the magnitude spectrum of its radius (harmonics 1, 2, ...), per mean radius. */
  readonly outline: Float32Array;
  /** Short over long axis of the outline's second moments, 0..1. */
  readonly elongation: number;
  /** Longest and shortest caliper in mm; null without a scale. */
  readonly lengthMm: number | null;
  readonly widthMm: number | null;
  /** Bounds of the true scale as factors of the measured one, [low, high]. */
  readonly scaleBounds: readonly [number, number];
  /** A straight groove through the centre: strength 0..1 and its angle in degrees of the crop, y down, 0..180. */
  readonly scoreLine: { readonly strength: number; readonly angleDeg: number };
  /** The lamp's azimuth in the crop as a doubled angle (cos 2a, sin 2a; y down), its length how directed the light is: 1/2 under one lamp on fine powder, 0 under a ring light. */
  readonly light: readonly [number, number];
  /** Median CIELAB of the face (D65). Kept apart: colour is no property of a tool. */
  readonly colour: readonly [number, number, number];
}
