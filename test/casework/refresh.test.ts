/** Stored faces after an upgrade: features and marks made again from the originals, ids and outlines kept, uploads first. */
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Engine, type ExtractedFace, productionEngine, vectorSource } from '../../src/casework/index.ts';
import { problem } from '../../src/domain/index.ts';
import { CandidateIndex } from '../../src/retrieval/index.ts';
import { picture, smallEngine } from '../api/small-engine.ts';
import { photoForm, register, startService, type TestService } from '../api/service.ts';

/** The small engine in a version: embeddings of two versions have nothing in common, features of another cannot be read. */
function engineOf(version: number, parameters: Readonly<Record<string, string>> = {}): Engine {
  const marksDigest = parameters['marks'] ?? `marks ${version}`;
  const ofVersion = <Face extends ExtractedFace>(face: Face): Face => ({
    ...face,
    features: { ...face.features, version, embedding: face.features.embedding.map((_, i, all) => all[(i + 37 * version) % all.length]!) },
    marks: face.marks && { ...face.marks, parametersDigest: marksDigest },
  });
  return {
    ...smallEngine,
    featureVersion: version,
    parameters: { ...smallEngine.parameters, imaging: 'measure 1', features: `features ${version}`, marks: marksDigest, ...parameters },
    examine: async (...given) => (await smallEngine.examine(...given)).map(ofVersion),
    extract: async (face) => ofVersion(await smallEngine.extract(face)),
    decodeFeatures(bytes) {
      const features = smallEngine.decodeFeatures(bytes);
      if (features.version !== version) throw problem('feature-set-unreadable', { reason: 'another version' });
      return features;
    },
  };
}

let folder: string;
let key: string;
const running: TestService[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'relievo-refresh-'))));
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(engine: Engine, working = false): Promise<TestService> {
  const service = await startService({ engine, folder, working, key });
  key = service.key;
  running.push(service);
  return service;
}

const stop = async (service: TestService): Promise<void> => void (await running.splice(running.indexOf(service), 1)[0]!.stop());

/** Faces of version 1: one a picture, two where it is wide. */
async function collection(engine: Engine, ...photos: readonly Uint8Array[]): Promise<string[]> {
  const service = await start(engine, true);
  const faceIds: string[] = [];
  for (const photo of photos) faceIds.push((await register(service, photo)).faceId);
  await stop(service);
  return faceIds;
}

/** Works the queue off, one job after another. */
async function workOff(service: TestService, kinds: readonly string[]): Promise<number> {
  const { jobs, handlers, index } = service.casework;
  for (let done = 0; ; done++) {
    const job = jobs.claim('hand', kinds, 60_000);
    if (!job) return index.catchUp().then(() => done);
    jobs.finish(job.id, 'hand', await handlers[job.kind]!(job.payload as never, { job, signal: new AbortController().signal, progress: () => undefined }));
  }
}

async function search(service: TestService, request: object, photo?: Uint8Array): Promise<{ search: any; candidates: any[] }> {
  const { status, body } = await service.call('POST', '/v1/searches', photo ? { body: photoForm(photo, { request: JSON.stringify(request) }) } : { json: request });
  expect(status, JSON.stringify(body)).toBe(202);
  await workOff(service, ['search']);
  const list = await service.call('GET', body.search.candidatesUrl);
  expect(list.status, JSON.stringify(list.body)).toBe(200);
  return { search: (await service.call('GET', `/v1/searches/${body.search.id}`)).body, candidates: list.body.items };
}

const rows = (service: TestService, sql: string): unknown[] => service.db.prepare(sql).all();
const IDENTITY = 'SELECT serial, id, photograph_id, image_sha256, specimen_id, seizure_id, outline, crop, created_at FROM faces ORDER BY serial';
const CITED = 'SELECT searches.*, rank, comparison_id, face_serial, comparison, tool FROM searches JOIN search_candidates ON search_id = id ORDER BY id, rank';
const refreshJobs = (service: TestService) => service.casework.jobs.list({ kind: 'refresh' }, 100);

describe('after an upgrade that changes features and marks', () => {
  it('faces are searched again under their old ids; what was decided and cited stays; a second start does nothing', async () => {
    const faceIds = await collection(engineOf(1), await picture(1), await picture(2, { width: 200, height: 80 }), await picture(3));
    const before = await start(engineOf(1));
    const cited = await search(before, {}, await picture(9, { width: 66, height: 66 }));
    expect(cited.candidates).toHaveLength(3);
    expect(refreshJobs(before)).toEqual([]);
    const [faces, citedRows] = [rows(before, IDENTITY), rows(before, CITED)];
    const measured = await Promise.all(faceIds.map(async (id) => (await before.call('GET', `/v1/faces/${id}`)).body));
    await stop(before);

    const after = await start(engineOf(2));
    // three photographs of casework, then the probe of the search
    expect(refreshJobs(after).map(({ subject, status }) => [subject, status]).reverse()).toEqual([...measured.map((face) => [face.photographId, 'queued']), [cited.search.probe.photographId, 'queued']]);
    expect(after.casework.index.count).toBe(0);
    const metrics = async (): Promise<string> => Buffer.from((await after.call('GET', '/metrics')).bytes).toString();
    expect(await metrics()).toContain('relievo_stale_faces 5\n');
    expect(await workOff(after, ['refresh'])).toBe(4);
    expect(await metrics()).toContain('relievo_stale_faces 0\n');

    expect(rows(after, IDENTITY)).toEqual(faces);
    expect(rows(after, CITED)).toEqual(citedRows);
    for (const face of measured) {
      const { body } = await after.call('GET', `/v1/faces/${face.id}`);
      const { provenance } = face;
      expect(body).toEqual({ ...face, provenance: { ...provenance, parameters: { ...provenance.parameters, features: 'features 2', marks: 'marks 2' } } });
    }
    expect(rows(after, 'SELECT DISTINCT version FROM face_features')).toEqual([{ version: 2 }]);
    expect(rows(after, 'SELECT digest, count(*) AS n FROM face_marks GROUP BY digest')).toEqual([{ digest: 'marks 2', n: 5 }]);
    expect(rows(after, 'SELECT * FROM index_counts ORDER BY version')).toEqual([{ version: 1, vectors: 0 }, { version: 2, vectors: 4 }]);
    expect(after.casework.index.count).toBe(4);
    // A face of two in one photograph is found where it was.
    const { candidates } = await search(after, { mode: 'exact' }, await picture(3, { width: 66, height: 66 }));
    expect(candidates[0]).toMatchObject({ face: { id: faceIds[2] }, tool: { outcome: 'compared' } });
    await stop(after);

    const again = await start(engineOf(2));
    expect(refreshJobs(again).filter(({ status }) => status !== 'done')).toEqual([]);
    expect(again.casework.index.count).toBe(4);
  });

  it('tools of stored faces are compared again where only the parameters of marks changed', async () => {
    await collection(engineOf(1, { marks: 'former' }), await picture(1), await picture(2));
    const service = await start(engineOf(1, { marks: 'present' }));
    const probe = await picture(1, { width: 66, height: 66 });
    const outcomes = async (): Promise<string[]> => (await search(service, {}, probe)).candidates.map((c) => c.tool.outcome);
    expect(await outcomes()).toContain('no-marks');
    expect(await workOff(service, ['refresh'])).toBe(2);
    expect(await outcomes()).not.toContain('no-marks');
  });

  it('a search by a stale face has its turn at once, and the job finds nothing left to do', async () => {
    const [faceId] = await collection(engineOf(1), await picture(1), await picture(2));
    const service = await start(engineOf(2));
    const [second, first] = refreshJobs(service);
    service.casework.jobs.claim('elsewhere', ['refresh'], 60_000);
    expect(await workOff(service, ['refresh'])).toBe(1);
    const { candidates } = await search(service, { probe: { faceId } });
    expect(candidates).toHaveLength(1);
    const { body: face } = await service.call('GET', `/v1/faces/${faceId}`);
    expect(face.provenance.parameters.features).toBe('features 2');
    const write = await service.casework.handlers['refresh']!(first!.payload as never, { job: first!, signal: new AbortController().signal, progress: () => undefined });
    expect(service.db.transaction(write)).toEqual({ photographId: first!.subject, faceIds: [] });
    expect(service.casework.jobs.find(second!.id)!.status).toBe('done');
  });

  it('where the scale can no longer be right the old marks go', async () => {
    await collection(engineOf(1), await picture(1));
    const engine = engineOf(2);
    const service = await start({ ...engine, extract: async (face) => ({ ...(await engine.extract(face)), marks: null }) });
    await workOff(service, ['refresh']);
    expect(rows(service, 'SELECT * FROM face_marks')).toEqual([]);
    await stop(service);
    expect(refreshJobs(await start(engine)).filter(({ status }) => status !== 'done')).toEqual([]);
  });
});

describe('the queue', () => {
  it('gives uploads and searches first', async () => {
    await collection(engineOf(1), await picture(1), await picture(2));
    const service = await start(engineOf(2));
    const { body: seizure } = await service.call('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14' } });
    const { body: specimen } = await service.call('POST', '/v1/specimens', { json: { seizureId: seizure.id, kind: 'tablet' } });
    await service.call('POST', `/v1/specimens/${specimen.id}/images`, { body: photoForm(await picture(3)) });
    await service.call('POST', '/v1/searches', { body: photoForm(await picture(4), { request: '{}' }) });
    const claimed = Array.from({ length: 4 }, () => service.casework.jobs.claim('w', Object.keys(service.casework.handlers), 60_000)!.kind);
    expect(claimed).toEqual(['examine', 'search', 'refresh', 'refresh']);
  });

  it('goes on after a kill in the middle, and does nothing twice', async () => {
    const faceIds = await collection(engineOf(1), await picture(1), await picture(2), await picture(3));
    const killed = await start(engineOf(2));
    const { jobs, handlers } = killed.casework;
    const [done, cut] = [1, 2].map(() => jobs.claim('killed', ['refresh'], 60_000)!);
    const prepared = await Promise.all([done!, cut!].map((job) => handlers['refresh']!(job.payload as never, { job, signal: new AbortController().signal, progress: () => undefined })));
    jobs.finish(done!.id, 'killed', prepared[0]!);
    // The second was made and not written when the process ended.
    await stop(killed);
    const next = await start(engineOf(2), true);
    await vi.waitFor(() => expect(refreshJobs(next).every(({ status }) => status === 'done')).toBe(true), { timeout: 20_000 });
    expect(refreshJobs(next)).toHaveLength(3);
    expect(next.casework.jobs.find(cut!.id)).toMatchObject({ interruptions: 1, attempts: 0, result: { faceIds: [faceIds[1]] } });
    expect(rows(next, 'SELECT version, count(*) AS n FROM face_features GROUP BY version')).toEqual([{ version: 2, n: 3 }]);
    expect(rows(next, 'SELECT serial, count(*) AS n FROM index_changes GROUP BY serial')).toEqual([1, 2, 3].map((serial) => ({ serial, n: 2 })));
    await next.casework.index.catchUp();
    expect(next.casework.index.count).toBe(3);
  });

  it('fails what cannot be read with its reason, goes on with the rest, and tries again at the start after a repair', async () => {
    const faceIds = await collection(engineOf(1), await picture(1), await picture(2), await picture(3));
    const shas: string[] = [];
    const damaged = await start(engineOf(2));
    for (const id of faceIds) shas.push((await damaged.call('GET', `/v1/faces/${id}`)).body.imageSha256);
    const [lost, changed] = shas.map((sha256) => damaged.casework.vault.pathOf(sha256));
    await stop(damaged);
    renameSync(lost!, `${lost}.away`);
    const whole = readFileSync(changed!);
    chmodSync(changed!, 0o600);
    writeFileSync(changed!, Buffer.concat([whole.subarray(0, -1), Buffer.of(0)]));
    const service = await start(engineOf(2), true);
    await vi.waitFor(() => expect(refreshJobs(service).map(({ status }) => status).sort()).toEqual(['done', 'failed', 'failed']), { timeout: 30_000 });
    const { body } = await service.call('GET', '/v1/jobs?kind=refresh&status=failed');
    expect(body.items).toMatchObject([
      { attempts: 3, subject: expect.stringMatching(/^ph_/), problem: { code: 'original-unreadable', sha256: shas[1], detail: expect.stringContaining('its bytes are not those that were sealed') } },
      { attempts: 3, problem: { code: 'original-unreadable', detail: expect.stringContaining('it is not in the vault') } },
    ]);
    expect(service.casework.index.count).toBe(1);
    expect(rows(service, 'SELECT version FROM face_features ORDER BY serial')).toEqual([{ version: 1 }, { version: 1 }, { version: 2 }]);
    await stop(service);
    renameSync(`${lost}.away`, lost!);
    writeFileSync(changed!, whole);
    const repaired = await start(engineOf(2));
    expect(await workOff(repaired, ['refresh'])).toBe(2);
    expect(repaired.casework.index.count).toBe(3);
  }, 60_000);
});

describe('where measuring changed as well', () => {
  const parameters = { ...productionEngine.parameters, imaging: 'former', marks: 'former' };
  /** As sharp as the calibration asks for. */
  const sharpened = (engine: Engine): Engine => ({ ...engine, examine: async (...given) => (await engine.examine(...given)).map((face) => ({ ...face, face: { ...face.face, quality: { ...face.face.quality, pxPerMm: 40 } } })) });

  it('the outline and what measured it stay, and no LR is given by a calibration of other measurements', async () => {
    await collection(sharpened(engineOf(4, parameters)), await picture(1));
    const engine = sharpened(engineOf(4, productionEngine.parameters));
    const service = await start(engine);
    const identity = rows(service, IDENTITY);
    await workOff(service, ['refresh']);
    expect(rows(service, IDENTITY)).toEqual(identity);
    const { search: { provenance }, candidates: [old] } = await search(service, {}, await picture(1, { width: 66, height: 66 }));
    expect(provenance.parameters.imaging).toBe(productionEngine.parameters['imaging']);
    expect(old.face.provenance.parameters).toMatchObject({ imaging: 'former', marks: productionEngine.parameters['marks'] });
    expect(old.tool).toMatchObject({ outcome: 'compared', log10Lr: null, uncalibrated: 'the calibration was made with other parameters of: measure' });
    await stop(service);
    const working = await start(engine, true);
    const { faceId } = await register(working, await picture(5));
    await stop(working);
    const { candidates } = await search(await start(engine), {}, await picture(5, { width: 67, height: 67 }));
    expect(candidates[0]).toMatchObject({ face: { id: faceId }, tool: { log10Lr: { simulated: true }, uncalibrated: null } });
  });

  it('alone, nothing is made again: what faces are compared by is as it was', async () => {
    await collection(engineOf(1), await picture(1));
    expect(refreshJobs(await start(engineOf(1, { imaging: 'measure 2' })))).toEqual([]);
  });
});

it('pictures of a comparison that was made before show no marks of today', async () => {
  await collection(engineOf(1), await picture(1));
  const before = await start(engineOf(1));
  const { candidates: [cited] } = await search(before, {}, await picture(1, { width: 66, height: 66 }));
  const status = async (service: TestService, name: string): Promise<number> => (await service.call('GET', `${cited.comparisonUrl}/pictures/${name}`)).status;
  expect(await status(before, 'tool-cells')).toBe(200);
  await stop(before);
  const after = await start(engineOf(2));
  await workOff(after, ['refresh']);
  expect([await status(after, 'overlay'), await status(after, 'tool-cells')]).toEqual([200, 404]);
});

describe('an index', () => {
  /** A machine on which scanning is dear, so that few vectors make a graph worth having. */
  const dear = { graphFrom: 10, costs: { scanNanos: 1e6, skipNanos: 0, graphMicros: 0.1 } };
  const many = async (): Promise<Uint8Array[]> => Promise.all(Array.from({ length: 24 }, (_, i) => picture(i + 1)));

  const embeddings = ({ db }: TestService): { serial: number; vector: Int8Array }[] =>
    db.prepare<{ serial: number; embedding: Uint8Array }>('SELECT serial, embedding FROM face_features ORDER BY serial').all().map(({ serial, embedding }) => ({ serial, vector: new Int8Array(Uint8Array.from(embedding).buffer) }));

  it('of the same feature version follows the embeddings that changed, exact and graph alike', async () => {
    await collection(engineOf(1, { features: 'former' }), ...(await many()));
    const turned = engineOf(2);
    // Another embedding under the same version: the parameters say that it is another.
    const service = await start({ ...turned, featureVersion: 1, parameters: engineOf(1).parameters });
    const index = await CandidateIndex.open({ source: vectorSource(service.db, { featureVersion: 1, dimension: 256 }), ...dear });
    await index.settled();
    expect(await workOff(service, ['refresh'])).toBe(24);
    await index.catchUp();
    await index.settled();
    for (const { serial, vector } of embeddings(service)) {
      for (const mode of ['exact', 'auto'] as const) {
        const { neighbours, plan } = await index.search(vector, 1, { mode });
        expect(plan).toMatchObject({ plan: mode === 'exact' ? 'exact' : 'hnsw', of: 24 });
        expect(neighbours[0]!.key).toBe(serial);
      }
    }
    expect((await index.audit(24, 10))!.recall.value).toBe(1);
    await index.close();
  });

  it('kept on disk of a version that is used again holds no face of the other one', async () => {
    await collection(engineOf(1), ...(await many()));
    const cache = join(folder, 'graph');
    const graphOf = async (service: TestService): Promise<CandidateIndex> => {
      const index = await CandidateIndex.open({ source: vectorSource(service.db, engineOf(1)), folder: cache, ...dear });
      await index.settled();
      return index;
    };
    const first = await start(engineOf(1));
    await (await graphOf(first)).close();
    const former = embeddings(first).slice(22).map(({ vector }) => vector);
    await stop(first);
    const upgraded = await start(engineOf(2));
    for (const { id } of refreshJobs(upgraded).slice(2)) upgraded.db.prepare("UPDATE jobs SET status = 'failed' WHERE id = ?").run([id]);
    expect(await workOff(upgraded, ['refresh'])).toBe(2);
    await stop(upgraded);
    const back = await start(engineOf(1));
    const index = await graphOf(back);
    for (const vector of former) {
      const { neighbours, plan } = await index.search(vector, 5);
      expect(plan).toMatchObject({ plan: 'hnsw', of: 22 });
      for (const { key: serial } of neighbours) expect([23, 24]).not.toContain(serial);
    }
    await index.close();
  });
});

it('made by the real engine from the stored geometry, features and marks are those of the examination, byte for byte', async () => {
  const size = 300;
  const pixels = Buffer.from(Uint8Array.from({ length: size * size * 3 }, (_, at) => {
    const [x, y] = [(Math.floor(at / 3) % size) - 152, Math.floor(at / 3 / size) - 149];
    const inside = Math.hypot(x, y) < 100;
    return (inside && Math.abs(x + y / 3) < 7 ? 110 : inside ? 185 : 45) + ((Math.floor(at / 3) * 7919) % 18);
  }));
  const photo = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).png().toBuffer();
  const service = await start(productionEngine, true);
  const { specimenId } = await register(service, photo);
  const { body: specimen } = await service.call('POST', '/v1/specimens', { json: { seizureId: (await service.call('GET', `/v1/specimens/${specimenId}`)).body.seizureId, kind: 'tablet' } });
  const scaled = await service.call('POST', `/v1/specimens/${specimen.id}/images`, { body: photoForm(photo, { mmPerPx: '0.04' }), headers: { prefer: 'wait=20' } });
  expect(scaled.status).toBe(201);
  const MADE = 'SELECT serial, version, embedding, features, digest, marks, measurement, provenance FROM faces JOIN face_features USING (serial) JOIN face_marks USING (serial) ORDER BY serial';
  const examined = rows(service, MADE);
  expect(examined).toHaveLength(2);
  await stop(service);
  const old = await start(productionEngine);
  old.db.prepare("UPDATE faces SET provenance = json_set(provenance, '$.parameters.features', 'former')").run();
  old.db.prepare("UPDATE face_features SET version = 3, features = x'00'").run();
  old.db.prepare('UPDATE index_counts SET version = 3').run();
  old.db.prepare('DELETE FROM face_marks').run();
  await stop(old);
  const refreshed = await start(productionEngine);
  expect(await workOff(refreshed, ['refresh'])).toBe(2);
  expect(rows(refreshed, MADE)).toEqual(examined);
});
