/** The scan of profiles, held against the comparison of every pair. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeRecipe, distanceBetween, DISTANCES, findDistance, findPanel, findRecipe, measurePopulation, needsPopulation, PANELS, prepareProfile, readPanel, recipeFor, RECIPES, settingsFor, type Panel, type PreparedProfile, type Profile, type ProfileSettings, type Reading, type Recipe } from '../../src/profiling/index.ts';
import { unfit } from '../../src/profiling/settings.ts';
import { ExhaustiveProfiles, IndexedProfiles, keyFilter, type ProfileEntry } from '../../src/retrieval/index.ts';
import { closesReplicates, formOf, vectorOf } from '../../src/retrieval/profile-form.ts';
import { ProfileRows, timeOf } from '../../src/retrieval/profile-rows.ts';
import { scanProfiles } from '../../src/retrieval/profile-scan.ts';
import { profileOf } from '../profiling/arbitraries.ts';
import { seeded } from './support.ts';

interface Shape {
  readonly batches: number;
  readonly each: number;
  readonly missing: number;
  readonly replicates?: number;
  /** Share of what a laboratory did not detect in a profile at all. */
  readonly unseen?: number;
}

/** Of laboratories; amounts are about 20, so that half of the last stands above many of them. */
const LIMITS = [0.5, 5, 60, undefined];

/** Profiles of batches: log-normal amounts, with gaps, dates, families, and limits of unlike laboratories. */
function simulated(panel: Panel, { batches, each, missing, replicates = 1, unseen = 0.15 }: Shape, seed: number): Profile[] {
  const random = seeded(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const measured = panel.analytes.filter(({ scale }) => scale !== 'category');
  return Array.from({ length: batches }, () => measured.map(() => 3 + normal())).flatMap((centre, batch) => Array.from({ length: each }, (_, i): Profile => {
    const lod = LIMITS[Math.floor(random() * LIMITS.length)];
    const absent: Reading = lod === undefined ? { state: 'not-detected' } : { state: 'not-detected', lod };
    const hidden = measured.map(() => random() < unseen);
    return {
      id: `${batch}-${i}`, panel: { id: panel.id, version: panel.version }, batch: String(batch), control: random() < 0.02,
      ...(panel.methodFamilies.length > 0 && random() < 0.95 && { methodFamily: panel.methodFamilies[random() < 0.9 ? 0 : panel.methodFamilies.length - 1]!.id }),
      ...(random() < 0.7 && { date: `20${20 + Math.floor(random() * 5)}-0${1 + Math.floor(random() * 9)}-15` }),
      replicates: Array.from({ length: 1 + Math.floor(random() * replicates) }, (__, r) => ({
        id: String(r),
        readings: Object.fromEntries(measured.flatMap(({ id }, a): [string, Reading][] => {
          if (random() < missing) return [];
          if (hidden[a] || random() < unseen / 4) return [[id, absent]];
          return [[id, { state: 'measured', value: Math.exp(centre[a]! + 0.1 * normal()) }]];
        })),
      })),
    };
  }));
}

function settingsOf(panel: Panel, recipe: string | Recipe, distance: string, profiles: readonly Profile[]): ProfileSettings {
  const chosen = recipeFor(panel, recipe);
  return settingsFor(panel, { recipe: chosen, distance, population: measurePopulation(profiles, panel, chosen) });
}

const entriesOf = (profiles: readonly Profile[], settings: ProfileSettings): ProfileEntry[] => profiles.map((profile, key) => ({ key, prepared: prepareProfile(profile, settings) }));

async function both(entries: readonly ProfileEntry[], settings: ProfileSettings): Promise<[ExhaustiveProfiles, IndexedProfiles]> {
  const spaces: [ExhaustiveProfiles, IndexedProfiles] = [new ExhaustiveProfiles(settings), new IndexedProfiles(settings, { segmentRows: 64, threads: 2, further: 20 })];
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

/** Scans for one probe; every distance, in the order of the rows. */
async function scanned(profiles: readonly Profile[], probe: PreparedProfile, settings: ProfileSettings): Promise<Map<number, number>> {
  const form = formOf(settings)!;
  const rows = new ProfileRows(settings, { segmentRows: 64, summed: form.closing === 'ratio' || form.closing === 'shift' });
  for (const { key, prepared } of entriesOf(profiles, settings)) rows.append(key, prepared, vectorOf(prepared, settings, form)!);
  const { rows: found, distances } = await scanProfiles({ segments: rows.snapshot(), form, probe: { ...vectorOf(probe, settings, form)!, time: timeOf(probe.numbers.profile), undetected: probe.numbers.undetected }, gates: rows.gates(probe), k: 1000, threads: 2 });
  return new Map(Array.from(found, (row, i) => [row, distances[i]!]));
}

/** Whether there is a scan for it. */
const fits = (panel: Panel, recipe: Recipe): boolean => !recipe.steps.includes('pairwise-log-ratios') && unfit(panel, recipe) === undefined;

const OWN = ([['sum', 'population-sd'], ['square-root', 'sum'], ['sum', 'main-peak', 'fourth-root'], ['population-sd', 'sum', 'square-root'], ['sum', 'square-root', 'fourth-root', 'log'], ['square-root', 'sum', 'centred-log-ratio']] as const)
  .map((steps) => composeRecipe({ id: 'own', version: 1, title: 'own', source: 'test', censored: 'half-limit', steps }));

describe('the scan of profiles', () => {
  it('measures what full comparison measures, by every panel, recipe and distance, with gaps', async () => {
    let [settingsHeld, pairs, evened] = [0, 0, 0];
    for (const panel of PANELS) {
      const reference = simulated(panel, { batches: 8, each: 3, missing: 0.2 }, 4);
      for (const recipe of [...RECIPES, ...OWN].filter((each) => fits(panel, each))) {
        const population = measurePopulation(reference, panel, recipe);
        for (const { id } of DISTANCES) {
          const settings = settingsFor(panel, { recipe, distance: id, population });
          settingsHeld++;
          const profiles = simulated(panel, { batches: 5, each: 3, missing: 0.25, replicates: closesReplicates(recipe) ? 1 : 3, unseen: settingsHeld % 3 === 0 ? 0 : 0.15 }, settingsHeld);
          const probe = prepareProfile(profiles[1]!, settings);
          const found = await scanned(profiles, probe, settings);
          for (const { key, prepared } of entriesOf(profiles, settings)) {
            const distance = distanceBetween(probe, prepared, settings);
            const where = `${panel.id} ${recipe.id} ${id} ${key}`;
            expect(found.has(key), where).toBe(distance !== null);
            if (distance === null) continue;
            pairs++;
            if ([probe, prepared].some(({ numbers }) => numbers.undetected.includes(1))) evened++;
            expect(Math.abs(found.get(key)! - distance), where).toBeLessThan(1e-9 * Math.max(1, distance));
          }
        }
      }
    }
    expect(settingsHeld).toBeGreaterThan(800);
    expect(pairs).toBeGreaterThan(5000);
    expect(Math.min(evened, pairs - evened)).toBeGreaterThan(2000);
  }, 60_000);

  it('answers as pair by pair comparison by the panels\' own settings, with gaps and replicates', async () => {
    for (const panel of PANELS) {
      const profiles = simulated(panel, { batches: 30, each: 10, missing: 0.3, replicates: 3 }, 5);
      await agree(profiles, profiles.filter((_, i) => i % 100 === 7), settingsOf(panel, panel.recipe, panel.distance, profiles), 10);
    }
  }, 60_000);

  it('has no form for a start beside a sum, which is compared pair by pair', async () => {
    const panel = findPanel({ id: 'heroin-alkaloids' })!;
    const recipe = composeRecipe({ id: 'own', version: 1, title: 'own', source: 'test', censored: 'half-limit', steps: ['sum', 'started-log'] });
    const profiles = simulated(panel, { batches: 10, each: 4, missing: 0.2 }, 6);
    const settings = settingsOf(panel, recipe, 'euclid', profiles);
    expect(formOf(settings)).toBeUndefined();
    await agree(profiles, profiles.slice(0, 3), settings, 10);
  });

  it('evens out limits of more analytes than a word has bits', async () => {
    const panel = readPanel({ id: 'wide', version: 1, title: 'Wide', substance: 'any', analytes: Array.from({ length: 70 }, (_, i) => ({ id: `a${i}`, name: `a${i}`, unit: 'area' })), recipe: 'sum-square-root', distance: 'pearson', minimumOverlap: 5, source: 'test' });
    const profiles = simulated(panel, { batches: 20, each: 4, missing: 0.1, replicates: 2 }, 11);
    for (const distance of ['pearson', 'cosine', 'euclid']) await agree(profiles, profiles.slice(0, 3), settingsFor(panel, { distance }), 10);
    // One profile sees an analyte far under the other's limit: as good as equal.
    const settings = settingsFor(panel);
    const last = (reading: Reading): Profile => ({ id: 'p', panel, control: false, replicates: [{ id: '1', readings: { ...Object.fromEntries(panel.analytes.map(({ id }, i) => [id, { state: 'measured', value: 100 + i }])), a69: reading } }] });
    const [coarse, fine] = [last({ state: 'not-detected', lod: 2 }), last({ state: 'measured', value: 0.01 })];
    expect((await scanned([fine], prepareProfile(coarse, settings), settings)).get(0)).toBeLessThan(1e-6);
    expect((await scanned([coarse], prepareProfile(fine, settings), settings)).get(0)).toBeLessThan(1e-6);
  }, 60_000);

  it('keeps which analytes were not detected, also when rows are written anew', () => {
    const panel = findPanel({ id: 'mdma-impurities' })!;
    const settings = settingsFor(panel);
    const form = formOf(settings)!;
    const rows = new ProfileRows(settings, { segmentRows: 64, summed: true });
    const entries = entriesOf(simulated(panel, { batches: 40, each: 3, missing: 0.2, replicates: 3 }, 12), settings);
    for (const { key, prepared } of entries) rows.append(key, prepared, vectorOf(prepared, settings, form)!);
    const held = (places: Iterable<readonly [number, number]>): void => {
      for (const [key, row] of places) expect(rows.numbersOf(rows.snapshot(), row).undetected).toEqual(entries[key]!.prepared.numbers.undetected);
    };
    held(entries.map(({ key }) => [key, key] as const));
    held(rows.compact(new Map(entries.flatMap(({ key }) => (key % 3 === 1 ? [[key, key] as const] : [])))));
    expect(entries.filter(({ prepared }) => prepared.numbers.undetected.includes(1)).length).toBeGreaterThan(60);
  });

  it('compares all in full where there is no scan for the settings or the probe', async () => {
    const panel = findPanel({ id: 'mdma-impurities' })!;
    const profiles = simulated(panel, { batches: 10, each: 3, missing: 0.1 }, 8);
    const pairwise = settingsOf(panel, 'pairwise-log-ratios', 'euclid', profiles);
    expect(formOf(pairwise)).toBeUndefined();
    await agree(profiles, profiles.slice(0, 3), pairwise, 10);
    const beyond = [Number.POSITIVE_INFINITY, Number.NaN, 1e-200, 1e200].map((value, i): Profile => ({ ...profiles[i]!, replicates: profiles[i]!.replicates.map((replicate) => ({ ...replicate, readings: { ...replicate.readings, safrole: { state: 'measured', value } } })) }));
    await agree([...profiles, ...beyond], [...beyond, profiles[0]!], settingsFor(panel), 10);
  }, 60_000);

  it('compares more in full while the next may still be nearer', async () => {
    // Replicates so unlike each other that their middle over the shared analytes is another than over their own.
    const panel = findPanel({ id: 'mdma-impurities' })!;
    const profiles = simulated(panel, { batches: 400, each: 2, missing: 0.35 }, 9);
    const wild = profiles.map((profile, i): Profile => ({ ...profile, replicates: [0, 1, 2].map((r) => ({ ...profiles[(i * 7 + r * 31) % profiles.length]!.replicates[0]!, id: String(r) })) }));
    await agree(wild, wild.slice(0, 4), settingsFor(panel, { recipe: 'sum', distance: 'euclid' }), 10);
  }, 60_000);

  it('compares what one replicate of three saw, where all else is nought', async () => {
    const panel = findPanel({ id: 'cutting-agents' })!;
    const of = (values: readonly (readonly number[])[]): Profile => ({ id: 'p', panel, control: false, methodFamily: 'gc-ms', replicates: values.map((row, r) => ({ id: String(r), readings: Object.fromEntries(row.map((value, a): [string, Reading] => [panel.analytes[a]!.id, { state: 'measured', value }])) })) });
    const faint = of([[0, 0, 0, 5], [1, 2, 3, 5], [0, 0, 0, 5]]);
    const stored = [faint, of([[1, 2, 3]]), of([[3, 2, 1]]), of([[0, 0, 0]]), of([[0, 0, 0], [0, 0, 0]]), of([[0, 0, 9], [0, 0, 0]])];
    for (const distance of ['pearson', 'cosine', 'euclid', 'manhattan']) await agree(stored, stored, settingsFor(panel, { distance }), 10);
    const probe = prepareProfile(stored[1]!, settingsFor(panel));
    expect((await scanned([faint], probe, settingsFor(panel))).get(0)).toBeCloseTo(0, 9);
  });

  it('keeps what it is told while searches run', async () => {
    const panel = findPanel({ id: 'mdma-impurities' })!;
    const settings = settingsFor(panel);
    const entries = entriesOf(simulated(panel, { batches: 100, each: 5, missing: 0.2 }, 10), settings);
    const space = new IndexedProfiles(settings, { segmentRows: 64, threads: 2 });
    await space.add(entries.slice(0, 250));
    const expected = await space.search(entries[0]!.prepared, 20);
    const running = [space.search(entries[0]!.prepared, 20), space.search(entries[0]!.prepared, 20)];
    const added = space.add(entries.slice(250));
    running.push(space.search(entries[0]!.prepared, 20));
    await Promise.all([added, space.remove(entries.slice(0, 400).map(({ key }) => key))]);
    expect(await running[0]).toEqual(expected);
    expect(await running[1]).toEqual(expected);
    const all = new ExhaustiveProfiles(settings);
    await all.add(entries);
    expect(await running[2]).toEqual(await all.search(entries[0]!.prepared, 20));
    await all.remove(entries.slice(0, 400).map(({ key }) => key));
    expect(space.size).toBe(100);
    expect(await space.search(entries[0]!.prepared, 20)).toEqual(await all.search(entries[0]!.prepared, 20));
    await space.close();
    expect(await space.search(entries[0]!.prepared, 20)).toEqual({ neighbours: [], compared: 0, notComparable: {} });
  });

  it('takes profiles as odd as any', async () => {
    const arbitrary = fc.constantFrom(...PANELS.filter(({ recipe, distance }) => !needsPopulation(findRecipe(recipe)!) && !findDistance(distance)!.needsPopulation)).chain((panel) => fc.record({ settings: fc.constant(settingsFor(panel)), profiles: fc.array(profileOf(panel, true), { minLength: 1, maxLength: 12 }) }));
    await fc.assert(fc.asyncProperty(arbitrary, async ({ settings, profiles }) => {
      const stranger: Profile = { ...profiles[0]!, panel: { id: settings.panel.id, version: 99 } };
      await agree([...profiles, stranger], [...profiles.slice(0, 2), stranger], settings, 4);
    }), { numRuns: 150 });
  });
});
