/**
 * Labelled pairs -> a calibration; it and a design score -> the LR of "one design" over "two designs". It speaks of the
 * drawing alone: many tools share one.
 *
 * 1. curve     score -> log10 LR by logistic regression, whole designs drawn again for its interval
 * 2. bounds    ELUB in which two designs count once, however many photographs of them were compared
 */
import { type Bounds, costOf, held } from './cost.ts';
import { onCurve } from './curve.ts';
import { minimumCost } from './isotonic.ts';
import { drawSources } from './intervals.ts';
import { likelihoodDigest } from './parameters.ts';
import { fitScoreCurve, type ScoreCurve } from './profiles/line.ts';
import { type Evaluation, ratioOn } from './ratio.ts';
import { sourceBounds } from './source-bounds.ts';
import { calibrationId, roundedTo } from './stored.ts';
import type { Calibration, ScoreDigests } from './tools/types.ts';

/** What shapes a design score, and the calibration's own parameters. */
export type DesignDigests = Pick<ScoreDigests, 'measure' | 'features' | 'comparison'>;

export interface LabelledDesigns {
  readonly designScore: number;
  readonly designs: readonly [string, string];
}

export interface DesignCalibration extends Pick<Calibration, 'about' | 'simulated' | 'kind'> {
  readonly format: 'relievo-design-calibration/1';
  /** SHA-256 of everything else. */
  readonly id: string;
  readonly digests: DesignDigests & { readonly likelihood: string };
  readonly curve: ScoreCurve;
  readonly bounds: Bounds;
  readonly counts: { readonly designs: number; readonly matches: number; readonly nonMatches: number };
  /** Of the pairs it was made of: the curve has two numbers. */
  readonly validation: { readonly cllr: number; readonly cllrMin: number };
}

const DRAWS = 200;
const LEAST_DESIGNS = 5;

/** @throws RangeError when the pairs are too few to say anything */
export function calibrateDesigns(pairs: readonly LabelledDesigns[], about: Pick<DesignCalibration, 'about' | 'simulated' | 'kind'>, digests: DesignDigests): DesignCalibration {
  const names = [...new Set(pairs.flatMap(({ designs }) => designs))].sort();
  const place = new Map(names.map((name, k) => [name, k]));
  const match = Uint8Array.from(pairs, ({ designs: [a, b] }) => Number(a === b));
  const matches = match.reduce((sum, m) => sum + m, 0);
  if (names.length < LEAST_DESIGNS || matches === 0) throw new RangeError(`a calibration of designs needs ${LEAST_DESIGNS} designs and pairs of one; there are ${names.length} and ${matches}`);
  // 1 curve
  const scored = {
    scores: Float64Array.from(pairs, ({ designScore }) => designScore), match,
    first: Uint32Array.from(pairs, ({ designs }) => place.get(designs[0])!), second: Uint32Array.from(pairs, ({ designs }) => place.get(designs[1])!),
  };
  const curve = fitScoreCurve('logistic', scored, drawSources(names.length, DRAWS));
  // 2 bounds
  const logs = Array.from(scored.scores, (score) => onCurve(curve.at, curve.value, score));
  const bounds = sourceBounds(pairs.map(({ designs }, k) => ({ log10Lr: logs[k]!, match: match[k] === 1, sources: designs })));
  const sorted = (kind: number): Float64Array => Float64Array.from(logs.filter((_, k) => match[k] === kind), (log) => held(log, bounds)).sort();
  const scores = { matches: sorted(1), nonMatches: sorted(0), unscored: 0 };
  const calibration: Omit<DesignCalibration, 'id'> = {
    format: 'relievo-design-calibration/1', ...about, digests: { measure: digests.measure, features: digests.features, comparison: digests.comparison, likelihood: likelihoodDigest }, curve, bounds,
    counts: { designs: names.length, matches, nonMatches: pairs.length - matches },
    validation: { cllr: costOf(scores), cllrMin: minimumCost(scores) },
  };
  const rounded = roundedTo(6, calibration);
  return { ...rounded, id: calibrationId(rounded) };
}

/** The LR of one pair, within the bounds, or why there is none. */
export function evaluateDesigns(calibration: DesignCalibration, digests: DesignDigests, { designScore, kind }: { readonly designScore: number; readonly kind: DesignCalibration['kind'] }): Evaluation {
  const now: Readonly<Record<string, string | undefined>> = { ...digests, likelihood: likelihoodDigest };
  const changed = Object.entries(calibration.digests).filter(([stage, digest]) => now[stage] !== digest).map(([stage]) => stage);
  if (changed.length > 0) return { uncalibrated: `the calibration was made with other parameters of: ${changed.join(', ')}` };
  if (kind !== calibration.kind) return { uncalibrated: `the calibration is of ${calibration.kind}s` };
  return { ratio: ratioOn(calibration, designScore, calibration) };
}
