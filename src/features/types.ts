/** Class characteristics of one face: what tools of one design share. Never evidence of one tool by itself. */
export interface FeatureSet {
  readonly version: number;
  /** Retrieval embedding, rotation invariant, int8, unit length before quantisation. */
  readonly embedding: Int8Array;
  /** The light-invariant logo field, in the layout that comparison/ reads. */
  readonly field: Int8Array;
  /** Weight of each field sample, 0 where nothing is known (outside the outline, wrapped, clipped). */
  readonly fieldWeight: Uint8Array;
  /** Outline as the magnitude spectrum of its radius, unit mean; and elongation. */
  readonly outline: Float32Array;
  /** Shortest caliper / longest caliper, 0..1. */
  readonly elongation: number;
  /** Longest and shortest caliper in mm with the scale's bounds; null without a scale. */
  readonly lengthMm: number | null;
  readonly widthMm: number | null;
  readonly scaleBounds: readonly [number, number];
  /** A straight groove through the centre: strength 0..1 and its angle in degrees of the crop. */
  readonly scoreLine: { readonly strength: number; readonly angleDeg: number };
  /** Median CIELAB of the face (D65). Kept apart: colour is no property of a tool. */
  readonly colour: readonly [number, number, number];
}
