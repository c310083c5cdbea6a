/** The service as a process of its own, the real engine, and the commands against it: a photograph that is not stored finds its design. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const RELIEVO = fileURLToPath(new URL('../../relievo.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'relievo-cli-'));
const data = join(folder, 'data');
const environment = { ...process.env, RELIEVO_LOG_LEVEL: 'warn', RELIEVO_DATA: data };

const run = (...parameters: string[]) => spawnSync(process.execPath, [RELIEVO, ...parameters], { encoding: 'utf8', env: environment, timeout: 90_000 });

interface Running {
  readonly process: ChildProcess;
  readonly url: string;
  readonly said: string;
}

async function serve(): Promise<Running> {
  const child = spawn(process.execPath, [RELIEVO, 'serve', '--port', '0'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const chunk of child.stdout!) {
    said += String(chunk);
    const url = /serves (http:\S+)\/v1/.exec(said)?.[1];
    if (url) return { process: child, url, said };
  }
  throw new Error(`the service ended: ${said}`);
}

const stop = ({ process: child }: Running): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });

let service: Running;
let key: string;
/** design -> its two photographs */
const photos = new Map<string, string[]>();

async function post(path: string, body: object | FormData, headers: Record<string, string> = {}): Promise<any> {
  const json = body instanceof FormData ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(service.url + path, { method: 'POST', headers: { authorization: `Bearer ${key}`, ...json, ...headers }, body: body instanceof FormData ? body : JSON.stringify(body) });
  const answered = await answer.json();
  expect(answer.status, JSON.stringify(answered)).toBe(201);
  return answered;
}

const form = (file: string, fields: Record<string, string> = {}): FormData => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.append(name, value);
  made.append('photo', new Blob([readFileSync(file)]), 'photo.jpg');
  return made;
};

beforeAll(async () => {
  const made = run('simulate', '--out', folder, '--designs', '3', '--tools', '1', '--photos', '2', '--seed', 'service', '--light', 'raking', '--ruler-share', '0', '--tilt-max', '3', '--size', '520', '--grounds', 'black-velvet,grey-card');
  expect(made.status, made.stderr).toBe(0);
  const [head, ...rows] = readFileSync(join(folder, 'manifest.csv'), 'utf8').trim().split('\n').map((line) => line.split(','));
  for (const row of rows) {
    const design = row[head!.indexOf('design_id')]!;
    photos.set(design, [...(photos.get(design) ?? []), join(folder, row[head!.indexOf('file')]!)]);
  }
  service = await serve();
  key = readFileSync(join(data, 'operator-key'), 'utf8').trim();
  for (const [i, [design, [first]]] of [...photos].entries()) {
    const seizure = await post('/v1/seizures', { country: ['NL', 'BE', 'DE'][i], seizedOn: '2026-02-03', drugType: 'mdma', reference: design });
    const specimen = await post('/v1/specimens', { seizureId: seizure.id, kind: 'tablet', reference: design });
    const upload = await post(`/v1/specimens/${specimen.id}/images`, form(first!), { prefer: 'wait=30' });
    expect(upload.photograph, JSON.stringify(upload.photograph)).toMatchObject({ status: 'done' });
  }
});

afterAll(() => {
  service?.process.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('relievo search', () => {
  it('finds the design of a photograph that is not stored, and writes the pictures', () => {
    const [design, [, second]] = [...photos][2]!;
    const pictures = join(folder, 'pictures');
    const found = run('search', second!, '--url', service.url, '--pictures', pictures, '--limit', '2', '--json');
    expect(found.status, found.stderr).toBe(0);
    const { candidates, search } = JSON.parse(found.stdout);
    expect(candidates[0].specimen.reference).toBe(design);
    expect(search.plan).toMatchObject({ searched: 3, of: 3, compared: 3 });
    // the first candidate has the probe's design, so that its marks are drawn too
    expect(readdirSync(pictures).filter((name) => !name.startsWith('02-tool'))).toHaveLength(2 + 3 * 2 + 3);
    for (const file of readdirSync(pictures)) expect(readFileSync(join(pictures, file)).subarray(1, 4).toString()).toBe('PNG');
  });

  it('says the same as the API', async () => {
    const [design, [, second]] = [...photos][0]!;
    const { search } = await post('/v1/searches', form(second!, { request: JSON.stringify({ scope: 'other-countries', homeCountry: 'DE', mode: 'exact' }) }), { prefer: 'wait=30' });
    const list = await (await fetch(service.url + search.candidatesUrl, { headers: { authorization: `Bearer ${key}` } })).json() as any;
    const found = run('search', second!, '--url', service.url, '--scope', 'other-countries', '--home', 'de', '--mode', 'exact');
    expect(found.status, found.stderr).toBe(0);
    expect(list.items.map((c: any) => c.seizure.country).sort()).toEqual(['BE', 'NL']);
    expect(list.items[0].specimen.reference).toBe(design);
    for (const { designScore } of list.items) expect(found.stdout).toContain(designScore.toFixed(3));
    expect(found.stdout).toContain('Searched 2 of 3 faces (exact), compared the designs of 2, and the tools of ');
    expect(found.stdout).not.toMatch(/%|match|confidence|similar/i);
  });

  it('says what is wrong, and ends with 1', () => {
    const refused = run('search', join(folder, 'manifest.csv'), '--url', service.url);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('not an image Relievo reads')]);
    const absent = run('search', [...photos][0]![1]![0]!, '--url', 'http://127.0.0.1:9', '--key', 'rk_x');
    expect([absent.status, absent.stderr]).toEqual([1, expect.stringContaining('No service answers')]);
    expect(run('search', [...photos][0]![1]![0]!, '--country', 'Holland').stderr).toContain('ISO 3166-1');
  });
});

describe('relievo audit', () => {
  it('compares the two indexes of a data folder that is in use', () => {
    const found = run('audit', '--k', '2', '--json');
    expect(found.status, found.stderr).toBe(0);
    expect(JSON.parse(found.stdout)).toMatchObject({ faces: 3, probes: 3, lines: [{ passing: 1, expected: 6, found: 6 }, {}, {}] });
  });
});

describe('relievo serve', () => {
  it('refuses a data folder that is in use', () => {
    const second = run('serve', '--port', '0');
    expect([second.status, second.stderr]).toEqual([1, expect.stringContaining('Another service uses this data folder')]);
  });

  it('shows its first key once, ends on a signal with 0, and starts again with what it had', async () => {
    expect(service.said).toContain(key);
    expect(await stop(service)).toBe(0);
    service = await serve();
    expect(service.said).not.toContain('rk_');
    const [design, [, second]] = [...photos][1]!;
    const found = run('search', second!, '--url', service.url, '--json');
    expect(JSON.parse(found.stdout).candidates[0].specimen.reference).toBe(design);
    expect(await stop(service)).toBe(0);
  });
});

it('relievo --help lists the commands', () => {
  const { stdout, status } = run('--help');
  expect(status).toBe(0);
  for (const command of ['serve', 'search', 'audit', 'measure', 'simulate', 'evaluate']) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
});
