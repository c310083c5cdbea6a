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

/** What a cell says: `uninformative` where one face shows nothing of it, `undecided` where it could be either. */
export type CellVerdict = 'agrees' | 'disagrees' | 'undecided' | 'uninformative';

/** One square of the grid that a tool comparison lays over both faces. */
export interface ToolCell {
  readonly verdict: CellVerdict;
  readonly column: number;
  readonly row: number;
  /** Agreement of the fine marks at the place all cells share, above that of other places; -1..1. */
  readonly agreement: number;
  /** The best agreement of this cell alone, and where it lies from the common place. */
  readonly own: number;
  readonly shiftMm: readonly [number, number];
  /** Share of the cell that both faces show, places on the design's walls counted less. */
  readonly known: number;
  /** Strength of both faces' marks, over the mean of all cells. */
  readonly energy: number;
}

/** `unsuitable`: too little surface that both show. */
export type ToolOutcome = 'compared' | 'unsuitable' | 'strokes-not-registered';

/** What two faces of one design share of the marks of one tool. Individual evidence. */
export interface ToolComparison {
  readonly outcome: ToolOutcome;
  /** Monotone in how well the fine marks agree; 0 where they were not compared. Not a probability. */
  readonly toolScore: number;
  /** Named parts: marks (agreement, summed over cells), cells (how many of them carry it), strokes (agreement of the registered design), weight (what the agreement counts by, for the surface it rests on), poses (what it changes that the faces may lie in several poses), elsewhere (agreement of the marks in another pose, counted alike: what agrees there is the design's). */
  readonly partial: { readonly marks: number; readonly cells: number; readonly strokes: number; readonly weight: number; readonly poses: number; readonly elsewhere: number };
  /** Area that both show, places on the design's walls counted less. */
  readonly areaMm2: number;
  /** How far the marks lie from where the strokes put them, at most within the face. */
  readonly shiftMm: number;
  /** The hypothesis that was kept; null where none could be registered. */
  readonly pose: Pose | null;
  /** Probe's mark grid -> candidate's mark grid: (x, y) -> (m0 x + m1 y + m2, m3 x + m4 y + m5). */
  readonly toCandidate: readonly [number, number, number, number, number, number];
  /** True when the cells lie on the candidate's grid. */
  readonly turned: boolean;
  readonly cells: readonly ToolCell[];
}
