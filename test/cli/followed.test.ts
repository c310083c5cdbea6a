/** Which pairs a report follows: the declared rule, on tables made by hand. */
import { describe, expect, it } from 'vitest';
import { followedPairs, ruleText } from '../../src/cli/evaluate/followed.ts';
import type { Manifest } from '../../src/cli/evaluate/manifest.ts';
import type { PairTables } from '../../src/cli/evaluate/pairs.ts';
import type { ToolOutcome } from '../../src/comparison/index.ts';
import { scoreTable } from '../../src/likelihood/index.ts';

/** Faces 0 to 3 are of one design, 0 and 1 of tool s, 2 and 3 of tool t; 4 is of another design. */
const labels: Readonly<Record<string, readonly string[]>> = { design_id: ['d', 'd', 'd', 'd', 'e'], tool_id: ['s', 's', 't', 't', 'u'] };
const manifest = (...columns: readonly string[]): Manifest => ({ folder: '', photos: [], twins: new Map(), label: (column) => (columns.includes(column) ? labels[column] : undefined) });
const labelled = manifest('design_id', 'tool_id');

const SCORES: Readonly<Record<string, number>> = { '0,1': 0.5, '2,3': 0.1, '0,2': 0.3, '0,3': 0.2, '1,2': 0.2, '1,3': 0.05, '0,4': 0.9 };
const list = (values: Readonly<Record<string, number>>) => Object.entries(values).map(([key, score]) => ({ first: Number(key[0]), second: Number(key[2]), score }));
function tables(outcomes: Readonly<Record<string, ToolOutcome>> = {}): PairTables {
  const tool = scoreTable(5, list(SCORES));
  return { design: tool, tool, outcome: (a, b) => (`${a},${b}` in SCORES ? (outcomes[`${a},${b}`] ?? 'compared') : null) };
}
const ratios = (...without: readonly string[]) => scoreTable(5, list(Object.fromEntries(Object.entries(SCORES).filter(([key]) => !without.includes(key)))));
const chosen = (...given: Parameters<typeof followedPairs>): string[] => followedPairs(...given).map((p) => `${p.probe},${p.candidate}`);

describe('the pairs that a report follows', () => {
  it('are the strongest of one tool, the middle of two, and the worst of both, of one design', () => {
    // 0,4 scores highest and is of two designs; of the four pairs of two tools the lower of the middle two, the later of a tie
    expect(followedPairs(tables(), ratios(), labelled)).toEqual([
      { probe: 0, candidate: 1, oneTool: true, why: ['one tool, the highest score'] },
      { probe: 1, candidate: 2, oneTool: false, why: ['two tools, the middle score'] },
      { probe: 0, candidate: 2, oneTool: false, why: ['two tools, the highest score: the worst error, or the nearest to one'] },
      { probe: 2, candidate: 3, oneTool: true, why: ['one tool, the lowest score: the worst error, or the nearest to one'] },
    ]);
  });

  it('have an LR where any pair has one; the first without follows', () => {
    expect(chosen(tables(), ratios('0,1', '0,2'), labelled)).toEqual(['2,3', '1,2', '0,3', '0,1']);
    expect(followedPairs(tables(), ratios('0,1', '0,2'), labelled)[0]!.why).toHaveLength(2);
    expect(ruleText(labelled, true)).toContain('that have an LR');
  });

  it('are chosen among all compared ones where none has an LR', () => {
    expect(chosen(tables(), ratios(...Object.keys(SCORES)), labelled)).toEqual(chosen(tables(), ratios(), labelled));
    expect(chosen(tables(), null, labelled)).toEqual(chosen(tables(), ratios(), labelled));
    expect(ruleText(labelled, false)).toContain('none has an LR');
  });

  it('show one whose marks could not be compared, the unsuitable before the unregistered', () => {
    expect(chosen(tables({ '0,1': 'strokes-not-registered', '1,3': 'unsuitable' }), ratios('0,1', '1,3'), labelled)).toEqual(['2,3', '0,3', '0,2', '1,3']);
    expect(chosen(tables({ '0,1': 'strokes-not-registered' }), ratios('0,1'), labelled).at(-1)).toBe('0,1');
  });

  it('are the highest and the middle without labels, and none where nothing was compared', () => {
    const [high, middle] = followedPairs(tables(), ratios(), manifest());
    expect([high, middle]).toMatchObject([{ probe: 0, candidate: 4, oneTool: null }, { probe: 0, candidate: 3, oneTool: null }]);
    expect(followedPairs(tables(), ratios(), manifest('design_id'))).toMatchObject([{ probe: 0, candidate: 1 }, { probe: 1, candidate: 2 }]);
    expect(followedPairs({ ...tables(), outcome: () => null }, null, labelled)).toEqual([]);
  });
});
