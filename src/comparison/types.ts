/** What two faces share of one logo design. Class evidence: says nothing about one tool. */
export interface DesignComparison {
  /** 0..1; monotone in how well the two logos agree once the best pose is found. Not a probability. */
  readonly designScore: number;
  /** Named parts of the score, each 0..1, kept for the explanation. */
  readonly partial: { readonly logo: number; readonly outline: number; readonly size: number | null };
  /** Pose that lays the candidate on the probe: rotation in degrees, shift in fractions of the crop, scale factor. */
  readonly pose: { readonly rotationDeg: number; readonly shift: readonly [number, number]; readonly scale: number };
}
