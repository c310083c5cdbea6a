import { describe, expect, it } from 'vitest';
import { batchRatio, calibrateDesigns, calibrateLinks, costOf, empiricalBounds, evaluateDesigns, fitPanelFusions, fusedRatio, isLinked, type LineValues, linkRatio, minimumCost, ofBatch, type PairState, type PanelRatios, seizureLink, seizureRatio, sourceBounds, STATES, type StateCounts, stateOf } from '../../src/likelihood/index.ts';

function random(seed: number): { next: () => number; gauss: () => number } {
  let state = seed;
  const next = (): number => ((state = (state * 16807) % 2147483647) / 2147483647);
  return { next, gauss: () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()) };
}

const COUNTS: StateCounts = { nothing: 9000, design: 600, batch: 120, 'design-batch': 80, 'design-tool': 100, 'design-tool-batch': 100 };

/** A log10 LR of normal scores d standard deviations apart: exactly calibrated. */
const drawnRatio = (same: boolean, d: number, gauss: number): number => (d * (gauss + (same ? d / 2 : -d / 2))) / Math.LN10;

describe('what two have in common', () => {
  it('is one of six states: a tool has one design', () => {
    const all = [false, true].flatMap((design) => [false, true].flatMap((tool) => [false, true].map((batch) => stateOf({ design, tool, batch }))));
    expect(all).toEqual(['nothing', 'batch', 'design-tool', 'design-tool-batch', 'design', 'design-batch', 'design-tool', 'design-tool-batch']);
  });
});

describe('the likelihood ratio of a link', () => {
  it('is 1 where no line says anything', () => {
    expect(linkRatio({ design: 0, tool: 0, batch: 0 }, COUNTS)).toBeCloseTo(0, 12);
  });

  it('is the mean over what linked pairs have in common', () => {
    const only: StateCounts = { nothing: 1e9, design: 0, batch: 5e8, 'design-batch': 0, 'design-tool': 5e8, 'design-tool-batch': 0 };
    // half of the linked pairs share the batch, where this evidence is a hundred times as probable; half the tool, where it is ten times
    expect(linkRatio({ design: 0, tool: 1, batch: 2 }, only)).toBeCloseTo(Math.log10((100 + 10) / 2), 6);
    expect(linkRatio({ design: 0, tool: 0, batch: 2 }, only)).toBeCloseTo(Math.log10((100 + 1) / 2), 6);
  });

  it('never falls when the line of tool or batch rises, and is not drowned by one of them', () => {
    for (const design of [-2, 0, 2]) for (const tool of [-1, 0, 1]) for (const batch of [-3, 0, 3]) {
      const at = linkRatio({ design, tool, batch }, COUNTS);
      expect(linkRatio({ design, tool: tool + 0.5, batch }, COUNTS)).toBeGreaterThan(at);
      expect(linkRatio({ design, tool, batch: batch + 0.5 }, COUNTS)).toBeGreaterThan(at);
    }
    expect(linkRatio({ design: 2, tool: 2, batch: -6 }, COUNTS)).toBeGreaterThan(2);
  });

  it('is calibrated, and costs less than any line alone, where the lines are independent', () => {
    const { gauss } = random(17);
    const [linked, apart]: Record<'all' | 'tool' | 'batch', number>[][] = [[], []];
    for (const state of STATES) for (let k = 0; k < COUNTS[state]; k++) {
      const has = (what: string): boolean => state.includes(what);
      const lines: LineValues = { design: drawnRatio(has('design'), 3.5, gauss()), tool: has('design') ? drawnRatio(has('tool'), 2.5, gauss()) : 0, batch: drawnRatio(has('batch'), 3, gauss()) };
      (state === 'nothing' || state === 'design' ? apart : linked)!.push({ all: linkRatio(lines, COUNTS), tool: lines.design + lines.tool, batch: lines.batch });
    }
    const scores = (of: 'all' | 'tool' | 'batch') => ({ matches: Float64Array.from(linked!, (l) => l[of]).sort(), nonMatches: Float64Array.from(apart!, (l) => l[of]).sort(), unscored: 0 });
    expect(costOf(scores('all')) - minimumCost(scores('all'))).toBeLessThan(0.03);
    expect(minimumCost(scores('all'))).toBeLessThan(Math.min(minimumCost(scores('tool')), minimumCost(scores('batch'))) - 0.05);
  });
});

describe('panels of one powder', () => {
  const pairs = (seed: number, dependent: boolean) => {
    const { gauss } = random(seed);
    return Array.from({ length: 4000 }, (_, k) => {
      const match = k % 10 === 0;
      const shared = gauss();
      return { match, ratios: { impurities: drawnRatio(match, 2, shared), cutting: drawnRatio(match, 2, dependent ? shared : gauss()) } };
    });
  };

  it('that repeat one another count once, and those that do not count in full', () => {
    const [twice] = fitPanelFusions(pairs(3, true));
    expect(twice!.weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 0.7);
    const [apart] = fitPanelFusions(pairs(5, false));
    for (const weight of apart!.weights) expect(weight).toBeCloseTo(1, 0.5);
    expect(apart!.counts).toEqual({ matches: 400, nonMatches: 3600 });
    // panels that say nothing say nothing together
    expect(fusedRatio([apart!], { impurities: 0, cutting: 0 })).toBe(0);
    expect(fusedRatio([apart!], { impurities: 0.3, cutting: 0.3 })).toBeGreaterThan(0);
  });

  it('are taken as they are when alone; where the reference had too few such pairs the one that says less counts', () => {
    const fusions = fitPanelFusions(pairs(7, false));
    expect(fusedRatio(fusions, { impurities: 1.25 })).toBe(1.25);
    expect(() => fusedRatio(fusions, {})).toThrow(RangeError);
    expect(fusedRatio(fusions, { impurities: 2, isotopes: 1 })).toBe(1);
    expect(fusedRatio(fusions, { impurities: -0.5, isotopes: -1 })).toBe(-0.5);
    expect(fusedRatio(fusions, { impurities: 2, isotopes: -1 })).toBe(0);
    // the two that the reference knows speak, the third is not heard
    expect(fusedRatio(fusions, { impurities: 1, cutting: 1, isotopes: 5 })).toBe(fusedRatio(fusions, { impurities: 1, cutting: 1 }));
    expect(fitPanelFusions(pairs(7, false).slice(0, 30))).toEqual([]);
  });

  it('that mislead are left out', () => {
    const [fusion] = fitPanelFusions(pairs(9, false).map(({ match, ratios }) => ({ match, ratios: { ...ratios, cutting: -ratios.cutting } })));
    expect(fusion!.weights[fusion!.panels.indexOf('cutting')]).toBe(0);
    expect(fusion!.weights[fusion!.panels.indexOf('impurities')]).toBeCloseTo(1, 0.5);
  });
});

describe('measurements of tablets', () => {
  const shares = { panels: ['tablets'], oneBatch: 0.25, twoBatches: 0.01 };

  it('speak of one pressing: other sizes may be of one powder still, and one size of two', () => {
    expect(ofBatch({ tablets: -6 }, shares)['tablets']).toBeCloseTo(Math.log10(0.75 / 0.99), 5);
    expect(ofBatch({ tablets: 0 }, shares)['tablets']).toBeCloseTo(0, 12);
    expect(ofBatch({ tablets: 9 }, shares)['tablets']).toBeCloseTo(Math.log10(25), 5);
  });

  it('are left out where the powder was analysed', () => {
    expect(ofBatch({ impurities: -6, isotopes: 3, tablets: 9 }, shares)).toEqual({ impurities: -6, isotopes: 3 });
  });
});

describe('two seizures', () => {
  const uniform = (first: number, second: number, within: number, between: number) => seizureRatio({ first, second, withinFirst: () => within, withinSecond: () => within, between: () => between });

  it('of a hundred tablets of one punch each say no more than one pair does', () => {
    const { log10Lr, groups, pairs } = uniform(100, 100, 1.5, 1.7);
    expect(log10Lr).toBeCloseTo(1.7, 9);
    expect(groups.map((g) => g.length)).toEqual([1, 1]);
    expect(pairs).toEqual({ evaluated: 10_000, all: 10_000 });
  });

  it('that share one of several punches say less than the pair of these does', () => {
    const toolOf = [[0, 0, 0, 1, 1], [1, 1, 2, 2, 2]] as const;
    const ratio = (a: number, b: number): number => (a === b ? 2 : -2);
    const answer = seizureRatio({ first: 5, second: 5, withinFirst: (i, j) => ratio(toolOf[0][i]!, toolOf[0][j]!), withinSecond: (i, j) => ratio(toolOf[1][i]!, toolOf[1][j]!), between: (i, j) => ratio(toolOf[0][i]!, toolOf[1][j]!) });
    expect(answer.groups).toEqual([[[0, 1, 2], [3, 4]], [[0, 1], [2, 3, 4]]]);
    expect(answer.loudest).toEqual({ first: 1, second: 0, log10Lr: 2 });
    expect(answer.log10Lr).toBeCloseTo(Math.log10((100 + 0.03) / 4), 9);
  });

  it('are linked by specimens that share tool or batch, and not by one specimen and the powder of another', () => {
    const says = (same: boolean, log: number): number => (same ? log : -log);
    // of the first seizure: tool 0 of powder 0, tool 1 of powder 1
    const link = (second: readonly { readonly tool: number; readonly batch: number }[]) => {
      const first = [{ tool: 0, batch: 0 }, { tool: 0, batch: 0 }, { tool: 1, batch: 1 }];
      const lines = (a: readonly { readonly tool: number; readonly batch: number }[], b: readonly { readonly tool: number; readonly batch: number }[]) => ({ design: () => Number.NaN, tool: (i: number, j: number) => says(a[i]!.tool === b[j]!.tool, 1.5), batch: (i: number, j: number) => says(a[i]!.batch === b[j]!.batch, 1.5) });
      return seizureLink({ first: 3, second: second.length, withinFirst: lines(first, first), withinSecond: lines(second, second), between: lines(first, second) }, COUNTS);
    };
    const both = link([{ tool: 1, batch: 1 }]);
    expect(both.groups).toEqual([[[0, 1], [2]], [[0]]]);
    expect(both.loudest).toMatchObject({ first: 1, second: 0 });
    const split = link([{ tool: 0, batch: 1 }]);
    expect(split.log10Lr).toBeLessThan(both.log10Lr);
    expect(link([{ tool: 7, batch: 7 }]).log10Lr).toBeLessThan(-0.5);
  });

  it('take pairs without an LR as saying nothing, and have none where no pair has one', () => {
    const answer = seizureRatio({ first: 2, second: 1, withinFirst: () => Number.NaN, withinSecond: () => Number.NaN, between: (i) => (i === 0 ? 1 : Number.NaN) });
    expect(answer.log10Lr).toBeCloseTo(Math.log10((10 + 1) / 2), 9);
    expect(answer.pairs).toEqual({ evaluated: 1, all: 2 });
    const silent = uniform(2, 2, Number.NaN, Number.NaN);
    expect(silent.log10Lr).toBeNaN();
    expect(silent.loudest).toBeNull();
  });
});

describe('bounds where many pairs are of the same sources', () => {
  it('are no wider for a pair of sources that was photographed often', () => {
    const one = [...Array.from({ length: 40 }, (_, k) => ({ log10Lr: 4, match: true, sources: [`t${k}`, `t${k}`] as const })), ...Array.from({ length: 300 }, (_, k) => ({ log10Lr: -4, match: false, sources: [`a${k}`, `b${k}`] as const }))];
    const often = one.flatMap((pair) => Array.from({ length: 30 }, () => pair));
    expect(sourceBounds(often)).toEqual(sourceBounds(one));
    const counted = empiricalBounds({ matches: new Float64Array(1200).fill(4), nonMatches: new Float64Array(9000).fill(-4), unscored: 0 });
    expect(sourceBounds(often).high).toBeLessThan(counted.high - 1);
  });
});

describe('a calibration of designs', () => {
  const digests = { measure: 'a'.repeat(64), features: 'b'.repeat(64), comparison: 'c'.repeat(64) };
  const { gauss } = random(23);
  const pairs = Array.from({ length: 12 }, (_, a) => Array.from({ length: a + 1 }, (_, b) => Array.from({ length: 6 }, () => ({ designScore: (a === b ? 0.7 : 0.2) + 0.1 * gauss(), designs: [`d${a}`, `d${b}`] as const })))).flat(2);
  const calibration = calibrateDesigns(pairs, { about: 'drawn scores', simulated: true, kind: 'tablet' }, digests);
  const at = (designScore: number): number => {
    const answer = evaluateDesigns(calibration, digests, { designScore, kind: 'tablet' });
    if (!('ratio' in answer)) throw new Error(answer.uncalibrated);
    expect(answer.ratio.low).toBeLessThanOrEqual(answer.ratio.log10Lr);
    expect(answer.ratio.high).toBeGreaterThanOrEqual(answer.ratio.log10Lr);
    return answer.ratio.log10Lr;
  };

  it('rises with the score, within bounds that 12 designs can carry', () => {
    expect(at(0.1)).toBeLessThan(at(0.45));
    expect(at(0.45)).toBeLessThan(at(0.8));
    expect(at(5)).toBe(calibration.bounds.high);
    expect(at(-5)).toBe(calibration.bounds.low);
    expect(calibration.bounds.high).toBeLessThan(Math.log10(70));
    expect(calibration.bounds.low).toBeGreaterThan(-Math.log10(14));
    expect(calibration.counts).toEqual({ designs: 12, matches: 72, nonMatches: 396 });
  });

  it('gives no LR for scores of other parameters, nor for another kind, and needs five designs', () => {
    expect(evaluateDesigns(calibration, { ...digests, features: 'd'.repeat(64) }, { designScore: 0.5, kind: 'tablet' })).toEqual({ uncalibrated: 'the calibration was made with other parameters of: features' });
    expect(evaluateDesigns(calibration, digests, { designScore: 0.5, kind: 'brick' })).toEqual({ uncalibrated: 'the calibration is of tablets' });
    expect(() => calibrateDesigns(pairs.filter(({ designs }) => designs.every((d) => d === 'd1' || d === 'd2')), { about: '', simulated: true, kind: 'tablet' }, digests)).toThrow(RangeError);
  });
});

describe('a calibration of links', () => {
  const { gauss, next } = random(29);
  const specimens = Array.from({ length: 120 }, (_, k) => {
    const seizure = Math.floor(k / 2);
    const tool = seizure % 20;
    return { seizure: `z${seizure}`, design: `d${tool % 5}`, tool: `t${tool}`, batch: `b${(seizure * 7) % 25}` };
  });
  const table = specimens.map((a) => specimens.map((b) => ({ design: drawnRatio(a.design === b.design, 3, gauss()), tool: a.design === b.design ? drawnRatio(a.tool === b.tool, 2.5, gauss()) : Number.NaN, panels: (next() < 0.2 ? {} : { impurities: drawnRatio(a.batch === b.batch, 3, gauss()) }) as PanelRatios })));
  const calibrations = { design: 'x', tool: 'y', batch: { impurities: 'z' } };
  const calibration = calibrateLinks({ specimens, evidence: (i, j) => table[i]![j]! }, { about: 'drawn', simulated: true, calibrations, pressing: [] });

  it('counts pairs of two seizures by what they have in common', () => {
    expect(STATES.reduce((sum, state: PairState) => sum + calibration.states[state], 0)).toBe((120 * 119) / 2 - 60);
    expect(calibration.states['design-tool-batch']).toBe(0);
    expect(calibration.states['design-tool']).toBe(20 * 3 * 4);
    expect(calibration.counts).toEqual({ specimens: 120, seizures: 60, tools: 20, batches: 25 });
    expect(calibration.pressing.oneBatch).toBeLessThan(0.01);
    expect(isLinked({ tool: false, batch: true })).toBe(true);
  });

  it('bounds what a link and a fused batch may say, by pairs of sources', () => {
    for (const { high, low } of [calibration.bounds.link, calibration.bounds.batch]) {
      expect(high).toBeGreaterThan(0.3);
      expect(high).toBeLessThan(4);
      expect(low).toBeLessThan(0);
    }
    expect(batchRatio(calibration, { impurities: 50 })).toBe(calibration.bounds.batch.high);
    expect(batchRatio(calibration, { impurities: 0.5 })).toBe(0.5);
    expect(batchRatio(calibration, {})).toBeUndefined();
  });

  it('refuses a reference without linked pairs', () => {
    const alone = specimens.map((s, k) => ({ ...s, tool: `t${k}`, batch: `b${k}` }));
    expect(() => calibrateLinks({ specimens: alone, evidence: (i, j) => table[i]![j]! }, { about: '', simulated: true, calibrations, pressing: [] })).toThrow(RangeError);
  });
});
