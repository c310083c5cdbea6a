/** What one comparison of tools tells a calibration: the score, and how the faces were photographed. */
import type { SpecimenKind } from '../../domain/index.ts';
import type { FeatureSet, MarkSet } from '../../features/index.ts';
import { LIKELIHOOD_PARAMETERS } from '../parameters.ts';

/** Of one pair. */
export interface PairEvidence {
  readonly kind: SpecimenKind;
  readonly toolScore: number;
  /** How many photographs, under several lamps, each face's marks were made of. */
  readonly photographs: readonly [number, number];
  /** Bevel contrast of both faces: how much their lamps rake. */
  readonly bevelContrasts: readonly [number, number];
  /** Of the coarser photograph; null where one of the two has no scale: such a pair has no LR and makes no calibration. */
  readonly pxPerMm: number | null;
}

/** A face as a calibration sees it. */
export interface FaceEvidence {
  readonly kind: SpecimenKind;
  /** That its marks were made of. */
  readonly photographs: number;
  readonly bevelContrast: number;
  readonly pxPerMm: number | null;
}

/** What a face tells a calibration. */
export function faceEvidence({ kind }: FeatureSet, { light, furtherLights }: MarkSet, pxPerMm: number | null): FaceEvidence {
  const contrasts = [light, ...furtherLights].map((l) => l.bevelContrast);
  return { kind, photographs: contrasts.length, bevelContrast: contrasts.reduce((sum, c) => sum + c, 0) / contrasts.length, pxPerMm };
}

/** What the comparison of two faces tells a calibration. */
export function evidenceOf(a: FaceEvidence, b: FaceEvidence, toolScore: number): PairEvidence {
  return { kind: a.kind, toolScore, photographs: [a.photographs, b.photographs], bevelContrasts: [a.bevelContrast, b.bevelContrast], pxPerMm: a.pxPerMm === null || b.pxPerMm === null ? null : Math.min(a.pxPerMm, b.pxPerMm) };
}

export interface LabelledEvidence extends PairEvidence {
  readonly design: string;
  /** Of either face. */
  readonly tools: readonly [string, string];
}

export const ofOneTool = ({ tools: [a, b] }: Pick<LabelledEvidence, 'tools'>): boolean => a === b;

/** Of how many of a pair's two faces the lamp rakes, or of several photographs of a face the lamps on average. */
export const PAIR_LIGHTS = Object.freeze(['both', 'one', 'none'] as const);
export type PairLight = (typeof PAIR_LIGHTS)[number];

export const lightOf = ({ bevelContrasts }: PairEvidence): PairLight => PAIR_LIGHTS[bevelContrasts.filter((contrast) => contrast < LIKELIHOOD_PARAMETERS.rakes.value).length]!;

export const RAKING_WORDS: Readonly<Record<PairLight, string>> = { both: 'both lamps rake', one: 'only one of the two lamps rakes', none: 'neither lamp rakes' };

/** Where a pair lies on a calibration's curve. */
export const placeOf = ({ toolScore }: PairEvidence): number => Math.log(LIKELIHOOD_PARAMETERS.scoreFloor.value + toolScore);
