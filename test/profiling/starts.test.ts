/** What started logarithms add to a value, and what they make of readings near a limit. */
import { describe, expect, it } from 'vitest';
import { distanceBetween, findPanel, measurePopulation, type Panel, prepareProfile, type Profile, type ProfileSettings, type Reading, recipeFor, settingsDigest, settingsFor } from '../../src/profiling/index.ts';

const CAPTAGON = findPanel({ id: 'captagon-composition' })!;
const HEROIN = findPanel({ id: 'heroin-alkaloids' })!;

const value = (amount: number): Reading => ({ state: 'measured', value: amount });
const below = (lod: number): Reading => ({ state: 'not-detected', lod });
const profile = (panel: Panel, laboratory: string | undefined, readings: Readonly<Record<string, Reading>>): Profile => ({ id: 'p', panel: { id: panel.id, version: panel.version }, control: false, replicates: [{ id: '1', readings }], ...(laboratory !== undefined && { laboratory }) });
const tablet = (laboratory: string | undefined, quinine: Reading): Profile => profile(CAPTAGON, laboratory, { amphetamine: value(12), caffeine: value(30), quinine });

/** Middle limits of 0.02 and 0.3 at two laboratories. */
const TABLETS = [...[0.01, 0.02, 0.03].map((lod) => tablet('fine', below(lod))), ...[0.3, 0.3].map((lod) => tablet('coarse', below(lod))), ...Array.from({ length: 6 }, (_, k) => tablet('fine', value(1 + k)))];

function settingsOf(panel: Panel, profiles: readonly Profile[]): ProfileSettings {
  return settingsFor(panel, { recipe: panel.recipe, distance: 'euclid', population: measurePopulation(profiles, panel, recipeFor(panel)) });
}

describe('starts', () => {
  it('are the limit of quantification of the least sensitive laboratory, where one is stated', () => {
    const { population } = settingsOf(CAPTAGON, TABLETS);
    expect(population!.starts).toEqual({ quinine: expect.closeTo(1, 12) });
    const quantified = TABLETS.map((each) => ({ ...each, replicates: [{ id: '1', readings: { ...each.replicates[0]!.readings, caffeine: { state: 'measured', value: 30, loq: 0.7 } as const } }] }));
    expect(settingsOf(CAPTAGON, quantified).population!.starts).toEqual({ quinine: expect.closeTo(1, 12), caffeine: 0.7 });
  });

  it('of areas are shares of the main peak, whatever the scale of a laboratory', () => {
    const at = (scale: number, k: number): Profile => profile(HEROIN, k % 2 ? 'A' : 'B', { heroin: value(500 * scale), noscapine: value((80 + k) * scale), acetylcodeine: value(10 * scale), meconine: value(4 * scale), papaverine: below(3 * scale) });
    const starts = (scale: number): number => settingsOf(HEROIN, Array.from({ length: 12 }, (_, k) => at(k % 2 ? scale : 1, k))).population!.starts!['papaverine']!;
    expect(starts(1)).toBeCloseTo(10 / 500, 12);
    expect(starts(4000)).toBeCloseTo(10 / 500, 12);
  });

  it('leave figures of other recipes as they are', () => {
    expect(measurePopulation(TABLETS, CAPTAGON, recipeFor(CAPTAGON, 'log'))).not.toHaveProperty('starts');
  });

  it('are part of the digest that ties an LR to its calibration', () => {
    const settings = settingsOf(CAPTAGON, TABLETS);
    const moved = { ...settings, population: { ...settings.population!, starts: { quinine: 2 } } };
    expect(settingsDigest(moved)).not.toBe(settingsDigest(settings));
    const read = JSON.parse(JSON.stringify(settings.population)) as typeof settings.population;
    expect(settingsDigest({ ...settings, ...(read && { population: read }) })).toBe(settingsDigest(settings));
  });
});

describe('readings near a limit', () => {
  const settings = settingsOf(CAPTAGON, TABLETS);
  const apart = (x: Reading, y: Reading): number => distanceBetween(prepareProfile(tablet('coarse', x), settings), prepareProfile(tablet('coarse', y), settings), settings)!;

  it('are no difference, just seen in one and just missed in the other', () => {
    // a tenth of the decade that lies between amounts told apart
    expect(apart(value(0.3), below(0.3))).toBeLessThan(0.1 * apart(value(3), value(30)));
    expect(apart(value(0.01), below(0.3))).toBe(0);
  });

  it('count by their ratio far above it, as by plain logarithms', () => {
    const plain = settingsFor(CAPTAGON, { recipe: 'log' });
    const [x, y] = [value(200), value(400)];
    expect(apart(x, y) / distanceBetween(prepareProfile(tablet('coarse', x), plain), prepareProfile(tablet('coarse', y), plain), plain)!).toBeCloseTo(1, 2);
  });
});
