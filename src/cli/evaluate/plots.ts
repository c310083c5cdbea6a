/** The plots of a report: candidate list (CMC), error trade-off (DET), scores and LRs of both kinds of pair. */
import type { Bounds, ErrorRates, LikelihoodRatio, ValidationMetrics } from '../../likelihood/index.ts';
import { frame, path, px, py, type Tick } from './axes.ts';
import { inPercent } from './summary.ts';

/** Share of probes found within the first k places. */
export function matchPlot(curve: readonly number[]): string {
  const lowest = Math.min(0.95, Math.floor((Math.min(...curve) - 0.005) * 20) / 20);
  const y = (v: number): number => (v - lowest) / (1 - lowest);
  const x = (k: number): number => (k - 1) / Math.max(1, curve.length - 1);
  const points = curve.map((v, i) => [x(i + 1), y(v)] as const);
  const dots = points.map(([a, b], i) => `<circle class="same-fill" cx="${px(a)}" cy="${py(b)}" r="${i === 0 ? 4.5 : 2.5}"/>`).join('');
  const step = (1 - lowest) / 5;
  const yTicks = Array.from({ length: 6 }, (_, i) => ({ at: i / 5, text: inPercent(lowest + i * step, step < 0.02 ? 1 : 0) }));
  const xTicks = [1, 5, 10, 15, 20].filter((k) => k <= curve.length).map((k) => ({ at: x(k), text: String(k) }));
  return frame(xTicks, yTicks, 'Place in the candidate list', 'Probes found at or above it', `<path class="same-line" d="${path(points)}"/>${dots}<text class="mark" x="${px(0) + 10}" y="${py(points[0]![1]) + (points[0]![1] > 0.8 ? 18 : -10)}">rank-1 ${inPercent(curve[0]!)}</text>`, 'Cumulative match characteristic');
}

/** Inverse of the normal distribution function. Source: Acklam's rational approximation, relative error below 1.2e-9. */
function probit(p: number): number {
  const a = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239];
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572];
  const c = [-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  const sum = (list: readonly number[], t: number): number => list.reduce((s, v) => s * t + v, 0);
  if (p > 0.5) return -probit(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return sum(c, q) / (sum(d, q) * q + 1);
  }
  const [q, r] = [p - 0.5, (p - 0.5) ** 2];
  return (sum(a, r) * q) / (sum(b, r) * r + 1);
}

const DET_LOW = 0.0002;
const DET_HIGH = 0.5;
const DET_TICKS = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4];
const onDet = (rate: number): number => (probit(Math.min(DET_HIGH, Math.max(DET_LOW, rate))) - probit(DET_LOW)) / (probit(DET_HIGH) - probit(DET_LOW));

export function tradeOffPlot(rates: readonly ErrorRates[], equal: ValidationMetrics['equalErrorRate'], what: 'design' | 'tool'): string {
  const ticks: Tick[] = DET_TICKS.map((t) => ({ at: onDet(t), text: inPercent(t, t < 0.01 ? 1 : 0) }));
  const points = rates.filter((r) => r.falseMatch < 1 && r.falseNonMatch < 1).map((r) => [onDet(r.falseMatch), onDet(r.falseNonMatch)] as const);
  const at = equal ? onDet(equal.value) : 0;
  const mark = equal ? `<circle class="same-fill" cx="${px(at)}" cy="${py(at)}" r="4.5"/><text class="mark" x="${px(at) + (at > 0.6 ? -10 : 10)}" y="${py(at) + (at > 0.6 ? 20 : -8)}"${at > 0.6 ? ' text-anchor="end"' : ''}>equal error rate ${inPercent(equal.value, 2)}</text>` : '';
  return frame(ticks, ticks, `Pairs of different ${what}s accepted (false match)`, `Pairs of one ${what} rejected`, `<path class="diagonal" d="${path([[0, 0], [1, 1]])}"/><path class="same-line" d="${path(points)}"/>${mark}`, 'Detection error trade-off');
}

const BINS = 60;

/** A pair whose score is shown in a plot. */
export interface ScoredMark {
  readonly score: number;
  readonly text: string;
}

/** Where an axis of scores ends: tool scores lie near nought, and so does their end. */
export const scoreEnd = (ascending: readonly Float64Array[], threshold = 0): number => Math.max(0.1, Math.min(1, Math.ceil(10 * Math.max(threshold, ...ascending.map((s) => s.at(-1) ?? 0).filter(Number.isFinite))) / 10));

const scoreTicks = (end: number): Tick[] => [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => ({ at, text: (at * end).toFixed(end < 1 ? 2 : 1) }));
/** Text beside a place, on the side where there is room. */
const beside = (x: number, y: number, text: string): string => `<text class="mark" x="${px(x) + (x > 0.6 ? -8 : 8)}" y="${y}"${x > 0.6 ? ' text-anchor="end"' : ''}>${text}</text>`;

/** Both kinds of pair over the score, counts on a logarithmic axis so that the tails are seen. */
export function scorePlot(same: Float64Array, different: Float64Array, threshold: number | undefined, what: 'design' | 'tool', { end = scoreEnd([same, different], threshold), mark }: { readonly end?: number; readonly mark?: ScoredMark } = {}): string {
  const [a, b] = [counted(same, end), counted(different, end)];
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(...a, ...b, 1))));
  // Headroom above the last decade holds the legend.
  const y = (n: number): number => (n < 1 ? 0 : (0.3 + Math.log10(n)) / (0.8 + decades));
  const outline = (counts: readonly number[]): string => path([[0, 0], ...counts.flatMap((n, i) => [[i / BINS, y(n)], [(i + 1) / BINS, y(n)]] as [number, number][]), [1, 0]]);
  const yTicks = Array.from({ length: decades + 1 }, (_, d) => ({ at: y(10 ** d), text: (10 ** d).toLocaleString('en') }));
  const line = threshold === undefined || !Number.isFinite(threshold) ? '' : `<line class="diagonal" x1="${px(threshold / end)}" x2="${px(threshold / end)}" y1="${py(0)}" y2="${py(1)}"/>`;
  const marked = mark ? `<line class="this" x1="${px(mark.score / end)}" x2="${px(mark.score / end)}" y1="${py(0)}" y2="${py(0.86)}"/>${beside(mark.score / end, py(0.8), mark.text)}` : '';
  const legend = `<g transform="translate(${px(0) + 12} ${py(1) + 4})"><rect class="other-area other-line" width="14" height="10"/><text class="mark" x="20" y="10">different ${what}s (${different.length.toLocaleString('en')})</text><rect class="same-area same-line" x="220" width="14" height="10"/><text class="mark" x="240" y="10">one ${what} (${same.length.toLocaleString('en')})</text></g>`;
  return frame(scoreTicks(end), yTicks, what === 'design' ? 'Design score' : 'Tool score', 'Pairs in a bin (log)', `<path class="other-area other-line" d="${outline(b)}"/><path class="same-area same-line" d="${outline(a)}"/>${line}${marked}${legend}`, `Scores of pairs of one ${what} and of different ${what}s`);
}

const SAMPLES = 120;

/** The LR of every score, with its interval and the bounds, and one pair on it. */
export function ratioPlot(ratio: (score: number) => LikelihoodRatio, end: number, bounds: Bounds, mark: ScoredMark): string {
  const [least, most] = [Math.min(-1, Math.floor(bounds.low)), Math.max(1, Math.ceil(bounds.high))];
  const y = (log: number): number => (log - least) / (most - least);
  const along = Array.from({ length: SAMPLES + 1 }, (_, k) => ({ x: k / SAMPLES, ...ratio((k / SAMPLES) * end) }));
  const band = path([...along.map((r) => [r.x, y(r.high)] as const), ...along.toReversed().map((r) => [r.x, y(r.low)] as const)]);
  const limits = [bounds.low, bounds.high].map((log) => `<line class="diagonal" x1="${px(0)}" x2="${px(1)}" y1="${py(y(log))}" y2="${py(y(log))}"/>`).join('');
  const [x, own] = [mark.score / end, ratio(mark.score)];
  const marked = `<line class="this" x1="${px(x)}" x2="${px(x)}" y1="${py(y(own.low))}" y2="${py(y(own.high))}"/><circle class="this-dot" cx="${px(x)}" cy="${py(y(own.log10Lr))}" r="5"/>${beside(x, py(y(own.log10Lr)) + (own.log10Lr > 0.5 ? 22 : -12), mark.text)}`;
  const yTicks = Array.from({ length: most - least + 1 }, (_, k) => least + k).map((log) => ({ at: y(log), text: decade(log) }));
  return frame(scoreTicks(end), yTicks, 'Tool score', 'Likelihood ratio', `<path class="same-area" d="${band}Z"/>${limits}<path class="same-line" d="${path(along.map((r) => [r.x, y(r.log10Lr)] as const))}"/>${marked}`, 'Likelihood ratio of a tool score under this light');
}

const decade = (log: number): string => (log < 0 ? `1/${10 ** -log}` : String(10 ** log));

/** Shares of both kinds of pair with at least each LR. Log LRs base 10, ascending. */
export function tippettPlot(same: Float64Array, different: Float64Array): string {
  const reach = Math.max(1, Math.ceil(Math.max(...[same, different].flatMap((s) => [-s[0]!, s.at(-1)!]))));
  const x = (log: number): number => (log + reach) / (2 * reach);
  const line = (logs: Float64Array): string => path([[0, 1], ...[...logs].flatMap((log, i) => [[x(log), 1 - i / logs.length], [x(log), 1 - (i + 1) / logs.length]] as [number, number][]), [1, 0]]);
  const xTicks = Array.from({ length: 2 * reach + 1 }, (_, k) => k - reach).map((log) => ({ at: x(log), text: decade(log) }));
  const yTicks = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: inPercent(at, 0) }));
  const legend = `<text class="mark" x="${px(0.03)}" y="${py(0.06)}">two tools (${different.length.toLocaleString('en')})</text><text class="mark" x="${px(0.97)}" y="${py(0.94)}" text-anchor="end">one tool (${same.length.toLocaleString('en')})</text>`;
  return frame(xTicks, yTicks, 'Likelihood ratio', 'Pairs with at least this LR', `<line class="diagonal" x1="${px(0.5)}" x2="${px(0.5)}" y1="${py(0)}" y2="${py(1)}"/><path class="other-line" d="${line(different)}"/><path class="same-line" d="${line(same)}"/>${legend}`, 'Tippett plot of likelihood ratios');
}

function counted(scores: Float64Array, end: number): number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const s of scores) if (Number.isFinite(s)) bins[Math.min(BINS - 1, Math.max(0, Math.floor((s / end) * BINS)))]! += 1;
  return bins;
}
