/** Two seizures evaluated from end to end: simulated photographs and profiles of the demonstration, the real engine, a real database. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productionEngine } from '../../src/casework/index.ts';
import { type BatchCalibration, type DesignCalibration, type LinkCalibration } from '../../src/likelihood/index.ts';
import { photoForm, startService, type TestService } from '../api/service.ts';
import { drawnBatches, drawnDesigns, drawnLinks } from './drawn-calibrations.ts';

const OPERATION = new URL('../../fixtures/demonstration/', import.meta.url);
const rowsOf = (name: string): Record<string, string>[] => {
  const [head, ...rows] = readFileSync(new URL(name, OPERATION), 'utf8').trim().split('\n').map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(head!.map((column, k) => [column, row[k]!])));
};
const MANIFEST = rowsOf('manifest.csv');
const [PROFILE_HEAD, ...PROFILES] = readFileSync(new URL('profiles.csv', OPERATION), 'utf8').trim().split('\n');

let service: TestService;
let designs: DesignCalibration;
let batches: BatchCalibration[];
let links: LinkCalibration;
/** Id of every seizure and specimen by its reference. */
const ids: Record<string, string> = {};

async function register(seizure: string, most = 3): Promise<void> {
  const rows = MANIFEST.filter((row) => row['seizure_id'] === seizure);
  const { country, date, drug_type: drugType } = rows[0]!;
  ids[seizure] = (await service.call('POST', '/v1/seizures', { json: { country, seizedOn: date, drugType, reference: seizure } })).body.id;
  for (const specimen of new Set(rows.map((row) => row['specimen_id']!))) {
    ids[specimen] = (await service.call('POST', '/v1/specimens', { json: { seizureId: ids[seizure], kind: rows[0]!['kind'], reference: specimen } })).body.id;
    for (const { file, mm_per_px: mmPerPx } of rows.filter((row) => row['specimen_id'] === specimen).slice(0, most)) {
      const { status, body } = await service.call('POST', `/v1/specimens/${ids[specimen]}/images`, { body: photoForm(readFileSync(new URL(file!, OPERATION)), mmPerPx ? { mmPerPx } : {}, 'image/jpeg'), headers: { prefer: 'wait=60' } });
      expect(status, JSON.stringify(body)).toBe(201);
    }
    const table = PROFILES.filter((line) => line.split(',')[2] === specimen);
    if (table.length > 0) expect((await service.call('POST', `/v1/specimens/${ids[specimen]}/profiles`, { body: [PROFILE_HEAD, ...table].join('\n'), headers: { 'content-type': 'text/csv' } })).status).toBe(201);
  }
}

async function evaluate(first: object, second: object, on: TestService = service): Promise<any> {
  const { status, body } = await on.call('POST', '/v1/evaluations', { json: { first, second }, headers: { prefer: 'wait=60' } });
  expect(status, JSON.stringify(body)).toBe(201);
  expect(body.evaluation.status, JSON.stringify(body.job)).toBe('done');
  expect((await on.call('GET', `/v1/evaluations/${body.evaluation.id}`)).body).toEqual(body.evaluation);
  return body.evaluation;
}

beforeAll(async () => {
  designs = drawnDesigns();
  batches = await drawnBatches('mdma', ['mdma-impurities', 'cutting-agents']);
  links = await drawnLinks(designs, batches);
  service = await startService({ engine: productionEngine, calibrations: { designCalibration: designs, batchCalibrations: batches, linkCalibration: links } });
  for (const seizure of ['SZ-02', 'SZ-06', 'SZ-03']) await register(seizure);
}, 180_000);
afterAll(async () => service.stop());

describe('two seizures', () => {
  it('x', async () => {
    console.log(JSON.stringify(await evaluate({ seizureId: ids['SZ-02'] }, { seizureId: ids['SZ-06'] }), null, 1));
    console.log(JSON.stringify(await evaluate({ seizureId: ids['SZ-02'] }, { seizureId: ids['SZ-03'] }), null, 1));
  }, 60_000);
});
