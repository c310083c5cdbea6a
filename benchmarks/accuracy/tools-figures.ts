/** From score tables to figures: by light, twins, exhibits of two photographs; designs that were tuned on apart. */
import type { Manifest } from '../../src/cli/evaluate/manifest.ts';
import { scoreTable, type ScoreTable, validate, type ValidationMetrics } from '../../src/likelihood/index.ts';
import type { NamedTable } from './tools-peers.ts';

export interface FigureRow {
  readonly method: string;
  readonly metrics: Pick<ValidationMetrics, 'counts' | 'rank1' | 'areaUnderCurve' | 'equalErrorRate' | 'trueAccepts'>;
}

export interface SetFigures {
  /** Set, and which of its designs. */
  readonly set: string;
  /** Which pairs of one design. */
  readonly part: string;
  readonly rows: readonly FigureRow[];
  /** Area under the curve of Relievo's score, design by design; only for raking pairs. */
  readonly byDesign?: Readonly<Record<string, number>>;
}

/** Parameters were chosen, and the network of marks was trained, on these designs of the path-traced set. */
export const TUNED = /^(?:L0[1-7])$/;

export function setFigures(title: string, labels: Manifest, methods: readonly NamedTable[]): SetFigures[] {
  const [designs, tools, lights, kinds] = (['design_id', 'tool_id', 'light', 'kind'] as const).map((c) => labels.label(c)!) as [readonly string[], readonly string[], readonly string[], readonly string[]];
  const all = designs.map((_, i) => i);
  const groups: [string, number[]][] = [
    [`${title}, tablets${title === 'path-traced' ? ', designs held out (L08-L14)' : ''}`, all.filter((i) => kinds[i] === 'tablet' && (title !== 'path-traced' || !TUNED.test(designs[i]!)))],
    [`${title}, tablets, designs trained and tuned on (L01-L07)`, all.filter((i) => kinds[i] === 'tablet' && title === 'path-traced' && TUNED.test(designs[i]!))],
    [`${title}, bricks`, all.filter((i) => kinds[i] === 'brick')],
  ];
  const drawing = tools.map((t) => [t, labels.twins.get(t) ?? t].sort().join(' '));
  const out: SetFigures[] = [];
  for (const [set, members] of groups) {
    if (members.length === 0) continue;
    const raking = members.filter((i) => lights[i] === 'raking');
    const twins = (list: readonly number[]): number[] => list.filter((i) => labels.twins.has(tools[i]!));
    const add = (part: string, list: readonly number[], within: readonly string[], byDesign?: SetFigures['byDesign']): void => {
      out.push({ set, part, rows: methods.map(({ name, table }) => ({ method: name, metrics: figuresOf(sub(table, list), list.map((i) => tools[i]!), list.map((i) => within[i]!), list.map((i) => designs[i]!)) })), ...(byDesign ? { byDesign } : {}) });
    };
    const names = [...new Set(raking.map((i) => designs[i]!))].sort();
    const one = (d: string): number => {
      const list = raking.filter((i) => designs[i] === d);
      return figuresOf(sub(methods[0]!.table, list), list.map((i) => tools[i]!), list.map((i) => designs[i]!), list.map((i) => designs[i]!)).areaUnderCurve?.value ?? Number.NaN;
    };
    add('raking light', raking, designs, Object.fromEntries(names.map((d) => [d, one(d)])));
    add('twins, raking light', twins(raking), drawing);
    add('all light', members, designs);
    add('twins, all light', twins(members), drawing);
    const pairs = exhibits(members, tools);
    out.push({ set, part: 'exhibits of two photographs, all light', rows: methods.map(({ name, table }) => ({ method: name, metrics: figuresOf(meanTable(table, pairs), pairs.map((p) => tools[p[0]!]!), pairs.map((p) => designs[p[0]!]!), pairs.map((p) => designs[p[0]!]!)) })) });
  }
  return out;
}

function figuresOf(table: ScoreTable, labels: readonly string[], groups: readonly string[], sources: readonly string[]): FigureRow['metrics'] {
  const { counts, rank1, areaUnderCurve, equalErrorRate, trueAccepts } = validate({ table, labels, groups, sources }).metrics;
  return { counts, rank1, areaUnderCurve, equalErrorRate, trueAccepts };
}

const sub = (table: ScoreTable, members: readonly number[]): ScoreTable => meanTable(table, members.map((m) => [m]));

/** Score of two groups of photographs: the mean over all pairs between them. */
function meanTable(table: ScoreTable, groups: readonly (readonly number[])[]): ScoreTable {
  return scoreTable(groups.length, (function* () {
    for (let a = 0; a < groups.length; a++)
      for (let b = a + 1; b < groups.length; b++) {
        const scores = groups[a]!.flatMap((i) => groups[b]!.map((j) => table.scores[i * table.count + j]!));
        yield { first: a, second: b, score: scores.reduce((sum, s) => sum + s, 0) / scores.length };
      }
  })());
}

/** Photographs of one tool, two by two in the manifest's order. */
function exhibits(members: readonly number[], tools: readonly string[]): number[][] {
  const byTool = new Map<string, number[]>();
  for (const i of members) byTool.set(tools[i]!, [...(byTool.get(tools[i]!) ?? []), i]);
  return [...byTool.values()].flatMap((list) => Array.from({ length: list.length >> 1 }, (_, k) => [list[2 * k]!, list[2 * k + 1]!]));
}
