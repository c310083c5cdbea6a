/** Metrics of the whole set and of its parts; a label column that is missing leaves its metrics out. */
import { scoreTable, type ScoreTable, validate, type ValidationMetrics } from '../../likelihood/index.ts';
import type { Manifest } from './manifest.ts';

/** The metrics of one part of the set. */
export interface MetricsSlice {
  /** `all`; `measured`, without the photographs that were refused; `kind=tablet`, `light=raking`, ... */
  readonly name: string;
  /** Faces of the part, as places in the manifest. */
  readonly members: readonly number[];
  readonly metrics: ValidationMetrics;
}

/** Metrics of the design score against `design_id`; empty without that column. */
export function designSlices(table: ScoreTable, manifest: Manifest): MetricsSlice[] {
  const designs = manifest.label('design_id');
  if (!designs) return [];
  return parts(manifest, table).map(({ name, members }) => {
    const { metrics } = validate({ table: sub(table, members), labels: members.map((m) => designs[m]!) });
    return { name, members, metrics };
  });
}

function parts(manifest: Manifest, table: ScoreTable): { name: string; members: number[] }[] {
  const all = Array.from({ length: table.count }, (_, i) => i);
  const found = [{ name: 'all', members: all }];
  const measured = all.filter((i) => all.some((j) => j !== i && !Number.isNaN(table.scores[i * table.count + j]!)));
  if (measured.length < all.length && measured.length > 1) found.push({ name: 'measured', members: measured });
  for (const column of ['kind', 'light'] as const) {
    const values = manifest.label(column);
    const names = [...new Set(values)].sort();
    if (!values || names.length < 2) continue;
    for (const value of names) found.push({ name: `${column}=${value}`, members: all.filter((i) => values[i] === value) });
  }
  return found;
}

function sub(table: ScoreTable, members: readonly number[]): ScoreTable {
  if (members.length === table.count) return table;
  return scoreTable(members.length, (function* () {
    for (let a = 0; a < members.length; a++) for (let b = a + 1; b < members.length; b++) yield { first: a, second: b, score: table.scores[members[a]! * table.count + members[b]!]! };
  })());
}
