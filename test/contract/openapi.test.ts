/** The API against its description, both ways: every answer is described, and everything described is answered somewhere here. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiToDescribe, openapiText, operationsByCode, problemsPage } from '../../src/api/index.ts';
import { PROBLEMS, problem } from '../../src/domain/index.ts';
import { picture } from '../api/small-engine.ts';
import type { Engine } from '../../src/casework/index.ts';
import { smallEngine } from '../api/small-engine.ts';
import { call, photoForm, register, startService, type Answer, type CallOptions, type TestService } from '../api/service.ts';
import { drawnDesigns } from '../casework/drawn-calibrations.ts';

const DOCS = new URL('../../docs/', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('../package.json', DOCS), 'utf8')) as { version: string };
const described = JSON.parse(readFileSync(new URL('openapi.json', DOCS), 'utf8')) as { paths: Record<string, Record<string, Operation>> };

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, unknown> };
  readonly responses: Record<string, { readonly description: string; readonly content?: Record<string, unknown> }>;
}

const operations = Object.entries(described.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })));
const name = (method: string, path: string, status: number | string): string => `${method} ${path} ${status}`;
const seen = new Set<string>();

/** The described path that an address belongs to; the most literal one wins. */
function templateOf(address: string): string | undefined {
  const bare = address.split('?')[0]!;
  return Object.keys(described.paths)
    .filter((path) => new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(bare))
    .sort((a, b) => a.split('{').length - b.split('{').length)[0];
}

/** Notes an answer, after holding it against the description. */
function note(method: string, address: string, answer: Answer): Answer {
  const path = templateOf(address);
  const operation = path === undefined ? undefined : described.paths[path]![method.toLowerCase()];
  expect(operation, `${method} ${address} is not described`).toBeDefined();
  const response = operation!.responses[answer.status];
  expect(response, `${method} ${path} answered ${answer.status}, which is not described: ${JSON.stringify(answer.body)}`).toBeDefined();
  if (answer.status >= 400) {
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(response!.description.split(', '), `${method} ${path} ${answer.status}`).toContain(answer.body.code);
    expect(answer.body).toMatchObject({ status: answer.status, type: `/v1/problems/${answer.body.code}`, instance: answer.headers.get('x-request-id') });
  } else if (answer.bytes.length > 0) expect(Object.keys(response!.content ?? {})).toContain(answer.headers.get('content-type')!.split(';')[0]);
  seen.add(name(method, path!, answer.status));
  return answer;
}

/** An address of the path with ids that are well formed and unknown. */
function unknownAddress({ path }: { path: string }): string {
  const prefix = { seizures: 'sz', exhibits: 'ex', specimens: 'sp', photographs: 'ph', faces: 'fa', searches: 'se', comparisons: 'cm', jobs: 'jb', profiles: 'pr', 'profile-searches': 'ps', evaluations: 'el', 'link-searches': 'ls' }[path.split('/')[2]!];
  return path.replace('/panels/{id}', '/panels/no-such-panel').replace('{id}', `${prefix}_01JABCDEFGHJKMNPQRSTVWXYZ0`).replace('{sha256}', '0'.repeat(64)).replace('{line}', 'tool').replace('{key}', 'crop').replace('{code}', 'no-such-code');
}

/** A body of a kind the route reads, with nothing useful in it. */
function someBody({ operation }: { operation: Operation }): CallOptions {
  const types = Object.keys(operation.requestBody?.content ?? {});
  if (types.length === 0) return {};
  return types.includes('application/json') ? { json: {} } : { body: 'no image', headers: { 'content-type': types[0]! } };
}

let service: TestService;
let photo: Uint8Array;
/** What the engine waits for before it looks at a photograph or compares: work that is held cannot be done before it is answered. */
let held: Promise<void> = Promise.resolve();
const slow: Engine = {
  ...smallEngine,
  examine: async (...given) => held.then(() => smallEngine.examine(...given)),
  compare: async (...given) => held.then(() => smallEngine.compare(...given)),
};
async function whileHeld(asked: () => Promise<Answer>): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<void>();
  held = promise;
  try {
    return await asked();
  } finally {
    resolve();
  }
}
const ids: Record<string, string> = {};
const PANEL = { id: 'lab-powder', version: 1, title: 'Our powders', substance: 'any', analytes: ['powder-a', 'powder-b', 'powder-c'].map((id) => ({ id, name: id, unit: 'area' })), recipe: 'sum', distance: 'euclid', minimumOverlap: 2, source: 'test' };
const PROFILE = { id: 'run 1', panel: { id: 'lab-powder' }, replicates: [{ id: '1', readings: { 'powder-a': 1, 'powder-b': '<0.5', 'powder-c': 3 } }] };

const ask = async (method: string, path: string, options?: CallOptions): Promise<Answer> => note(method, path, await service.call(method, path, options));

beforeAll(async () => {
  service = await startService({ engine: slow, settings: { RELIEVO_MAX_IMAGE_BYTES: '20000' }, calibrations: { designCalibration: drawnDesigns('tablet', smallEngine) } });
  photo = await picture(1);
});
afterAll(async () => service.stop());

describe('the committed pages', () => {
  it('agree with the routes: else run `npm run docs:api`', async () => {
    const app = await apiToDescribe(version);
    expect(openapiText(app) === readFileSync(new URL('openapi.json', DOCS), 'utf8'), 'docs/openapi.json is old: run `npm run docs:api`').toBe(true);
    expect(readFileSync(new URL('problems.md', DOCS), 'utf8')).toBe(problemsPage(app));
    await app.close();
  });

  it('name only codes of the table, and every code has its line', () => {
    const unknown = [...operationsByCode(described as never).keys()].filter((code) => !(code in PROBLEMS));
    expect(unknown).toEqual([]);
    const lines = readFileSync(new URL('problems.md', DOCS), 'utf8').split('\n').filter((line) => line.startsWith('| `'));
    expect(lines.map((line) => line.split('`')[1])).toEqual(Object.keys(PROBLEMS));
    for (const line of lines) expect(line.split(' | ')[1]).toBe(String(PROBLEMS[line.split('`')[1] as keyof typeof PROBLEMS].status));
  });

  it('describe routes that are there', async () => {
    const app = await apiToDescribe(version);
    const absent = operations.filter(({ method, path }) => !app.hasRoute({ method: method as 'GET', url: path.replace(/\{(\w+)\}/g, ':$1') }));
    expect(absent).toEqual([]);
    expect(operations.length).toBeGreaterThanOrEqual(25);
    await app.close();
  });
});

describe('the way that works', () => {
  it('seizures, exhibits, specimens', async () => {
    const seizure = await ask('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14', reference: 'A-1' } });
    ids['seizure'] = seizure.body.id;
    expect(seizure.headers.get('location')).toBe(`/v1/seizures/${ids['seizure']}`);
    ids['exhibit'] = (await ask('POST', '/v1/exhibits', { json: { seizureId: ids['seizure'], reference: 'E-1' } })).body.id;
    ids['specimen'] = (await ask('POST', '/v1/specimens', { json: { exhibitId: ids['exhibit'], kind: 'tablet', reference: 'S-1' } })).body.id;
    for (const [plural, id] of [['seizures', ids['seizure']], ['exhibits', ids['exhibit']], ['specimens', ids['specimen']]] as const) {
      expect((await ask('GET', `/v1/${plural}?count=exact`)).body).toMatchObject({ count: 1, nextCursor: null });
      const { headers } = await ask('GET', `/v1/${plural}/${id}`);
      expect((await ask('GET', `/v1/${plural}/${id}`, { headers: { 'if-none-match': headers.get('etag')! } })).status).toBe(304);
    }
  });

  it('images, photographs, faces', async () => {
    const sha256 = createHash('sha256').update(photo).digest('hex');
    ids['image'] = sha256;
    const put = () => ask('PUT', `/v1/images/${sha256}`, { body: photo, headers: { 'content-type': 'image/png' } });
    expect((await put()).status).toBe(201);
    expect((await put()).status).toBe(200);
    expect((await ask('POST', '/v1/images/lookup', { json: { sha256: [sha256, '0'.repeat(64)] } })).body).toEqual({ known: [sha256], unknown: ['0'.repeat(64)] });
    const { headers } = await ask('GET', `/v1/images/${sha256}`);
    await ask('GET', `/v1/images/${sha256}`, { headers: { 'if-none-match': headers.get('etag')! } });
    expect(Buffer.from((await ask('GET', `/v1/images/${sha256}/original`)).bytes)).toEqual(Buffer.from(photo));
    await ask('GET', `/v1/images/${sha256}/original`, { headers: { 'if-none-match': `"${sha256}"` } });
    const attach = (more: CallOptions) => ask('POST', `/v1/specimens/${ids['specimen']}/images`, more);
    const attached = await attach({ json: { sha256, side: 'obverse', mmPerPx: 0.1 }, headers: { prefer: 'wait=20' } });
    expect(attached.status).toBe(201);
    expect((await attach({ body: photoForm(photo) })).status).toBe(200);
    const second = photoForm(await picture(2));
    const queued = await whileHeld(() => attach({ body: second }));
    expect(queued.status).toBe(202);
    expect(queued.headers.get('location')).toBe(`/v1/jobs/${queued.body.job.id}`);
    ids['photograph'] = attached.body.photograph.id;
    ids['face'] = attached.body.photograph.faceIds[0];
    ids['job'] = attached.body.job.id;
    await ask('GET', `/v1/images/${sha256}/photographs`);
    await ask('GET', `/v1/specimens/${ids['specimen']}/images`);
    await ask('GET', `/v1/photographs/${ids['photograph']}`);
    await ask('GET', `/v1/photographs/${ids['photograph']}/faces`);
    const face = await ask('GET', `/v1/faces/${ids['face']}`);
    await ask('GET', `/v1/faces/${ids['face']}`, { headers: { 'if-none-match': face.headers.get('etag')! } });
    for (const { url } of face.body.pictures) await ask('GET', url);
    await ask('GET', `/v1/jobs/${ids['job']}`);
    expect((await ask('GET', '/v1/jobs?kind=examine&limit=1')).body.items).toMatchObject([{ kind: 'examine', subject: expect.stringMatching(/^ph_/) }]);
    await ask('GET', `/v1/jobs/${ids['job']}/events`);
  });

  it('searches and comparisons', async () => {
    await register(service, await picture(3), { country: 'BE' });
    const done = await ask('POST', '/v1/searches', { json: { probe: { faceId: ids['face'] } }, headers: { prefer: 'wait=20' } });
    expect(done.status).toBe(201);
    expect((await whileHeld(() => ask('POST', '/v1/searches', { json: { probe: { faceId: ids['face'] } } }))).status).toBe(202);
    await ask('GET', `/v1/searches/${done.body.search.id}`);
    const list = await ask('GET', done.body.search.candidatesUrl);
    expect(list.body.items.length).toBeGreaterThan(0);
    const comparison = await ask('GET', list.body.items[0].comparisonUrl);
    await ask('GET', list.body.items[0].comparisonUrl, { headers: { 'if-none-match': comparison.headers.get('etag')! } });
    for (const { url } of (await ask('GET', comparison.body.explanationUrl)).body.pictures) await ask('GET', url);
  });

  it('panels, recipes, profiles and their searches', async () => {
    expect((await ask('POST', '/v1/panels', { json: PANEL })).status).toBe(201);
    expect((await ask('POST', '/v1/panels', { json: PANEL })).status).toBe(200);
    await ask('GET', '/v1/panels');
    await ask('GET', '/v1/recipes');
    expect((await ask('GET', '/v1/batch-calibrations')).body.items.length).toBeGreaterThan(0);
    const { headers } = await ask('GET', '/v1/panels/lab-powder');
    await ask('GET', '/v1/panels/lab-powder', { headers: { 'if-none-match': headers.get('etag')! } });
    const path = `/v1/specimens/${ids['specimen']}/profiles`;
    const kept = await ask('POST', path, { json: { profiles: [PROFILE] } });
    expect(kept.status).toBe(201);
    expect((await ask('POST', path, { body: 'caffeine,lactose\n4,5\n', headers: { 'content-type': 'text/csv' } })).status).toBe(201);
    expect((await ask('POST', path, { json: { profiles: [PROFILE] } })).status).toBe(200);
    ids['profile'] = kept.body.items[0].id;
    expect((await ask('GET', path)).body.items.length).toBeGreaterThan(1);
    const profile = await ask('GET', `/v1/profiles/${ids['profile']}`);
    await ask('GET', `/v1/profiles/${ids['profile']}`, { headers: { 'if-none-match': profile.headers.get('etag')! } });
    const { body: other } = await ask('POST', '/v1/specimens', { json: { seizureId: ids['seizure'], kind: 'tablet' } });
    await ask('POST', `/v1/specimens/${other.id}/profiles`, { json: { profiles: [PROFILE] } });
    const done = await ask('POST', '/v1/profile-searches', { json: { probe: { profileId: ids['profile'] } }, headers: { prefer: 'wait=20' } });
    expect([done.status, done.body.job.resultUrl]).toEqual([201, `/v1/profile-searches/${done.body.search.id}`]);
    await ask('GET', `/v1/profile-searches/${done.body.search.id}`);
    expect((await ask('GET', done.body.search.candidatesUrl)).body.items).toMatchObject([{ specimen: { id: other.id }, batch: { distance: 0, log10Lr: null } }]);
    const idle = await startService({ working: false });
    const queued = note('POST', '/v1/profile-searches', await idle.call('POST', '/v1/profile-searches', { json: { probe: { profile: { panel: { id: 'mdma-impurities' }, replicates: [{ id: '1', readings: { safrole: 1 } }] } } } }));
    expect([queued.status, queued.headers.get('location')]).toEqual([202, `/v1/jobs/${queued.body.job.id}`]);
    expect(note('GET', queued.body.search.candidatesUrl, await idle.call('GET', queued.body.search.candidatesUrl)).body).toMatchObject({ status: 409, code: 'search-unfinished' });
    await idle.stop();
  });

  it('evaluations', async () => {
    const other = await register(service, await picture(4), { country: 'DE' });
    const request = { first: { specimenId: ids['specimen'] }, second: { seizureId: other.seizureId } };
    const done = await ask('POST', '/v1/evaluations', { json: request, headers: { prefer: 'wait=20' } });
    expect([done.status, done.body.job.resultUrl, done.headers.get('location')]).toEqual([201, `/v1/evaluations/${done.body.evaluation.id}`, `/v1/evaluations/${done.body.evaluation.id}`]);
    expect((await ask('GET', done.body.job.resultUrl)).body).toEqual(done.body.evaluation);
    expect((await ask('GET', done.body.evaluation.pictures[0].url)).status).toBe(200);
    expect((await whileHeld(() => ask('POST', '/v1/evaluations', { json: request }))).status).toBe(202);
    ids['other-specimen'] = other.specimenId;
  });

  it('searches for links', async () => {
    const request = { probe: { specimenId: ids['specimen'] }, limit: 5 };
    const done = await ask('POST', '/v1/link-searches', { json: request, headers: { prefer: 'wait=20' } });
    expect([done.status, done.body.job.resultUrl]).toEqual([201, `/v1/link-searches/${done.body.search.id}`]);
    expect((await ask('GET', done.body.job.resultUrl)).body).toEqual(done.body.search);
    expect((await ask('GET', done.body.search.candidatesUrl)).body.items.length).toBeGreaterThan(0);
    await whileHeld(async () => {
      const queued = await ask('POST', '/v1/link-searches', { json: request });
      expect(queued.status).toBe(202);
      expect((await ask('GET', queued.body.search.candidatesUrl)).body).toMatchObject({ status: 409, code: 'search-unfinished' });
      return queued;
    });
  });

  it('problems', async () => {
    const { body } = await ask('GET', '/v1/problems');
    expect(body.items.map(({ code }: { code: string }) => code)).toEqual(Object.keys(PROBLEMS));
    expect((await ask('GET', '/v1/problems/face-not-found')).body).toMatchObject({ status: 422 });
  });
});

describe('the ways that are refused', () => {
  const needKey = operations.filter(({ operation }) => '401' in operation.responses);

  it.each(needKey)('$method $path without a key', async (route) => {
    expect((await ask(route.method, unknownAddress(route), { key: null, ...someBody(route) })).status).toBe(401);
    expect((await ask(route.method, unknownAddress(route), { key: service.key.slice(0, -4) + 'AAAA', ...someBody(route) })).status).toBe(401);
  });

  it('every route, with a key that may nothing', async () => {
    service.db.prepare("UPDATE access_keys SET scopes = '[]'").run();
    for (const route of needKey) expect((await ask(route.method, unknownAddress(route), someBody(route))).status).toBe(403);
    service.db.prepare('UPDATE access_keys SET scopes = ?').run([JSON.stringify(['specimens.read', 'specimens.write', 'searches.create', 'searches.read'])]);
  });

  it.each(operations.filter(({ operation }) => '404' in operation.responses))('$method $path of something unknown', async (route) => {
    const bodies: Record<string, CallOptions> = {
      '/v1/exhibits': { json: { seizureId: 'sz_01JABCDEFGHJKMNPQRSTVWXYZ0' } },
      '/v1/specimens': { json: { seizureId: 'sz_01JABCDEFGHJKMNPQRSTVWXYZ0', kind: 'tablet' } },
      '/v1/searches': { json: { probe: { imageSha256: '0'.repeat(64) } } },
      '/v1/profile-searches': { json: { probe: { profileId: 'pr_01JABCDEFGHJKMNPQRSTVWXYZ0' } } },
      '/v1/link-searches': { json: { probe: { specimenId: 'sp_01JABCDEFGHJKMNPQRSTVWXYZ0' } } },
      '/v1/evaluations': { json: { first: { specimenId: 'sp_01JABCDEFGHJKMNPQRSTVWXYZ0' }, second: { seizureId: 'sz_01JABCDEFGHJKMNPQRSTVWXYZ0' } } },
    };
    expect((await ask(route.method, unknownAddress(route), bodies[route.path] ?? someBody(route))).status).toBe(404);
  });

  it.each(operations.filter(({ operation }) => '400' in operation.responses))('$method $path with a request that is not valid', async (route) => {
    const bad = route.path.includes('{') ? route.path.replace(/\{(id|sha256)\}/, 'No_id').replace('{key}', 'crop').replace('{code}', 'x'.repeat(61)) : route.method === 'GET' ? `${route.path}?limit=0&nonsense=1` : route.path;
    const answer = await ask(route.method, bad, someBody(route));
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(answer.body.errors.length).toBeGreaterThan(0);
    for (const { pointer } of answer.body.errors) expect(pointer).toMatch(/^(\/[^/]*)*$/);
  });

  it.each(operations.filter(({ operation }) => operation.requestBody))('$method $path with a body it does not read', async (route) => {
    const path = route.path.replace('{id}', ids['specimen']!).replace('{sha256}', ids['image']!);
    expect((await ask(route.method, path, { body: 'hello', headers: { 'content-type': 'text/plain' } })).body).toMatchObject({ status: 415, code: 'media-type-unsupported' });
    const big = route.method === 'PUT' ? { body: new Uint8Array(30_000), headers: { 'content-type': 'image/png' } } : { json: { place: 'x'.repeat(1_100_000) } };
    expect((await ask(route.method, path, big)).status).toBe(413);
  });

  it('panels, tables, profiles and settings that are none', async () => {
    expect((await ask('POST', '/v1/panels', { json: { ...PANEL, title: 'changed' } })).body.code).toBe('panel-invalid');
    const table = (body: string) => ask('POST', `/v1/specimens/${ids['specimen']}/profiles`, { body, headers: { 'content-type': 'text/csv' } });
    expect((await table('')).body.code).toBe('table-unreadable');
    expect((await table('caffeine\n33%\n')).body.code).toBe('table-invalid');
    expect((await table(`caffeine\n${'1\n'.repeat(600_000)}`)).body.code).toBe('body-too-large');
    expect((await ask('POST', `/v1/specimens/${ids['specimen']}/profiles`, { json: { profiles: [{}] } })).body.code).toBe('profile-invalid');
    expect((await ask('POST', '/v1/profile-searches', { json: { probe: { profile: {} }, panel: { id: 'lab-powder' } } })).body.code).toBe('profile-invalid');
    expect((await ask('POST', '/v1/profile-searches', { json: { probe: { profileId: ids['profile'] }, recipe: 'n-plus-s' } })).body.code).toBe('profile-settings-invalid');
  });

  it('evaluations of one thing twice, of a part of it, and of what has nothing in common', async () => {
    const post = (first: object, second: object) => ask('POST', '/v1/evaluations', { json: { first, second } });
    const [specimenId, seizureId] = [ids['specimen'], ids['seizure']];
    for (const [first, second] of [[{ specimenId }, { specimenId }], [{ seizureId }, { seizureId }], [{ specimenId }, { seizureId }]] as const) expect((await post(first, second)).body).toMatchObject({ status: 400, code: 'invalid-request', errors: [{ pointer: '/second' }] });
    expect((await post({ specimenId, seizureId }, { specimenId: ids['other-specimen'] })).body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/first' }] });
    const { body: bare } = await ask('POST', '/v1/specimens', { json: { seizureId, kind: 'tablet' } });
    expect((await ask('POST', '/v1/link-searches', { json: { probe: { specimenId: bare.id } } })).body).toMatchObject({ status: 422, code: 'nothing-to-compare' });
    expect((await post({ specimenId: bare.id }, { specimenId: ids['other-specimen'] })).body).toMatchObject({ status: 422, code: 'nothing-to-compare', reason: 'the first has no faces and no profiles, the second faces and no profiles' });
  });

  it('images that are none', async () => {
    const put = (body: Uint8Array, type = 'image/png') => ask('PUT', `/v1/images/${createHash('sha256').update(body).digest('hex')}`, { body, headers: { 'content-type': type } });
    expect((await put(Buffer.from('GIF89a...'))).body.code).toBe('image-type-unsupported');
    const fresh = await picture(99);
    expect((await put(fresh, 'image/jpeg')).body.code).toBe('image-type-mismatch');
    expect((await put(fresh.subarray(0, fresh.length - 40))).body).toMatchObject({ status: 422, code: 'image-corrupt' });
    expect((await ask('PUT', `/v1/images/${'0'.repeat(64)}`, { body: fresh, headers: { 'content-type': 'image/png' } })).body.code).toBe('digest-mismatch');
    expect((await ask('POST', `/v1/specimens/${ids['specimen']}/images`, { body: photoForm(new Uint8Array(30_000)) })).body.code).toBe('image-too-large');
    expect((await ask('POST', '/v1/searches', { body: photoForm(new Uint8Array(30_000)) })).body.code).toBe('image-too-large');
  });

  it('a reference twice, a key of a repeated request twice, a search that has no result', async () => {
    expect((await ask('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14', reference: 'A-1' } })).body).toMatchObject({ code: 'reference-taken', existing: ids['seizure'] });
    expect((await ask('POST', '/v1/specimens', { json: { exhibitId: ids['exhibit'], kind: 'tablet', reference: 'S-1' } })).body).toMatchObject({ code: 'reference-taken', existing: ids['specimen'] });
    const posts: [string, object, object][] = [
      ['/v1/seizures', { country: 'NL', seizedOn: '2026-03-14' }, { country: 'BE', seizedOn: '2026-03-14' }],
      ['/v1/exhibits', { seizureId: ids['seizure'] }, { seizureId: ids['seizure'], reference: 'other' }],
      ['/v1/specimens', { seizureId: ids['seizure'], kind: 'tablet' }, { seizureId: ids['seizure'], kind: 'brick' }],
      [`/v1/specimens/${ids['specimen']}/images`, { sha256: ids['image'] }, { sha256: ids['image'], side: 'edge' }],
      ['/v1/searches', { probe: { faceId: ids['face'] } }, { probe: { faceId: ids['face'] }, limit: 3 }],
      ['/v1/panels', PANEL, { ...PANEL, version: 2 }],
      [`/v1/specimens/${ids['specimen']}/profiles`, { profiles: [PROFILE] }, { profiles: [{ ...PROFILE, id: 'other' }] }],
      ['/v1/profile-searches', { probe: { profileId: ids['profile'] } }, { probe: { profileId: ids['profile'] }, limit: 3 }],
      ['/v1/link-searches', { probe: { specimenId: ids['specimen'] } }, { probe: { specimenId: ids['specimen'] }, limit: 3 }],
      ['/v1/evaluations', { first: { specimenId: ids['specimen'] }, second: { specimenId: ids['other-specimen'] } }, { first: { specimenId: ids['other-specimen'] }, second: { specimenId: ids['specimen'] } }],
    ];
    for (const [path, first, other] of posts) {
      const headers = { 'idempotency-key': path };
      const one = await ask('POST', path, { json: first, headers });
      expect((await ask('POST', path, { json: first, headers })).body).toEqual(one.body);
      expect((await ask('POST', path, { json: other, headers })).body).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
      const begin = service.casework.requests.begin;
      service.casework.requests.begin = () => {
        throw problem('request-still-running');
      };
      expect((await ask('POST', path, { json: first, headers })).body).toMatchObject({ status: 409, code: 'request-still-running' });
      service.casework.requests.begin = begin;
    }
    const black = await ask('POST', '/v1/searches', { body: photoForm(await picture(1, { black: true })), headers: { prefer: 'wait=20' } });
    expect(black.body.search).toMatchObject({ status: 'refused', problem: { code: 'face-not-found' } });
    expect((await ask('GET', black.body.search.candidatesUrl)).body).toMatchObject({ status: 409, code: 'search-unfinished' });
  });

  it('one request too many', async () => {
    const strict = await startService({ settings: { RELIEVO_RATE_LIMIT: '1' } });
    for (const route of operations) {
      await strict.call(route.method, unknownAddress(route), someBody(route));
      const answer = note(route.method, route.path, await strict.call(route.method, unknownAddress(route), someBody(route)));
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.headers.get('ratelimit-policy')).toBe('"default";q=1;w=60');
      expect(answer.headers.get('ratelimit')).toMatch(/^"default";r=0;t=\d+$/);
    }
    await strict.stop();
  });

  it('a service that is stopping, and one that is broken, whose reasons stay inside', async () => {
    const broken = await startService({ working: false });
    const answers = async (expected: number): Promise<void> => {
      for (const route of operations) {
        if (!(String(expected) in route.operation.responses) || (expected === 500 && route.path.startsWith('/v1/problems'))) continue;
        const answer = note(route.method, route.path, await call(broken.url, route.method, unknownAddress(route), { key: broken.key, ...someBody(route) }));
        expect(answer.status).toBe(expected);
        expect(JSON.stringify(answer.body)).not.toMatch(/secret|sqlite|SELECT|\.ts/i);
      }
    };
    broken.casework.keys.authenticate = () => {
      throw new Error('the secret of SELECT is in file.ts');
    };
    await answers(500);
    broken.casework.keys.authenticate = () => {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    };
    await answers(503);
    await broken.stop();
  });
});

it('everything that is described was answered', () => {
  // Nothing behind the list of problems can break.
  const exempt = new Set([name('GET', '/v1/problems', 500), name('GET', '/v1/problems/{code}', 500)]);
  const missing = operations.flatMap(({ method, path, operation }) => Object.keys(operation.responses).map((status) => name(method, path, status))).filter((entry) => !seen.has(entry) && !exempt.has(entry));
  expect(missing).toEqual([]);
});
