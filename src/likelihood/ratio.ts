/** A likelihood ratio as it leaves a calibration. */
import { type Bounds, held } from './cost.ts';
import { onCurve } from './curve.ts';

export interface LikelihoodRatio {
  readonly log10Lr: number;
  /** 95 % of the draws of designs, within the bounds. */
  readonly low: number;
  readonly high: number;
  /** True when the data behind the calibration could not carry more. */
  readonly bounded: boolean;
  /** What stands behind it: an LR of a simulated calibration says so wherever it goes. */
  readonly calibration: { readonly id: string; readonly simulated: boolean };
}

/** An LR, or why there is none. */
export type Evaluation = { readonly ratio: LikelihoodRatio } | { readonly uncalibrated: string };

export interface Validation {
  readonly cllr: number;
  readonly cllrMin: number;
  /** Pairs of one tool with an LR below 1/100, pairs of two with one above 100. */
  readonly misleading: { readonly matches: number; readonly nonMatches: number };
}

interface BoundedCurve {
  readonly curve: { readonly at: readonly number[]; readonly value: readonly number[]; readonly low: readonly number[]; readonly high: readonly number[] };
  readonly bounds: Bounds;
}

/** The LR at a place of a curve, within the bounds. */
export function ratioOn({ curve: { at, value, low, high }, bounds }: BoundedCurve, place: number, { id, simulated }: LikelihoodRatio['calibration']): LikelihoodRatio {
  const raw = onCurve(at, value, place);
  const log10Lr = held(raw, bounds);
  return { log10Lr, low: Math.min(log10Lr, held(onCurve(at, low, place), bounds)), high: Math.max(log10Lr, held(onCurve(at, high, place), bounds)), bounded: raw !== log10Lr, calibration: { id, simulated } };
}
