/** What recipes do to readings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/domain/index.ts';
import { composeRecipe, findRecipe, readPanel, RECIPES, settingsFor, treatProfile, TREATMENT_STEPS, type Profile, type Reading, type Recipe } from '../../src/profiling/index.ts';

const PANEL = readPanel({
  id: 'test', version: 1, title: 'Test', substance: 'any', recipe: 'sum', distance: 'pearson', minimumOverlap: 1, source: 'Test', mainPeak: 'drug', internalStandard: 'standard',
  analytes: [{ id: 'drug', name: 'Drug', unit: 'area' }, { id: 'a', name: 'A', unit: 'area' }, { id: 'standard', name: 'Standard', unit: 'area' }, { id: 'b', name: 'B', unit: 'area', stability: 0.5 }, { id: 'c', name: 'C', unit: 'area' }],
});
// the lowest area is known as a share of the sum of areas
const POPULATION = { stepSd: { a: 2, b: 1, c: 4 }, lowest: { c: 0.15 }, starts: { a: 0.08, b: 0.02 } };

const read = (value: number | Reading): Reading => (typeof value === 'number' ? { state: 'measured', value } : value);
const profile = (...replicates: Record<string, number | Reading>[]): Profile => ({
  id: 'p', panel: PANEL, control: false,
  replicates: replicates.map((readings, i) => ({ id: String(i), readings: Object.fromEntries(Object.entries(readings).map(([id, value]) => [id, read(value)])) })),
});
const treat = (recipe: string | Recipe, ...replicates: Record<string, number | Reading>[]) => treatProfile(profile(...replicates), { panel: PANEL, recipe: typeof recipe === 'string' ? findRecipe(recipe)! : recipe, population: POPULATION });
const values = (recipe: string, readings: Record<string, number | Reading>): number[] => [...treat(recipe, readings).centre];

const FULL = { drug: 50, a: 16, standard: 2, b: 4, c: 80 };
const ND: Reading = { state: 'not-detected', lod: 2 };
const close = (expected: readonly number[]): unknown[] => expected.map((value) => (Number.isNaN(value) ? Number.NaN : expect.closeTo(value, 12)));

describe('recipes', () => {
  it.each<[string, number[]]>([
    ['as-measured', [16, 4, 80]],
    ['sum', [0.16, 0.04, 0.8]],
    ['sum-square-root', [0.4, 0.2, Math.sqrt(0.8)]],
    ['sum-fourth-root', [0.16 ** 0.25, 0.04 ** 0.25, 0.8 ** 0.25]],
    ['sum-log', [Math.log10(0.16), Math.log10(0.04), Math.log10(0.8)]],
    ['main-peak', [16 / 50, 4 / 50, 80 / 50]],
    ['main-peak-log', [Math.log10(0.32), Math.log10(0.08), Math.log10(1.6)]],
    // nothing is added where no limit is known
    ['main-peak-started-log', [Math.log10(0.4), Math.log10(0.1), Math.log10(1.6)]],
    ['started-log', [Math.log10(16.08), Math.log10(4.02), Math.log10(80)]],
    ['internal-standard', [8, 2, 40]],
    ['internal-standard-square-root', [Math.sqrt(8), Math.sqrt(2), Math.sqrt(40)]],
    // divided by the sum first, then by the SD
    ['n-plus-s', [0.16 / 2, 0.04 / 1, 0.8 / 4]],
    ['n-plus-s-square-root', [Math.sqrt(0.08), 0.2, Math.sqrt(0.2)]],
    ['population-scaled', [8, 4, 20]],
    ['square-root', [4, 2, Math.sqrt(80)]],
    ['fourth-root', [2, Math.SQRT2, 80 ** 0.25]],
    ['log', [Math.log10(16), Math.log10(4), Math.log10(80)]],
    ['centred-log-ratio', [16, 4, 80].map((value) => Math.log10(value) - Math.log10(16 * 4 * 80) / 3)],
    ['pairwise-log-ratios', [Math.log10(16 / 4), Math.log10(16 / 80), Math.log10(4 / 80)]],
  ])('%s does what its name says', (id, expected) => {
    expect(values(id, FULL)).toEqual(close(expected));
  });

  it('have steps that are all used, unlike ids, sources and titles', () => {
    expect(new Set(RECIPES.flatMap(({ steps }) => steps))).toEqual(new Set(Object.keys(TREATMENT_STEPS)));
    expect(new Set(RECIPES.map(({ id }) => id)).size).toBe(RECIPES.length);
    expect(new Set(RECIPES.map(({ title }) => title)).size).toBe(RECIPES.length);
    expect(RECIPES.filter(({ source }) => source.length < 10)).toEqual([]);
  });

  it('label ratios by both, and weigh them by both', () => {
    const { labels, weights } = treat('pairwise-log-ratios', FULL);
    expect(labels).toEqual(['a/b', 'a/c', 'b/c']);
    expect([...weights]).toEqual([0.5, 1, 0.5]);
  });

  it.each(RECIPES.filter(({ steps }) => steps.some((step) => TREATMENT_STEPS[step].relative)).map(({ id }) => [id] as const))('%s does not see how much was injected', (id) => {
    const peak = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(fc.property(fc.record({ drug: peak, a: peak, standard: peak, b: peak, c: peak }), fc.double({ min: 0.01, max: 100, noNaN: true }), (readings, factor) => {
      const more = Object.fromEntries(Object.entries(readings).map(([name, value]) => [name, value * factor]));
      values(id, more).forEach((value, i) => expect(Math.abs(value - values(id, readings)[i]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value))));
    }), { numRuns: 50 });
  });
});

describe('readings without a number', () => {
  it('that were not analysed stay missing in every recipe, and take nothing with them but their ratios', () => {
    for (const { id, steps } of RECIPES) {
      const missing = values(id, { drug: 50, standard: 2, a: 16, c: 80 }).map(Number.isNaN);
      expect(missing, id).toEqual(steps.includes('pairwise-log-ratios') ? [true, false, true] : [false, true, false]);
    }
  });

  it.each<[string, Reading | number, number]>([
    ['sum', ND, 0],
    ['sum', 0, 0],
    ['sum-square-root', ND, Math.sqrt(1 / 21)],
    ['sum-fourth-root', ND, (1 / 21) ** 0.25],
    ['sum-fourth-root-nought', ND, 0],
    ['sum-fourth-root-nought', 0, 0],
    ['as-measured', ND, 1],
    ['as-measured', { state: 'below-quantification', lod: 2, loq: 6 }, 4],
    ['as-measured', { state: 'below-quantification', loq: 6 }, 3],
    ['as-measured', { state: 'below-quantification', lod: 2 }, 2],
    ['square-root', { state: 'below-quantification', loq: 8 }, 2],
    // limits that nobody knows: half of the lowest value of the population, 0.15 of the 20 that were measured
    ['square-root', { state: 'below-quantification' }, Math.sqrt(1.5)],
    ['fourth-root', 0, 1.5 ** 0.25],
    ['log', ND, 0],
    ['log', { state: 'not-detected' }, Math.log10(1.5)],
    ['log', { state: 'below-quantification' }, Math.log10(1.5)],
    ['log', 0, Math.log10(1.5)],
    ['as-measured', 0, 0],
    ['as-measured', -3, Number.NaN],
    ['square-root', -3, Number.NaN],
  ])('by %s: %o is %s', (id, reading, expected) => {
    expect(values(id, { ...FULL, c: reading })[2]).toEqual(close([expected])[0]);
  });

  it('have none where no limit is known at all', () => {
    expect(treatProfile(profile({ ...FULL, b: { state: 'not-detected' } }), { panel: PANEL, recipe: findRecipe('log')! }).centre[1]).toBeNaN();
  });

  it('say nothing of values that may be negative', () => {
    const panel = readPanel({ id: 'delta', version: 1, title: 'D', substance: 'any', recipe: 'as-measured', distance: 'euclid', minimumOverlap: 1, source: 'Test', analytes: [{ id: 'x', name: 'X', unit: 'permille', scale: 'interval' }, { id: 'y', name: 'Y', unit: 'permille', scale: 'interval' }] });
    const treated = treatProfile({ id: 'p', panel, control: false, replicates: [{ id: '1', readings: { x: ND, y: read(-30) } }] }, { panel, recipe: findRecipe('as-measured')! });
    expect([...treated.centre]).toEqual([Number.NaN, -30]);
  });

  it('leave nothing of a replicate whose divisor is missing', () => {
    expect(values('main-peak', { a: 16, b: 4, c: 80 })).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(values('main-peak', { ...FULL, drug: { state: 'not-detected' } })).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(values('sum', { a: ND, b: ND, c: ND })).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('replicates', () => {
  it('are treated each by itself; the middle stands for them, and their SD beside it', () => {
    const { centre, spread, replicates } = treat('sum', { a: 10, b: 30, c: 60 }, { a: 240, b: 560, c: 1200 }, { a: 11, b: 0, c: 89 });
    expect(replicates.map((vector) => [...vector])).toEqual([close([0.1, 0.3, 0.6]), close([0.12, 0.28, 0.6]), close([0.11, 0, 0.89])]);
    expect([...centre]).toEqual(close([0.11, 0.28, 0.6]));
    expect(spread[0]).toBeCloseTo(0.01, 12);
  });

  it('that lack an analyte say nothing of it, and one has no spread', () => {
    const { centre, spread } = treat('as-measured', { a: 10, b: 30 }, { a: 12 });
    expect([...centre]).toEqual([11, 30, Number.NaN]);
    expect([...spread]).toEqual([expect.closeTo(Math.SQRT2, 12), Number.NaN, Number.NaN]);
  });
});

describe('a laboratory\'s own recipe', () => {
  const own = (change: Partial<Recipe>): Recipe => composeRecipe({ id: 'own', version: 1, title: 'Own', censored: 'half-limit', steps: ['internal-standard', 'population-sd', 'log'], source: 'Own validation', ...change });

  it('is composed of the same steps', () => {
    expect([...treat(own({}), FULL).centre]).toEqual(close([8 / 2, 2, 40 / 4].map(Math.log10)));
  });

  it.each<[string, Partial<Recipe>, RegExp]>([
    ['an unknown step', { steps: ['cube-root' as never] }, /cube-root is no step/],
    ['a step twice', { steps: ['sum', 'sum'] }, /twice/],
    ['a logarithm before another step', { steps: ['log', 'sum'] }, /comes last/],
    ['two logarithms', { steps: ['log', 'centred-log-ratio'] }, /once/],
    ['the logarithm of nought', { censored: 'zero' }, /nought has no logarithm/],
  ])('is refused with %s', (_, change, reason) => {
    try {
      own(change);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
      expect((error as Problem).code).toBe('profile-settings-invalid');
      expect((error as Problem).detail).toMatch(reason);
    }
  });

  it('is refused where the panel has no amounts, no main peak, or no population figures', () => {
    const refused = (panel: Parameters<typeof settingsFor>[0], recipe: string | Recipe, distance = 'euclid'): string => {
      try {
        settingsFor(panel, { recipe, distance });
      } catch (error) {
        return (error as Problem).detail;
      }
      return '';
    };
    const { mainPeak: _, ...noMain } = PANEL;
    expect(refused({ ...PANEL, analytes: [...PANEL.analytes, { id: 'd', name: 'D', synonyms: [], unit: 'permille', scale: 'interval', stability: 1 }] }, 'sum')).toMatch(/d is no amount/);
    expect(refused(noMain, 'main-peak')).toMatch(/panel test names none/);
    expect(refused(PANEL, 'population-scaled')).toMatch(/peak areas have a scale of their own in each laboratory/);
    expect(refused(PANEL, composeRecipe({ id: 'own', version: 1, title: 'Own', censored: 'zero', steps: ['population-sd', 'sum'], source: 'Own validation' }))).toMatch(/divide by the sum, the main peak/);
    expect(refused(PANEL, 'started-log')).toMatch(/adds a limit of the population to a, and peak areas have a scale of their own/);
    expect(refused(PANEL, 'n-plus-s')).toMatch(/needs population figures/);
    expect(refused(PANEL, 'main-peak-started-log')).toMatch(/needs population figures/);
    expect(refused(PANEL, 'sum', 'robust-mahalanobis')).toMatch(/needs population figures/);
    expect(refused(PANEL, 'magic')).toMatch(/magic is no recipe/);
    expect(refused(PANEL, 'sum', 'magic')).toMatch(/magic is no distance/);
    expect(refused(PANEL, 'sum')).toBe('');
  });
});
