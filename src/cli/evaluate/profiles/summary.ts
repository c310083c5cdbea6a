/** Figures of profiles as people read them, a line a part. */
import { figureText, inPercent, shareText } from '../summary.ts';
import type { ProfileSlice } from './metrics.ts';

export function profileSummary(slices: readonly ProfileSlice[]): string[] {
  if (slices.length === 0) return ['No batches are named, or not two profiles of one and of another: pairs are scored, nothing can be counted right or wrong.'];
  return slices.flatMap(({ name, pairs, probes, ratios }) => {
    const { counts } = pairs;
    const first = `batch, ${name}: found at ${inPercent(pairs.trueAccepts.falseAccepts)} false positives ${shareText(pairs.trueAccepts)}; EER ${figureText(pairs.equalErrorRate, (v) => inPercent(v, 2))}; AUC ${figureText(pairs.areaUnderCurve, (v) => v.toFixed(4))}; rank-1 ${shareText(probes?.rank1 ?? null)}; rank-5 ${shareText(probes?.rank5 ?? null)}; ${counts.matches} pairs of one batch, ${counts.nonMatches} of two; not comparable ${counts.matchesWithout} and ${counts.nonMatchesWithout}`;
    return ratios ? [first, `LR of batches, ${name}: Cllr ${ratios.cllr.toFixed(3)} (Cllr_min ${ratios.cllrMin.toFixed(3)}), EER ${inPercent(ratios.equalErrorRate, 2)}, AUC ${ratios.areaUnderCurve.toFixed(4)} with an LR of 1 where there is none (${inPercent(1 - ratios.answered / (ratios.matches + ratios.nonMatches))} of the pairs); misleading beyond 100: ${ratios.misleading.nonMatches} of ${ratios.nonMatches} pairs of two batches, ${ratios.misleading.matches} of ${ratios.matches} of one`] : [first];
  });
}
