/** Profiles through the API: kept as they were read, searched, and never said to mean more than one batch. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareProfiles, findPanel, PANELS, settingsFor, vectorAnalytes, type Profile } from '../../src/profiling/index.ts';
import { startService, type Answer, type TestService } from './service.ts';

const MDMA = findPanel({ id: 'mdma-impurities' })!;
const IDS = vectorAnalytes(MDMA).map(({ id }) => id);

const OWN = { id: 'lab-heroin', version: 1, title: 'Our heroin method', substance: 'heroin', analytes: ['heroin', 'noscapine', 'papaverine'].map((id) => ({ id, name: id, unit: 'area' })), mainPeak: 'heroin', recipe: 'sum', distance: 'euclid', minimumOverlap: 2, methodFamilies: [{ id: 'gc-fid', title: 'GC-FID' }], source: 'Validation report' };

let service: TestService;
beforeAll(async () => void (service = await startService()));
afterAll(async () => service.stop());

let seizures = 0;
async function specimen(seizure: object = {}, reference?: string): Promise<string> {
  const { body: made } = await service.call('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14', drugType: 'mdma', reference: `S-${seizures++}`, ...seizure } });
  return (await service.call('POST', '/v1/specimens', { json: { seizureId: made.id, kind: 'tablet', ...(reference && { reference }) } })).body.id;
}
const csv = (id: string, table: string | Uint8Array, query = ''): Promise<Answer> => service.call('POST', `/v1/specimens/${id}/profiles${query}`, { body: table, headers: { 'content-type': 'text/csv' } });
const json = (id: string, profiles: readonly object[], query = ''): Promise<Answer> => service.call('POST', `/v1/specimens/${id}/profiles${query}`, { json: { profiles } });

/** Readings of one batch, a little apart by `jitter`. */
const mdma = (batch: number, jitter = 0, change: object = {}): object => ({
  id: `p${batch}-${jitter}`, panel: { id: MDMA.id }, methodFamily: 'gc-ms', batch: `B${batch}`,
  replicates: [{ id: '1', readings: Object.fromEntries(IDS.map((id, i) => [id, 5 + ((i * 37 + batch * 53 * (i + 1)) % 60) + ((i + jitter) % 3) * 0.2 * jitter])) }], ...change,
});
async function search(request: object): Promise<{ search: any; candidates: any[] }> {
  const answer = await service.call('POST', '/v1/profile-searches', { json: request, headers: { prefer: 'wait=20' } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  expect(answer.body.search.status, JSON.stringify(answer.body.search.problem)).toBe('done');
  return { search: answer.body.search, candidates: (await service.call('GET', answer.body.search.candidatesUrl)).body.items };
}

describe('a table of a specimen', () => {
  const TABLE = 'replicate;diameter [mm];Mass (g);purity;Thickness_mm;comment\n1;8,1;0,287;33;4,2;ok\n2;8,1;0,29;n.d.;;\n3;8,2;29;<0,5;4,3;\n';

  it('is previewed before anything is kept', async () => {
    const id = await specimen();
    const { status, body } = await csv(id, TABLE, '?dryRun=true');
    expect([status, body.added, body.items]).toEqual([200, 0, []]);
    expect(body.preview).toMatchObject({ form: 'csv', rows: 3, bad: 0, profiles: 1, table: { layout: 'wide', delimiter: ';', decimal: ',' }, panels: [{ id: 'tablet-measurements', version: 1 }] });
    expect(body.preview.columns.map(({ name, role, analyte, shift }: any) => [name, role, analyte, shift])).toEqual([
      ['replicate', 'replicate', undefined, undefined], ['diameter [mm]', 'analyte', 'diameter', 0], ['Mass (g)', 'analyte', 'mass', 3], ['purity', 'analyte', 'purity', 0], ['Thickness_mm', 'analyte', 'thickness', 0], ['comment', 'ignored', undefined, undefined],
    ]);
    expect((await service.call('GET', `/v1/specimens/${id}/profiles`)).body.items).toEqual([]);
  });

  it('is kept as it was read, with what is hard to believe flagged and not dropped', async () => {
    const id = await specimen();
    const { status, body } = await csv(id, TABLE, '?laboratory=NFI&date=2026-03-14');
    expect([status, body.added, body.known]).toEqual([201, 1, 0]);
    const stored = (await service.call('GET', `/v1/profiles/${body.items[0].id}`)).body;
    expect(stored).toEqual(body.items[0]);
    expect((await service.call('GET', `/v1/specimens/${id}/profiles`)).body.items).toEqual([stored]);
    expect(stored).toMatchObject({ specimenId: id, laboratory: 'NFI', date: '2026-03-14', batch: null, control: false, panel: { id: 'tablet-measurements', version: 1 } });
    expect(stored.replicates.map(({ readings }: any) => readings)).toEqual([
      { diameter: { state: 'measured', value: 8.1 }, mass: { state: 'measured', value: 287 }, purity: { state: 'measured', value: 33 }, thickness: { state: 'measured', value: 4.2 } },
      { diameter: { state: 'measured', value: 8.1 }, mass: { state: 'measured', value: 290 }, purity: { state: 'not-detected' } },
      { diameter: { state: 'measured', value: 8.2 }, mass: { state: 'measured', value: 29000 }, purity: { state: 'not-detected', lod: 0.5 }, thickness: { state: 'measured', value: 4.3 } },
    ]);
    expect(stored.flags).toMatchObject([{ replicate: '3', analyte: 'mass', value: 29000, reason: 'outside-plausible-range' }]);
  });

  it('sent again is the profile that is there; an Idempotency-Key repeats the answer', async () => {
    const id = await specimen();
    const first = await csv(id, TABLE);
    const again = await csv(id, `${TABLE}\n`);
    expect([again.status, again.body.added, again.body.known, again.body.items]).toEqual([200, 0, 1, first.body.items]);
    expect((await csv(id, TABLE.replace('8,2', '8,3'))).body.added).toBe(1);
  });

  it('with a fault is refused whole, every fault by row and column, unless the good rows are asked for', async () => {
    const id = await specimen();
    const bad = 'profile,diameter_mm,mass_mg\na,8.1,270\nb,8.1,>500\nc,eight,33%\n';
    const refused = await csv(id, bad);
    expect(refused).toMatchObject({ status: 422, body: { code: 'table-invalid', bad: 2, rows: 3 } });
    expect(refused.body.errors.map(({ pointer }: any) => pointer)).toEqual(['/rows/1/mass_mg', '/rows/2/diameter_mm', '/rows/2/mass_mg']);
    expect((await service.call('GET', `/v1/specimens/${id}/profiles`)).body.items).toEqual([]);
    const dry = await csv(id, bad, '?dryRun=true');
    expect([dry.status, dry.body.preview.bad, dry.body.preview.faults.length]).toEqual([200, 2, 3]);
    const kept = await csv(id, bad, '?keepGoing=true');
    expect([kept.status, kept.body.items.map(({ name }: any) => name), kept.body.preview.faults.length]).toEqual([201, ['a'], 3]);
  });

  it('of many rows is listed page by page', async () => {
    const id = await specimen();
    await csv(id, 'profile,mass_mg\na,1\nb,2\nc,3\n');
    const first = (await service.call('GET', `/v1/specimens/${id}/profiles?limit=2`)).body;
    const second = (await service.call('GET', `/v1/specimens/${id}/profiles?limit=2&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items].map(({ name }: any) => name)).toEqual(['a', 'b', 'c']);
    expect(second.nextCursor).toBeNull();
    expect((await service.call('GET', `/v1/specimens/${id}/profiles?cursor=pr_x`)).body.errors).toMatchObject([{ pointer: '/query/cursor' }]);
  });

  it('that names another specimen is refused', async () => {
    const id = await specimen({}, 'T-1');
    expect((await csv(id, 'specimen,mass_mg\nT-1,270\nT-2,280\n')).body).toMatchObject({ code: 'table-invalid', errors: [{ detail: 'It names the specimen T-2; this one is T-1. Send each specimen\'s own.' }] });
    expect((await csv(id, 'specimen,mass_mg\nT-1,270\n')).status).toBe(201);
  });

  it('belongs to the specimen\'s owner, and a panel to who added it', async () => {
    const other = await startService({ holder: { agency: 'FOD', country: 'BE' } });
    const { body: seizure } = await other.call('POST', '/v1/seizures', { json: { country: 'BE', seizedOn: '2026-03-14' } });
    const { body: made } = await other.call('POST', '/v1/specimens', { json: { seizureId: seizure.id, kind: 'tablet' } });
    expect((await other.call('POST', '/v1/panels', { json: OWN })).status).toBe(201);
    other.db.prepare("UPDATE panels SET agency = 'NFI'").run();
    expect((await other.call('POST', '/v1/panels', { json: { ...OWN, version: 2 } })).body).toMatchObject({ status: 403, code: 'not-allowed' });
    other.db.prepare("UPDATE seizures SET country = 'NL'").run();
    expect((await other.call('POST', `/v1/specimens/${made.id}/profiles`, { json: { profiles: [mdma(1)] } })).body).toMatchObject({ status: 403, code: 'not-allowed' });
    await other.stop();
  });
});

describe('profiles as JSON', () => {
  it('are refused with every failure of all of them, or taken as far as they can be read', async () => {
    const id = await specimen();
    const list = [mdma(1), mdma(2, 0, { panel: { id: 'no-such' } }), mdma(3, 0, { replicates: [{ id: '1', readings: { [IDS[0]!]: '>5', nonsense: 1 } }] })];
    const refused = await json(id, list);
    expect(refused).toMatchObject({ status: 422, body: { code: 'profile-invalid' } });
    expect(refused.body.errors.map(({ pointer }: any) => pointer)).toEqual(['/profiles/1/panel', `/profiles/2/replicates/0/readings/${IDS[0]!}`, '/profiles/2/replicates/0/readings/nonsense']);
    const kept = await json(id, list, '?keepGoing=true');
    expect([kept.status, kept.body.added, kept.body.preview]).toMatchObject([201, 1, { form: 'json', rows: 3, bad: 2, profiles: 1 }]);
    expect((await json(id, [mdma(2, 0, { date: 'yesterday' }), mdma(3, 0, { control: 'maybe' })])).body.errors.map(({ pointer }: any) => pointer)).toEqual(['/profiles/0/date', '/profiles/1/control']);
  });

  it('take from the query what they do not say', async () => {
    const { body } = await json(await specimen(), [mdma(1), mdma(2, 0, { laboratory: 'FOD' })], '?laboratory=NFI&date=2026-03-14');
    expect(body.items.map(({ laboratory, date, specimenName }: any) => [laboratory, date, specimenName])).toEqual([['NFI', '2026-03-14', null], ['FOD', '2026-03-14', null]]);
    expect((await json(await specimen(), [mdma(1)], '?panelVersion=2')).body.errors).toMatchObject([{ pointer: '/query/panelVersion' }]);
  });

  it('give back what a table gave', async () => {
    const [a, b] = [await specimen(), await specimen()];
    const { body } = await csv(a, 'diameter_mm,mass_mg,purity\n8.1,270,<0.5\n');
    const { name, specimenName: _, id: _id, specimenId: _s, seizureId: _z, flags: _f, createdAt: _c, ...rest } = body.items[0];
    const again = await json(b, [{ ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)), id: name }]);
    expect(again.body.items[0].replicates).toEqual(body.items[0].replicates);
  });
});

describe('panels and recipes', () => {
  it('are listed; a laboratory adds its own, which never changes', async () => {
    const post = (panel: object) => service.call('POST', '/v1/panels', { json: panel });
    expect((await service.call('GET', '/v1/panels')).body.items).toHaveLength(PANELS.length);
    const added = await post(OWN);
    expect([added.status, added.body.owner]).toMatchObject([201, { agency: 'operator', country: null }]);
    expect(added.body.analytes[0]).toMatchObject({ scale: 'amount', stability: 1 });
    expect((await post(OWN)).status).toBe(200);
    expect((await post({ ...OWN, title: 'Changed' })).body).toMatchObject({ status: 422, code: 'panel-invalid', errors: [{ pointer: '/version' }] });
    expect((await post({ ...OWN, version: 2, title: 'Changed' })).status).toBe(201);
    expect((await post({ ...OWN, version: 3, recipe: 'nonsense', minimumOverlap: 0 })).body.errors.map(({ pointer }: any) => pointer)).toEqual(['/recipe', '/minimumOverlap']);
    expect((await post({ ...OWN, id: MDMA.id, version: 7 })).body.errors).toMatchObject([{ pointer: '/id' }]);
    expect((await service.call('GET', '/v1/panels/lab-heroin')).body.version).toBe(2);
    expect((await service.call('GET', '/v1/panels/lab-heroin?version=1')).body.title).toBe('Our heroin method');
    expect((await service.call('GET', '/v1/panels')).body.items).toHaveLength(PANELS.length + 2);
    expect((await csv(await specimen(), 'noscapine;papaverine\n1,5;2\n', '?panel=lab-heroin&panelVersion=1')).body.items[0].panel).toEqual({ id: 'lab-heroin', version: 1 });
    const { body } = await service.call('GET', '/v1/recipes');
    expect(body.recipes.find(({ id }: any) => id === 'n-plus-s')).toMatchObject({ steps: ['sum', 'population-sd'], needsPopulation: true });
    expect(body.distances.find(({ id }: any) => id === 'pearson')).toMatchObject({ needsPopulation: false });
  });
});

describe('a profile search', () => {
  const ids: string[] = [];
  const stored: string[] = [];
  const COUNTRIES = ['NL', 'BE', 'DE', 'FR', 'NL'];

  beforeAll(async () => {
    for (const [i, country] of COUNTRIES.entries()) {
      ids.push(await specimen({ country, seizedOn: `2026-0${i + 1}-10`, drugType: i === 4 ? 'mda' : 'mdma' }));
      stored.push((await json(ids[i]!, [mdma(i === 1 ? 0 : i, i === 1 ? 1 : 0, { id: `own-${i}` })])).body.items[0].id);
    }
    await json(ids[2]!, [mdma(2, 2)]);
    await json(ids[3]!, [mdma(3, 0, { id: 'qc', control: true }), mdma(3, 0, { id: 'other', methodFamily: undefined, laboratory: 'X', method: 'Y' })]);
  });

  it('finds the batch, one candidate a specimen, by the distance that a pair has', async () => {
    const { search: done, candidates } = await search({ probe: { profileId: stored[0] } });
    expect(candidates[0].specimen.id).toBe(ids[1]);
    expect(candidates.map(({ rank }) => rank)).toEqual(candidates.map((_, i) => i + 1));
    expect(new Set(candidates.map(({ specimen: { id } }) => id)).size).toBe(candidates.length);
    expect(candidates.map(({ specimen: { id } }) => id)).not.toContain(ids[0]);
    const pair = compareProfiles(asProfile(mdma(0)), asProfile(mdma(0, 1)), settingsFor(MDMA));
    expect(candidates[0].batch).toMatchObject({ outcome: 'compared', distance: (pair as any).distance });
    expect(candidates[0].overlap.compared).toEqual(IDS);
    expect(candidates[0].contributions.reduce((sum: number, { part }: any) => sum + part, 0)).toBeCloseTo(candidates[0].batch.distance, 9);
    expect(done).toMatchObject({ proposition: 'same-batch', recipe: 'sum-fourth-root', distance: 'pearson', probe: { profileId: stored[0], specimenId: ids[0], profile: { name: 'own-0' } }, excluded: [] });
    expect(done.statement).toContain('Same batch is not same tool');
    expect(done.provenance.parameters.profileSettings).toBe(done.settings.digest);
  });

  it('says what each candidate is worth, by which calibration, and that it is simulated', async () => {
    const { search: done, candidates } = await search({ probe: { profileId: stored[0] } });
    const { body: { items: calibrations } } = await service.call('GET', '/v1/batch-calibrations');
    const own = calibrations.find(({ panel }: any) => panel.id === MDMA.id);
    expect(own).toMatchObject({ simulated: true, unusable: null, recipe: { id: 'sum-fourth-root' }, distance: { id: 'pearson' }, text: expect.stringContaining('SIMULATED'), within: { bounds: { low: expect.any(Number), high: expect.any(Number) }, without: null } });
    expect(done.settings.calibration).toEqual({ id: own.id, simulated: true });
    expect(done.provenance.parameters.batchCalibration).toBe(own.id);
    const values = candidates.flatMap(({ batch }) => (batch.log10Lr ? [batch.log10Lr] : []));
    expect(values.length).toBeGreaterThan(1);
    for (const { value, low, high, simulated, calibration } of values) expect([low <= value && value <= high, simulated, calibration]).toEqual([true, true, own.id]);
    expect(candidates[0].batch).toMatchObject({ words: expect.stringMatching(/one batch/), uncalibrated: null });
    expect(candidates[0].batch.log10Lr.value).toBeGreaterThan(Math.min(...values.map(({ value }) => value)));
    for (const { batch } of candidates) expect((batch.log10Lr === null) === (batch.uncalibrated !== null)).toBe(true);
  });

  it('has no LR by a recipe or distance without a calibration, and says so', async () => {
    const { search: done, candidates } = await search({ probe: { profileId: stored[0] }, distance: 'canberra' });
    expect(candidates[0].batch).toMatchObject({ log10Lr: null, words: null });
    expect(candidates[0].batch.uncalibrated).toBe('There is no calibration of panel mdma-impurities (version 1), recipe sum-fourth-root, distance canberra: what this distance is worth as evidence of one batch is not known.');
    expect(done.settings.calibration).toBeNull();
  });

  it('has the population figures that a panel\'s default needs from its calibration', async () => {
    const cocaine = findPanel({ id: 'cocaine-alkaloids' })!;
    const profile = (jitter: number): object => ({ id: `c${jitter}`, panel: { id: cocaine.id }, methodFamily: 'gc-ms', replicates: [{ id: '1', readings: Object.fromEntries(vectorAnalytes(cocaine).map(({ id }, i) => [id, 3 + ((i * 29) % 17) + 0.01 * jitter * (i % 3)])) }] });
    await json(await specimen({ drugType: 'cocaine' }), [profile(1)]);
    const { search: done, candidates } = await search({ probe: { profile: profile(0) } });
    expect(done).toMatchObject({ recipe: cocaine.recipe, distance: cocaine.distance, settings: { calibration: { simulated: true } } });
    expect(candidates).toHaveLength(1);
    const bricks = { panel: { id: 'brick-measurements' }, replicates: [{ id: '1', readings: { length: 200, width: 120, thickness: 40 } }] };
    expect((await service.call('POST', '/v1/profile-searches', { json: { probe: { profile: bricks } } })).body).toMatchObject({ status: 422, code: 'profile-settings-invalid' });
  });

  it('tells how many were compared, and why others were not', async () => {
    const { search: done } = await search({ probe: { profileId: stored[0] } });
    const { plan } = done;
    expect(plan.notComparable).toEqual({ 'control-sample': 1, 'method-family': 1, ...(plan.notComparable['too-little-overlap'] && { 'too-little-overlap': expect.any(Number) }) });
    expect(plan.searched).toBe(plan.compared + Object.values(plan.notComparable as Record<string, number>).reduce((a, b) => a + b, 0));
    expect(plan.of).toBe(plan.searched + 1);
    expect(done.summary).toContain(`Compared ${plan.compared} of the ${plan.searched} profiles of panel mdma-impurities that pass the filter; ${plan.of} are stored. Not comparable: `);
    expect(done.summary).toContain('1 control-sample');
  });

  it.each([
    ['countries', { countries: ['BE', 'DE'] }, [1, 2]],
    ['drug and dates', { drugType: 'mdma', dateFrom: '2026-02-01', dateTo: '2026-03-31' }, [1, 2]],
    ['kind', { kind: 'brick' }, []],
  ])('filtered by %s gives all that pass', async (_, filter, expected) => {
    const { candidates } = await search({ probe: { profileId: stored[0] }, filter, limit: 50 });
    expect(candidates.map((c) => ids.indexOf(c.specimen.id)).filter((i) => i >= 0).sort()).toEqual(expected);
  });

  it('of other countries leaves out the probe\'s', async () => {
    const { search: done, candidates } = await search({ probe: { profileId: stored[0] }, scope: 'other-countries', limit: 50 });
    expect(done.homeCountry).toBe('NL');
    expect(candidates.map(({ seizure: { country } }) => country)).not.toContain('NL');
    expect(candidates).toHaveLength(3);
    expect((await service.call('POST', '/v1/profile-searches', { json: { probe: { profile: mdma(0) }, scope: 'other-countries' } })).body.errors).toMatchObject([{ pointer: '/homeCountry' }]);
  });

  it('by a profile that is no casework finds its batch, and is not found itself', async () => {
    const before = (await search({ probe: { profileId: stored[0] } })).search.plan.of;
    const { search: done, candidates } = await search({ probe: { profile: mdma(0, 0, { panel: undefined, id: undefined }) }, panel: { id: MDMA.id }, recipe: 'sum', distance: 'cosine', limit: 2 });
    expect(candidates.map((c) => ids.indexOf(c.specimen.id))).toEqual([0, 1]);
    expect(candidates[0].batch.distance).toBeCloseTo(0, 9);
    expect(done).toMatchObject({ recipe: 'sum', distance: 'cosine', probe: { profileId: null, specimenId: null, profile: { name: 'probe' } }, plan: { of: before } });
  });

  it('follows what comes after an equal search', async () => {
    const late = await specimen();
    await json(late, [mdma(0, 0, { id: 'late' })]);
    const { candidates } = await search({ probe: { profileId: stored[0] }, limit: 1 });
    expect(candidates[0].specimen.id).toBe(late);
  });

  it.each<[string, object, string, string | undefined]>([
    ['a recipe that is none', { probe: { profile: mdma(0) }, recipe: 'nonsense' }, 'profile-settings-invalid', undefined],
    ['figures that no calibration brings', { probe: { profile: mdma(0) }, distance: 'log-deviations' }, 'profile-settings-invalid', undefined],
    ['a faulty probe', { probe: { profile: mdma(0, 0, { date: 'x' }) } }, 'profile-invalid', '/probe/profile/date'],
    ['a control sample', { probe: { profile: mdma(0, 0, { control: true }) } }, 'invalid-request', '/probe'],
    ['two panels', { probe: { profile: mdma(0) }, panel: { id: 'cutting-agents' } }, 'invalid-request', '/panel'],
    ['no panel', { probe: { profile: mdma(0, 0, { panel: undefined }) } }, 'invalid-request', '/panel'],
    ['no probe', { probe: {} }, 'invalid-request', '/probe'],
    ['an unknown profile', { probe: { profileId: 'pr_01JABCDEFGHJKMNPQRSTVWXYZ0' } }, 'not-found', undefined],
  ])('with %s is refused at once', async (_, request, code, pointer) => {
    const { body } = await service.call('POST', '/v1/profile-searches', { json: request });
    expect(body.code, JSON.stringify(body)).toBe(code);
    if (pointer !== undefined) expect(body.errors).toMatchObject([{ pointer }]);
  });
});

describe('windows of size and mass', () => {
  const ids: string[] = [];
  const SIZES = ['8.10,4.0,250', '8.12,4.1,260', '8.40,4.0,251', '8.10,4.0,400', undefined];
  beforeAll(async () => {
    for (const [i, size] of SIZES.entries()) {
      ids.push(await specimen({ country: 'AT' }));
      await json(ids[i]!, [mdma(40, i)]);
      if (size) await csv(ids[i]!, `diameter_mm,thickness_mm,mass_mg\n${size}\n`);
    }
  });
  const filter = { countries: ['AT'] };
  const at = (list: any[]): number[] => list.map(({ specimen: { id } }) => ids.indexOf(id)).sort();
  const probe = async (): Promise<string> => (await service.call('GET', `/v1/specimens/${ids[0]!}/profiles`)).body.items[0].id;

  it('leave out what is measured and outside, name it, and leave alone what is not measured', async () => {
    const { search: done, candidates } = await search({ probe: { profileId: await probe() }, filter, windows: { diameterMm: 0.1, thicknessMm: 0.5, massPercent: 15 } });
    expect(at(candidates)).toEqual([1, 4]);
    expect(at(done.excluded)).toEqual([2, 3]);
    expect(done.excluded.find((one: any) => one.specimen.id === ids[2]).measurements).toEqual([{ measurement: 'diameter', values: [8.4], probe: 8.1 }]);
    expect(done.plan.windows).toEqual([
      { measurement: 'diameter', unit: 'mm', probe: 8.1, width: 0.1, excluded: 1 }, { measurement: 'thickness', unit: 'mm', probe: 4, width: 0.5, excluded: 0 }, { measurement: 'mass', unit: 'mg', probe: 250, width: 37.5, excluded: 1 },
    ]);
    expect(done.plan).toMatchObject({ searched: 2, compared: 2 });
    expect(done.summary).toContain('Left out by windows: diameter (8.1 ± 0.1 mm) 1, mass (250 ± 37.5 mg) 1.');
  });

  it('name nobody who would not have been a candidate', async () => {
    const { search: done, candidates } = await search({ probe: { profileId: await probe() }, filter, windows: { diameterMm: 0.1 }, limit: 1 });
    expect(at(candidates)).toEqual([1]);
    expect([done.plan.windows[0].excluded, done.excluded]).toEqual([1, []]);
  });

  it('use what is given of a probe that is no casework, and say when they cannot be used', async () => {
    const given = await search({ probe: { profile: mdma(40) }, filter, windows: { diameterMm: 0.1, massPercent: 10, probe: { diameterMm: 8.4 } } });
    expect(at(given.candidates)).toEqual([2, 4]);
    expect(given.search.summary).toContain('Windows not used, because the probe was not measured: mass.');
    expect(given.search.plan.windows[1]).toEqual({ measurement: 'mass', unit: 'mg', probe: null, width: null, excluded: 0 });
  });

  it('hold their edge: 8.2 lies within 0.1 of 8.1', async () => {
    const { candidates } = await search({ probe: { profile: mdma(40) }, filter, windows: { diameterMm: 0.28, probe: { diameterMm: 8.12 } }, limit: 50 });
    expect(at(candidates)).toEqual([0, 1, 2, 3, 4]);
  });
});

function asProfile(given: object): Profile {
  const { replicates, ...rest } = given as { replicates: { id: string; readings: Record<string, number> }[] };
  return { control: false, ...rest, panel: { id: MDMA.id, version: 1 }, replicates: replicates.map(({ id, readings }) => ({ id, readings: Object.fromEntries(Object.entries(readings).map(([analyte, value]) => [analyte, { state: 'measured', value }])) })) } as unknown as Profile;
}
