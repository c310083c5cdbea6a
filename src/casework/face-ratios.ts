/** What the scores of two faces are worth, by the calibrations that are loaded. */
import type { FeatureSet, MarkSet } from '../features/index.ts';
import { type Calibration, type DesignCalibration, evaluateDesigns, evaluatePair, type Evaluation, evidenceOf, type FaceEvidence, faceEvidence } from '../likelihood/index.ts';
import type { Engine } from './engine.ts';

/** A face as a comparison and its LR need it. */
export interface ComparedFace {
  readonly features: FeatureSet;
  /** Null where it has none of the running parameters. */
  readonly marks: MarkSet | null;
  readonly pxPerMm: number | null;
  /** Digest of each stage's parameters that made it. */
  readonly madeWith: Readonly<Record<string, string>>;
}

type RatioParameters = Pick<Engine, 'parameters'>;
type RatioFace = Pick<ComparedFace, 'features' | 'madeWith'>;

/** The LR of one design, or why there is none. */
export function designRatio({ parameters }: RatioParameters, calibration: DesignCalibration, [a, b]: readonly [RatioFace, RatioFace], designScore: number): Evaluation {
  if (a.features.kind !== b.features.kind) return { uncalibrated: 'one is a tablet, the other a brick' };
  return evaluateDesigns(calibration, { ...madeOf([a, b], calibration.digests), comparison: parameters['comparison']! }, { designScore, kind: a.features.kind });
}

/** The LR of one tool of a pair whose marks were compared, or why there is none. */
export function toolRatio({ parameters }: RatioParameters, calibration: Calibration, faces: readonly [RatioFace, RatioFace], evidence: readonly [FaceEvidence, FaceEvidence], toolScore: number): Evaluation {
  const { marks, comparison, tools } = parameters as Record<'marks' | 'comparison' | 'tools', string>;
  return evaluatePair(calibration, { ...madeOf(faces, calibration.digests), marks, comparison, tools }, evidenceOf(...evidence, toolScore));
}

/** Faces outlive the parameters that made them: an LR needs both made as the calibration's were. */
function madeOf(faces: readonly [RatioFace, RatioFace], wanted: { readonly measure: string; readonly features: string }): { measure: string; features: string } {
  const ofBoth = (stage: string, digest: string): string => faces.map(({ madeWith }) => madeWith[stage]!).find((own) => own !== digest) ?? digest;
  return { measure: ofBoth('imaging', wanted.measure), features: ofBoth('features', wanted.features) };
}

/** What a face's marks tell a calibration. */
export const evidenceOfFace = ({ features, marks, pxPerMm }: ComparedFace & { readonly marks: MarkSet }): FaceEvidence => faceEvidence(features, marks, pxPerMm);
