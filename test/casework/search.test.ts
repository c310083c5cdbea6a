/** A search from end to end on the small engine: filters, scope, grouping, stamps, and an index that follows the database. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, productionEngine } from '../../src/casework/index.ts';
import { picture, smallEngine } from '../api/small-engine.ts';
import { photoForm, register, startService, type Registered, type TestService } from '../api/service.ts';

let service: TestService;
const made: Registered[] = [];
const COUNTRIES = ['NL', 'BE', 'DE', 'FR', 'CZ', 'NL'];

async function search(request: object, photo?: Uint8Array, on: TestService = service): Promise<any> {
  const answer = await on.call('POST', '/v1/searches', { ...(photo ? { body: photoForm(photo, { request: JSON.stringify(request) }) } : { json: request }), headers: { prefer: 'wait=20' } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  const list = await on.call('GET', answer.body.search.candidatesUrl);
  return { search: answer.body.search, candidates: list.body.items };
}

beforeAll(async () => {
  service = await startService();
  for (const [i, country] of COUNTRIES.entries()) made.push(await register(service, await picture(i + 1), { country, seizedOn: `2026-0${i + 1}-10`, drugType: i % 2 ? 'cocaine' : 'mdma' }, i % 2 ? 'brick' : 'tablet'));
});
afterAll(async () => service.stop());

describe('a search', () => {
  it('by a photograph that is no casework finds the specimen it shows, and is not found itself', async () => {
    // Two columns wider: other bytes of the same subject.
    const { search: first, candidates } = await search({ limit: 3 }, await picture(2, { width: 66, height: 66 }));
    expect(candidates[0].specimen.id).toBe(made[1]!.specimenId);
    expect(candidates[0].designScore).toBeGreaterThan(0.95);
    expect(candidates).toHaveLength(3);
    expect(first.plan).toMatchObject({ plan: 'exact', searched: 6, of: 6, compared: 6 });
    expect(first.statement).toMatch(/^Searched 6 of 6 faces \(exact\), compared the designs of 6, and the tools of (\d) of the \1 that may have the probe's design(, of which \d were scanned)?\.$/);
    expect(first.probe.specimenId).toBeNull();
    expect(first.provenance.engineVersion).toBe('0.0.0-test');
    const probe = await service.call('GET', `/v1/faces/${first.probe.faceId}`);
    expect(probe.body).toMatchObject({ specimenId: null, seizureId: null });
    const again = await search({ limit: 10 }, await picture(2, { width: 66, height: 66 }));
    expect(again.search.probe.faceId).toBe(first.probe.faceId);
    expect(again.search.plan.of).toBe(6);
  });

  it('by a stored face leaves out its own specimen', async () => {
    const { search: stored, candidates } = await search({ probe: { faceId: made[0]!.faceId } });
    expect(stored.probe.specimenId).toBe(made[0]!.specimenId);
    expect(candidates).toHaveLength(5);
    expect(candidates.map((c: any) => c.specimen.id)).not.toContain(made[0]!.specimenId);
    expect(candidates.map((c: any) => c.rank)).toEqual([1, 2, 3, 4, 5]);
    const scores = candidates.map((c: any) => c.designScore);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('of other countries leaves out the probe’s, which the seizure tells', async () => {
    const { search: stored, candidates } = await search({ probe: { faceId: made[0]!.faceId }, scope: 'other-countries' });
    expect(stored.homeCountry).toBe('NL');
    expect(candidates.map((c: any) => c.seizure.country).sort()).toEqual(['BE', 'CZ', 'DE', 'FR']);
    expect(stored.plan).toMatchObject({ searched: 4, of: 6, compared: 4 });
  });

  it('of other countries needs a country', async () => {
    const answer = await service.call('POST', '/v1/searches', { body: photoForm(await picture(9), { request: '{"scope":"other-countries"}' }) });
    expect(answer.body.errors).toEqual([{ pointer: '/homeCountry', detail: expect.any(String) }]);
  });

  it.each([
    ['countries', { countries: ['BE', 'DE'] }, [1, 2]],
    ['drug', { drugType: 'cocaine' }, [1, 3, 5]],
    ['dates', { dateFrom: '2026-02-10', dateTo: '2026-04-10' }, [1, 2, 3]],
    ['kind', { kind: 'brick' }, [1, 3, 5]],
    ['all of them', { countries: ['BE', 'NL'], drugType: 'cocaine', kind: 'brick', dateFrom: '2026-03-01' }, [5]],
    ['nothing that is there', { countries: ['AU'] }, []],
  ])('filtered by %s gives all that pass', async (_, filter, expected) => {
    const { search: stored, candidates } = await search({ filter, limit: 50 }, await picture(50));
    expect(candidates.map((c: any) => made.findIndex((m) => m.specimenId === c.specimen.id)).sort()).toEqual(expected);
    expect(stored.plan.searched).toBe(expected.length);
  });

  it('finds what came after an equal filter was used', async () => {
    const filter = { countries: ['PT'] };
    expect((await search({ filter }, await picture(50))).candidates).toEqual([]);
    const { specimenId } = await register(service, await picture(51), { country: 'PT' });
    expect((await search({ filter }, await picture(50))).candidates.map((c: any) => c.specimen.id)).toEqual([specimenId]);
  });

  it('lists one candidate a specimen, its best face', async () => {
    const [first] = made;
    await service.call('POST', `/v1/specimens/${first!.specimenId}/images`, { body: photoForm(await picture(30)), headers: { prefer: 'wait=20' } });
    const { candidates } = await search({ limit: 50 }, await picture(30, { width: 70, height: 70 }));
    expect(candidates.filter((c: any) => c.specimen.id === first!.specimenId)).toHaveLength(1);
    expect(candidates[0].specimen.id).toBe(first!.specimenId);
    expect(candidates[0].face.id).not.toBe(first!.faceId);
  });

  it('says which faces a photograph shows when there are several', async () => {
    const { search: stored } = await search({}, await picture(40, { width: 140, height: 60 }));
    expect(stored.probe.faceIds).toHaveLength(2);
  });

  it('pages its candidates', async () => {
    const { search: stored } = await search({ probe: { faceId: made[0]!.faceId } });
    const ranks: number[] = [];
    for (let url = `${stored.candidatesUrl}?limit=2`; ; ) {
      const { body } = await service.call('GET', url);
      ranks.push(...body.items.map((c: any) => c.rank));
      if (body.nextCursor === null) break;
      url = `${stored.candidatesUrl}?limit=2&cursor=${body.nextCursor}`;
    }
    expect(ranks).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('tools', () => {
  // One design in every picture but the third; the fifth was pressed by the probe's tool, the fourth shows no marks.
  const scores = new Map([[1, 0], [2, 0.2], [5, 0.6]]);
  const engine: Engine = {
    ...smallEngine,
    // the calibration's, so that it gives an LR
    parameters: productionEngine.parameters,
    async examine(photo, hints, progress) {
      const found = await smallEngine.examine(photo, hints, progress);
      // the picture's width tells which it is
      return found.map((face) => ({ ...face, face: { ...face.face, quality: { ...face.face.quality, pxPerMm: photo.width === 62 ? null : 40 } }, features: { ...face.features, colour: [photo.width, 0, 0] as const }, marks: photo.width === 64 ? null : { ...face.marks!, light: { ...face.marks!.light, azimuthDeg: photo.width } } }));
    },
    compare: async (probe, candidates) => candidates.map(({ colour: [width] }) => ({ designScore: width === 63 || probe.colour[0] === 63 ? 0.39 : 0.9 - width / 1000, partial: { logo: 0.9, outline: null, size: null }, pose: { rotationDeg: 0, shift: [0, 0], scale: 1 } })),
    compareTools: async (probe, candidates) => (await smallEngine.compareTools(probe, candidates)).map((c, i) => ({ ...c, toolScore: scores.get(candidates[i]!.marks.light.azimuthDeg - 60)! })),
  };

  it('order the candidates of the probe\'s design, a score of 0 too, before those of another; what was not compared says why', async () => {
    const other = await startService({ engine });
    const registered: Registered[] = [];
    for (const i of [1, 2, 3, 4, 5]) registered.push(await register(other, await picture(i, { width: 60 + i, height: 60 + i })));
    const { search: stored, candidates } = await search({}, await picture(9, { width: 66, height: 66 }), other);
    expect(candidates.map((c: any) => registered.findIndex((r) => r.specimenId === c.specimen.id) + 1)).toEqual([5, 2, 1, 4, 3]);
    expect(candidates.map((c: any) => c.tool.outcome)).toEqual(['compared', 'compared', 'compared', 'no-marks', 'other-design']);
    expect(candidates.map((c: any) => c.tool.toolScore)).toEqual([0.6, 0.2, 0, null, null]);
    expect(stored.plan).toMatchObject({ compared: 5, ofDesign: 4, toolsCompared: 3 });
    expect(stored.statement).toContain("the tools of 3 of the 4 that may have the probe's design");
    // an LR says that it is simulated; without a scale there is none, and why
    expect(candidates[0].tool).toMatchObject({ log10Lr: { value: expect.any(Number), simulated: true, calibration: other.casework.calibration.id }, words: expect.stringContaining('support for one tool over two tools'), uncalibrated: null });
    expect(candidates[1].tool).toMatchObject({ log10Lr: null, words: null, uncalibrated: 'a photograph has no scale' });
    const { body: comparison } = await other.call('GET', candidates[0].comparisonUrl);
    expect(comparison.individual).toMatchObject({ toolScore: 0.6, hypotheses: ['one tool', 'two tools with this design'], calibration: { simulated: true }, cells: [{ verdict: 'agrees' }] });
    expect(comparison.class.designScore).toBeCloseTo(0.835, 6);
    const keys = async (url: string): Promise<string[]> => (await other.call('GET', url)).body.pictures.map((p: any) => p.key);
    expect(await keys(comparison.explanationUrl)).toContain('tool-cells');
    expect(await keys(candidates[4].comparisonUrl.concat('/explanation'))).not.toContain('tool-cells');
    expect((await other.call('GET', `${candidates[0].comparisonUrl}/pictures/tool-cells`)).status).toBe(200);
    expect((await other.call('GET', `${candidates[4].comparisonUrl}/pictures/tool-cells`)).status).toBe(404);
    await other.stop();
  });
});

describe('the index', () => {
  it('equals the database after a restart, also when it had not followed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'relievo-follow-'));
    const first = await startService({ folder });
    // As if the process had died after the commit and before the index read it.
    first.casework.index.catchUp = async () => undefined;
    const { specimenId } = await register(first, await picture(7));
    expect(first.casework.index.count).toBe(0);
    expect((await first.call('GET', '/readyz')).status).toBe(503);
    await first.stop();
    const second = await startService({ folder, key: first.key });
    expect((await second.call('GET', '/readyz')).status).toBe(200);
    expect(second.casework.index.count).toBe(1);
    const { candidates } = await search({}, await picture(7, { width: 80, height: 80 }), second);
    expect(candidates[0].specimen.id).toBe(specimenId);
    await second.stop();
    rmSync(folder, { recursive: true });
  });

  it('holds no face twice when a job is done again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'relievo-again-'));
    const one = await startService({ folder, working: false });
    const { body: seizure } = await one.call('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14' } });
    const { body: specimen } = await one.call('POST', '/v1/specimens', { json: { seizureId: seizure.id, kind: 'tablet' } });
    const { body, status } = await one.call('POST', `/v1/specimens/${specimen.id}/images`, { body: photoForm(await picture(8)) });
    expect(status).toBe(202);
    const job = one.casework.jobs.find(body.job.id)!;
    const work = async () => one.casework.handlers['examine']!(job.payload as never, { job, signal: new AbortController().signal, progress: () => undefined });
    const [write, late] = [await work(), await work()];
    one.db.transaction(() => write());
    one.db.transaction(() => late());
    expect(one.casework.intake.facesOfPhotograph(body.photograph.id)).toHaveLength(1);
    await one.stop();
    rmSync(folder, { recursive: true });
  });
});
