import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problem } from '../../src/domain/index.ts';
import { heldClock, systemClock } from '../../src/platform/clock/index.ts';
import { openDatabase, type Database } from '../../src/platform/database/index.ts';
import { createJobStore, startWorkers, type JobHandlers, type JobStore, type Workers } from '../../src/platform/jobs/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { jobStoreContract } from './jobs.contract.ts';

let folder: string;
const opened: Database[] = [];
const openOne = (): Database => {
  const database = openDatabase(join(folder, 'relievo.db'), { timestamp: systemClock.timestamp() });
  opened.push(database);
  return database;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relievo-jobs-'));
});
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
  rmSync(folder, { recursive: true });
});

describe('the job store in SQLite', () => {
  jobStoreContract(() => {
    const clock = heldClock();
    const database = openOne();
    return { store: createJobStore(database, clock), clock, another: () => createJobStore(openOne(), clock), transaction: (work) => database.transaction(work) };
  });
});

describe('the workers', () => {
  const started: Workers[] = [];
  const timing = { leaseMs: 400, heartbeatMs: 50, pollMs: 20, retryMs: 1, progressMs: 0 };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((workers) => workers.stop(0)));
  });
  const start = (store: JobStore, handlers: JobHandlers, concurrency = 2, onlyProcess = false): Workers => {
    const workers = startWorkers({ store, handlers, concurrency, clock: systemClock, log: silentLog(), timing, onlyProcess });
    started.push(workers);
    return workers;
  };
  const ended = (store: JobStore, id: string) => vi.waitFor(() => {
    const job = store.find(id)!;
    expect(['done', 'failed']).toContain(job.status);
    return job;
  }, { timeout: 10_000, interval: 10 });

  it('do the work and keep its result', async () => {
    const store = createJobStore(openOne(), systemClock);
    const job = store.enqueue('double', 21);
    start(store, { double: async (n: number, { progress }) => {
      progress('doubling', 0, 1);
      return () => ({ twice: 2 * n });
    } });
    expect(await ended(store, job.id)).toMatchObject({ status: 'done', result: { twice: 42 }, attempts: 0 });
  });

  it('run no more at once than they may, and all in the end', async () => {
    const store = createJobStore(openOne(), systemClock);
    let now = 0;
    let most = 0;
    start(store, { work: async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      return () => null;
    } }, 3);
    const jobs = Array.from({ length: 20 }, (_, i) => store.enqueue('work', i));
    await Promise.all(jobs.map((job) => ended(store, job.id)));
    expect(most).toBe(3);
  });

  it('try an error three times, a refusal once, and go on with the next', async () => {
    const store = createJobStore(openOne(), systemClock);
    const calls = { broken: 0, refused: 0, flaky: 0 };
    start(store, {
      broken: async () => { calls.broken++; throw new Error('secret text'); },
      refused: async () => { calls.refused++; throw problem('face-not-found', { reason: 'nothing there' }); },
      flaky: async () => { if (++calls.flaky < 3) throw new Error('not yet'); return () => 'at last'; },
    }, 1);
    const [broken, refused, flaky] = [store.enqueue('broken', 0), store.enqueue('refused', 0), store.enqueue('flaky', 0)];
    expect(await ended(store, broken.id)).toMatchObject({ status: 'failed', attempts: 3, problem: { code: 'internal' } });
    expect(await ended(store, refused.id)).toMatchObject({ status: 'failed', attempts: 1, problem: { code: 'face-not-found', parameters: { reason: 'nothing there' } } });
    expect(await ended(store, flaky.id)).toMatchObject({ status: 'done', attempts: 2, result: 'at last', problem: null });
    expect(calls).toEqual({ broken: 3, refused: 1, flaky: 3 });
    expect(JSON.stringify(store.find(broken.id))).not.toContain('secret text');
  });

  it('count an outcome that cannot be written as an error of the job', async () => {
    const store = createJobStore(openOne(), systemClock);
    const job = store.enqueue('work', 0);
    start(store, { work: async () => () => { throw new Error('constraint'); } });
    expect(await ended(store, job.id)).toMatchObject({ status: 'failed', attempts: 3 });
  });

  it('keep the lease of long work alive', async () => {
    const store = createJobStore(openOne(), systemClock);
    const job = store.enqueue('long', 0);
    start(store, { long: async () => {
      await new Promise((resolve) => setTimeout(resolve, 3 * timing.leaseMs));
      return () => 'kept';
    } });
    expect(await ended(store, job.id)).toMatchObject({ status: 'done', interruptions: 0 });
  });

  it('take over, as the only process, what an earlier one was killed over', async () => {
    const store = createJobStore(openOne(), systemClock);
    const job = store.enqueue('work', 0);
    store.claim('killed', ['work'], 3_600_000);
    start(store, { work: async () => () => 'done by the next' }, 1, true);
    expect(await ended(store, job.id)).toMatchObject({ status: 'done', interruptions: 1 });
  });

  it('put back what is running when they stop', async () => {
    const store = createJobStore(openOne(), systemClock);
    const job = store.enqueue('endless', 0);
    let aborted = false;
    const workers = start(store, { endless: (_, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => {
      aborted = true;
      resolve(() => 'too late');
    })) });
    await vi.waitFor(() => expect(store.find(job.id)?.status).toBe('running'));
    await workers.stop(10);
    expect(aborted).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(store.find(job.id)).toMatchObject({ status: 'queued', attempts: 0, interruptions: 0 });
  });

  it('wait for what is running when there is time', async () => {
    const store = createJobStore(openOne(), systemClock);
    const job = store.enqueue('short', 0);
    const next = store.enqueue('short', 0);
    const workers = start(store, { short: async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return () => 'done';
    } }, 1);
    await vi.waitFor(() => expect(store.find(job.id)?.status).toBe('running'));
    await workers.stop();
    expect(store.find(job.id)?.status).toBe('done');
    expect(store.find(next.id)?.status).toBe('queued');
  });
});
