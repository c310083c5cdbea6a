/** Words for what a photograph shows and what is measured on it. */

/** What a specimen is: a pressed tablet or a pressed block of powder. */
export type SpecimenKind = 'tablet' | 'brick';

/** Which side of a specimen a face is. */
export type FaceSide = 'obverse' | 'reverse' | 'edge';

/** Where a scale comes from. `none`: the size is unknown and is never guessed. */
export type ScaleSource = 'given' | 'ruler' | 'none';

export interface Scale {
  /** Millimetres per pixel of the upright original; null when the source is `none`. */
  readonly mmPerPx: number | null;
  readonly source: ScaleSource;
  /** Relative bounds of the true scale at the face, [low, high] as factors of mmPerPx: a ruler that lies 3-4 mm below the face reads 3-13 % too large. */
  readonly bounds: readonly [number, number];
}
