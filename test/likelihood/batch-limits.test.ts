/** Limits of detection that laboratories state, and what they make of values beside them. */
import { describe, expect, it } from 'vitest';
import { limitFigures, limitOf } from '../../src/likelihood/batches/limits.ts';
import { profileVectors, vectorFigures } from '../../src/likelihood/batches/vectors.ts';
import { findPanel, measurePopulation, type Profile, type Reading, recipeFor, settingsFor, vectorAnalytes } from '../../src/profiling/index.ts';

const CAPTAGON = findPanel({ id: 'captagon-composition' })!;
const HEROIN = findPanel({ id: 'heroin-alkaloids' })!;

const profile = (id: string, laboratory: string | undefined, readings: Readonly<Record<string, Reading>>, panel = CAPTAGON): Profile => ({ id, panel: { id: panel.id, version: panel.version }, batch: id, control: false, replicates: [{ id: '1', readings }], ...(laboratory !== undefined && { laboratory }) });
const value = (amount: number): Reading => ({ state: 'measured', value: amount });
const below = (lod: number): Reading => ({ state: 'not-detected', lod });

const FINE = [0.01, 0.02, 0.03].map((lod, k) => profile(`f${k}`, 'fine', { amphetamine: value(10), caffeine: value(30), quinine: below(lod) }));
const COARSE = [0.2, 0.2].map((lod, k) => profile(`c${k}`, 'coarse', { amphetamine: value(10), caffeine: value(30), quinine: below(lod), lidocaine: below(0.4) }));

describe('limits of detection', () => {
  const analytes = vectorAnalytes(CAPTAGON);
  const figures = limitFigures([...FINE, ...COARSE], analytes);
  const place = (id: string): number => analytes.findIndex((analyte) => analyte.id === id);

  it('are the middle of what each laboratory stated, and the middle of the laboratories for others', () => {
    expect(figures).toEqual({ laboratories: { fine: { quinine: 0.02 }, coarse: { quinine: 0.2, lidocaine: 0.4 } }, usual: { quinine: 0.11, lidocaine: 0.4 } });
    const of = (laboratory: string | undefined, reading: Reading, id = 'quinine'): number => limitOf(figures, profile('x', laboratory, { amphetamine: value(5), [id]: reading }), analytes, 0)(place(id));
    expect(of('fine', value(0.1))).toBe(0.02);
    expect(of('coarse', value(0.3))).toBe(0.2);
    expect(of('elsewhere', value(0.3))).toBe(0.11);
    expect(of(undefined, value(0.3))).toBe(0.11);
    expect(of('fine', value(0.3), 'lidocaine')).toBe(0.4);
    expect(of('fine', { state: 'measured', value: 0.1, lod: 0.05 })).toBe(0.05);
    expect(of('fine', value(3), 'procaine')).toBe(0);
  });

  it('of areas follow the scale of the profile', () => {
    const alkaloids = vectorAnalytes(HEROIN);
    const at = (scale: number): Profile => profile(`s${scale}`, 'fine', { heroin: value(500 * scale), noscapine: value(90 * scale), acetylcodeine: value(10 * scale), papaverine: below(scale) }, HEROIN);
    const limits = limitFigures([at(1)], alkaloids);
    expect(limits.laboratories['fine']!['papaverine']).toBeCloseTo(0.01, 12);
    const there: Profile = { ...at(1000), replicates: [{ id: '1', readings: { ...at(1000).replicates[0]!.readings, papaverine: value(100_000) } }] };
    expect(limitOf(limits, there, alkaloids, 0)(alkaloids.findIndex(({ id }) => id === 'papaverine'))).toBeCloseTo(0.01 * 200_000, 6);
  });

  it('go with plain logarithms, whatever a distance adds to a value', () => {
    const profiles = [...FINE, ...COARSE, ...[1, 2, 3, 4, 5].map((k) => profile(`m${k}`, 'fine', { amphetamine: value(9 + k), caffeine: value(30), quinine: value(k) }))];
    const vectorBy = (recipe: string): unknown => {
      const settings = settingsFor(CAPTAGON, { recipe, population: measurePopulation(profiles, CAPTAGON, recipeFor(CAPTAGON, recipe)) });
      return profileVectors(settings, vectorFigures(profiles, settings)).vector(profile('x', 'fine', { amphetamine: value(10), quinine: value(0.05), lidocaine: below(0.2) }));
    };
    expect(vectorBy('started-log')).toEqual(vectorBy('log'));
  });

  it('make a trace uncertain, and leave a main component as it is', () => {
    const profiles = [...FINE, ...COARSE];
    const settings = settingsFor(CAPTAGON, { recipe: 'log' });
    const { vector } = profileVectors(settings, vectorFigures(profiles, settings));
    const step = (laboratory: string, amount: number): number => vector(profile('x', laboratory, { amphetamine: value(10.123), quinine: value(amount) })).steps![place('quinine')]!;
    // an SD of a third of the limit, as of equally likely values over a span of the root of 12 such
    expect(step('fine', 2.123)).toBeCloseTo((Math.sqrt(12) * 0.02) / 3 / 2.123 / Math.LN10, 4);
    expect(step('fine', 0.0412)).toBeGreaterThan(20 * step('fine', 2.123));
    expect(step('coarse', 2.123)).toBeGreaterThan(8 * step('fine', 2.123));
  });
});
