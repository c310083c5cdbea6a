/** A whole service in a temporary folder, without a process of its own, for tests of the API and of casework. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApi, type Api } from '../../src/api/index.ts';
import { BUNDLED_CALIBRATION, loadCalibrations, openCasework, readCalibration, type Casework, type Engine, type KeyHolder, type LoadedCalibrations } from '../../src/casework/index.ts';
import { openEvidence } from '../../src/evidence/index.ts';
import { systemClock as clock } from '../../src/platform/clock/index.ts';
import { readConfiguration } from '../../src/platform/config/index.ts';
import { openDatabase, type Database } from '../../src/platform/database/index.ts';
import { createJobStore, startWorkers } from '../../src/platform/jobs/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { openVault } from '../../src/platform/vault/index.ts';
import { smallEngine } from './small-engine.ts';

export interface Answer<Body = any> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly bytes: Uint8Array;
}

export interface CallOptions {
  readonly json?: unknown;
  readonly body?: string | Uint8Array | FormData;
  readonly headers?: Readonly<Record<string, string>>;
  /** null: send no key. */
  readonly key?: string | null;
}

export interface TestService {
  readonly app: Api;
  readonly url: string;
  readonly key: string;
  readonly db: Database;
  readonly casework: Casework;
  readonly folder: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Stops everything; the folder stays when it was given. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly engine?: Engine;
  readonly folder?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly holder?: KeyHolder;
  /** False: jobs stay queued. */
  readonly working?: boolean;
  /** Instead of the bundled ones. */
  readonly calibrations?: Partial<LoadedCalibrations>;
  /** A key that was made at an earlier start in the same folder. */
  readonly key?: string;
}

export async function startService({ engine = smallEngine, folder, settings = {}, holder = { agency: 'operator', country: null }, working = true, calibrations = {}, key }: ServiceOptions = {}): Promise<TestService> {
  const dataFolder = folder ?? mkdtempSync(join(tmpdir(), 'relievo-test-'));
  const { configuration } = readConfiguration({}, { RELIEVO_DATA: dataFolder, RELIEVO_RATE_LIMIT: '100000', ...settings });
  const log = silentLog();
  const db = openDatabase(join(dataFolder, 'relievo.db'), { timestamp: clock.timestamp() });
  const vault = await openVault(join(dataFolder, 'vault'), clock);
  const evidence = await openEvidence({ database: db, vault, clock, limits: { ...configuration.imageLimits, keepGps: configuration.keepGps } });
  const jobs = createJobStore(db, clock);
  const casework = await openCasework({ db, vault, evidence, jobs, clock, engine, log, configuration, version: '0.0.0-test', calibration: await readCalibration(BUNDLED_CALIBRATION), ...(await loadCalibrations(configuration)), ...calibrations });
  const first = casework.keys.firstKey(holder);
  const app = await buildApi({ casework, configuration, clock, log, version: '0.0.0-test', checks: casework.checks, gauges: casework.gauges });
  const workers = working ? startWorkers({ store: jobs, handlers: casework.handlers, concurrency: 2, clock, log, onlyProcess: true }) : undefined;
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const ownKey = first?.key ?? key ?? '';
  return {
    app,
    url,
    key: ownKey,
    db,
    casework,
    folder: dataFolder,
    call: (method, path, options = {}) => call(url, method, path, { key: ownKey, ...options }),
    async stop() {
      await app.close();
      await workers?.stop();
      await casework.close();
      db.close();
      if (folder === undefined) rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

export async function call(url: string, method: string, path: string, { json, body, headers = {}, key }: CallOptions): Promise<Answer> {
  const sent: Record<string, string> = { ...(key === null || key === undefined ? {} : { authorization: `Bearer ${key}` }), ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
  const answer = await fetch(url + path, { method, headers: sent, body: json === undefined ? (body as FormData) : JSON.stringify(json) });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const type = answer.headers.get('content-type') ?? '';
  return { status: answer.status, headers: answer.headers, bytes, body: type.includes('json') ? JSON.parse(Buffer.from(bytes).toString()) : undefined };
}

export function photoForm(bytes: Uint8Array, fields: Readonly<Record<string, string>> = {}, type = 'image/png'): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('photo', new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), 'photo.png');
  return form;
}

export interface Registered {
  readonly seizureId: string;
  readonly specimenId: string;
  readonly faceId: string;
}

/** One seizure with one specimen with one examined photograph. */
export async function register(service: TestService, photo: Uint8Array, seizure: Readonly<Record<string, unknown>> = {}, kind = 'tablet'): Promise<Registered> {
  const { body: made } = await service.call('POST', '/v1/seizures', { json: { country: 'NL', seizedOn: '2026-03-14', drugType: 'mdma', ...seizure } });
  const { body: specimen } = await service.call('POST', '/v1/specimens', { json: { seizureId: made.id, kind } });
  const { body: upload, status } = await service.call('POST', `/v1/specimens/${specimen.id}/images`, { body: photoForm(photo), headers: { prefer: 'wait=20' } });
  if (status !== 201) throw new Error(`the upload was answered with ${status}: ${JSON.stringify(upload)}`);
  return { seizureId: made.id, specimenId: specimen.id, faceId: upload.photograph.faceIds[0] };
}
