/** The rows of the job queue. Every function is one short transaction, or joins the caller's. */
import type { Clock } from '../clock/index.ts';
import type { Database } from '../database/index.ts';
import { JOB_PARAMETERS as P } from './parameters.ts';
import type { Job, JobEvent, JobEventType, JobStatus, StoredProblem } from './types.ts';

export interface JobCounts extends Readonly<Record<JobStatus, number>> {}

/** What of it is given must be so. */
export interface JobFilter {
  readonly kind?: string | undefined;
  readonly status?: JobStatus | undefined;
}

export interface JobStore {
  /** Inside a transaction the job is committed with it, or not at all. A background job waits until no other does. */
  enqueue(kind: string, payload: unknown, subject?: string, options?: { readonly background?: boolean }): Job;
  find(id: string): Job | undefined;
  /** Newest last. */
  ofSubject(subject: string): Job[];
  /** Newest first, from before the id `before` on. */
  list(filter: JobFilter, limit: number, before?: string): Job[];
  counts(): JobCounts;
  /** Oldest waiting job of these kinds, background jobs last, now leased to the worker. */
  claim(worker: string, kinds: readonly string[], leaseMs: number): Job | undefined;
  /** Prolongs the lease. False when the job is no longer the worker's. */
  renew(id: string, worker: string, leaseMs: number): boolean;
  progress(id: string, worker: string, phase: string, done: number, total: number): void;
  /** Marks the job done in one transaction with what `write` writes. False (and `write` undone or not called) when the job is no longer the worker's. */
  finish(id: string, worker: string, write: () => unknown): boolean;
  fail(id: string, worker: string, problem: StoredProblem): void;
  /** Puts the job back after an error, to be tried after `delayMs`. */
  retry(id: string, worker: string, problem: StoredProblem, delayMs: number): void;
  /** Puts the job back untouched: the worker stops in an orderly way. */
  release(id: string, worker: string): void;
  /** Takes back jobs whose worker is gone: lease run out, or all running jobs of other workers when `worker` is the only process. @returns ids */
  recover(onlyProcess?: string): string[];
  /** Events of one job (or of all) after a sequence number, oldest first. */
  events(after: number, jobId?: string, limit?: number): JobEvent[];
  /** Called after commit with each new event. @returns a function that ends it */
  onEvent(listener: (event: JobEvent) => void): () => void;
}

interface JobRow {
  id: string; kind: string; subject: string | null; payload: string; status: JobStatus; phase: string | null;
  done: number; total: number; attempts: number; interruptions: number; problem: string | null; result: string | null;
  created_at: string; started_at: string | null; finished_at: string | null;
}

const jobOf = (row: JobRow): Job => ({
  id: row.id, kind: row.kind, subject: row.subject, payload: JSON.parse(row.payload), status: row.status, phase: row.phase,
  done: row.done, total: row.total, attempts: row.attempts, interruptions: row.interruptions,
  problem: row.problem === null ? null : (JSON.parse(row.problem) as StoredProblem),
  result: row.result === null ? null : JSON.parse(row.result),
  createdAt: row.created_at, startedAt: row.started_at, finishedAt: row.finished_at,
});

class LeaseLost extends Error {}

export function createJobStore(database: Database, clock: Clock): JobStore {
  const listeners = new Set<(event: JobEvent) => void>();
  const find = (id: string): Job | undefined => {
    const row = database.prepare<JobRow>('SELECT * FROM jobs WHERE id = ?').get([id]);
    return row && jobOf(row);
  };
  const say = (jobId: string, type: JobEventType, data: unknown = {}): void => {
    const at = clock.timestamp();
    const { sequence } = database.prepare<{ sequence: number }>('INSERT INTO job_events (job_id, type, data, at) VALUES (?, ?, ?, ?) RETURNING sequence').get([jobId, type, JSON.stringify(data), at])!;
    database.afterCommit(() => {
      for (const listener of listeners) listener({ sequence, jobId, type, data, at });
    });
  };
  /** Progress is of no use once the job has ended; keeping it would make the table the largest of all. */
  const forgetProgress = (id: string): void => void database.prepare("DELETE FROM job_events WHERE job_id = ? AND type = 'progress'").run([id]);
  const MINE = "id = ? AND claimed_by = ? AND status = 'running'";

  return {
    find,
    enqueue: (kind, payload, subject, { background = false } = {}) =>
      database.transaction(() => {
        const id = clock.newId('jb');
        database.prepare("INSERT INTO jobs (id, kind, subject, payload, status, background, created_at) VALUES (?, ?, ?, ?, 'queued', ?, ?)").run([id, kind, subject ?? null, JSON.stringify(payload ?? null), Number(background), clock.timestamp()]);
        say(id, 'queued');
        return find(id)!;
      }),
    ofSubject: (subject) => database.prepare<JobRow>('SELECT * FROM jobs WHERE subject = ? ORDER BY id').all([subject]).map(jobOf),
    list(filter, limit, before) {
      const given = Object.entries({ 'kind = ?': filter.kind, 'status = ?': filter.status, 'id < ?': before }).filter((entry): entry is [string, string] => entry[1] !== undefined);
      const where = given.length > 0 ? ` WHERE ${given.map(([clause]) => clause).join(' AND ')}` : '';
      return database.prepare<JobRow>(`SELECT * FROM jobs${where} ORDER BY id DESC LIMIT ?`).all([...given.map(([, value]) => value), limit]).map(jobOf);
    },
    counts() {
      const counts = { queued: 0, running: 0, done: 0, failed: 0 };
      for (const { status, n } of database.prepare<{ status: JobStatus; n: number }>('SELECT status, count(*) AS n FROM jobs GROUP BY status').all()) counts[status] = n;
      return counts;
    },
    claim: (worker, kinds, leaseMs) =>
      database.transaction(() => {
        const now = clock.nowMs();
        // What was cut off goes behind what was not, so that a job that kills its process does not hold up the others; background jobs go behind all.
        // By the index in that order, the first that fits is taken: a hundred thousand waiting jobs are not sorted at every claim.
        const row = database.prepare<JobRow>(`UPDATE jobs SET status = 'running', claimed_by = ?, lease_until = ?, started_at = ?, phase = NULL, done = 0, total = 0
          WHERE id = (SELECT id FROM jobs INDEXED BY jobs_waiting WHERE status = 'queued' AND not_before <= ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY background, interruptions, id LIMIT 1) RETURNING *`)
          .get([worker, now + leaseMs, clock.timestamp(), now, JSON.stringify(kinds)]);
        if (!row) return undefined;
        say(row.id, 'started', { attempt: row.attempts + 1 });
        return jobOf(row);
      }),
    renew: (id, worker, leaseMs) => database.prepare(`UPDATE jobs SET lease_until = ? WHERE ${MINE}`).run([clock.nowMs() + leaseMs, id, worker]) === 1,
    progress: (id, worker, phase, done, total) =>
      database.transaction(() => {
        if (database.prepare(`UPDATE jobs SET phase = ?, done = ?, total = ? WHERE ${MINE}`).run([phase, done, total, id, worker]) === 1) say(id, 'progress', { phase, done, total });
      }),
    finish(id, worker, write) {
      try {
        database.transaction(() => {
          const result = write();
          const ended = database.prepare(`UPDATE jobs SET status = 'done', result = ?, problem = NULL, claimed_by = NULL, lease_until = NULL, phase = NULL, done = total, finished_at = ? WHERE ${MINE}`)
            .run([JSON.stringify(result ?? null), clock.timestamp(), id, worker]);
          if (ended !== 1) throw new LeaseLost();
          forgetProgress(id);
          say(id, 'done');
        });
        return true;
      } catch (error) {
        if (error instanceof LeaseLost) return false;
        throw error;
      }
    },
    fail: (id, worker, problem) =>
      database.transaction(() => {
        const ended = database.prepare(`UPDATE jobs SET status = 'failed', problem = ?, attempts = attempts + 1, claimed_by = NULL, lease_until = NULL, finished_at = ? WHERE ${MINE}`)
          .run([JSON.stringify(problem), clock.timestamp(), id, worker]);
        if (ended !== 1) return;
        forgetProgress(id);
        say(id, 'failed', { code: problem.code });
      }),
    retry: (id, worker, problem, delayMs) =>
      database.transaction(() => {
        const back = database.prepare(`UPDATE jobs SET status = 'queued', problem = ?, attempts = attempts + 1, claimed_by = NULL, lease_until = NULL, not_before = ? WHERE ${MINE}`)
          .run([JSON.stringify(problem), clock.nowMs() + delayMs, id, worker]);
        if (back === 1) say(id, 'retried', { code: problem.code, delayMs });
      }),
    release: (id, worker) => void database.prepare(`UPDATE jobs SET status = 'queued', claimed_by = NULL, lease_until = NULL WHERE ${MINE}`).run([id, worker]),
    recover: (onlyProcess) =>
      database.transaction(() => {
        const gone = database.prepare<{ id: string; interruptions: number }>(`SELECT id, interruptions FROM jobs WHERE status = 'running' AND (lease_until < ? OR (? IS NOT NULL AND claimed_by NOT LIKE ? || '%'))`)
          .all([clock.nowMs(), onlyProcess ?? null, onlyProcess ?? '']);
        for (const { id, interruptions } of gone) {
          const last = interruptions + 1 >= P.interruptions;
          const problem: StoredProblem = { code: 'job-interrupted', parameters: { found: interruptions + 1 }, errors: [] };
          database.prepare('UPDATE jobs SET status = ?, interruptions = interruptions + 1, claimed_by = NULL, lease_until = NULL, problem = ?, finished_at = ? WHERE id = ?')
            .run([last ? 'failed' : 'queued', last ? JSON.stringify(problem) : null, last ? clock.timestamp() : null, id]);
          say(id, last ? 'failed' : 'interrupted', last ? { code: problem.code } : { interruptions: interruptions + 1 });
        }
        return gone.map((row) => row.id);
      }),
    events: (after, jobId, limit = 1_000) =>
      database.prepare<{ sequence: number; job_id: string; type: JobEventType; data: string; at: string }>('SELECT * FROM job_events WHERE sequence > ? AND (? IS NULL OR job_id = ?) ORDER BY sequence LIMIT ?')
        .all([after, jobId ?? null, jobId ?? null, limit])
        .map((row) => ({ sequence: row.sequence, jobId: row.job_id, type: row.type, data: JSON.parse(row.data), at: row.at })),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
