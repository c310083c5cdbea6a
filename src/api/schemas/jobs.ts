import { z } from 'zod';
import { Instant, ProblemSchema } from './common.ts';

export const Job = z
  .object({
    id: z.string(),
    kind: z.string(),
    status: z.enum(['queued', 'running', 'done', 'failed']),
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
