/**
 * Bad input against the real service over HTTP: every answer is a success or a typed refusal, the process lives, and
 * nothing is half-stored. `npm run test:robustness` runs it at full length.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PROBLEMS, type ProblemCode } from '../../src/domain/index.ts';
import { LARGEST_ALLOWED, badImages, type BadImage } from './bad-images.ts';
import { BAD_REQUESTS, fuzzedBody, type Target } from './bad-requests.ts';
import { seeded } from './random.ts';
import { freePort, gauge, jobsEnded, keyOf, remains, startService, untyped, type RunningService } from './service.ts';

const FULL = inject('robustness') === 'full';
const SEED = 20_260_101;
const IMAGES = FULL ? 500 : 120;
const BODIES = FULL ? 400 : 60;

let folder: string;
let service: RunningService;
let target: Target;
/** Digests of what was answered with 2xx, and of what was refused. */
const admitted = new Set<string>();
const refused = new Set<string>();

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const authorization = (): { authorization: string } => ({ authorization: `Bearer ${target.key}` });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relievo-bad-input-'));
  service = await startService(folder, await freePort());
  const jpeg = await sharp({ create: { width: 90, height: 70, channels: 3, background: '#777' } }).jpeg().toBuffer();
  target = { url: service.url, port: service.port, key: keyOf(folder), seizureId: '', specimenId: '', jpeg };
  const make = async (path: string, body: object): Promise<string> => {
    const answer = await fetch(service.url + path, { method: 'POST', headers: { ...authorization(), 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return ((await answer.json()) as { id: string }).id;
  };
  const seizureId = await make('/v1/seizures', { country: 'NL', seizedOn: '2026-01-02' });
  target = { ...target, seizureId, specimenId: await make('/v1/specimens', { seizureId, kind: 'tablet' }) };
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

/** Through one of the three doors that take bytes. */
async function upload({ bytes, declared }: BadImage, door: number): Promise<{ status: number; fault: string | undefined }> {
  const form = new FormData();
  form.set('photo', new Blob([new Uint8Array(bytes)], { type: declared }), 'photo');
  const ways = [
    () => fetch(`${service.url}/v1/images/${digestOf(bytes)}`, { method: 'PUT', headers: { ...authorization(), 'content-type': declared }, body: new Uint8Array(bytes) }),
    () => fetch(`${service.url}/v1/specimens/${target.specimenId}/images`, { method: 'POST', headers: authorization(), body: form }),
    () => fetch(`${service.url}/v1/searches`, { method: 'POST', headers: authorization(), body: form }),
  ];
  const answer = await ways[door]();
  const text = await answer.text();
  return { status: answer.status, fault: untyped(answer.status, answer.headers.get('content-type'), text) };
}

describe('bad images', () => {
  it(`${IMAGES} of them are each taken or refused with a typed problem`, async () => {
    const random = seeded(SEED);
    const faults: string[] = [];
    let [count, taken] = [0, 0];
    const tried = async (bad: BadImage): Promise<void> => {
      const { status, fault } = await upload(bad, random.whole(0, 3));
      count++;
      if (fault) faults.push(`${bad.name}: ${fault}`);
      if ((bad.outcome === 'admitted' && status >= 400) || (bad.outcome === 'refused' && status < 300)) faults.push(`${bad.name}: should be ${bad.outcome}, was answered with ${status}`);
      if (status < 300) taken++;
      (status < 300 ? admitted : refused).add(digestOf(bad.bytes));
    };
    for await (const bad of badImages(SEED, IMAGES)) await tried(bad);
    if (FULL) {
      const [name, declared, outcome, make] = LARGEST_ALLOWED;
      await tried({ name, declared, outcome, bytes: await make(random) });
    }
    process.stdout.write(`bad images: ${count} sent, ${taken} taken, ${count - taken} refused, ${faults.length} untyped or wrong\n`);
    expect(faults).toEqual([]);
    expect(service.isAlive()).toBe(true);
    // Some of each, or the test tests nothing.
    expect(admitted.size).toBeGreaterThan(20);
    expect(refused.size).toBeGreaterThan(40);
  }, 600_000);
});

describe('malformed requests', () => {
  it.each(BAD_REQUESTS.map((bad) => [bad.name, bad] as const))('%s', async (_, bad) => {
    const answer = await bad.send(target);
    if (answer) expect(untyped(answer.status, answer.contentType, answer.body)).toBeUndefined();
    if (answer && !bad.mayPass) expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(service.isAlive()).toBe(true);
  });

  it(`${BODIES} random bodies`, async () => {
    const random = seeded(SEED + 1);
    const faults: string[] = [];
    for (let i = 0; i < BODIES; i++) {
      const { path, body } = fuzzedBody(random);
      const answer = await fetch(service.url + path, { method: 'POST', headers: { ...authorization(), 'content-type': 'application/json' }, body });
      const fault = untyped(answer.status, answer.headers.get('content-type'), await answer.text());
      if (fault) faults.push(`${path} ${body.slice(0, 200)}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });
});

describe('afterwards', () => {
  it('the service is ready, its jobs have ended, each with a result or a refusal', async () => {
    await jobsEnded(service.url, FULL ? 300_000 : 120_000);
    expect((await fetch(`${service.url}/livez`)).status).toBe(200);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    process.stdout.write(`bad images: peak memory of the service ${service.peakMegabytes()} MB\n`);
  }, 600_000);

  it('a good photograph is still taken', async () => {
    const { status } = await upload({ name: 'good', bytes: target.jpeg, declared: 'image/jpeg', outcome: 'admitted' }, 1);
    expect(status).toBeLessThan(300);
    admitted.add(digestOf(target.jpeg));
    await jobsEnded(service.url);
  });

  it('nothing is half-stored', async () => {
    const indexed = await gauge(service.url, 'relievo_index_faces');
    await service.stop();
    const left = await remains(folder);
    expect(left.contradictions).toEqual([]);
    expect(left.temporary).toEqual([]);
    expect(indexed).toBe(left.indexedFaces);
    expect([...admitted].filter((sha256) => !left.images.includes(sha256))).toEqual([]);
    expect([...refused].filter((sha256) => left.images.includes(sha256) && !admitted.has(sha256))).toEqual([]);
    const failed = left.jobs.filter((job) => job.status === 'failed').map((job) => (JSON.parse(job.problem!) as { code: ProblemCode }).code);
    expect(left.jobs.filter((job) => job.status !== 'failed' && job.status !== 'done')).toEqual([]);
    expect(failed.filter((code) => PROBLEMS[code].status >= 500)).toEqual([]);
    // Damaged photographs that still decode go the whole way, too.
    expect(left.indexedFaces).toBeGreaterThan(0);
    process.stdout.write(`bad images: ${left.images.length} images, ${left.jobs.length} jobs (${failed.length} refused), ${left.indexedFaces} faces indexed, nothing half-stored\n`);
  });
});
