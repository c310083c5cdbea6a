/** Waiting for a job to end: `Prefer: wait=N`. */
import type { FastifyReply } from 'fastify';
import type { Job, JobStore } from '../platform/jobs/index.ts';

const ended = (job: Job): boolean => job.status === 'done' || job.status === 'failed';

/** The job when it has ended, or as it is after so many seconds. A caller that hangs up ends the wait. */
export function awaitJob(jobs: JobStore, id: string, seconds: number, hungUp: AbortSignal): Promise<Job | undefined> {
  return new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(timer);
      hungUp.removeEventListener('abort', settle);
      unlisten();
      resolve(jobs.find(id));
    };
    const unlisten = jobs.onEvent((event) => {
      if (event.jobId === id && (event.type === 'done' || event.type === 'failed')) settle();
    });
    const timer = setTimeout(settle, seconds * 1000);
    hungUp.addEventListener('abort', settle, { once: true });
    const now = jobs.find(id);
    if (seconds <= 0 || hungUp.aborted || !now || ended(now)) settle();
  });
}

/** Aborted when the caller closes the connection before the answer, or the service stops. */
export function hangUpSignal(reply: FastifyReply): AbortSignal {
  const hungUp = new AbortController();
  reply.raw.once('close', () => hungUp.abort());
  return AbortSignal.any([hungUp.signal, reply.server.stopping]);
}
