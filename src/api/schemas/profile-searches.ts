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
    settings: z.object({ panel: PanelRef, recipe: PanelRef, distance: PanelRef, digest: z.string(), calibration: z.object({ id: z.string(), simulated: z.boolean() }).nullable().describe('whose population figures were used, and that gave the LRs') }).nullable(),
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
        log10Lr: z.object({ value: z.number(), low: z.number(), high: z.number(), bounded: z.boolean().describe('the calibration carries no more'), simulated: z.boolean().describe('the calibration is of simulated profiles: not for casework'), calibration: z.string().describe('id of the calibration') }).nullable().describe('log10 of the likelihood ratio of one batch over two; interval of 95 %. By all profiles of the candidate’s specimen that can be compared with the probe'),
        words: z.string().nullable().describe('verbal equivalent of the LR (ENFSI 2015)'),
        uncalibrated: z.string().nullable().describe('why there is no likelihood ratio'),
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

const Kind = z.object({
  model: z.string().nullable(),
  bounds: z.object({ low: z.number(), high: z.number() }).nullable().describe('log10: beyond them the calibration carries no LR'),
  counts: z.object({ batches: z.int(), profiles: z.int(), matches: z.int().describe('pairs of one batch'), nonMatches: z.int().describe('pairs of two batches') }).nullable(),
  cllr: z.number().nullable().describe('cost of its LRs, of batches that the model had not seen'),
  cllrMin: z.number().nullable(),
  leastAnalytes: z.int().nullable().describe('pairs that share fewer have no LR'),
  without: z.string().nullable().describe('why such pairs have no LR'),
});

export const BatchCalibration = z
  .object({
    id: z.string(),
    about: z.string().describe('what it was made of'),
    simulated: z.boolean().describe('of simulated profiles: not for casework'),
    text: z.string(),
    panel: PanelRef,
    recipe: PanelRef,
    distance: PanelRef,
    analytes: z.array(z.string()),
    counts: z.object({ profiles: z.int(), batches: z.int(), laboratories: z.int().describe('that are named') }),
    within: Kind.describe('pairs within a laboratory'),
    across: Kind.describe('pairs across laboratories'),
    unusable: z.string().nullable().describe('why it is not used'),
  })
  .meta({ id: 'BatchCalibration' });
