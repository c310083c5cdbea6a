/** Records, keys and images: who may, what is kept once, what a refusal leaves. */
import { statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COUNTRIES, countryName, isCountryCode } from '../../src/domain/index.ts';
import { picture } from '../api/small-engine.ts';
import { photoForm, startService, type TestService } from '../api/service.ts';

let service: TestService;
let specimenId: string;
beforeAll(async () => {
  service = await startService({ holder: { agency: 'Landelijk Lab', country: 'NL' } });
  const { body: seizure } = await service.call('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14' } });
  expect(seizure.agency).toBe('Landelijk Lab');
  specimenId = (await service.call('POST', '/v1/specimens', { json: { seizureId: seizure.id, kind: 'tablet' } })).body.id;
});
afterAll(async () => service.stop());

const upload = async (bytes: Uint8Array, fields: Record<string, string> = {}) => service.call('POST', `/v1/specimens/${specimenId}/images`, { body: photoForm(bytes, fields), headers: { prefer: 'wait=20' } });

describe('countries', () => {
  it('are the 249 of ISO 3166-1, each with a name', () => {
    expect(new Set(COUNTRIES).size).toBe(249);
    for (const code of COUNTRIES) expect(countryName(code)).not.toBe(code);
    expect(['XK', 'EU', 'UK', 'nl', 'NLD', ''].filter(isCountryCode)).toEqual([]);
  });
});

describe('a key', () => {
  it('acts for its country and agency only', async () => {
    const other = await service.call('POST', '/v1/seizures', { json: { country: 'BE', seizedOn: '2026-03-14' } });
    expect(other.body).toMatchObject({ status: 403, code: 'not-allowed' });
    const agency = await service.call('POST', '/v1/seizures', { json: { country: 'NL', agency: 'Other Lab', seizedOn: '2026-03-14' } });
    expect(agency.status).toBe(403);
  });

  it('is stored as an HMAC, and its file is the owner’s alone', () => {
    const rows = JSON.stringify(service.db.prepare('SELECT * FROM access_keys').all());
    expect(rows).not.toContain(service.key.slice(-43));
    expect(statSync(join(service.folder, 'operator-key')).mode & 0o777).toBe(0o600);
    expect(service.casework.keys.firstKey({ agency: 'x', country: null })).toBeUndefined();
  });

  it('that has expired is refused', async () => {
    service.db.prepare("UPDATE access_keys SET expires_at = '2020-01-01T00:00:00.000Z'").run();
    expect((await service.call('GET', '/v1/seizures')).body).toMatchObject({ code: 'unauthenticated', reason: 'the key has expired' });
    service.db.prepare('UPDATE access_keys SET expires_at = NULL').run();
  });
});

describe('an image', () => {
  it('is kept once, whichever way it comes', async () => {
    const bytes = await picture(1);
    const first = await upload(bytes, { side: 'reverse', mmPerPx: '0.05' });
    expect(first.body.photograph).toMatchObject({ status: 'done', side: 'reverse', mmPerPx: 0.05 });
    const second = await upload(bytes);
    expect(second.status).toBe(200);
    expect(second.body.photograph).toEqual(first.body.photograph);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect((await service.call('PUT', `/v1/images/${sha256}`, { body: bytes, headers: { 'content-type': 'image/png' } })).status).toBe(200);
    const face = (await service.call('GET', `/v1/faces/${first.body.photograph.faceIds[0]}`)).body;
    expect(face).toMatchObject({ lengthMm: 3.2, scale: { mmPerPx: 0.05, source: 'given' }, side: 'reverse', kind: 'tablet' });
  });

  it('twice at the same time is one photograph with one face', async () => {
    const bytes = await picture(21);
    const answers = await Promise.all(Array.from({ length: 6 }, () => upload(bytes)));
    expect(new Set(answers.map((answer) => answer.body.photograph.id)).size).toBe(1);
    expect(answers.every((answer) => answer.body.photograph.faceIds.length === 1)).toBe(true);
  });

  it('without a specimen in it is kept with the reason, and can be tried again', async () => {
    const black = await picture(2, { black: true });
    const refused = await upload(black);
    expect(refused.status).toBe(201);
    expect(refused.body.photograph).toMatchObject({ status: 'refused', faceIds: [], problem: { code: 'face-not-found', status: 422 } });
    expect(refused.body.job).toMatchObject({ status: 'failed', problem: { code: 'face-not-found' } });
    const again = await upload(black);
    expect(again.body.photograph.id).toBe(refused.body.photograph.id);
    expect(again.body.job.id).not.toBe(refused.body.job.id);
  });

  it('with two faces gives two', async () => {
    expect((await upload(await picture(3, { width: 200, height: 80 }))).body.photograph.faceIds).toHaveLength(2);
  });

  it('for a specimen that is not there leaves nothing', async () => {
    const before = service.casework.gauges.find(({ name }) => name === 'relievo_images')!.values();
    const answer = await service.call('POST', '/v1/specimens/sp_01JABCDEFGHJKMNPQRSTVWXYZ0/images', { body: photoForm(await picture(77)) });
    expect(answer.status).toBe(404);
    expect(service.casework.gauges.find(({ name }) => name === 'relievo_images')!.values()).toEqual(before);
  });

  it('in a form that is wrong names every fault', async () => {
    const answer = await upload(await picture(4), { side: 'top', mmPerPx: '-1', colour: 'red' });
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/colour', '/mmPerPx', '/side']);
    const form = new FormData();
    form.append('file', new Blob(['x']), 'x.png');
    expect((await service.call('POST', `/v1/specimens/${specimenId}/images`, { body: form })).body.errors[0].pointer).toBe('/file');
    const cut = await service.call('POST', `/v1/specimens/${specimenId}/images`, { body: '--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\nab', headers: { 'content-type': 'multipart/form-data; boundary=x' } });
    expect(cut.status).toBe(400);
  });
});
