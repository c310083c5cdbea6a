/** What a calibration of tools holds. */
import type { SpecimenKind } from '../../domain/index.ts';
import type { Bounds } from '../cost.ts';
import type { CurveModel } from '../curve.ts';
import type { Validation } from '../ratio.ts';
import type { PairLight } from './evidence.ts';

/** Digest of each stage that shaped the scores; `lights` where photographs were combined. */
export type ScoreDigests = Readonly<Record<'measure' | 'features' | 'marks' | 'comparison' | 'tools', string> & { lights?: string | undefined }>;

/** What a calibration knows of pairs under such light. */
export interface LightCalibration {
  readonly light: PairLight;
  /** log10 LR on a grid of ln(floor + score), with an interval over designs: too narrow for another design where they are few. */
  readonly curve: { readonly at: readonly number[]; readonly value: readonly number[]; readonly low: readonly number[]; readonly high: readonly number[] };
  readonly bounds: Bounds;
  readonly counts: Counts;
  /** Each design left out in turn. */
  readonly validation: Validation;
}

export interface Counts {
  readonly designs: number;
  readonly matches: number;
  readonly nonMatches: number;
}

export interface Calibration {
  readonly format: 'relievo-tool-calibration/2';
  /** SHA-256 of everything else. */
  readonly id: string;
  /** What it was made of, in words that every output repeats. */
  readonly about: string;
  readonly simulated: boolean;
  readonly kind: SpecimenKind;
  readonly digests: ScoreDigests & { readonly likelihood: string };
  readonly model: CurveModel;
  /** Only light that enough pairs are known of, and under which a better agreement speaks for one tool; more raking first. */
  readonly byLight: readonly LightCalibration[];
  /** Of all light: the widest bounds, all pairs. */
  readonly bounds: Bounds;
  readonly counts: Counts;
  readonly validation: Validation;
  /** `photographs` of a face, from least to most; one where it is not there. */
  readonly scope: { readonly leastPxPerMm: number; readonly photographs?: readonly [number, number] | undefined };
  /** SHA-256 of every photograph whose pairs were looked at, ascending: no fair judge of a set that holds them. Not there where the maker did not tell. */
  readonly madeOf?: readonly string[] | undefined;
}
