/** Scores -> validation metrics. */
export { clusterBootstrap, wilson } from './intervals.ts';
export type { Interval } from './intervals.ts';
export { isotonicSteps, minimumCost } from './isotonic.ts';
export type { IsotonicStep } from './isotonic.ts';
export { cumulativeMatch, identify } from './identification.ts';
export type { ProbeOutcome } from './identification.ts';
export { orLowest, scoreTable } from './score-table.ts';
export type { ScoreTable, ScoredPair } from './score-table.ts';
export { validate } from './validate.ts';
export type { Figure, Share, ValidationInput, ValidationMetrics } from './validate.ts';
export { areaUnderCurve, equalErrorRate, errorTradeOff, splitPairs, trueAcceptRate } from './verification.ts';
export type { ErrorRates, LabelledScores } from './verification.ts';
