/** Figures of a reference set, on sets whose truth is known. */
import { describe, expect, it } from 'vitest';
import { measurePopulation, readPanel, recipeFor, settingsDigest, settingsFor, type Panel, type PopulationFigures, type Profile } from '../../src/profiling/index.ts';
import { medianOf, robustSd } from '../../src/profiling/distances/robust.ts';

const PANEL = readPanel({
  id: 'test', version: 1, title: 'Test', substance: 'any', recipe: 'as-measured', distance: 'robust-mahalanobis', minimumOverlap: 1, source: 'Test',
  analytes: ['x', 'y', 'z', 'same', 'never'].map((id) => ({ id, name: id, unit: 'mm' })),
});

/** Numbers that are the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

const [BATCHES, EACH, SD, RHO] = [300, 3, [0.5, 2, 0.01], 0.7] as const;

/** Batches about 100 ± 10; within a batch x and y are correlated, z is rounded to 0.1. `errors` is the share of values misplaced tenfold. */
function referenceSet(errors = 0, each: number = EACH): Profile[] {
  const uniform = generator(11);
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return Array.from({ length: BATCHES }, (_, b) => {
    const middle = [100 + 10 * normal(), 100 + 10 * normal(), 100 + 10 * normal()];
    return Array.from({ length: each }, (__, i): Profile => {
      const first = normal();
      const values = [middle[0]! + SD[0] * first, middle[1]! + SD[1] * (RHO * first + Math.sqrt(1 - RHO ** 2) * normal()), Math.round(10 * (middle[2]! + SD[2] * normal())) / 10].map((value) => (uniform() < errors ? value * 10 : value));
      return { id: `${b}/${i}`, panel: PANEL, batch: `B${b}`, control: false, replicates: [{ id: '1', readings: Object.fromEntries([...values.map((value, k) => [['x', 'y', 'z'][k]!, { state: 'measured', value }] as const), ['same', { state: 'measured', value: 7 }]]) }] };
    });
  }).flat();
}

const correlation = ({ withinCovariance, within, labels }: PopulationFigures, i: number, j: number): number => withinCovariance[i * labels.length + j]! / (within[i]! * within[j]!);

describe('population figures', () => {
  const figures = measurePopulation(referenceSet(), PANEL, recipeFor(PANEL));

  it('find centre, spread within a batch, and its correlation', () => {
    expect(figures).toMatchObject({ profiles: BATCHES * EACH, batches: BATCHES, labels: ['x', 'y', 'z', 'same', 'never'], panel: { id: 'test', version: 1 }, recipe: { id: 'as-measured', version: 1 } });
    expect(figures.centre[0]).toBeCloseTo(100, -0.5);
    expect(figures.sd[0]! / 10).toBeGreaterThan(0.9);
    expect(figures.sd[0]! / 10).toBeLessThan(1.1);
    for (const i of [0, 1]) expect(Math.abs(figures.within[i]! / SD[i]! - 1)).toBeLessThan(0.08);
    expect(Math.abs(correlation(figures, 0, 1) - RHO)).toBeLessThan(0.06);
    expect(Math.abs(correlation(figures, 0, 2))).toBeLessThan(0.1);
    expect(correlation(figures, 1, 1)).toBeCloseTo(1, 12);
  });

  it('give no label less spread than its rounding, and none to a label that never varies', () => {
    expect(figures.within[2]).toBeGreaterThanOrEqual(0.1 / Math.sqrt(12) - 1e-9);
    expect(figures.within[2]).toBeLessThan(0.06);
    expect(figures.within.slice(3)).toEqual([0, 0]);
    expect(figures.centre.slice(3)).toEqual([7, 0]);
  });

  it('survive JSON', () => {
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
  });

  it('move little when a tenth of the values is misplaced tenfold', () => {
    const disturbed = measurePopulation(referenceSet(0.1), PANEL, recipeFor(PANEL));
    expect(Math.abs(disturbed.centre[0]! - figures.centre[0]!)).toBeLessThan(2.5);
    expect(disturbed.sd[0]! / figures.sd[0]!).toBeLessThan(1.6);
    // A tenth of single values spoils a quarter of the deviations within batches of three; a plain SD grows a hundredfold.
    for (const i of [0, 1]) expect(disturbed.within[i]! / figures.within[i]!).toBeLessThan(2.5);
    expect(correlation(disturbed, 0, 1)).toBeGreaterThan(0.35);
  });

  it('take replicates where no batch has two profiles, and leave control samples out', () => {
    const replicated = referenceSet().reduce<Profile[]>((all, profile) => {
      const last = all.at(-1);
      if (last?.batch === profile.batch) all[all.length - 1] = { ...last!, replicates: [...last!.replicates, { ...profile.replicates[0]!, id: profile.id }] };
      else all.push(profile);
      return all;
    }, []);
    const found = measurePopulation([...replicated, { ...replicated[0]!, id: 'control', control: true }], PANEL, recipeFor(PANEL));
    expect([found.profiles, found.batches]).toEqual([BATCHES, BATCHES]);
    expect(Math.abs(found.within[0]! / SD[0] - 1)).toBeLessThan(0.08);
  });

  it('hold the SD that is divided by, and the lowest value', () => {
    const recipe = recipeFor(PANEL, 'population-scaled');
    const set = referenceSet();
    const { stepSd, lowest } = measurePopulation(set, PANEL, recipe);
    const values = set.map(({ replicates }) => (replicates[0]!.readings['x'] as { value: number }).value);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(stepSd['x']).toBeCloseTo(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)), 9);
    expect(lowest['x']).toBe(Math.min(...values));
    expect(Object.keys(stepSd)).toEqual(['x', 'y', 'z', 'same']);
  });

  it('do not see the scale of a laboratory\'s peak areas', () => {
    const areas: Panel = { ...PANEL, recipe: 'n-plus-s', distance: 'cosine', analytes: PANEL.analytes.map((analyte) => ({ ...analyte, unit: 'area' })) };
    const set = referenceSet();
    // every second profile comes from a laboratory with ten thousand times the areas
    const two = set.map((profile, i): Profile => (i % 2 ? profile : { ...profile, laboratory: 'B', replicates: profile.replicates.map((replicate) => ({ ...replicate, readings: Object.fromEntries(Object.entries(replicate.readings).map(([id, reading]) => [id, reading.state === 'measured' ? { ...reading, value: 1e4 * reading.value } : reading])) })) }));
    const [one, both] = [set, two].map((profiles) => measurePopulation(profiles, areas, recipeFor(areas)));
    for (const figure of ['stepSd', 'lowest'] as const) for (const id of ['x', 'y', 'z', 'same']) expect(both![figure][id]! / one![figure][id]!).toBeCloseTo(1, 9);
    both!.within.forEach((sd, i) => expect(sd).toBeCloseTo(one!.within[i]!, 9));
  });

  it('are refused for few profiles, and for another recipe or panel', () => {
    const refused = (work: () => unknown): string => {
      try {
        work();
      } catch (error) {
        return (error as { detail: string }).detail;
      }
      return '';
    };
    expect(refused(() => measurePopulation(referenceSet().slice(0, 9), PANEL, recipeFor(PANEL)))).toMatch(/need 10 profiles, and there are 9/);
    expect(refused(() => settingsFor(PANEL, { recipe: 'log', population: figures }))).toMatch(/of panel test and recipe as-measured, not of test and log/);
    expect(refused(() => settingsFor({ ...PANEL, version: 2 }, { population: figures }))).toMatch(/population figures are of panel test/);
  });

  it('are part of the digest that ties an LR to its calibration', () => {
    const digest = settingsDigest(settingsFor(PANEL, { population: figures }));
    const others = [
      settingsDigest(settingsFor(PANEL, { population: measurePopulation(referenceSet().slice(0, 600), PANEL, recipeFor(PANEL)) })),
      settingsDigest(settingsFor(PANEL, { population: figures, distance: 'log-deviations' })),
      settingsDigest(settingsFor(PANEL, { population: figures, validatedFamilies: [['a', 'b']] })),
      settingsDigest(settingsFor({ ...PANEL, minimumOverlap: 2 }, { population: figures })),
      settingsDigest(settingsFor(PANEL, { recipe: 'log', distance: 'euclid' })),
    ];
    expect(new Set([digest, ...others]).size).toBe(6);
    expect(settingsDigest(settingsFor({ ...PANEL, title: 'Renamed' }, { population: JSON.parse(JSON.stringify(figures)) as PopulationFigures }))).toBe(digest);
  });
});

describe('the robust SD', () => {
  const uniform = generator(5);
  const normal = Float64Array.from({ length: 5000 }, () => 3 * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));

  it('is that of normal deviations, in any unit, and hears no distance of errors', () => {
    expect(Math.abs(robustSd(normal) / 3 - 1)).toBeLessThan(0.03);
    expect(robustSd(normal.map((d) => 7 * d)) / robustSd(normal)).toBeCloseTo(7, 6);
    const spoilt = (size: number): Float64Array => normal.map((d, i) => (i % 4 === 0 ? size : d));
    expect(robustSd(spoilt(1e3))).toBeCloseTo(robustSd(spoilt(1e9)), 6);
    expect(robustSd(spoilt(1e9)) / 3).toBeLessThan(2);
  });

  it('is 0 where there is nothing, or hardly anything but nought', () => {
    expect(robustSd(new Float64Array(0))).toBe(0);
    expect(robustSd(Float64Array.of(Number.NaN))).toBe(0);
    expect(robustSd(normal.map((d, i) => (i % 10 < 6 ? 0 : d)))).toBe(0);
    expect(robustSd(normal.map((d, i) => (i % 10 < 5 ? 0 : d)))).toBeGreaterThan(0.1);
  });
});

it('the median is that of what is there', () => {
  expect(medianOf(Float64Array.of(3, Number.NaN, 1, 2))).toBe(2);
  expect(medianOf(Float64Array.of(4, 1, 2, 3))).toBe(2.5);
  expect(medianOf(Float64Array.of(Number.NaN))).toBeNaN();
});
