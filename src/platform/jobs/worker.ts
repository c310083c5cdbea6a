/** The loop that does the queue's work: claims, keeps the lease alive, writes the outcome down. */
import { type Problem, asProblem } from '../../domain/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Log } from '../log/index.ts';
import { JOB_PARAMETERS as P } from './parameters.ts';
import type { JobStore } from './store.ts';
import type { Job, JobContext, JobHandler, JobHandlers, StoredProblem } from './types.ts';

export interface WorkerOptions {
  readonly store: JobStore;
  readonly handlers: JobHandlers;
  /** Jobs worked on at the same time. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly log: Log;
  /** The only process on this data folder: running jobs of any other are taken back at once, not after their lease. */
  readonly onlyProcess?: boolean;
  readonly timing?: Readonly<Partial<Record<keyof typeof P, number>>>;
}

export interface Workers {
  /** Looks for work now; without it the queue is looked at every second. */
  wake(): void;
  /** Takes no more work and waits for what is running; after `graceMs` that is put back for another time. */
  stop(graceMs?: number): Promise<void>;
}

const stored = (problem: Problem): StoredProblem => ({ code: problem.code, parameters: problem.parameters, errors: problem.errors });

export function startWorkers({ store, handlers, concurrency, clock, log, onlyProcess = false, timing }: WorkerOptions): Workers {
  const t = { ...P, ...timing };
  const worker = `w${Buffer.from(clock.randomBytes(8)).toString('hex')}`;
  const kinds = Object.keys(handlers);
  const running = new Map<string, { abort: AbortController; ended: Promise<void> }>();
  let stopped = false;

  const recover = (first: boolean): void => {
    const taken = store.recover(first && onlyProcess ? worker : undefined);
    if (taken.length > 0) log.warn({ jobs: taken.length }, 'took back jobs whose worker is gone');
  };

  const wake = (): void => {
    try {
      while (!stopped && running.size < concurrency) {
        const job = store.claim(worker, kinds, t.leaseMs);
        if (!job) break;
        const abort = new AbortController();
        // Its turn comes in a microtask, so that it is in the map before it can end.
        running.set(job.id, { abort, ended: Promise.resolve().then(() => work(job, abort)) });
      }
    } catch (error) {
      // A full disk or a locked file: the queue is looked at again at the next tick.
      log.error({ err: error }, 'the job queue could not be read');
    }
  };

  async function work(job: Job, abort: AbortController): Promise<void> {
    try {
      const write = await (handlers[job.kind] as JobHandler<unknown>)(job.payload, { job, signal: abort.signal, progress: reporter(job.id) });
      if (abort.signal.aborted) return;
      if (!store.finish(job.id, worker, write)) log.warn({ job: job.id }, 'the job was taken over before it was done');
    } catch (error) {
      if (!abort.signal.aborted) giveUp(job, error);
    } finally {
      running.delete(job.id);
      queueMicrotask(wake);
    }
  }

  function giveUp(job: Job, error: unknown): void {
    const problem = asProblem(error);
    const final = (problem.status >= 400 && problem.status < 500) || job.attempts + 1 >= t.attempts;
    log[final && problem.status >= 500 ? 'error' : 'info']({ job: job.id, kind: job.kind, code: problem.code, attempt: job.attempts + 1, ...(problem.status >= 500 ? { err: error } : {}) }, final ? 'the job failed' : 'the job is tried again');
    try {
      if (final) store.fail(job.id, worker, stored(problem));
      else store.retry(job.id, worker, stored(problem), t.retryMs * 4 ** job.attempts);
    } catch (failure) {
      // The lease runs out and the job is taken back.
      log.error({ err: failure, job: job.id }, 'the end of the job could not be written');
    }
  }

  function reporter(id: string): JobContext['progress'] {
    let lastPhase = '';
    let lastMs = 0;
    return (phase, done = 0, total = 0) => {
      const now = clock.monotonicMs();
      if (phase === lastPhase && now - lastMs < t.progressMs && done < total) return;
      lastPhase = phase;
      lastMs = now;
      store.progress(id, worker, phase, done, total);
    };
  }

  const heartbeat = setInterval(() => {
    try {
      for (const [id, { abort }] of running) if (!store.renew(id, worker, t.leaseMs)) abort.abort();
      recover(false);
    } catch (error) {
      log.error({ err: error }, 'the leases could not be renewed');
    }
  }, t.heartbeatMs);
  const poll = setInterval(wake, t.pollMs);
  const unlisten = store.onEvent(({ type }) => {
    if (type === 'queued' || type === 'interrupted') queueMicrotask(wake);
  });
  recover(true);
  queueMicrotask(wake);

  return {
    wake,
    async stop(graceMs = 10_000) {
      stopped = true;
      clearInterval(poll);
      unlisten();
      const ended = Promise.all([...running.values()].map((entry) => entry.ended));
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([ended, new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)))]);
      clearTimeout(timer);
      clearInterval(heartbeat);
      for (const [id, { abort }] of running) {
        abort.abort();
        store.release(id, worker);
      }
    },
  };
}
