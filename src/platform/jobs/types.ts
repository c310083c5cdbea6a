import type { FieldError, ProblemCode, ProblemParameters } from '../../domain/index.ts';

export type JobStatus = 'queued' | 'running' | 'done' | 'failed';

/** A Problem as it is kept in a row. */
export interface StoredProblem {
  readonly code: ProblemCode;
  readonly parameters: ProblemParameters;
  readonly errors: readonly FieldError[];
}

/** A piece of work that outlives the request that asked for it. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  /** Id of what the job is about: an image, a search. */
  readonly subject: string | null;
  readonly payload: unknown;
  readonly status: JobStatus;
  /** What is being done now, in one word of the field. */
  readonly phase: string | null;
  readonly done: number;
  readonly total: number;
  /** Tries that ended in an error. */
  readonly attempts: number;
  /** Tries that ended with their process. */
  readonly interruptions: number;
  readonly problem: StoredProblem | null;
  readonly result: unknown;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export type JobEventType = 'queued' | 'started' | 'progress' | 'retried' | 'interrupted' | 'done' | 'failed';

/** One line of what happened to a job; `sequence` grows over all jobs and serves as the SSE event id. */
export interface JobEvent {
  readonly sequence: number;
  readonly jobId: string;
  readonly type: JobEventType;
  readonly data: unknown;
  readonly at: string;
}

export interface JobContext {
  readonly job: Job;
  /** Aborted when the service stops or the lease is lost; a handler that runs long should look. */
  readonly signal: AbortSignal;
  /** Says how far the work is. Kept in the row and sent as an event; cheap enough to call a few times a second. */
  progress(phase: string, done?: number, total?: number): void;
}

/**
 * Does the work and answers with a function that writes it down. That function runs in the transaction
 * that marks the job done, so the outcome and the job's end are durable together, once; when another
 * worker has taken the job over meanwhile it does not run at all. What it returns is the job's result (JSON).
 * @throws Problem: with a 4xx status the job fails at once, anything else is tried again
 */
export type JobHandler<Payload = never> = (payload: Payload, context: JobContext) => Promise<() => unknown>;
export type JobHandlers = Readonly<Record<string, JobHandler>>;
