/** results/lights.md */
import type { FigureRow } from './tools-figures.ts';

export interface LightRow {
  /** Which table. */
  readonly part: string;
  readonly what: string;
  /** Where each lamp was carried from the first, degrees. */
  readonly turns: readonly number[];
  /** Whether the engine was told the azimuths. */
  readonly known: boolean;
  readonly metrics: FigureRow['metrics'];
  /** Specimens whose photographs were refused. */
  readonly refused: number;
}

const percent = (v: number | undefined): string => (v === undefined ? '-' : `${(100 * v).toFixed(1)} %`);
const range = (f: { interval: { low: number; high: number } | null } | null, show: (v: number) => string): string => (f?.interval ? ` (${show(f.interval.low)}-${show(f.interval.high)})` : '');

export function lightsPage(seed: string, rows: readonly LightRow[]): string {
  const tables = [...new Set(rows.map((r) => r.part))].map((part) => {
    const lines = rows.filter((r) => r.part === part).map(({ what, known, turns, metrics: m, refused }) =>
      `| ${part === 'lamps' ? what : `${what}, ${turns.length} lamp${turns.length > 1 ? 's' : ''}`} | ${known ? 'known' : 'unknown'} | ${percent(m.equalErrorRate?.value)}${range(m.equalErrorRate, percent)} | ${m.areaUnderCurve?.value.toFixed(3) ?? '-'}${range(m.areaUnderCurve, (v) => v.toFixed(3))} | ${percent(m.trueAccepts[0]?.value)} | ${m.rank1 ? `${percent(m.rank1.value)} (${m.rank1.count}/${m.rank1.of})` : '-'} | ${m.counts.matches} / ${m.counts.nonMatches} | ${refused} |`);
    return `## ${part[0]!.toUpperCase()}${part.slice(1)}\n| photographs | azimuths | EER (95 %, designs drawn) | AUC (95 %) | TAR at FAR 1 % | rank-1 | same / different tool | refused |\n|---|---|---|---|---:|---:|---:|---:|\n${lines.join('\n')}\n`;
  });
  return `# Several lamps: tools of one logo design told apart

Simulated photographs, raking light only. Pairs of one design; every specimen is another pressing, photographed under
several lamps without being moved, and two tools of each design are cut from one drawing. The engine is told kind and
scale, and the lamps' azimuths where it says so. Ties count against the method, a pair without a score counts as the lowest;
rank-1 is among specimens of the design. Within a table the specimens are the same. Seed: ${seed}, of designs that the network of marks has not seen.

${tables.join('\n')}`;
}
