/** /v1/jobs: work that outlives a request, and its events. */
import { z } from 'zod';
import { problem } from '../../domain/index.ts';
import { streamJobEvents } from '../events.ts';
import { ListQuery, Name, id, page, refusals } from '../schemas/common.ts';
import { Job, JobStatus } from '../schemas/jobs.ts';
import type { Api, ApiContext } from '../types.ts';
import { jobView } from '../views.ts';

const tags = ['jobs'];
const params = z.strictObject({ id: id('jb') });

export function jobRoutes(app: Api, { casework, clock }: ApiContext): void {
  const find = (jobId: string) => {
    const job = casework.jobs.find(jobId);
    if (!job) throw problem('not-found', { what: `the job ${jobId}` });
    return job;
  };

  app.get('/v1/jobs', {
    config: { scope: 'specimens.read' },
    schema: {
      tags,
      summary: 'List jobs, newest first',
      description: 'How far background work is and what of it failed: `?kind=refresh&status=failed`.',
      operationId: 'listJobs',
      querystring: ListQuery.omit({ count: true }).extend({ cursor: id('jb').optional(), kind: Name.optional(), status: JobStatus.optional() }),
      response: { 200: page(Job).omit({ count: true }), ...refusals() },
    },
    handler: async ({ query: { limit, cursor, ...filter } }) => {
      const jobs = casework.jobs.list(filter, limit + 1, cursor);
      const items = jobs.slice(0, limit).map((job) => jobView(job, clock));
      return { items, nextCursor: jobs.length > limit ? items.at(-1)!.id : null };
    },
  });

  app.get('/v1/jobs/:id', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'How far a job is', operationId: 'getJob', params, response: { 200: Job, ...refusals('not-found') } },
    handler: async (request, reply) => {
      const job = find(request.params.id);
      if (job.status === 'queued' || job.status === 'running') reply.header('retry-after', '1');
      return jobView(job, clock);
    },
  });

  app.get('/v1/jobs/:id/events', {
    config: { scope: 'specimens.read' },
    schema: {
      tags,
      summary: 'Events of a job as they happen',
      description: 'Server-sent events; each carries the job as it was. `Last-Event-ID` replays what was missed. The stream ends with the job.',
      operationId: 'streamJobEvents',
      params,
      response: { 200: { description: 'a stream of events', content: { 'text/event-stream': { schema: z.string() } } }, ...refusals('not-found') },
    },
    handler: async (request, reply) => streamJobEvents(request, reply, casework.jobs, find(request.params.id), clock),
  });
}
