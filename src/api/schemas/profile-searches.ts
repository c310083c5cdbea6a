/** Profile searches and their candidates. */
import { z } from 'zod';
import { Country, Instant, ProblemSchema, id } from './common.ts';
import { Job } from './jobs.ts';
import { NewProfile, PanelId, PanelRef, PanelVersion, Profile, ProfileBody } from './profiles.ts';
import { Seizure, Specimen } from './records.ts';
import { SearchFilter } from './searches.ts';

const positive = z.number().gt(0);

const Windows = z
  .strictObject({
    diameterMm: positive.max(100).optional().describe('usual: 0.1'),
    thicknessMm: positive.max(100).optional().describe('usual: 0.5'),
    massPercent: positive.max(1000).optional().describe('of the probe’s mass; usual: 15'),
    probe: z.strictObject({ diameterMm: positive.optional(), thicknessMm: positive.optional(), massMg: positive.optional() }).optional().describe('the probe’s own measurements, where its specimen has none'),
  })
  .meta({ id: 'ProfileWindows', description: 'A specimen whose measurement is known and further from the probe’s is left out, and named where it would have been a candidate. What is not measured leaves nobody out.' });

const choice = z.string().regex(/^[a-z0-9-]{1,60}$/, 'An id is lower-case letters, digits and hyphens.');

export const NewProfileSearch = z
  .strictObject({
    probe: z
      .strictObject({ profileId: id('pr').optional(), profile: NewProfile.optional().describe('a profile that is no casework; it is kept with the search, and no other search finds it') })
      .refine(({ profileId, profile }) => (profileId === undefined) !== (profile === undefined), 'Give either profileId or profile.'),
    panel: z.strictObject({ id: PanelId, version: PanelVersion.optional() }).optional().describe('the probe’s own where none is named'),
    recipe: choice.optional().describe('the panel’s where none is named'),
    distance: choice.optional().describe('the panel’s where none is named'),
    filter: SearchFilter.optional(),
    scope: z.enum(['all', 'other-countries']).default('all'),
    homeCountry: Country.optional().describe('the probe’s country, where neither its seizure nor the key tells'),
    windows: Windows.optional(),
    limit: z.int().min(1).max(200).default(20).describe('candidates wanted, one a specimen'),
  })
  .refine(({ probe, panel }) => probe.profileId !== undefined || probe.profile === undefined || probe.profile.panel !== undefined || panel !== undefined, { path: ['panel'], message: 'Name the panel, in the profile or here.' })
  .meta({ id: 'NewProfileSearch' });

const Reason = z.enum(['other-panel', 'control-sample', 'method-family', 'too-little-overlap', 'reference-peak-missing', 'no-variation']);
const Measurement = z.enum(['diameter', 'thickness', 'mass']);

const Plan = z
  .object({
    plan: z.enum(['exhaustive', 'indexed']),
    of: z.int().describe('stored profiles of the panel'),
    searched: z.int().describe('of these, those that pass filter and windows, without the probe’s own specimen'),
    compared: z.int(),
    notComparable: z.partialRecord(Reason, z.int()).describe('profiles that have no distance to the probe, by the reason; that is no low score'),
    windows: z.array(z.object({ measurement: Measurement, unit: z.enum(['mm', 'mg']), probe: z.number().nullable().describe('null: not known, and the window left nobody out'), width: z.number().nullable(), excluded: z.int().describe('profiles that pass the filter, of specimens outside of this window') })),
    watermark: z.int().describe('serial of the newest stored profile that was looked at'),
  })
  .meta({ id: 'ProfileSearchPlan' });

const Provenance = z.object({ engineVersion: z.string(), parameters: z.record(z.string(), z.string()) });

export const Excluded = z
  .object({
    distance: z.number(),
    measurements: z.array(z.object({ measurement: Measurement, values: z.array(z.number()), probe: z.number() })).describe('why the windows left it out'),
    profile: Profile,
    specimen: Specimen,
    seizure: Seizure,
  })
  .meta({ id: 'ExcludedCandidate' });

export const ProfileSearch = z
  .object({
    id: id('ps'),
    status: z.enum(['waiting', 'done', 'refused']),
    problem: ProblemSchema.nullable(),
    proposition: z.literal('same-batch'),
    statement: z.string().describe('what the candidates speak of, and of what not'),
    hypotheses: z.array(z.string()).length(2),
    probe: z.object({ profileId: id('pr').nullable(), specimenId: id('sp').nullable().describe('set where the probe is casework: its own profiles are left out'), profile: ProfileBody }),
    panel: PanelRef,
    recipe: z.string(),
    distance: z.string(),
    filter: z.looseObject({}),
    scope: z.enum(['all', 'other-countries']),
    homeCountry: z.string().nullable(),
    windows: z.looseObject({}).nullable(),
    limit: z.int(),
    settings: z.object({ panel: PanelRef, recipe: PanelRef, distance: PanelRef, digest: z.string() }).nullable(),
    plan: Plan.nullable(),
    summary: z.string().nullable().describe('how much was compared, in sentences'),
    excluded: z.array(Excluded).describe('specimens that windows left out, and that would have been candidates'),
    provenance: Provenance.nullable(),
    candidateCount: z.int(),
    candidatesUrl: z.string(),
    jobId: z.string(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'ProfileSearch' });

export const ProfileSearchAccepted = z.object({ search: ProfileSearch, job: Job }).meta({ id: 'ProfileSearchAccepted' });

export const ProfileCandidate = z
  .object({
    rank: z.int(),
    batch: z
      .object({
        outcome: z.literal('compared'),
        distance: z.number().describe('orders pairs of one panel, recipe and distance; no probability'),
        log10Lr: z.null().describe('no calibration of profiles is loaded'),
        uncalibrated: z.string().describe('why the distance has no likelihood ratio'),
      })
      .describe('evidence of one batch; it says nothing of design or tool'),
    overlap: z.object({ compared: z.array(z.string()), leftOut: z.array(z.object({ analyte: z.string(), reason: z.enum(['degradation-prone', 'no-number']) })), onlyA: z.array(z.string()).describe('only the probe was analysed for these'), onlyB: z.array(z.string()).describe('only the candidate was'), required: z.int() }),
    contributions: z.array(z.object({ label: z.string().describe('an analyte, or a/b for a log-ratio'), a: z.number().nullable(), b: z.number().nullable(), spreadA: z.number().nullable(), spreadB: z.number().nullable(), weight: z.number(), part: z.number().describe('of the distance; all parts sum to it') })).describe('treated values of probe (a) and candidate (b)'),
    replicates: z.object({ a: z.number().nullable(), b: z.number().nullable() }).describe('mean distance between the replicates of each'),
    categories: z.array(z.object({ analyte: z.string(), a: z.string(), b: z.string(), agrees: z.boolean() })),
    notes: z.array(z.string()),
    profile: Profile,
    specimen: Specimen,
    seizure: Seizure,
    countryName: z.string(),
  })
  .meta({ id: 'ProfileCandidate' });
