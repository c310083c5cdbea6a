/** Profiles in the database: what a search finds against pair by pair comparison, spaces that follow, a restart, tables that are none. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Spaces } from '../../src/casework/profiles/spaces.ts';
import { ProfileStore } from '../../src/casework/profiles/store.ts';
import { comparePrepared, findPanel, prepareProfile, settingsFor, vectorAnalytes, type Profile } from '../../src/profiling/index.ts';
import { ExhaustiveProfiles } from '../../src/retrieval/index.ts';
import { startService, type TestService } from '../api/service.ts';
import { MALFORMED } from '../profiling/malformed-tables.ts';

const MDMA = findPanel({ id: 'mdma-impurities' })!;
const IDS = vectorAnalytes(MDMA).map(({ id }) => id);
const SETTINGS = settingsFor(MDMA);
const BODY = { panel: { id: MDMA.id, version: MDMA.version } };

/** A repeatable number between 0 and 1. */
const chance = (...seeds: number[]): number => {
  const x = Math.sin(seeds.reduce((sum, seed, i) => sum + (seed + 1) * (i * 71.3 + 12.9898), 0)) * 43758.5453;
  return x - Math.floor(x);
};
/** Three in ten analytes missing, one profile in ten of another method. */
const made = (n: number): Omit<Profile, 'control'> => ({
  id: `p${n}`, ...BODY, methodFamily: 'gc-ms', ...(chance(n, 1) < 0.1 && { methodFamily: undefined, laboratory: 'X', method: 'Y' }),
  replicates: [0, 1].map((r) => ({ id: String(r), readings: Object.fromEntries(IDS.flatMap((id, i) => (chance(n, 2, i) < 0.3 ? [] : [[id, chance(n, 3, i) < 0.1 ? { state: 'not-detected', lod: 4 + 4 * chance(n, 6) } : { state: 'measured', value: 5 + 60 * chance(n % 20, 4, i) + chance(n, 5, i, r) }]]))) })),
}) as Omit<Profile, 'control'>;

let service: TestService;
const folder = mkdtempSync(join(tmpdir(), 'relievo-profiles-'));
let key: string;
beforeAll(async () => {
  service = await startService({ folder });
  key = service.key;
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function specimen(): Promise<string> {
  const { body: seizure } = await service.call('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14' } });
  return (await service.call('POST', '/v1/specimens', { json: { seizureId: seizure.id, kind: 'tablet' } })).body.id;
}
const keep = async (specimenId: string, profiles: readonly object[]): Promise<string[]> => (await service.call('POST', `/v1/specimens/${specimenId}/profiles`, { json: { profiles } })).body.items.map(({ id }: { id: string }) => id);
async function search(request: object): Promise<{ search: any; candidates: any[] }> {
  const { body } = await service.call('POST', '/v1/profile-searches', { json: request, headers: { prefer: 'wait=20' } });
  return { search: body.search, candidates: (await service.call('GET', `${body.search.candidatesUrl}?limit=200`)).body.items };
}

/** specimen -> its profiles' ids; 40 specimens with one to three profiles. */
const specimens = new Map<string, string[]>();
const profiles = new Map<string, Profile>();

describe('a profile search', () => {
  beforeAll(async () => {
    let n = 0;
    for (let s = 0; s < 40; s++) {
      const id = await specimen();
      const own = Array.from({ length: 1 + (s % 3) }, () => made(n++));
      const ids = await keep(id, own);
      specimens.set(id, ids);
      ids.forEach((profileId, i) => profiles.set(profileId, { control: false, ...own[i]! }));
    }
  });

  it.each([0, 7, 17, 38])('finds what pair by pair comparison finds, with its counts: specimen %i', async (at) => {
    const [ownSpecimen, [probe]] = [...specimens][at]! as [string, string[]];
    const prepared = prepareProfile(profiles.get(probe!)!, SETTINGS);
    const nearest: { specimen: string; distance: number }[] = [];
    const reasons: Record<string, number> = {};
    let compared = 0;
    for (const [id, ids] of specimens) {
      if (id === ownSpecimen) continue;
      let least = Number.POSITIVE_INFINITY;
      for (const one of ids) {
        const pair = comparePrepared(prepared, prepareProfile(profiles.get(one)!, SETTINGS), SETTINGS);
        if (pair.outcome === 'not-comparable') reasons[pair.reason] = (reasons[pair.reason] ?? 0) + 1;
        else {
          compared++;
          least = Math.min(least, pair.distance);
        }
      }
      if (least < Number.POSITIVE_INFINITY) nearest.push({ specimen: id, distance: least });
    }
    nearest.sort((a, b) => a.distance - b.distance);
    for (const limit of [1, 7, 200]) {
      const { search: done, candidates } = await search({ probe: { profileId: probe }, limit });
      expect(candidates.map(({ specimen: { id }, batch: { distance } }) => ({ specimen: id, distance }))).toEqual(nearest.slice(0, limit));
      expect(done.plan).toMatchObject({ compared, notComparable: reasons, of: profiles.size, searched: profiles.size - specimens.get(ownSpecimen)!.length });
    }
    expect(compared).toBeGreaterThan(10);
  });

  it('and what it is about outlive a restart', async () => {
    const probe = [...profiles.keys()][3]!;
    const before = await search({ probe: { profileId: probe }, limit: 5 });
    const panel = { id: 'lab-own', version: 1, title: 'Ours', substance: 'any', analytes: [{ id: 'a', name: 'A', unit: 'area' }, { id: 'b', name: 'B', unit: 'area' }], recipe: 'sum', distance: 'euclid', minimumOverlap: 2, source: 'test' };
    await service.call('POST', '/v1/panels', { json: panel });
    const profile = (await service.call('GET', `/v1/profiles/${probe}`)).body;
    await service.stop();
    service = await startService({ folder, key });
    expect((await service.call('GET', `/v1/profiles/${probe}`)).body).toEqual(profile);
    expect((await service.call('GET', '/v1/panels/lab-own')).body).toMatchObject(panel);
    expect((await service.call('GET', `/v1/profile-searches/${before.search.id}`)).body).toEqual(before.search);
    expect((await service.call('GET', before.search.candidatesUrl)).body.items).toEqual(before.candidates);
    expect((await search({ probe: { profileId: probe }, limit: 5 })).candidates).toEqual(before.candidates);
  });
});

describe('spaces', () => {
  const open = (): { spaces: Spaces; opened: string[] } => {
    const opened: string[] = [];
    return { opened, spaces: new Spaces(new ProfileStore(service.db), (settings) => {
      opened.push(settings.recipe.id);
      return new ExhaustiveProfiles(settings);
    }) };
  };
  const by = (recipe: string) => settingsFor(MDMA, { recipe });

  it('are made once, and hold what was added since', async () => {
    const { spaces, opened } = open();
    const both = await Promise.all([spaces.upToDate(SETTINGS, () => undefined), spaces.upToDate(SETTINGS, () => undefined)]);
    expect([opened, both[0]!.space === both[1]!.space, both[0]!.space.size]).toEqual([[SETTINGS.recipe.id], true, profiles.size]);
    await keep([...specimens.keys()][0]!, [made(900)]);
    expect((await spaces.upToDate(SETTINGS, () => undefined)).space.size).toBe(profiles.size + 1);
    expect(opened).toHaveLength(1);
    await spaces.close();
  });

  it('that were not asked for lately are forgotten', async () => {
    const { spaces, opened } = open();
    for (const recipe of ['sum', 'sum-square-root', 'sum-fourth-root', 'sum-log', 'sum', 'log', 'sum', 'sum-square-root']) await spaces.upToDate(by(recipe), () => undefined);
    expect(opened).toEqual(['sum', 'sum-square-root', 'sum-fourth-root', 'sum-log', 'log', 'sum-square-root']);
  });

  it('go on after a failure', async () => {
    const store = new ProfileStore(service.db);
    let broken = true;
    const spaces = new Spaces(store, (settings) => {
      const space = new ExhaustiveProfiles(settings);
      const add = space.add.bind(space);
      space.add = async (entries) => (broken ? Promise.reject(new Error('no memory')) : add(entries));
      return space;
    });
    await expect(spaces.upToDate(SETTINGS, () => undefined)).rejects.toThrow('no memory');
    broken = false;
    expect((await spaces.upToDate(SETTINGS, () => undefined)).space.size).toBeGreaterThanOrEqual(profiles.size);
  });
});

describe('values beside those of their batch', () => {
  it('are flagged where an earlier specimen of the seizure has others', async () => {
    const { body: seizure } = await service.call('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14' } });
    const [a, b] = await Promise.all([1, 2].map(async () => (await service.call('POST', '/v1/specimens', { json: { seizureId: seizure.id, kind: 'tablet' } })).body.id as string));
    const send = async (id: string, row: string): Promise<any[]> => (await service.call('POST', `/v1/specimens/${id}/profiles`, { body: `batch_id,mass_mg,purity\n${row}\n`, headers: { 'content-type': 'text/csv' } })).body.items[0].flags;
    expect(await send(a!, 'B1,270,50')).toEqual([]);
    expect(await send(b!, 'B1,272,0')).toMatchObject([{ analyte: 'purity', value: 0, reason: 'nought-beside-values' }]);
    expect(await send(b!, 'B2,271,0')).toEqual([]);
  });
});

describe('a table that is none', () => {
  const sent = MALFORMED.filter(({ input, options }) => (typeof input === 'string' || input instanceof Uint8Array) && options === undefined);

  it('there are many of them', () => expect(sent.length).toBeGreaterThan(45));

  it.each(sent.map((one) => [one.what, one] as const))('%s: the problem names row and column, and nothing is kept unless it is asked for', async (_, { input, code = 'table-invalid', pointers, good }) => {
    const id = await specimen();
    const post = (query = '') => service.call('POST', `/v1/specimens/${id}/profiles${query}`, { body: input as string, headers: { 'content-type': 'text/csv' } });
    const kept = async (): Promise<number> => (await service.call('GET', `/v1/specimens/${id}/profiles`)).body.items.length;
    const refused = await post();
    expect([refused.status, refused.body.code]).toEqual([422, code]);
    if (code === 'table-invalid') expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
    expect(await kept()).toBe(0);
    const again = await post('?keepGoing=true');
    // Good rows of two specimens are not one specimen's.
    const several = (good ?? []).length > 1 && /^specimen/.test(String(input));
    expect(again.status).toBe(good && !several ? 201 : 422);
    if (several) expect(again.body.errors[0].detail).toBe('It names several specimens (a, b), and is sent for one.');
    expect(await kept()).toBe(again.status === 201 ? again.body.items.length : 0);
    expect(await kept() > 0).toBe(again.status === 201);
  });
});
