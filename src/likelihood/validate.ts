/**
 * How well a score tells faces of one label from faces of others, with counts and 95 % intervals.
 *
 * 1. identification: every face as a probe against all others of its group: rank, CMC, mAP
 * 2. verification: all pairs: AUC, EER, true accepts at stated false accepts, Cllr_min, DET
 * 3. intervals: Wilson for the rank, draws of whole sources for the rest
 */
import { cumulativeMatch, identify, type ProbeOutcome } from './identification.ts';
import { BOOTSTRAP_DRAWS, clusterBootstrap, type Interval, wilson } from './intervals.ts';
import { minimumCost } from './isotonic.ts';
import type { ScoreTable } from './score-table.ts';
import { areaUnderCurve, equalErrorRate, errorTradeOff, type ErrorRates, splitPairs, trueAcceptRate } from './verification.ts';
import { weighedRates, weighPairs } from './weighted.ts';

export interface Figure {
  readonly value: number;
  readonly interval: Interval | null;
}

/** A share of counted things. */
export interface Share extends Figure {
  readonly of: number;
  readonly count: number;
}

export interface ValidationMetrics {
  /** Faces, probes that have a relevant candidate, pairs of each kind, pairs without a score, sources drawn. */
  readonly counts: { readonly faces: number; readonly probes: number; readonly matches: number; readonly nonMatches: number; readonly unscored: number; readonly sources: number };
  readonly rank1: Share | null;
  readonly rank5: Share | null;
  readonly rank10: Share | null;
  readonly meanAveragePrecision: Figure | null;
  readonly areaUnderCurve: Figure | null;
  readonly equalErrorRate: (Figure & { readonly threshold: number }) | null;
  /** Cllr_min in bits: what the best monotone calibration could not take away. */
  readonly minimumCost: number | null;
  /** At 1 % and 0.1 % false accepts. */
  readonly trueAccepts: readonly { readonly falseAccepts: number; readonly value: number }[];
  /** Share of probes found at or above place 1, 2, ... */
  readonly cumulativeMatch: readonly number[];
  readonly errorTradeOff: readonly ErrorRates[];
  readonly bootstrapDraws: number;
}

export interface ValidationInput {
  readonly table: ScoreTable;
  /** What a match shares: the design, the tool. */
  readonly labels: readonly string[];
  /** Only pairs of one group are looked at: tools within their design. */
  readonly groups?: readonly string[];
  /** What is drawn whole for the intervals; the labels when not given. */
  readonly sources?: readonly string[];
}

const CMC_PLACES = 20;
const FALSE_ACCEPTS = [0.01, 0.001];
const DET_POINTS = 400;

export function validate({ table, labels, groups, sources = labels }: ValidationInput): { readonly metrics: ValidationMetrics; readonly outcomes: readonly ProbeOutcome[] } {
  // 1 identification
  const outcomes = identify(table, labels, groups);
  const probes = outcomes.length;
  const rankWithin = (k: number): Share | null => {
    if (probes === 0) return null;
    const count = outcomes.filter((o) => o.rank <= k).length;
    return { value: count / probes, count, of: probes, interval: wilson(count, probes) };
  };
  // 2 verification
  const pairs = splitPairs(table, labels, groups);
  const decidable = pairs.matches.length > 0 && pairs.nonMatches.length > 0;
  // 3 intervals
  const names = [...new Set(sources)];
  const sourceOf = Uint32Array.from(sources, (s) => names.indexOf(s));
  const drawn = decidable ? weighPairs(table, labels, sourceOf, groups) : undefined;
  const draw = (pick: (rates: { auc: number; eer: number }) => number): Interval | null => drawn ? clusterBootstrap(names.length, (times) => pick(weighedRates(drawn, times))) : null;
  const precision = clusterBootstrap(names.length, (times) => {
    let [sum, weight] = [0, 0];
    for (const o of outcomes) (sum += times[sourceOf[o.probe]!]! * o.averagePrecision), (weight += times[sourceOf[o.probe]!]!);
    return sum / weight;
  });
  const eer = decidable ? equalErrorRate(pairs) : undefined;
  const metrics: ValidationMetrics = {
    counts: { faces: table.count, probes, matches: pairs.matches.length, nonMatches: pairs.nonMatches.length, unscored: pairs.unscored, sources: names.length },
    rank1: rankWithin(1),
    rank5: rankWithin(5),
    rank10: rankWithin(10),
    meanAveragePrecision: probes === 0 ? null : { value: outcomes.reduce((sum, o) => sum + o.averagePrecision, 0) / probes, interval: precision },
    areaUnderCurve: decidable ? { value: areaUnderCurve(pairs), interval: draw((r) => r.auc) } : null,
    equalErrorRate: eer ? { value: eer.rate, threshold: eer.threshold, interval: draw((r) => r.eer) } : null,
    minimumCost: decidable ? minimumCost(pairs) : null,
    trueAccepts: decidable ? FALSE_ACCEPTS.map((falseAccepts) => ({ falseAccepts, value: trueAcceptRate(pairs, falseAccepts) })) : [],
    cumulativeMatch: probes === 0 ? [] : cumulativeMatch(outcomes, CMC_PLACES),
    errorTradeOff: decidable ? thinned(errorTradeOff(pairs)) : [],
    bootstrapDraws: BOOTSTRAP_DRAWS,
  };
  return { metrics, outcomes };
}

/** Enough points to draw: those that move either rate, then evenly. */
function thinned(points: readonly ErrorRates[]): ErrorRates[] {
  const step = Math.max(1, points.length / DET_POINTS);
  // The middle of the curve, where both rates are small, is what is looked at: keep it whole.
  const scarce = points.filter((p) => p.falseMatch < 0.2 && p.falseNonMatch < 0.5);
  const kept = scarce.length <= 2 * DET_POINTS ? new Set(scarce) : new Set(scarce.filter((_, i) => i % Math.ceil(scarce.length / (2 * DET_POINTS)) === 0));
  for (let i = 0; i < points.length; i += step) kept.add(points[Math.floor(i)]!);
  return [...kept].sort((a, b) => a.threshold - b.threshold);
}
