/** What belongs to no single route: repeated requests, events, waiting, lists, addresses, stopping. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picture, smallEngine } from './small-engine.ts';
import { photoForm, startService, type TestService } from './service.ts';

let service: TestService;
let release: () => void = () => undefined;
let held: Promise<void> | undefined;
/** The small engine, which waits before it examines when told to. */
const engine = { ...smallEngine, examine: async (...parameters: Parameters<typeof smallEngine.examine>) => { await held; return smallEngine.examine(...parameters); } };
const hold = (): void => void (held = new Promise((resolve) => (release = resolve)));

let specimenId: string;
beforeAll(async () => {
  service = await startService({ engine });
  const { body: seizure } = await service.call('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14' } });
  specimenId = (await service.call('POST', '/v1/specimens', { json: { seizureId: seizure.id, kind: 'tablet' } })).body.id;
});
afterAll(async () => service.stop());

const attach = (photo: Uint8Array, headers: Record<string, string> = {}) => service.call('POST', `/v1/specimens/${specimenId}/images`, { body: photoForm(photo), headers });

describe('a request with an Idempotency-Key', () => {
  const post = (key: string, json: object) => service.call('POST', '/v1/seizures', { json, headers: { 'idempotency-key': key } });
  const seizure = { country: 'NL', seizedOn: '2026-04-01' };

  it('is done once; members in another order are the same request', async () => {
    const first = await post('a', seizure);
    const second = await post('a', { seizedOn: '2026-04-01', country: 'NL' });
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect((await service.call('GET', '/v1/seizures?dateFrom=2026-04-01&count=exact')).body.count).toBe(1);
  });

  it('that was refused may be corrected under the same key', async () => {
    expect((await post('b', { ...seizure, country: 'BE', reference: 'R' })).status).toBe(201);
    expect((await post('c', { ...seizure, country: 'BE', reference: 'R' })).status).toBe(409);
    expect((await post('c', { ...seizure, country: 'BE', reference: 'R2' })).status).toBe(201);
  });

  it('that died with its process finds what it had made', async () => {
    const { keyId } = service.casework.keys.authenticate(service.key);
    const before = await post('d', { ...seizure, country: 'DE' });
    // The answer was never stored: the record was made, then the process ended.
    service.db.prepare('UPDATE remembered_requests SET status = NULL WHERE key_id = ? AND request_key = ?').run([keyId, 'd']);
    expect((await post('d', { ...seizure, country: 'DE' })).body.id).toBe(before.body.id);
  });

  it('is told to wait while the first one runs; forms count by their bytes', async () => {
    hold();
    const photo = await picture(60);
    const first = attach(photo, { 'idempotency-key': 'form', prefer: 'wait=20' });
    await expect.poll(() => service.casework.jobs.counts().running).toBe(1);
    expect((await attach(photo, { 'idempotency-key': 'form' })).body.code).toBe('request-still-running');
    expect((await attach(await picture(61), { 'idempotency-key': 'form' })).body.code).toBe('idempotency-key-reused');
    release();
    held = undefined;
    const done = await first;
    expect(done.status).toBe(201);
    expect((await attach(photo, { 'idempotency-key': 'form' })).body).toEqual(done.body);
  });

  it('needs a key of visible letters', async () => {
    expect((await post('with space', seizure)).body.errors[0].pointer).toBe('/headers/idempotency-key');
  });
});

describe('waiting', () => {
  it('ends with 202 when the work takes longer', async () => {
    hold();
    const answer = await attach(await picture(62), { prefer: 'respond-async, wait=1' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('retry-after')).toBe('1');
    release();
    held = undefined;
    await expect.poll(async () => (await service.call('GET', answer.headers.get('location')!)).body.status).toBe('done');
    const { body: job } = await service.call('GET', answer.headers.get('location')!);
    expect((await service.call('GET', job.resultUrl)).body).toMatchObject({ status: 'done', imageSha256: answer.body.image.sha256 });
  });
});

describe('the events of a job', () => {
  const stream = async (jobId: string, lastEventId?: number): Promise<{ id: number; event: string }[]> => {
    const answer = await fetch(`${service.url}/v1/jobs/${jobId}/events`, { headers: { authorization: `Bearer ${service.key}`, ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }) } });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const frames = (await answer.text()).split('\n\n').filter((frame) => frame.includes('data:'));
    return frames.map((frame) => ({ id: Number(/^id: (\d+)$/m.exec(frame)![1]), event: /^event: (\w+)$/m.exec(frame)![1]! }));
  };

  it('come in order, end with the job, and are replayed from where a reader stopped', async () => {
    hold();
    const { body } = await attach(await picture(63));
    const live = stream(body.job.id);
    release();
    held = undefined;
    const events = await live;
    expect(events[0]!.event).toBe('queued');
    expect(events.at(-1)!.event).toBe('done');
    expect(events.map(({ id }) => id)).toEqual([...events.map(({ id }) => id)].sort((a, b) => a - b));
    const later = await stream(body.job.id, events[1]!.id);
    // How far a job was is forgotten when it has ended; how it went stays.
    expect(later).toEqual(events.slice(2).filter(({ event }) => event !== 'progress'));
    expect(await stream(body.job.id, events.at(-1)!.id)).toEqual([]);
  });
});

describe('lists', () => {
  it('are paged without gap or repetition, newest first', async () => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: { body: { items: { id: string }[]; nextCursor: string | null } } = await service.call('GET', `/v1/seizures?limit=2${cursor && `&cursor=${cursor}`}`);
      ids.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    const all = (await service.call('GET', '/v1/seizures?limit=500')).body.items.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(all);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
  });
});

it('text that cannot be shown is refused, as is a cursor that is none', async () => {
  for (const reference of ['a\u0000b', '\ud800x', 'a\nb', '   ']) expect((await service.call('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14', reference } })).body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/reference']);
  expect((await service.call('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14', reference: 'Zaak 12/β — 麻' } })).body.reference).toBe('Zaak 12/β — 麻');
  expect((await service.call('GET', '/v1/seizures?cursor=%00%00')).body.errors[0].pointer).toBe('/query/cursor');
});

describe('addresses and methods', () => {
  it('that are unknown are told apart', async () => {
    expect((await service.call('GET', '/v1/nothing')).body).toMatchObject({ status: 404, code: 'not-found' });
    const wrong = await service.call('DELETE', '/v1/seizures', {});
    expect(wrong.body).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(wrong.headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await service.call('GET', '/v1/seizures/%E0%A4%A')).status).toBe(400);
    expect((await service.call('GET', `/v1/seizures/sz_${'0'.repeat(500)}`)).status).toBeGreaterThanOrEqual(400);
    expect((await service.call('POST', '/v1/seizures', { body: '{"country":', headers: { 'content-type': 'application/json' } })).body.errors).toEqual([{ pointer: '', detail: 'The body is not valid JSON.' }]);
    expect((await service.call('POST', '/v1/seizures', { body: '{"__proto__":{"a":1},"country":"NL"}', headers: { 'content-type': 'application/json' } })).status).toBe(400);
  });

  it('that are no HTTP get the same kind of answer', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += chunk)).on('close', () => resolve(text));
    });
    expect(answer).toContain('400 Bad Request');
    expect(answer).toContain('"code":"invalid-request"');
  });

  it('answer with the id of the request, the caller’s where it is one', async () => {
    expect((await service.call('GET', '/livez', { headers: { 'x-request-id': 'my-id.1' } })).headers.get('x-request-id')).toBe('my-id.1');
    expect((await service.call('GET', '/livez', { headers: { 'x-request-id': 'no good' } })).headers.get('x-request-id')).toMatch(/^rq_/);
  });
});

describe('health', () => {
  it('is told without a key', async () => {
    expect((await service.call('GET', '/livez', { key: null })).body).toEqual({ status: 'ok' });
    expect((await service.call('GET', '/readyz', { key: null })).body.status).toBe('ok');
    expect((await service.call('GET', '/version', { key: null })).body).toMatchObject({ name: 'relievo', version: '0.0.0-test' });
    const metrics = Buffer.from((await service.call('GET', '/metrics', { key: null })).bytes).toString();
    expect(metrics).toMatch(/^relievo_build_info\{version="0.0.0-test",node="[\d.]+"\} 1$/m);
    expect(metrics).toMatch(/^relievo_http_request_seconds_count\{method="POST",route="\/v1\/seizures",status="201"\} \d+$/m);
    for (const line of metrics.trim().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [\d.e+-]+)$/);
  });
});

describe('stopping', () => {
  it('answers what is open and refuses what comes', async () => {
    const other = await startService({ engine });
    const { body: seizure } = await other.call('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14' } });
    const { body: specimen } = await other.call('POST', '/v1/specimens', { json: { seizureId: seizure.id, kind: 'tablet' } });
    hold();
    const open = other.call('POST', `/v1/specimens/${specimen.id}/images`, { body: photoForm(await picture(70)), headers: { prefer: 'wait=30' } });
    await expect.poll(() => other.casework.jobs.counts().running).toBe(1);
    const ending = other.stop();
    const answer = await open;
    expect(answer.status).toBe(202);
    release();
    held = undefined;
    await ending;
    await expect(fetch(`${other.url}/livez`)).rejects.toThrow();
  });
});
