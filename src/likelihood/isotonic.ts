/**
 * The best that any monotone calibration could make of scores: pool adjacent violators.
 * Sources: Ayer et al. 1955 (PAV); Brümmer and du Preez 2006 (Cllr and its minimum).
 */
import type { LabelledScores } from './verification.ts';

/** Scores from `from` to `to` that share one likelihood ratio. */
export interface IsotonicStep {
  readonly from: number;
  readonly to: number;
  readonly matches: number;
  readonly nonMatches: number;
}

/** Ascending steps with a rising share of matches; equal scores are never parted. */
export function isotonicSteps({ matches, nonMatches }: LabelledScores): IsotonicStep[] {
  const steps: IsotonicStep[] = [];
  let [i, j] = [0, 0];
  while (i < matches.length || j < nonMatches.length) {
    const score = Math.min(matches[i] ?? Infinity, nonMatches[j] ?? Infinity);
    let [m, n] = [0, 0];
    while (i < matches.length && matches[i] === score) i++, m++;
    while (j < nonMatches.length && nonMatches[j] === score) j++, n++;
    let step: IsotonicStep = { from: score, to: score, matches: m, nonMatches: n };
    for (let last = steps.at(-1); last && last.matches * (step.matches + step.nonMatches) >= step.matches * (last.matches + last.nonMatches); last = steps.at(-1)) {
      step = { from: last.from, to: step.to, matches: last.matches + step.matches, nonMatches: last.nonMatches + step.nonMatches };
      steps.pop();
    }
    steps.push(step);
  }
  return steps;
}

/**
 * Cllr_min, the cost in bits that is left when scores are calibrated as well as their order allows: 0 for complete
 * separation, 1 for scores that tell nothing.
 * @throws RangeError when one of the two kinds of pair is missing
 */
export function minimumCost(scores: LabelledScores): number {
  const [all, others] = [scores.matches.length, scores.nonMatches.length];
  if (all === 0 || others === 0) throw new RangeError('Cllr needs pairs of one source and pairs of two');
  let [costOfMatches, costOfOthers] = [0, 0];
  for (const { matches, nonMatches } of isotonicSteps(scores)) {
    // LR of the step: share of the matches in it over share of the non-matches
    const ratio = matches / all / (nonMatches / others);
    if (matches > 0) costOfMatches += matches * Math.log2(1 + 1 / ratio);
    if (nonMatches > 0) costOfOthers += nonMatches * Math.log2(1 + ratio);
  }
  return (costOfMatches / all + costOfOthers / others) / 2;
}
