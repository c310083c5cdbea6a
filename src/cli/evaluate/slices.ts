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
  return parts(manifest, table, ['kind', 'light']).map(({ name, members }) => {
    const { metrics } = validate({ table: sub(table, members), labels: members.map((m) => designs[m]!) });
    return { name, members, metrics };
  });
}

/**
 * Metrics of the tool score against `tool_id`, within one `design_id` only: tools of other designs are no question.
 * `twins`: only tools that were cut from one drawing, whose marks alone differ.
 */
export function toolSlices(table: ScoreTable, manifest: Manifest): MetricsSlice[] {
  const [tools, designs] = [manifest.label('tool_id'), manifest.label('design_id')];
  if (!tools || !designs) return [];
  const slice = (name: string, members: readonly number[], groups: readonly string[]): MetricsSlice => {
    const of = (labels: readonly string[]): string[] => members.map((m) => labels[m]!);
    const { metrics } = validate({ table: sub(table, members), labels: of(tools), groups: of(groups), sources: of(designs) });
    return { name, members, metrics };
  };
  const found = parts(manifest, table, ['kind', 'light', 'wear']).map(({ name, members }) => slice(name, members, designs));
  const drawing = tools.map((tool) => [tool, manifest.twins.get(tool) ?? tool].sort().join(' '));
  for (const { name, members } of parts(manifest, table, ['light'])) {
    const twins = members.filter((m) => manifest.twins.has(tools[m]!));
    if (twins.length > 1) found.push(slice(name === 'all' ? 'twins' : `twins, ${name}`, twins, drawing));
  }
  return found;
}

function parts(manifest: Manifest, table: ScoreTable, columns: readonly ('kind' | 'light' | 'wear')[]): { name: string; members: number[] }[] {
  const all = Array.from({ length: table.count }, (_, i) => i);
  const found = [{ name: 'all', members: all }];
  const measured = all.filter((i) => all.some((j) => j !== i && !Number.isNaN(table.scores[i * table.count + j]!)));
  if (measured.length < all.length && measured.length > 1) found.push({ name: 'measured', members: measured });
  for (const column of columns) {
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
