/** Figures as people read them: value, counts, interval. */
import type { Figure, Share } from '../../likelihood/index.ts';
import type { MetricsSlice, RatioSlice } from './slices.ts';

export const inPercent = (value: number, digits = 1): string => `${(100 * value).toFixed(digits)} %`;
const range = (figure: Figure, show: (v: number) => string): string => (figure.interval ? ` [${show(figure.interval.low)}, ${show(figure.interval.high)}]` : '');

export const shareText = (share: Share | null): string => (share ? `${inPercent(share.value)} (${share.count} of ${share.of})${range(share, (v) => inPercent(v))}` : 'none');
export const figureText = (figure: Figure | null, show: (v: number) => string): string => (figure ? `${show(figure.value)}${range(figure, show)}` : 'none');

/** One line a part of the set; says so when there are no labels. */
export function summaryLines(designs: readonly MetricsSlice[], tools: readonly MetricsSlice[], ratios: readonly RatioSlice[]): string[] {
  if (designs.length === 0 && tools.length === 0) return ['The manifest has no design_id: pairs are scored, nothing can be counted right or wrong.'];
  return [...linesOf('design', designs), ...linesOf('tool', tools), ...ratios.map(({ name, metrics: m }) => `LR of tools, ${name}: Cllr ${m.cllr.toFixed(3)} (Cllr_min ${m.cllrMin.toFixed(3)}); ${m.misleading ? `misleading beyond 100: ${m.misleading.nonMatches} of ${m.nonMatches} pairs of two tools, ${m.misleading.matches} of ${m.matches} of one` : 'the bounds allow no LR beyond 100'}`)];
}

function linesOf(what: string, slices: readonly MetricsSlice[]): string[] {
  return slices.map(({ name, metrics }) => `${what}, ${name}: rank-1 ${shareText(metrics.rank1)}; mAP ${figureText(metrics.meanAveragePrecision, (v) => inPercent(v))}; AUC ${figureText(metrics.areaUnderCurve, (v) => v.toFixed(4))}; EER ${figureText(metrics.equalErrorRate, (v) => inPercent(v))}; Cllr_min ${metrics.minimumCost?.toFixed(3) ?? 'none'}`);
}
