/** Server-sent events of one job: what was missed first, then what happens, until the job ends. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../platform/clock/index.ts';
import type { Job, JobEvent, JobStore } from '../platform/jobs/index.ts';
import { jobView } from './views.ts';

const HEARTBEAT_MS = 15_000;

/** One event in the text form; `data` never holds a line break, because JSON escapes it. */
const frame = (event: JobEvent, data: unknown): string => `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(data)}\n\n`;
const isLast = (event: JobEvent): boolean => event.type === 'done' || event.type === 'failed';

export function streamJobEvents(request: FastifyRequest, reply: FastifyReply, jobs: JobStore, job: Job, clock: Clock): FastifyReply {
  const given = Number([request.headers['last-event-id']].flat()[0] ?? 0);
  let sent = Number.isSafeInteger(given) && given > 0 ? given : 0;
  reply.hijack();
  const out = reply.raw;
  out.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  out.write('retry: 2000\n\n');

  const forget = (): void => {
    clearInterval(heartbeat);
    unlisten();
    request.server.stopping.removeEventListener('abort', close);
  };
  const close = (): void => {
    forget();
    out.end();
  };
  /** Sends everything after the last event sent; the log in the database is the order. */
  const drain = (): void => {
    for (const event of jobs.events(sent, job.id)) {
      sent = event.sequence;
      const now = jobs.find(job.id) ?? job;
      out.write(frame(event, { at: event.at, detail: event.data, job: jobView(now, clock) }));
      if (isLast(event)) return close();
    }
  };
  const unlisten = jobs.onEvent((event) => void (event.jobId === job.id && drain()));
  const heartbeat = setInterval(() => out.write(': still here\n\n'), HEARTBEAT_MS);
  out.once('close', forget);
  request.server.stopping.addEventListener('abort', close);
  drain();
  // A job that had ended before the last event the caller has seen: nothing more will come.
  if (!out.writableEnded && (job.status === 'done' || job.status === 'failed')) close();
  return reply;
}
