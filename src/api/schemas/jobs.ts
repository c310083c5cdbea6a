import { z } from 'zod';
import { Instant, ProblemSchema } from './common.ts';

export const JobStatus = z.enum(['queued', 'running', 'done', 'failed']);

export const Job = z
  .object({
    id: z.string(),
    kind: z.string().describe('`examine`: a photograph that came; `search`; `refresh`: features and marks of a stored photograph made again after their parameters changed; `place`: new faces laid on the frame of their design; `profile-search`; `evaluation`: two specimens or seizures compared by all that is known of them; `link-search`'),
    subject: z.string().nullable().describe('id of what the job is about: a photograph, a search of any sort, an evaluation'),
    status: JobStatus,
    phase: z.string().nullable(),
    done: z.int(),
    total: z.int(),
    attempts: z.int(),
    etaSeconds: z.number().nullable(),
    problem: ProblemSchema.nullable(),
    resultUrl: z.string().nullable(),
    createdAt: Instant,
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'Job' });
