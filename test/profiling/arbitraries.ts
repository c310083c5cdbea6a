/** Profiles of any bundled panel, for property tests. */
import fc from 'fast-check';
import { PANELS, type Analyte, type Panel, type Profile, type Reading } from '../../src/profiling/index.ts';

const word = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'aZ09 _-.,;:"\'\n\té=<[{%\\') }).map((text) => text.trim()).filter((text) => text !== '');
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const compact = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;

const amount = fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value + 0);
const limit = fc.double({ min: 1e-9, max: 1e6, noNaN: true });

export function readingOf({ scale, categories }: Analyte, withLimits: boolean): fc.Arbitrary<Reading> {
  if (scale === 'category') return fc.constantFrom(...categories!).map((category) => ({ state: 'category', category }));
  const value = scale === 'interval' ? fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((number) => number + 0) : amount;
  const limits = withLimits ? fc.record({ lod: optional(limit), loq: optional(limit) }) : fc.constant({});
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(value, limits).map(([number, both]) => compact({ state: 'measured', value: number, ...both } as const)) },
    { weight: 1, arbitrary: (withLimits ? limits : fc.record({ lod: optional(limit) })).map((both) => compact({ state: 'not-detected', ...both } as const)) },
    { weight: 1, arbitrary: (withLimits ? limits : fc.record({ loq: optional(limit) })).map((both) => compact({ state: 'below-quantification', ...both } as const)) },
  );
}

export const replicatesOf = (panel: Panel, withLimits: boolean): fc.Arbitrary<Profile['replicates']> =>
  fc.uniqueArray(fc.record({
    id: word,
    readings: fc.record(Object.fromEntries(panel.analytes.map((analyte) => [analyte.id, optional(readingOf(analyte, withLimits))]))).map((readings) => compact(readings) as Record<string, Reading>),
  }), { minLength: 1, maxLength: 3, selector: ({ id }) => id });

export const profileOf = (panel: Panel, withLimits = false): fc.Arbitrary<Profile> =>
  fc.record({
    id: word, batch: optional(word), specimen: optional(word), laboratory: optional(word), method: optional(word), instrument: optional(word),
    methodFamily: panel.methodFamilies.length > 0 ? optional(fc.constantFrom(...panel.methodFamilies.map(({ id }) => id))) : fc.constant(undefined),
    date: optional(fc.integer({ min: 0, max: 25_000 }).map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10))),
    control: fc.boolean(), replicates: replicatesOf(panel, withLimits),
  }).map((profile) => compact({ ...profile, panel: { id: panel.id, version: panel.version } }));

export const anyPanel = fc.constantFrom(...PANELS);

export const profilesOfOnePanel: fc.Arbitrary<{ readonly panel: Panel; readonly profiles: readonly Profile[] }> = fc.tuple(anyPanel, fc.boolean()).chain(([panel, withLimits]) =>
  fc.uniqueArray(profileOf(panel, withLimits), { minLength: 1, maxLength: 6, selector: ({ id }) => id }).map((profiles) => ({ panel, profiles })));
