/** Pairs of profiles: what lets them through, and what is said of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareProfiles, distanceBetween, findPanel, prepareProfile, settingsFor, vectorAnalytes, type ComparedProfiles, type NotComparable, type Panel, type Profile, type ProfileSettings, type Reading } from '../../src/profiling/index.ts';
import { profilesOfOnePanel } from './arbitraries.ts';

const MDMA = findPanel({ id: 'mdma-impurities' })!;
const COCAINE = findPanel({ id: 'cocaine-alkaloids' })!;
const SETTINGS = settingsFor(MDMA);
const IDS = vectorAnalytes(MDMA).map(({ id }) => id);

const profile = (panel: Panel, values: Readonly<Record<string, number | Reading>>, change: Partial<Profile> = {}): Profile => ({
  id: 'p', panel: { id: panel.id, version: panel.version }, control: false,
  replicates: [{ id: '1', readings: Object.fromEntries(Object.entries(values).map(([id, value]) => [id, typeof value === 'number' ? { state: 'measured', value } : value])) }], ...change,
});
const some = (from: number, to: number, factor = 1): Record<string, number> => Object.fromEntries(IDS.slice(from, to).map((id, i) => [id, factor * (10 + ((from + i) * 37) % 50)]));
const mdma = (values: Readonly<Record<string, number | Reading>>, change: Partial<Profile> = {}): Profile => profile(MDMA, values, change);

function compared(a: Profile, b: Profile, settings: ProfileSettings = SETTINGS): ComparedProfiles {
  const result = compareProfiles(a, b, settings);
  if (result.outcome !== 'compared') throw new Error(result.detail);
  return result;
}
function stopped(a: Profile, b: Profile, settings: ProfileSettings = SETTINGS): NotComparable {
  const result = compareProfiles(a, b, settings);
  if (result.outcome === 'compared') throw new Error('the pair was compared');
  return result;
}

describe('gates', () => {
  const whole = some(0, IDS.length);

  it('hold one panel of one version', () => {
    expect(stopped(mdma(whole), profile(COCAINE, {}))).toMatchObject({ outcome: 'not-comparable', reason: 'other-panel', detail: 'Profile p is of panel cocaine-alkaloids, version 1; the comparison is by mdma-impurities, version 1.' });
    expect(stopped(mdma(whole, { panel: { id: MDMA.id, version: 2 } }), mdma(whole)).reason).toBe('other-panel');
  });

  it('keep control samples out', () => {
    expect(stopped(mdma(whole), mdma(whole, { id: 'QC 3', control: true }))).toMatchObject({ reason: 'control-sample', detail: 'Profile QC 3 is a control sample.' });
  });

  it.each<[string, Partial<Profile>, Partial<Profile>, string | undefined]>([
    ['one family in two laboratories', { methodFamily: 'gc-ms', laboratory: 'A' }, { methodFamily: 'gc-ms', laboratory: 'B' }, undefined],
    ['two families', { id: 'x', methodFamily: 'gc-ms' }, { id: 'y', methodFamily: 'gc-fid' }, 'Profile x is by gc-ms and profile y by gc-fid; methods of two families are not compared.'],
    ['a family beside none', { id: 'x', methodFamily: 'gc-ms', laboratory: 'A' }, { id: 'y', laboratory: 'A' }, 'The method family of y is not stated, and laboratory or method differ.'],
    ['two laboratories without a family', { laboratory: 'A', method: 'M' }, { laboratory: 'B', method: 'M' }, 'The method family of p is not stated, and laboratory or method differ.'],
    ['one laboratory with two methods', { laboratory: 'A', method: 'M' }, { laboratory: 'A', method: 'N' }, 'The method family of p is not stated, and laboratory or method differ.'],
    ['one method of one laboratory', { laboratory: 'A', method: 'M' }, { laboratory: 'A', method: 'M' }, undefined],
    ['nothing stated at all', {}, {}, undefined],
  ])('weigh %s', (_, a, b, detail) => {
    if (detail === undefined) expect(compared(mdma(whole, a), mdma(whole, b)).distance).toBe(0);
    else expect(stopped(mdma(whole, a), mdma(whole, b))).toMatchObject({ reason: 'method-family', detail });
  });

  it('open between families that were validated, in either order, and say so', () => {
    const settings = settingsFor(MDMA, { validatedFamilies: [['gc-fid', 'gc-ms']] });
    const [a, b] = [mdma(whole, { methodFamily: 'gc-ms' }), mdma(whole, { methodFamily: 'gc-fid' })];
    expect(compared(a, b, settings).notes).toEqual(['Method families gc-ms and gc-fid differ; they are listed as validated.']);
    expect(compared(b, a, settings).notes).toHaveLength(1);
  });

  it('say when nothing of the method is stated', () => {
    expect(compared(mdma(whole), mdma(whole)).notes).toEqual(['Laboratory, method or method family are not stated; the profiles are taken for one method.']);
    expect(compared(mdma(whole, { methodFamily: 'gc-ms' }), mdma(whole, { methodFamily: 'gc-ms' })).notes).toEqual([]);
  });

  it('need the panel\'s overlap, and name what was on one side alone', () => {
    expect(compared(mdma(some(0, 8)), mdma(some(2, 10))).overlap).toEqual({ compared: IDS.slice(2, 8), leftOut: [], onlyA: IDS.slice(0, 2), onlyB: IDS.slice(8, 10), required: 6 });
    const { reason, detail, overlap } = stopped(mdma(some(0, 7)), mdma(some(2, 10)));
    expect([reason, detail, overlap.compared.length]).toEqual(['too-little-overlap', '5 analytes can be compared, and 6 are needed.', 5]);
  });

  it('count what was looked for and not detected, and not what was not analysed', () => {
    const looked = { ...some(0, 3), ...Object.fromEntries(IDS.slice(3, 6).map((id) => [id, { state: 'not-detected', lod: 1 } as const])) };
    expect(compared(mdma(looked), mdma(some(0, 6))).overlap.compared).toHaveLength(6);
    expect(stopped(mdma(some(0, 3)), mdma(some(0, 6))).reason).toBe('too-little-overlap');
  });

  it('do not know what a limit that nobody states would be, without figures of a population', () => {
    const { overlap } = stopped(mdma({ ...some(0, 5), [IDS[5]!]: { state: 'not-detected' } }), mdma(some(0, 6)));
    expect(overlap.leftOut).toEqual([{ analyte: IDS[5], reason: 'no-number' }]);
  });

  it('leave out what cannot be a number, by name', () => {
    const { overlap, detail } = stopped(mdma({ ...some(0, 6), [IDS[0]!]: -4 }), mdma(some(0, 6)));
    expect(overlap.leftOut).toEqual([{ analyte: IDS[0], reason: 'no-number' }]);
    expect(detail).toContain(`Left out: ${IDS[0]!} (no-number).`);
  });

  it('leave out what degrades when the analyses lie more than a year apart', () => {
    const values = Object.fromEntries(vectorAnalytes(COCAINE).map(({ id }, i) => [id, 10 + i]));
    const settings = settingsFor(COCAINE, { recipe: 'sum' });
    const at = (date: string | undefined, of: Readonly<Record<string, number>> = values): Profile => profile(COCAINE, of, date === undefined ? {} : { date });
    expect(compared(at('2024-01-01'), at('2024-12-31'), settings).overlap.leftOut).toEqual([]);
    expect(compared(at('2024-01-01'), at(undefined), settings).overlap.leftOut).toEqual([]);
    const { overlap, notes } = compared(at('2026-01-02'), at('2024-12-31'), settings);
    expect(overlap.leftOut.map(({ analyte, reason }) => `${analyte} ${reason}`)).toEqual(['cis-cinnamoylcocaine', 'trans-cinnamoylcocaine', 'ecgonine', 'ecgonine-methyl-ester', 'benzoylecgonine'].map((id) => `${id} degradation-prone`));
    expect(notes).toContain('Analysed 367 days apart, more than 365: analytes prone to degradation are left out.');
    const few = { tropacocaine: 1, norcocaine: 2, truxillines: 3, 'ecgonine-methyl-ester': 4, benzoylecgonine: 5 };
    expect(compared(at('2024-01-01', few), at('2024-02-01', few), settings).distance).toBe(0);
    expect(stopped(at('2024-01-01', few), at('2026-02-01', few), settings)).toMatchObject({ reason: 'too-little-overlap', detail: '3 analytes can be compared, and 5 are needed. Left out: ecgonine-methyl-ester (degradation-prone), benzoylecgonine (degradation-prone).' });
  });

  it('stop what has nothing to divide by, or no variation, rather than score it', () => {
    const nothing = Object.fromEntries(IDS.map((id) => [id, { state: 'not-detected' } as const]));
    expect(stopped(mdma(nothing), mdma(whole)).reason).toBe('too-little-overlap');
    expect(stopped(mdma(nothing), mdma(whole), settingsFor(MDMA, { recipe: 'sum' })).reason).toBe('reference-peak-missing');
    expect(stopped(mdma(whole), mdma(whole), settingsFor(MDMA, { recipe: 'main-peak' })).reason).toBe('reference-peak-missing');
    const even = Object.fromEntries(IDS.map((id) => [id, 5]));
    expect(stopped(mdma(even), mdma(whole))).toMatchObject({ reason: 'no-variation', detail: 'The distance pearson is not defined on 13 values: there are too few, or those of one profile are all the same.' });
    expect(compared(mdma(even), mdma(whole), settingsFor(MDMA, { distance: 'euclid' })).distance).toBeGreaterThan(0);
  });
});

describe('limits', () => {
  const CAPTAGON = findPanel({ id: 'captagon-composition' })!;
  const settings = settingsFor(CAPTAGON, { recipe: 'log' });
  const with_ = (lidocaine: number | Reading): Profile => profile(CAPTAGON, { amphetamine: 12, caffeine: 30, theophylline: 2, lidocaine });
  const below = (lod: number): Reading => ({ state: 'not-detected', lod });
  const apart = (x: number | Reading, y: number | Reading): number => compared(with_(x), with_(y), settings).distance;

  it('do not set apart what neither of two laboratories detected, however unlike their limits', () => {
    expect(apart(below(0.5), below(0.01))).toBe(0);
  });

  it('do not set apart what lies below half of the other\'s limit, and count from there', () => {
    expect(apart(below(0.5), 0.1)).toBe(0);
    expect(apart(0.1, below(0.5))).toBe(0);
    expect(apart(below(0.5), 2.5)).toBeCloseTo(apart(0.25, 2.5), 12);
    expect(apart(below(0.01), 2.5)).toBeGreaterThan(apart(below(0.5), 2.5));
    expect(apart(0.05, 0.1)).toBeGreaterThan(0);
  });

  it('show the value that was compared', () => {
    const { contributions } = compared(with_(below(0.5)), with_(0.1), settings);
    expect(contributions.find(({ label }) => label === 'lidocaine')).toMatchObject({ a: Math.log10(0.25), b: Math.log10(0.25), part: 0 });
  });

  it('hold where a replicate saw it', () => {
    const seen: Profile = { ...with_(below(0.5)), replicates: [with_(below(0.5)).replicates[0]!, { ...with_(0.6).replicates[0]!, id: '2' }] };
    expect(compared(seen, with_(0.1), settings).distance).toBeGreaterThan(0);
  });
});

describe('a pair', () => {
  it('is treated on what it shares: what one laboratory does not analyse changes nothing', () => {
    const both = some(0, 8);
    const more = { ...both, [IDS[9]!]: 5000, [IDS[10]!]: 700 };
    expect(compared(mdma(both), mdma(more)).distance).toBeCloseTo(0, 12);
    expect(compared(mdma(both), mdma(some(0, 8, 3))).distance).toBeCloseTo(0, 12);
  });

  it('shows what each analyte adds, and all of it is the distance', () => {
    const { distance, contributions } = compared(mdma({ ...some(0, 8), [IDS[4]!]: 900 }), mdma(some(0, 8)));
    expect(contributions.map(({ label }) => label)).toEqual(IDS.slice(0, 8));
    expect(contributions.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(distance, 10);
    expect(contributions.toSorted((p, q) => q.part - p.part)[0]).toMatchObject({ label: IDS[4], spreadA: null, spreadB: null, weight: 1 });
  });

  it('tells how far the replicates of each lie apart, by the same measure', () => {
    const twice = (factor: number): Profile => mdma({}, { replicates: [...mdma(some(0, 8)).replicates, ...mdma({ ...some(0, 8), [IDS[4]!]: some(0, 8)[IDS[4]!]! * factor }).replicates.map((replicate) => ({ ...replicate, id: '2' }))] });
    const { replicates, contributions } = compared(twice(1.2), twice(1));
    expect(replicates.b).toBe(0);
    expect(replicates.a).toBeGreaterThan(0);
    expect(contributions[4]!.spreadA).toBeGreaterThan(0);
    expect(compared(twice(1.5), twice(1)).replicates.a).toBeGreaterThan(replicates.a!);
    expect(compared(mdma(some(0, 8)), twice(1)).replicates.a).toBeNull();
  });

  it('has its words beside the distance, and not in it', () => {
    const tablet = findPanel({ id: 'tablet-measurements' })!;
    const settings = settingsFor(tablet, { distance: 'euclid' });
    const of = (coating: string): Profile => profile(tablet, { diameter: 9, mass: 270, coating: { state: 'category', category: coating }, shape: { state: 'category', category: 'round' } });
    const { distance, categories } = compared(of('film'), of('none'), settings);
    expect(distance).toBe(0);
    expect(categories).toEqual([{ analyte: 'shape', a: 'round', b: 'round', agrees: true }, { analyte: 'coating', a: 'film', b: 'none', agrees: false }]);
  });

  it('is symmetric, whatever the profiles hold', () => {
    const outcomes = new Set<string>();
    fc.assert(fc.property(profilesOfOnePanel, ({ panel, profiles }) => {
      const settings = settingsFor({ ...panel, minimumOverlap: 1 }, { recipe: 'as-measured', distance: 'manhattan' });
      for (const a of profiles) for (const b of profiles) {
        const [there, back] = [compareProfiles(a, b, settings), compareProfiles(b, a, settings)];
        outcomes.add(there.outcome === 'compared' ? 'compared' : there.reason);
        expect(back.outcome).toBe(there.outcome);
        if (there.outcome !== 'compared' || back.outcome !== 'compared') continue;
        expect(back.distance).toBe(there.distance);
        if (a === b) expect(there.distance).toBe(0);
        expect(back.overlap.onlyA).toEqual(there.overlap.onlyB);
        expect([back.replicates.a, back.replicates.b]).toEqual([there.replicates.b, there.replicates.a]);
        expect(distanceBetween(prepareProfile(a, settings), prepareProfile(b, settings), settings)).toBe(there.distance);
      }
    }), { numRuns: 100 });
    expect(outcomes).toContain('compared');
    expect(outcomes).toContain('method-family');
    expect(outcomes).toContain('control-sample');
  });
});
