/** How patient the job queue is. Engineering, not science: no result depends on it. */
export const JOB_PARAMETERS = Object.freeze({
  /** Tries that end in an error before a job is `failed`. */
  attempts: 3,
  /** Times a job may be cut off by the end of its process before it is `failed`: more than `attempts`, because a process mostly ends for reasons that are not the job's. */
  interruptions: 10,
  /** Milliseconds a worker holds a job without a sign of life. */
  leaseMs: 30_000,
  /** Milliseconds between signs of life. */
  heartbeatMs: 5_000,
  /** Milliseconds between looks for work when nothing announced any. */
  pollMs: 1_000,
  /** Milliseconds before the second try; each further one waits four times as long. */
  retryMs: 500,
  /** Least milliseconds between two kept progress reports of one job; the first of each phase is always kept. */
  progressMs: 200,
});
