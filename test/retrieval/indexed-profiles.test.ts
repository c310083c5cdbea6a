/** The scan of profiles, held against the comparison of every pair. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeRecipe, DISTANCES, findPanel, measurePopulation, PANELS, prepareProfile, RECIPES, settingsFor, vectorAnalytes, type Panel, type Profile, type ProfileSettings, type Recipe } from '../../src/profiling/index.ts';
import { ExhaustiveProfiles, IndexedProfiles, keyFilter, type ProfileEntry } from '../../src/retrieval/index.ts';
import { profileOf } from '../profiling/arbitraries.ts';
import { seeded } from './support.ts';

interface Shape {
  readonly batches: number;
  readonly each: number;
  readonly missing: number;
  readonly replicates?: number;
}

/** Profiles of batches: log-normal amounts, noughts among them, with gaps, dates, families and laboratories. */
function simulated(panel: Panel, { batches, each, missing, replicates = 1 }: Shape, seed: number): Profile[] {
  const random = seeded(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const measured = panel.analytes.filter(({ scale }) => scale !== 'category');
  return Array.from({ length: batches }, () => measured.map(() => 3 + normal())).flatMap((centre, batch) => Array.from({ length: each }, (_, i): Profile => ({
    id: `${batch}-${i}`, panel: { id: panel.id, version: panel.version }, batch: String(batch), control: random() < 0.02,
    ...(panel.methodFamilies.length > 0 && random() < 0.95 && { methodFamily: panel.methodFamilies[random() < 0.9 ? 0 : panel.methodFamilies.length - 1]!.id }),
    ...(random() < 0.7 && { date: `20${20 + Math.floor(random() * 5)}-0${1 + Math.floor(random() * 9)}-15` }),
    replicates: Array.from({ length: 1 + Math.floor(random() * replicates) }, (__, r) => ({
      id: String(r),
      readings: Object.fromEntries(measured.flatMap(({ id }, a) => {
        if (random() < missing) return [];
        if (random() < 0.05) return [[id, { state: 'not-detected', lod: 0.5 }]];
        return [[id, { state: 'measured', value: Math.exp(centre[a]! + 0.1 * normal()) }]];
      })),
    })),
  })));
}

function settingsOf(panel: Panel, recipe: string | Recipe, distance: string, profiles: readonly Profile[]): ProfileSettings | undefined {
  const found = typeof recipe === 'string' ? RECIPES.find(({ id }) => id === recipe)! : recipe;
  try {
    return settingsFor(panel, { recipe: found, distance, population: measurePopulation(profiles, panel, found) });
  } catch {
    return undefined;
  }
}

const entriesOf = (profiles: readonly Profile[], settings: ProfileSettings): ProfileEntry[] => profiles.map((profile, key) => ({ key, prepared: prepareProfile(profile, settings) }));

async function both(entries: readonly ProfileEntry[], settings: ProfileSettings): Promise<[ExhaustiveProfiles, IndexedProfiles]> {
  const spaces: [ExhaustiveProfiles, IndexedProfiles] = [new ExhaustiveProfiles(settings), new IndexedProfiles(settings, { segmentRows: 64, threads: 2 })];
  for (const space of spaces) await space.add(entries);
  return spaces;
}

async function agree(profiles: readonly Profile[], probes: readonly Profile[], settings: ProfileSettings, k: number): Promise<void> {
  const [exhaustive, indexed] = await both(entriesOf(profiles, settings), settings);
  for (const profile of probes) {
    const probe = prepareProfile(profile, settings);
    expect(await indexed.search(probe, k)).toEqual(await exhaustive.search(probe, k));
    const filter = keyFilter(profiles.flatMap((_, key) => (key % 3 === 0 ? [key] : [])));
    expect(await indexed.search(probe, k, filter)).toEqual(await exhaustive.search(probe, k, filter));
  }
}

const CASES = PANELS.flatMap((panel) => {
  const profiles = simulated(panel, { batches: 30, each: 6, missing: 0.3, replicates: 3 }, 5);
  return RECIPES.flatMap(({ id }) => DISTANCES.flatMap((distance) => {
    const settings = settingsOf(panel, id, distance.id, profiles);
    return settings ? [{ settings, profiles }] : [];
  }));
});

describe('the scan of profiles', () => {
  it('was held against enough settings', () => {
    expect(CASES.length).toBeGreaterThan(500);
  });

  it('answers as pair by pair comparison, by every panel, recipe and distance, with gaps and replicates', async () => {
    for (const { settings, profiles } of CASES) await agree(profiles, profiles.filter((_, i) => i % 60 === 7), settings, 10);
  }, 120_000);

  it('closes over what is shared where a root, a population or a peak comes after the sum', async () => {
    const panel = findPanel({ id: 'cocaine-alkaloids' })!;
    const profiles = simulated(panel, { batches: 40, each: 3, missing: 0.3 }, 6);
    for (const steps of [['sum', 'population-sd'], ['square-root', 'sum'], ['sum', 'main-peak', 'fourth-root'], ['population-sd', 'sum', 'square-root'], ['sum', 'square-root', 'fourth-root', 'log'], ['square-root', 'sum', 'centred-log-ratio']] as const) {
      const recipe = composeRecipe({ id: 'own', version: 1, title: 'own', source: 'test', censored: 'half-limit', steps });
      for (const distance of DISTANCES) await agree(profiles, profiles.slice(0, 5), settingsOf(panel, recipe, distance.id, profiles)!, 10);
    }
  }, 60_000);

  it('takes profiles as odd as any', async () => {
    const arbitrary = fc.constantFrom(...PANELS.filter(({ recipe, distance }) => recipe !== 'n-plus-s' && recipe !== 'population-scaled' && distance !== 'log-deviations')).chain((panel) => fc.record({ settings: fc.constant(settingsFor(panel)), profiles: fc.array(profileOf(panel, true), { minLength: 1, maxLength: 12 }) }));
    await fc.assert(fc.asyncProperty(arbitrary, async ({ settings, profiles }) => agree(profiles, profiles.slice(0, 2), settings, 4)), { numRuns: 150 });
  });
});
