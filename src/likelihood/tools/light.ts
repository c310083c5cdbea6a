/** Pairs under one kind of light -> their curve, its interval, their bounds, and what all that is worth. */
import { type Bounds, costOf, held, misleading } from '../cost.ts';
import { type CurveModel, extentOf, fitCurve, type Observation } from '../curve.ts';
import { minimumCost } from '../isotonic.ts';
import type { Validation } from '../ratio.ts';
import { sourceBounds } from '../source-bounds.ts';
import type { LabelledScores } from '../verification.ts';
import { type LabelledEvidence, ofOneTool, type PairLight, placeOf } from './evidence.ts';
import { intervalOf } from './interval.ts';
import type { Counts, LightCalibration } from './types.ts';

const GRID = 61;

export const countsOf = (pairs: readonly LabelledEvidence[]): Counts => {
  const matches = pairs.filter(ofOneTool).length;
  return { designs: new Set(pairs.map((p) => p.design)).size, matches, nonMatches: pairs.length - matches };
};

/** A pair's log10 LR by a calibration of the other designs, and within the bounds. */
export interface LabelledRatio {
  readonly pair: LabelledEvidence;
  readonly log10Lr: number;
  readonly held: number;
}

/**
 * Undefined where a better agreement does not speak for one tool: no mark does so, and nothing is said there.
 * @param within bounds of light that rakes more: less light carries no more
 */
export function calibrateLight(light: PairLight, pairs: readonly LabelledEvidence[], model: CurveModel, within: Bounds = { low: -Infinity, high: Infinity }): { readonly calibration: LightCalibration; readonly left: readonly LabelledRatio[] } | undefined {
  const designs = [...new Set(pairs.map((p) => p.design))].sort();
  // 1 curve
  const observed = (times: (design: string) => number): Observation[] => pairs.map((p) => ({ at: placeOf(p), match: ofOneTool(p), weight: times(p.design) }));
  const [first, last] = extentOf(pairs.map(placeOf));
  if (!(last > first)) return undefined;
  const at = Array.from({ length: GRID }, (_, k) => first + (k / (GRID - 1)) * (last - first));
  const [start, end] = fitCurve('logistic', observed(() => 1), [first, last]);
  if (!(end! > start!)) return undefined;
  const value = fitCurve(model, observed(() => 1), at);
  // 2 interval
  const { low, high } = intervalOf(model, designs, observed, at, value);
  // 3 bounds
  const logs = leftOut(pairs, designs, model);
  const own = sourceBounds(pairs.map((p, k) => ({ log10Lr: logs[k]!, match: ofOneTool(p), sources: [`${p.design}/${p.tools[0]}`, `${p.design}/${p.tools[1]}`] })));
  const bounds = { low: Math.max(own.low, within.low), high: Math.min(own.high, within.high) };
  const left = pairs.map((pair, k) => ({ pair, log10Lr: logs[k]!, held: held(logs[k]!, bounds) }));
  return { calibration: { light, curve: { at, value, low, high }, bounds, counts: countsOf(pairs), validation: validationOf(left) }, left };
}

export function validationOf(left: readonly LabelledRatio[]): Validation {
  const scores = (of: (pair: LabelledRatio) => number): LabelledScores => {
    const logs = (match: boolean): Float64Array => Float64Array.from(left.filter(({ pair }) => ofOneTool(pair) === match), of).sort();
    return { matches: logs(true), nonMatches: logs(false), unscored: 0 };
  };
  const given = scores((l) => l.held);
  return { cllr: costOf(given), cllrMin: minimumCost(scores((l) => l.log10Lr)), misleading: misleading(given, 100) };
}

/** log10 LR of every pair by a calibration of the other designs, not bounded. */
function leftOut(pairs: readonly LabelledEvidence[], designs: readonly string[], model: CurveModel): Float64Array {
  const found = new Float64Array(pairs.length);
  for (const design of designs) {
    const observations = pairs.filter((p) => p.design !== design).map((p) => ({ at: placeOf(p), match: ofOneTool(p), weight: 1 }));
    const own = [...pairs.keys()].filter((k) => pairs[k]!.design === design).sort((a, b) => placeOf(pairs[a]!) - placeOf(pairs[b]!));
    fitCurve(model, observations, own.map((k) => placeOf(pairs[k]!))).forEach((log, i) => (found[own[i]!] = log));
  }
  return found;
}
