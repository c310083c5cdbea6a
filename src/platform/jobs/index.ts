export { JOB_PARAMETERS } from './parameters.ts';
export { createJobStore } from './store.ts';
export type { JobCounts, JobFilter, JobStore } from './store.ts';
export type { Job, JobContext, JobEvent, JobEventType, JobHandler, JobHandlers, JobStatus, StoredProblem } from './types.ts';
export { startWorkers } from './worker.ts';
export type { WorkerOptions, Workers } from './worker.ts';
