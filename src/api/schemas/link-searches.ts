/** Searches for links and their candidates. */
import { z } from 'zod';
import { Instant, ProblemSchema, id } from './common.ts';
import { BatchLine, Line, Link } from './evaluations.ts';
import { Job } from './jobs.ts';
import { Seizure, Specimen } from './records.ts';
import { SearchFilter } from './searches.ts';

export const NewLinkSearch = z
  .strictObject({
    probe: z.strictObject({ specimenId: id('sp') }),
    filter: SearchFilter.optional(),
    scope: z.enum(['all', 'other-countries']).default('all').describe('of the country of the probe’s seizure'),
    limit: z.int().min(1).max(200).default(20).describe('candidates wanted'),
  })
  .meta({ id: 'NewLinkSearch' });

const by = z.string().describe('`surface`, or `profile:` and the panel');

const Plan = z
  .object({
    depth: z.int().describe('specimens that each search hands on, at most'),
    searches: z.array(z.object({ by, probeId: z.string().describe('the face or the profile searched with'), searched: z.int().describe('faces or profiles that pass filter and scope'), of: z.int().describe('those that are stored'), found: z.int().describe('specimens handed on'), refused: z.string().nullable().describe('why this search was not made') })),
    found: z.int().describe('specimens handed on by any search'),
    ofOwnSeizure: z.int().describe('of these, specimens of the probe’s own seizure: left out'),
    evaluated: z.int().describe('the others, compared with the probe in full'),
    unreadable: z.array(z.object({ specimenId: id('sp'), reason: z.string() })).describe('not compared, because a photograph had to be read again and could not'),
  })
  .meta({ id: 'LinkSearchPlan' });

export const LinkSearch = z
  .object({
    id: id('ls'),
    status: z.enum(['waiting', 'done', 'refused']),
    problem: ProblemSchema.nullable(),
    probe: z.object({ specimenId: id('sp') }),
    filter: z.looseObject({}),
    scope: z.enum(['all', 'other-countries']),
    homeCountry: z.string(),
    limit: z.int(),
    plan: Plan.nullable(),
    statement: z.string().nullable().describe('how far it looked, in sentences'),
    provenance: z.object({ engineVersion: z.string(), parameters: z.record(z.string(), z.string()) }).nullable(),
    candidateCount: z.int(),
    candidatesUrl: z.string(),
    jobId: z.string(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'LinkSearch' });

export const LinkSearchAccepted = z.object({ search: LinkSearch, job: Job }).meta({ id: 'LinkSearchAccepted' });

export const LinkCandidate = z
  .object({
    rank: z.int().describe('by the LR of a link, then by the design score: where to look first'),
    foundBy: z.array(z.object({ by, probeId: z.string(), rank: z.int().describe('place in that search’s own list') })),
    designScore: z.number().nullable().describe('the highest between the two; orders, and is no evidence by itself'),
    lines: z.object({ design: Line, tool: Line, batch: BatchLine }),
    link: Link,
    specimen: Specimen,
    seizure: Seizure,
    countryName: z.string(),
  })
  .meta({ id: 'LinkCandidate' });
