/** What two faces share of one logo design. Class evidence: says nothing about one tool. */
export interface DesignComparison {
  /** 0..1; monotone in how well the two logos agree once the best pose is found. Not a probability. */
  readonly designScore: number;
  /** Named parts of the score (logo: agreement as far as both lamps can show the strokes), each 0..1, kept for the explanation; null where one of the two does not tell. */
  readonly partial: { readonly logo: number; readonly outline: number | null; readonly size: number | null };
  /** Pose that lays the candidate's crop on the probe's. */
  readonly pose: Pose;
}

/**
 * With u = (pixel centre - crop centre) / crop side, y down:
 * u(probe) = shift + scale * R(rotationDeg) * u(candidate), R turning from x towards y (clockwise as seen).
 */
export interface Pose {
  readonly rotationDeg: number;
  readonly shift: readonly [number, number];
  readonly scale: number;
}

/** One explanation picture of a comparison. */
export interface ComparisonPicture {
  readonly key: string;
  readonly title: string;
  readonly png: Uint8Array;
}
