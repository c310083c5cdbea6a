/** What the evidence says of two specimens, or of two seizures: three lines, and beside them the LR of a link. */
import type { Proposition } from '../../likelihood/index.ts';
import type { ProblemRecord, Provenance } from '../types.ts';

/** One side of a pair: a specimen, or all specimens of a seizure. */
export type EvaluationSide = { readonly specimenId: string } | { readonly seizureId: string };

export interface EvaluationRequest {
  readonly first: EvaluationSide;
  readonly second: EvaluationSide;
}

/** log10, within the bounds of what stands behind it. */
export interface LineRatio {
  readonly log10Lr: number;
  readonly low: number;
  readonly high: number;
  /** True where the calibrations behind all of its pairs could carry no more. */
  readonly bounded: boolean;
}

/** A ratio, or why there is none. */
export type LineAnswer = { readonly ratio: LineRatio } | { readonly uncalibrated: string };

/** What stands behind a figure, as it was when the figure was made. */
export interface CalibrationRecord {
  readonly id: string;
  readonly simulated: boolean;
  readonly text: string;
}

/** The pair that speaks loudest for a common source: ids of faces, or (batch) of specimens. */
export interface LoudestPair {
  readonly first: string;
  readonly second: string;
  readonly log10Lr: number;
  /** A comparison of a search that has pictures of these two faces. */
  readonly comparisonId: string | null;
}

/** What the evidence says of one proposition. Items are faces, for the batch specimens. */
export interface EvaluatedLine {
  readonly answer: LineAnswer;
  readonly calibrations: readonly CalibrationRecord[];
  readonly pairs: {
    readonly evaluated: number;
    readonly all: number;
    /** Of the others how many have no LR, by the reason. */
    readonly without: Readonly<Record<string, number>>;
  };
  readonly loudest: LoudestPair | null;
  /** Of each side the items that speak for one source among themselves, by id. */
  readonly groups: { readonly first: readonly (readonly string[])[]; readonly second: readonly (readonly string[])[] };
}

/** The line of the batch, and of every panel by itself. */
export interface BatchLine extends EvaluatedLine {
  readonly panels: readonly ({ readonly panel: string; readonly pressing: boolean } & EvaluatedLine)[];
}

export interface EvaluatedLines extends Readonly<Record<Exclude<Proposition, 'batch'>, EvaluatedLine>> {
  readonly batch: BatchLine;
}

export interface EvaluatedLink {
  readonly answer: LineAnswer;
  /** Of each side the specimens that all lines together take for one source, by id; null where there is no LR. */
  readonly groups: EvaluatedLine['groups'] | null;
  /** Lines without an LR, which count as LR 1. */
  readonly missing: readonly Proposition[];
  readonly calibration: CalibrationRecord;
}

/** How much of one side was compared. */
export interface ComparedSide {
  /** In the order of their registration. */
  readonly specimenIds: readonly string[];
  /** Specimens that the side has. */
  readonly of: number;
  readonly faces: number;
  /** Faces of these specimens. */
  readonly ofFaces: number;
  readonly profiles: number;
}

export interface EvaluationAnswer {
  /** The highest design score between the two; null where no faces were compared. Orders, and is no evidence by itself. */
  readonly designScore: number | null;
  readonly sides: { readonly first: ComparedSide; readonly second: ComparedSide };
  readonly lines: EvaluatedLines;
  readonly link: EvaluatedLink;
}

export interface StoredEvaluation {
  readonly id: string;
  readonly keyId: string;
  readonly request: EvaluationRequest;
  readonly status: 'waiting' | 'done' | 'refused';
  readonly problem: ProblemRecord | null;
  readonly answer: EvaluationAnswer | null;
  readonly provenance: Provenance | null;
  readonly jobId: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}
