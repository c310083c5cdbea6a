/** Metrics of the whole set and of its parts; a label column that is missing leaves its metrics out. */
import { type Bounds, costOf, minimumCost, misleading, scoreTable, type ScoreTable, splitPairs, validate, type ValidationMetrics } from '../../likelihood/index.ts';
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
  return toolParts(table, manifest).map(({ name, members, groups }) => {
    const of = (labels: readonly string[]): string[] => members.map((m) => labels[m]!);
    const { metrics } = validate({ table: sub(table, members), labels: of(tools!), groups: of(groups), sources: of(designs!) });
    return { name, members, metrics };
  });
}

/** How good the LRs of one part of the set are. */
export interface RatioSlice {
  readonly name: string;
  readonly metrics: {
    readonly matches: number;
    readonly nonMatches: number;
    readonly cllr: number;
    readonly cllrMin: number;
    /** Pairs of one tool with an LR below 1/100, pairs of two with one above 100; null where the bounds allow neither. */
    readonly misleading: { readonly matches: number; readonly nonMatches: number } | null;
  };
}

const LIMIT = 100;

/** The same parts, as far as their pairs have an LR of both kinds. */
export function ratioSlices(ratios: ScoreTable, manifest: Manifest, bounds: Bounds): RatioSlice[] {
  const tools = manifest.label('tool_id');
  const able = Math.max(-bounds.low, bounds.high) > Math.log10(LIMIT);
  return toolParts(ratios, manifest).filter(({ name }) => name !== 'measured').flatMap(({ name, members, groups }) => {
    const of = (labels: readonly string[]): string[] => members.map((m) => labels[m]!);
    const all = splitPairs(sub(ratios, members), of(tools!), of(groups));
    const pairs = { matches: all.matches.filter(Number.isFinite), nonMatches: all.nonMatches.filter(Number.isFinite), unscored: 0 };
    if (pairs.matches.length === 0 || pairs.nonMatches.length === 0) return [];
    return [{ name, metrics: { matches: pairs.matches.length, nonMatches: pairs.nonMatches.length, cllr: costOf(pairs), cllrMin: minimumCost(pairs), misleading: able ? misleading(pairs, LIMIT) : null } }];
  });
}

/** Parts of the set, with the faces that are compared with one another; empty without labels. */
function toolParts(table: ScoreTable, manifest: Manifest): { name: string; members: readonly number[]; groups: readonly string[] }[] {
  const [tools, designs] = [manifest.label('tool_id'), manifest.label('design_id')];
  if (!tools || !designs) return [];
  const found = parts(manifest, table, ['kind', 'light', 'wear']).map(({ name, members }) => ({ name, members, groups: designs }));
  const drawing = tools.map((tool) => [tool, manifest.twins.get(tool) ?? tool].sort().join(' '));
  for (const { name, members } of parts(manifest, table, ['light'])) {
    const twins = members.filter((m) => manifest.twins.has(tools[m]!));
    if (twins.length > 1) found.push({ name: name === 'all' ? 'twins' : `twins, ${name}`, members: twins, groups: drawing });
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
