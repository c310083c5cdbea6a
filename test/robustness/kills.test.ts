/**
 * `kill -9` at random moments of a concurrent import, each followed by a start: no acknowledged image is lost, none is
 * there twice, all jobs end, the index holds what the database holds. `npm run test:robustness` runs it at full length.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ImportReport } from '../../src/cli/import.ts';
import { seeded } from './random.ts';
import { freePort, gauge, jobsEnded, keyOf, remains, startService, type RunningService } from './service.ts';

const FULL = inject('robustness') === 'full';
const KILLS = FULL ? 50 : 6;
const UPLOADERS = 4;
/** A start, then so many milliseconds of work before the next kill. */
const [LEAST_MS, MOST_MS] = FULL ? [50, 2_500] : [50, 1_200];
const COMMAND = fileURLToPath(new URL('../../relievo.mjs', import.meta.url));

let folder: string;
let data: string;
let port: number;
let service: RunningService;
const random = seeded(50);

/** A disc with a mark on grain: small, quickly worked through, and no two alike. */
async function photograph(): Promise<Buffer> {
  const size = 240;
  const pixels = Buffer.alloc(size * size * 3);
  const [cx, cy, angle] = [size / 2 + random.whole(-15, 15), size / 2 + random.whole(-15, 15), random.whole(0, 314) / 100];
  for (let i = 0; i < size * size; i++) {
    const [x, y] = [(i % size) - cx, Math.floor(i / size) - cy];
    const inside = Math.hypot(x, y) < 80;
    const groove = inside && Math.abs(x * Math.cos(angle) + y * Math.sin(angle)) < 6;
    pixels.fill((groove ? 110 : inside ? 185 : 45) + random.whole(0, 18), 3 * i, 3 * i + 3);
  }
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).jpeg({ quality: 92 }).toBuffer();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relievo-kills-'));
  data = join(folder, 'data');
  port = await freePort();
  service = await startService(data, port);
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

const headers = (): Record<string, string> => ({ authorization: `Bearer ${keyOf(data)}`, 'content-type': 'application/json' });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until somebody answers: while the service is dead nobody does. */
async function insist(path: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await fetch(service.url + path, init);
      return { status: answer.status, body: await answer.json() };
    } catch (error) {
      if (attempt > 400) throw error;
      await pause(100);
    }
  }
}

async function create(path: string, body: object): Promise<string> {
  const answer = await insist(path, { method: 'POST', headers: { ...headers(), 'idempotency-key': JSON.stringify(body).replaceAll(/[^\x21-\x7e]/g, '').slice(0, 200) }, body: JSON.stringify(body) });
  return (answer.body as { id: string }).id;
}

describe(`${KILLS} kills during a concurrent import`, () => {
  /** Digests whose upload was answered with 2xx: from that moment they must never be lost. */
  const acknowledged = new Set<string>();
  const wanted = new Map<string, string>();
  let report: ImportReport;
  let again: ImportReport;
  let dry: ImportReport;

  it('happen while uploads and `relievo import` go on', async () => {
    let ended = false;
    const failures: string[] = [];
    const seizureId = await create('/v1/seizures', { country: 'CZ', seizedOn: '2026-02-03', reference: 'UPLOADERS' });
    /** Uploads by form, each repeated until it is answered. */
    const uploader = async (lane: number): Promise<void> => {
      for (let i = 0; !ended; i++) {
        const bytes = await photograph();
        const specimenId = await create('/v1/specimens', { seizureId, kind: 'tablet', reference: `${lane}-${i}` });
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        wanted.set(sha256, specimenId);
        const form = new FormData();
        form.set('photo', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), 'a.jpg');
        const { status, body } = await insist(`/v1/specimens/${specimenId}/images`, { method: 'POST', headers: { authorization: headers().authorization }, body: form });
        if (status < 300) acknowledged.add(sha256);
        else failures.push(`${status} ${JSON.stringify(body)}`);
      }
    };
    // The command, on a folder large enough to outlast the kills.
    const photos = join(folder, 'photos');
    mkdirSync(photos);
    const lines = ['file,kind,face,seizure_id,specimen_id,country,date'];
    const files = FULL ? 300 : 30;
    for (let i = 0; i < files; i++) {
      writeFileSync(join(photos, `${i}.jpg`), await photograph());
      lines.push(`${i}.jpg,tablet,obverse,S${i % 7},P${i},${['NL', 'DE', 'PL', 'ES', 'IT', 'SE', 'PT'][i % 7]},2026-03-0${1 + (i % 7)}`);
    }
    // One that will be refused, whatever happens.
    writeFileSync(join(photos, 'cut.jpg'), (await photograph()).subarray(0, 3_000));
    lines.push('cut.jpg,tablet,obverse,S0,CUT,NL,2026-03-01');
    writeFileSync(join(photos, 'manifest.csv'), lines.join('\n'));
    const runImport = (...more: string[]): Promise<ImportReport> => new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [COMMAND, 'import', photos, ...more, '--json', '--quiet', '--url', service.url, '--data', data, '--concurrency', '2'], { stdio: ['ignore', 'pipe', 'pipe'] });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk));
      child.on('exit', () => {
        try {
          resolve(JSON.parse(out) as ImportReport);
        } catch {
          reject(new Error(`the import ended without a report: ${out}${err}`));
        }
      });
    });
    const imported = runImport().catch(() => undefined);
    const uploaders = Promise.all(Array.from({ length: UPLOADERS }, (_, lane) => uploader(lane)));

    for (let kill = 0; kill < KILLS; kill++) {
      await pause(random.whole(LEAST_MS, MOST_MS));
      await service.kill();
      service = await startService(data, port);
    }
    await pause(1_000);
    ended = true;
    await uploaders;
    await imported;
    // What the first run could not bring in, the next one does: that is how a person resumes it.
    report = await runImport();
    again = await runImport();
    dry = await runImport('--dry-run');
    expect(failures).toEqual([]);
  }, FULL ? 1_500_000 : 240_000);

  it('end with every file of the folder imported or refused, and a further run changes nothing', () => {
    expect(report.files.filter(({ outcome }) => outcome !== 'imported' && outcome !== 'known')).toMatchObject([{ file: 'cut.jpg', outcome: 'refused', problem: { code: 'image-corrupt' } }]);
    expect(again.counts).toMatchObject({ imported: 0, known: report.files.length - 1, refused: 1, failed: 0 });
    expect(dry.counts).toMatchObject({ sealed: report.files.length - 1, new: 1 });
    for (const { file, sha256, outcome } of report.files) {
      if (outcome === 'refused') continue;
      expect(sha256).toBe(createHash('sha256').update(readFileSync(join(folder, 'photos', file))).digest('hex'));
      acknowledged.add(sha256!);
    }
  });

  it('end with all jobs ended and the index ready', async () => {
    await jobsEnded(service.url, 300_000);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect(await gauge(service.url, 'relievo_index_lag')).toBe(0);
  }, 400_000);

  it('lose no acknowledged image, keep none twice, leave nothing half-stored, and the index holds what the database holds', async () => {
    // Once more from cold, so that the index is what a start makes of the folder.
    await service.stop();
    service = await startService(data, port);
    const indexed = await gauge(service.url, 'relievo_index_faces');
    for (const sha256 of [...acknowledged].slice(0, 20)) {
      const answer = await fetch(`${service.url}/v1/images/${sha256}/original`, { headers: { authorization: headers().authorization } });
      expect(createHash('sha256').update(new Uint8Array(await answer.arrayBuffer())).digest('hex')).toBe(sha256);
    }
    await service.stop();
    const left = await remains(data);
    expect(left.contradictions).toEqual([]);
    expect(left.temporary).toEqual([]);
    expect(indexed).toBe(left.indexedFaces);
    expect([...acknowledged].filter((sha256) => !left.images.includes(sha256))).toEqual([]);
    for (const [sha256, specimenId] of wanted) {
      const here = left.photographs.filter((photograph) => photograph.image_sha256 === sha256);
      expect(here.map((photograph) => photograph.specimen_id)).toEqual(acknowledged.has(sha256) || here.length > 0 ? [specimenId] : []);
    }
    expect(left.photographs.filter(({ status }) => status !== 'done' && status !== 'failed')).toEqual([]);
    expect(left.jobs.filter(({ problem }) => problem?.includes('job-interrupted') || problem?.includes('internal'))).toEqual([]);
    const interrupted = left.jobs.filter(({ interruptions }) => interruptions > 0).length;
    process.stdout.write(`kills: ${KILLS} kills, ${acknowledged.size} acknowledged images, ${left.images.length} images, ${left.jobs.length} jobs (${interrupted} were cut off and resumed), ${indexed} faces indexed, nothing lost, nothing twice\n`);
  }, 120_000);
});
