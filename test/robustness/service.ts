/** The real service as a child process on a data folder of its own, and what is left of it in that folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/platform/clock/index.ts';
import { openDatabase, type Database } from '../../src/platform/database/index.ts';
import { openVault } from '../../src/platform/vault/index.ts';
import { PROBLEMS, type ProblemCode } from '../../src/domain/index.ts';

const COMMAND = fileURLToPath(new URL('../../relievo.mjs', import.meta.url));

export interface RunningService {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** Ends as an operator ends it; waits for the process. */
  stop(): Promise<void>;
  /** Ends as a power cut does. */
  kill(): Promise<void>;
  isAlive(): boolean;
  /** Most memory the process ever held, in megabytes; undefined where the system does not tell. */
  peakMegabytes(): number | undefined;
  /** What it wrote on standard error. */
  log(): string;
}

/** A port that was free a moment ago, so that a service that starts again is found at the same address. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function startService(dataFolder: string, port: number, settings: Readonly<Record<string, string>> = {}): Promise<RunningService> {
  const child = spawn(process.execPath, [COMMAND, 'serve'], {
    env: { ...process.env, RELIEVO_DATA: dataFolder, RELIEVO_HOST: '127.0.0.1', RELIEVO_PORT: String(port), RELIEVO_LOG_LEVEL: 'warn', RELIEVO_RATE_LIMIT: '1000000', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk));
  const ended = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
      if (out.includes('/v1')) resolve();
    });
    ended.then(() => reject(new Error(`the service did not start: ${out}${log}`)), reject);
  });
  const end = (signal: 'SIGTERM' | 'SIGKILL') => async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return {
    url: `http://127.0.0.1:${port}`, port, child, stop: end('SIGTERM'), kill: end('SIGKILL'), log: () => log,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    peakMegabytes: () => {
      const status = `/proc/${child.pid}/status`;
      const kilobytes = existsSync(status) ? /VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
      return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
    },
  };
}

export const keyOf = (dataFolder: string): string => readFileSync(join(dataFolder, 'operator-key'), 'utf8').trim();

/** Why an answer is neither a success nor a typed refusal; undefined when it is one of them. */
export function untyped(status: number, contentType: string | null | undefined, body: string): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status < 400 || status >= 500) return `status ${status}: ${body.slice(0, 300)}`;
  if (!contentType?.includes('application/problem+json')) return `status ${status} with ${contentType ?? 'no media type'}: ${body.slice(0, 300)}`;
  const { code, status: stated } = JSON.parse(body) as { code: string; status: number };
  if (!(code in PROBLEMS)) return `unknown problem ${code}`;
  return PROBLEMS[code as ProblemCode].status === status && stated === status ? undefined : `${code} with status ${status}`;
}

/** How many of a Prometheus gauge, over all its labels. */
export async function gauge(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)));
  if (lines.length === 0) throw new Error(`no gauge ${name}`);
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Settles when no job waits or runs. */
export async function jobsEnded(url: string, withinMs = 120_000): Promise<void> {
  const until = performance.now() + withinMs;
  for (;;) {
    const text = await (await fetch(`${url}/metrics`)).text();
    const open = [...text.matchAll(/^relievo_jobs\{status="(?:queued|running)"\} (\d+)/gm)].reduce((sum, match) => sum + Number(match[1]), 0);
    if (open === 0) return;
    if (performance.now() > until) throw new Error(`${open} jobs have not ended`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export interface Remains {
  readonly images: readonly string[];
  readonly sealed: readonly string[];
  readonly temporary: readonly string[];
  readonly photographs: readonly { image_sha256: string; specimen_id: string | null; status: string; faces: number }[];
  readonly jobs: readonly { id: string; kind: string; status: string; problem: string | null; interruptions: number }[];
  readonly indexedFaces: number;
  /** Everything that contradicts something else; empty when nothing is half-stored. */
  readonly contradictions: readonly string[];
}

const rows = <Row>(database: Database, sql: string): Row[] => database.prepare<Row>(sql).all();

/** Reads the data folder of a service that has ended. */
export async function remains(dataFolder: string): Promise<Remains> {
  const database = openDatabase(join(dataFolder, 'relievo.db'), { timestamp: systemClock.timestamp() });
  try {
    const vault = await openVault(join(dataFolder, 'vault'));
    const sealed: string[] = [];
    const contradictions: string[] = [...database.faults()];
    for await (const sha256 of vault.list()) {
      sealed.push(sha256);
      await vault.read(sha256, { verify: true }).catch(() => contradictions.push(`the sealed file ${sha256} has other bytes`));
    }
    const images = rows<{ sha256: string }>(database, 'SELECT sha256 FROM images ORDER BY sha256').map((row) => row.sha256);
    const photographs = rows<Remains['photographs'][number]>(database, `SELECT p.image_sha256, p.specimen_id, j.status, (SELECT count(*) FROM faces f WHERE f.photograph_id = p.id) AS faces
      FROM photographs p LEFT JOIN jobs j ON j.id = p.job_id ORDER BY p.id`);
    const jobs = rows<Remains['jobs'][number]>(database, 'SELECT id, kind, status, problem, interruptions FROM jobs ORDER BY id');
    const count = (sql: string): number => rows<{ n: number }>(database, sql)[0].n;
    const say = (n: number, what: string): void => void (n > 0 && contradictions.push(`${n} ${what}`));
    say(images.filter((sha256) => !sealed.includes(sha256)).length, 'images without a sealed file');
    say(sealed.filter((sha256) => !images.includes(sha256)).length, 'sealed files without an image');
    say(count('SELECT count(*) AS n FROM photographs p WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = p.job_id)'), 'photographs without a job');
    say(count("SELECT count(*) AS n FROM jobs WHERE kind = 'examine' AND NOT EXISTS (SELECT 1 FROM photographs p WHERE p.id = jobs.subject)"), 'examinations without a photograph');
    say(count("SELECT count(*) AS n FROM photographs p JOIN jobs j ON j.id = p.job_id WHERE (j.status = 'done') <> (p.examined_at IS NOT NULL)"), 'photographs that disagree with their job');
    say(count('SELECT count(*) AS n FROM faces f WHERE NOT EXISTS (SELECT 1 FROM face_features x WHERE x.serial = f.serial)'), 'faces without features');
    say(count('SELECT count(*) AS n FROM faces f WHERE f.specimen_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM index_changes c WHERE c.serial = f.serial)'), 'faces the index is not told of');
    say(count('SELECT count(*) AS n FROM (SELECT 1 FROM photographs WHERE specimen_id IS NOT NULL GROUP BY image_sha256, specimen_id HAVING count(*) > 1)'), 'photographs twice');
    say(count("SELECT count(*) AS n FROM faces f JOIN photographs p ON p.id = f.photograph_id JOIN jobs j ON j.id = p.job_id WHERE j.status <> 'done'"), 'faces of a photograph that is not done');
    const indexedFaces = count('SELECT count(*) AS n FROM faces WHERE specimen_id IS NOT NULL');
    return { images, sealed, photographs, jobs, indexedFaces, contradictions, temporary: readdirSync(join(dataFolder, 'vault', 'temporary')) };
  } finally {
    database.close();
  }
}
