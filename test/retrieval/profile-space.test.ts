/** What any space of profiles must answer, held against pair by pair comparison. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePrepared, findPanel, prepareProfile, readPanel, settingsFor, vectorAnalytes, type Panel, type Profile, type ProfileSettings } from '../../src/profiling/index.ts';
import { ExhaustiveProfiles, IndexedProfiles, keyFilter, type ProfileAnswer, type ProfileEntry } from '../../src/retrieval/index.ts';

const MDMA = findPanel({ id: 'mdma-impurities' })!;
const SETTINGS = settingsFor(MDMA);

const profilesOf = (panel: Panel): fc.Arbitrary<Profile> => fc.record({
  values: fc.array(fc.option(fc.integer({ min: 0, max: 9 })), { minLength: vectorAnalytes(panel).length, maxLength: vectorAnalytes(panel).length }),
  control: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
  methodFamily: fc.constantFrom('gc-ms', 'gc-ms', undefined),
}).map(({ values, control, methodFamily }): Profile => ({
  id: 'p', panel: { id: panel.id, version: panel.version }, control, ...(methodFamily && panel.methodFamilies.length > 0 && { methodFamily }),
  replicates: [{ id: '1', readings: Object.fromEntries(vectorAnalytes(panel).flatMap(({ id }, i) => (values[i] === null ? [] : [[id, { state: 'measured', value: values[i]! }]]))) }],
}));

function pairByPair(probe: ProfileEntry['prepared'], entries: readonly ProfileEntry[], k: number, settings: ProfileSettings): ProfileAnswer {
  const notComparable: Record<string, number> = {};
  const found = entries.flatMap(({ key, prepared }) => {
    const pair = comparePrepared(probe, prepared, settings);
    if (pair.outcome === 'compared') return [{ key, distance: pair.distance }];
    notComparable[pair.reason] = (notComparable[pair.reason] ?? 0) + 1;
    return [];
  });
  return { neighbours: found.sort((a, b) => a.distance - b.distance || a.key - b.key).slice(0, k), compared: found.length, notComparable };
}

const smallPanel = readPanel({ id: 'small', version: 1, title: 'Small', substance: 'any', analytes: ['a', 'b', 'c'].map((id) => ({ id, name: id, unit: 'area' })), recipe: 'sum', distance: 'pearson', minimumOverlap: 1, source: 'test' });

describe.each([['exhaustive', ExhaustiveProfiles], ['indexed', IndexedProfiles]] as const)('a space of profiles: %s', (_, Space) => {
  it.each([['the bundled panel', SETTINGS], ['fewer analytes than the distance needs', settingsFor(smallPanel)]])('answers as pair by pair comparison does: %s', async (__, settings) => {
    await fc.assert(fc.asyncProperty(fc.array(profilesOf(settings.panel), { maxLength: 12 }), profilesOf(settings.panel), fc.integer({ min: 0, max: 6 }), fc.func(fc.boolean()), async (profiles, probe, k, passes) => {
      const entries = profiles.map((profile, i) => ({ key: 3 * i, prepared: prepareProfile(profile, settings) }));
      const space = new Space(settings);
      await space.add(entries.toReversed());
      const prepared = prepareProfile(probe, settings);
      expect(await space.search(prepared, k)).toEqual(pairByPair(prepared, entries, k, settings));
      const some = entries.filter(({ key }) => passes(key));
      expect(await space.search(prepared, k, keyFilter(some.map(({ key }) => key)))).toEqual(pairByPair(prepared, some, k, settings));
    }), { numRuns: 60 });
  });

  it('replaces and removes', async () => {
    const of = (change: number): Profile => ({ id: 'p', panel: SETTINGS.panel, control: false, replicates: [{ id: '1', readings: Object.fromEntries(vectorAnalytes(MDMA).map(({ id }, i) => [id, { state: 'measured', value: 1 + ((i * change) % 7) }])) }] });
    const [a, b] = [of(2), of(3)].map((profile) => prepareProfile(profile, SETTINGS)) as [ProfileEntry['prepared'], ProfileEntry['prepared']];
    const space = new Space(SETTINGS);
    await space.add([{ key: 1, prepared: b }, { key: 2, prepared: a }]);
    expect((await space.search(a, 5)).neighbours[0]).toEqual({ key: 2, distance: 0 });
    await space.add([{ key: 1, prepared: a }]);
    expect([space.size, (await space.search(a, 5)).neighbours]).toEqual([2, [{ key: 1, distance: 0 }, { key: 2, distance: 0 }]]);
    await space.remove([1, 77]);
    expect([space.size, (await space.search(a, 5)).neighbours]).toEqual([1, [{ key: 2, distance: 0 }]]);
    await expect(space.add([{ key: -1, prepared: a }])).rejects.toThrow('-1 is not a key');
  });

  it('speaks of one moment, whatever happens while it runs', async () => {
    const space = new Space(SETTINGS);
    const prepared = prepareProfile({ id: 'p', panel: SETTINGS.panel, control: false, replicates: [{ id: '1', readings: Object.fromEntries(vectorAnalytes(MDMA).map(({ id }, i) => [id, { state: 'measured', value: i + 1 }])) }] }, SETTINGS);
    await space.add(Array.from({ length: 1200 }, (_, key) => ({ key, prepared })));
    const answer = space.search(prepared, 1);
    await space.remove(Array.from({ length: 1200 }, (_, key) => key));
    expect((await answer).compared).toBe(1200);
    expect((await space.search(prepared, 1)).compared).toBe(0);
  });
});
