/** Plots of profiles: distances of both kinds of pair, a pair's profiles over each other, the map, LRs. */
import type { ComparedProfiles } from '../../../profiling/index.ts';
import { escaped, frame, HEIGHT, path, px, py, type Tick, WIDTH } from '../axes.ts';
import { inPercent } from '../summary.ts';
import type { ProfileMap } from './map.ts';

const BINS = 60;
const number = (n: number): string => n.toLocaleString('en');

/** Distances of pairs of one batch and of two, as shares of each kind, on a logarithmic axis; ascending, without missing ones. */
export function distancePlot(same: Float64Array, different: Float64Array, threshold: number, measure: string): string {
  const above = [...same, ...different.slice(0, 1)].filter((v) => v > 0);
  const most = Math.max(same.at(-1) ?? 0, different.at(-1) ?? 0);
  // What is nearer than a thousandth of the middle of one batch is put at the edge.
  const floor = Math.max(Math.min(...above, most), (same[same.length >> 1] || most) / 1000);
  const [low, high] = [Math.log10(floor), Math.log10(most)];
  const x = (v: number): number => Math.max(0, Math.min(1, (Math.log10(Math.max(v, floor)) - low) / Math.max(1e-9, high - low)));
  const shares = (values: Float64Array): number[] => {
    const bins = new Array<number>(BINS).fill(0);
    for (const v of values) bins[Math.min(BINS - 1, Math.floor(x(v) * BINS))]! += 1 / values.length;
    return bins;
  };
  const [a, b] = [shares(same), shares(different)];
  const top = Math.max(...a, ...b) * 1.18;
  const outline = (bins: readonly number[]): string => path([[0, 0], ...bins.flatMap((n, i) => [[i / BINS, n / top], [(i + 1) / BINS, n / top]] as [number, number][]), [1, 0]]);
  const xTicks = decades(low, high).map((v) => ({ at: x(v), text: short(v) }));
  const yTicks = steps(top).map((v) => ({ at: v / top, text: inPercent(v, 0) }));
  const line = threshold > 0 && Number.isFinite(threshold) ? `<line class="diagonal" x1="${px(x(threshold))}" x2="${px(x(threshold))}" y1="${py(0)}" y2="${py(0.88)}"/>` : '';
  const legend = `<g transform="translate(${px(0) + 12} ${py(1) + 4})"><rect class="same-area same-line" width="14" height="10"/><text class="mark" x="20" y="10">one batch (${number(same.length)})</text><rect class="other-area other-line" x="180" width="14" height="10"/><text class="mark" x="200" y="10">two batches (${number(different.length)})</text></g>`;
  return frame(xTicks, yTicks, `Distance, ${measure} (log)`, 'Share of the pairs', `<path class="other-area other-line" d="${outline(b)}"/><path class="same-area same-line" d="${outline(a)}"/>${line}${legend}`, 'Distances of pairs of one batch and of two');
}

function decades(low: number, high: number): number[] {
  const all = Array.from({ length: Math.max(0, Math.floor(high) - Math.ceil(low) + 1) }, (_, i) => 10 ** (Math.ceil(low) + i));
  if (all.length > 1) return all.length > 7 ? all.filter((_, i) => i % 2 === 0) : all;
  return Array.from({ length: 5 }, (_, i) => 10 ** (low + (i * (high - low)) / 4));
}

function steps(top: number): number[] {
  const raw = top / 5;
  const size = [1, 2, 5, 10].map((f) => f * 10 ** Math.floor(Math.log10(raw))).find((s) => s >= raw)!;
  return Array.from({ length: Math.floor(top / size) + 1 }, (_, i) => i * size);
}

const short = (v: number): string => (v === 0 ? '0' : Math.abs(v) >= 1e5 || Math.abs(v) < 1e-3 ? v.toExponential(0).replace('e', ' e') : String(Number(v.toPrecision(2))));

const SHOWN = 24;
const FOOT = 118;

/** Both profiles over the labels that were compared, in the panel's order; where there are many, those that lie furthest apart. */
export function overlayPlot({ contributions }: Pick<ComparedProfiles, 'contributions'>, names: readonly [string, string], labelOf: (label: string) => string, unit = 'Treated value'): string {
  const kept = new Set([...contributions].sort((p, q) => Math.abs(q.part) - Math.abs(p.part)).slice(0, SHOWN));
  const shown = contributions.filter((c) => kept.has(c) && Number.isFinite(c.a) && Number.isFinite(c.b));
  const values = shown.flatMap(({ a, b }) => [a, b]);
  const [least, most] = [Math.min(0, ...values), Math.max(...values, 0)];
  const y = (v: number): number => (v - least) / Math.max(1e-12, (most - least) * 1.14);
  const x = (i: number): number => (i + 0.5) / shown.length;
  const series = (side: 'a' | 'b', kind: 'same' | 'other'): string => shown.map((c, i) => `<circle class="${kind}-fill" cx="${px(x(i) + (side === 'a' ? -0.004 : 0.004)).toFixed(1)}" cy="${py(y(c[side])).toFixed(1)}" r="3.2"/>`).join('');
  const line = (side: 'a' | 'b', kind: 'same' | 'other'): string => `<path class="${kind}-line" d="${path(shown.map((c, i) => [x(i), y(c[side])] as const))}"/>`;
  const every = steps((most - least) * 1.14 || 1)[1]!;
  const level = Array.from({ length: 14 }, (_, i) => (Math.ceil(least / every) + i) * every).filter((v) => y(v) <= 0.95).map((v): Tick => ({ at: y(v), text: short(v) }));
  const named = shown.map(({ label }, i) => `<text class="tick" transform="translate(${(px(x(i)) + 3).toFixed(1)} ${py(0) + 12}) rotate(-50)" text-anchor="end">${escaped(cut(labelOf(label)))}</text>`).join('');
  const legend = `<g transform="translate(${px(0) + 12} ${py(1) + 4})"><circle class="same-fill" cx="6" cy="6" r="4"/><text class="mark" x="16" y="10">${escaped(cut(names[0], 26))}</text><circle class="other-fill" cx="226" cy="6" r="4"/><text class="mark" x="236" y="10">${escaped(cut(names[1], 26))}</text></g>`;
  const drawn = frame([], level, '', unit, `${line('a', 'same')}${line('b', 'other')}${series('a', 'same')}${series('b', 'other')}${named}${legend}`, `Profiles of ${names.join(' and ')}`);
  return drawn.replace(`viewBox="0 0 ${WIDTH} ${HEIGHT}"`, `viewBox="0 0 ${WIDTH} ${HEIGHT + FOOT - 46}"`);
}

const cut = (text: string, most = 22): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Profiles as dots, coloured by laboratory; those of one batch are joined to its middle. */
export function mapPlot({ places, shares }: ProfileMap, laboratory: readonly (string | undefined)[], batch: readonly (string | undefined)[]): string {
  const range = (axis: 0 | 1): [number, number] => {
    const values = places.map((place) => place[axis]);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const margin = 0.04 * (most - least) || 1;
    return [least - margin, most + margin];
  };
  const [h, v] = [range(0), range(1)];
  const at = ([a, b]: readonly [number, number]): [number, number] => [(a - h[0]) / (h[1] - h[0]), ((b - v[0]) / (v[1] - v[0])) * 0.92];
  const groups = [...Map.groupBy(places.keys(), (i) => batch[i]).entries()].filter(([name, members]) => name !== undefined && members.length > 1);
  const joins = groups.map(([, members]) => {
    const dots = members.map((i) => at(places[i]!));
    const middle = [0, 1].map((axis) => dots.reduce((sum, dot) => sum + dot[axis]!, 0) / dots.length) as [number, number];
    return dots.map((dot) => path([middle, dot])).join('');
  });
  const names = [...new Set(laboratory)];
  const kind = (i: number): string => `lab-${Math.min(names.indexOf(laboratory[i]), COLOURS - 1)}`;
  const dots = places.map((place, i) => {
    const [a, b] = at(place);
    return `<circle class="${kind(i)}" cx="${px(a).toFixed(1)}" cy="${py(b).toFixed(1)}" r="${places.length > 600 ? 2 : 3}"/>`;
  });
  const shown = names.slice(0, COLOURS);
  const legend = names.length > 1 ? shown.map((name, i) => `<circle class="lab-${i}" cx="${px(0) + 10 + i * (420 / shown.length)}" cy="${py(1) + 8}" r="4"/><text class="mark" x="${px(0) + 20 + i * (420 / shown.length)}" y="${py(1) + 12}">${escaped(i === COLOURS - 1 && names.length > COLOURS ? 'others' : cut(name ?? 'not named', 14))}</text>`).join('') : '';
  const axis = (k: 0 | 1): string => `${k === 0 ? 'First' : 'Second'} component, ${inPercent(shares[k], 0)} of the variance`;
  return frame([], [], axis(0), axis(1), `<path class="join" d="${joins.join('')}"/>${dots.join('')}${legend}`, 'Map of the profiles');
}

const COLOURS = 4;
const POINTS = 400;

/** Shares of both kinds of pair with at least each LR. log10, ascending. */
export function ratioSharesPlot(same: Float64Array, different: Float64Array): string {
  const reach = Math.max(1, Math.ceil(Math.max(...[same, different].flatMap((s) => [-s[0]!, s.at(-1)!]))));
  const x = (log: number): number => (log + reach) / (2 * reach);
  const line = (logs: Float64Array): string => {
    const n = Math.min(POINTS, logs.length);
    const points = Array.from({ length: n }, (_, k) => Math.round((k * (logs.length - 1)) / Math.max(1, n - 1)));
    return path([[0, 1], ...points.map((i) => [x(logs[i]!), 1 - i / logs.length] as [number, number]), [x(logs.at(-1)!), 0], [1, 0]]);
  };
  const every = reach > 5 ? 2 : 1;
  const xTicks = Array.from({ length: 2 * reach + 1 }, (_, k) => k - reach).filter((log) => log % every === 0).map((log) => ({ at: x(log), text: Math.abs(log) > 3 ? `1e${log}` : log < 0 ? `1/${10 ** -log}` : String(10 ** log) }));
  const yTicks = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: inPercent(at, 0) }));
  const legend = `<text class="mark" x="${px(0.03)}" y="${py(0.06)}">two batches (${number(different.length)})</text><text class="mark" x="${px(0.97)}" y="${py(0.92)}" text-anchor="end">one batch (${number(same.length)})</text>`;
  return frame(xTicks, yTicks, 'Likelihood ratio', 'Pairs with at least this LR', `<line class="diagonal" x1="${px(0.5)}" x2="${px(0.5)}" y1="${py(0)}" y2="${py(1)}"/><path class="other-line" d="${line(different)}"/><path class="same-line" d="${line(same)}"/>${legend}`, 'Tippett plot of likelihood ratios');
}
