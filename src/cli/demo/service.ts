/** The service of the demonstration: a child process on a free port with a data folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lockDataFolder } from '../../platform/database/index.ts';
import { ServiceError } from '../client.ts';

const ENTRY = fileURLToPath(new URL('../../../relievo.mjs', import.meta.url));
const MARKER = 'made-by-relievo-demo.txt';
const START_SECONDS = 60;
const STOP_SECONDS = 15;

export interface RunningService {
  readonly url: string;
  /** Ends the process; may be called twice. */
  stop(): Promise<void>;
}

/**
 * Empties the data folder of an earlier demonstration.
 * @throws Problem data-folder-in-use when a service still works in it; ServiceError when the folder is somebody else's
 */
export function freshDataFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!existsSync(join(folder, MARKER))) throw new ServiceError(`${folder} was not made by the demonstration and is left alone. Give another folder with --out.`);
    lockDataFolder(folder).release();
    rmSync(folder, { recursive: true });
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, MARKER), 'Made by `relievo demo`, which empties this folder each time it runs.\n');
}

/**
 * Starts `relievo serve` and waits until it is ready. Its log goes to `logFile`.
 * @throws ServiceError with the last lines of the log when it does not come up
 */
export async function startService(dataFolder: string, logFile: string, signal: AbortSignal): Promise<RunningService> {
  const log = createWriteStream(logFile);
  const child = spawn(process.execPath, [ENTRY, 'serve', '--data', dataFolder, '--host', '127.0.0.1', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): Promise<void> => stopChild(child);
  let said = '';
  const spoken = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      // The first start prints the API key: it stays out of the log.
      said += chunk.toString();
      const address = /serves (http:\/\/[^\s/]+)\/v1/.exec(said)?.[1];
      if (address) resolve(address);
    });
  });
  child.stderr.pipe(log);
  try {
    const url = await Promise.race([spoken, aborted(signal), tooLate()]);
    await ready(url, signal);
    return { url, stop };
  } catch (error) {
    await stop();
    if (signal.aborted) throw error;
    const tail = existsSync(logFile) ? readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n') : '';
    throw new ServiceError(`The service did not start: ${error instanceof Error ? error.message : String(error)}.\n${tail}`.trimEnd());
  }
}

async function ready(url: string, signal: AbortSignal): Promise<void> {
  for (const until = performance.now() + START_SECONDS * 1000; performance.now() < until; ) {
    const answer = await fetch(`${url}/readyz`, { signal }).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100, undefined, { signal });
  }
  throw new Error(`it was not ready within ${START_SECONDS} s`);
}

async function tooLate(): Promise<never> {
  await sleep(START_SECONDS * 1000, undefined, { ref: false });
  throw new Error(`it said no address within ${START_SECONDS} s`);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000);
  await ended;
  clearTimeout(late);
}
