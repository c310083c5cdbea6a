/** Searches, candidates, comparisons. */
import { z } from 'zod';
import { Binary, Country, Day, DrugType, Instant, MmPerPx, Picture, ProblemSchema, Sha256, SpecimenKind, id } from './common.ts';
import { Face } from './images.ts';
import { Job } from './jobs.ts';
import { Seizure, Specimen } from './records.ts';

export const SearchFilter = z
  .strictObject({ drugType: DrugType.optional(), countries: z.array(Country).min(1).max(50).optional(), dateFrom: Day.optional(), dateTo: Day.optional(), kind: SpecimenKind.optional() })
  .refine(({ dateFrom, dateTo }) => !dateFrom || !dateTo || dateFrom <= dateTo, { path: ['dateTo'], message: 'dateTo is before dateFrom.' })
  .meta({ id: 'SearchFilter' });

const options = {
  filter: SearchFilter.optional(),
  scope: z.enum(['all', 'other-countries']).default('all'),
  homeCountry: Country.optional().describe('the probe’s country, where neither its seizure nor the key tells'),
  limit: z.int().min(1).max(200).default(20).describe('candidates wanted, one a specimen'),
  mode: z.enum(['auto', 'exact']).default('auto'),
};

export const NewSearch = z
  .strictObject({
    probe: z
      .strictObject({ faceId: id('fa').optional(), imageSha256: Sha256.optional().describe('a sealed image; its largest face is searched with'), mmPerPx: MmPerPx.optional() })
      .refine(({ faceId, imageSha256 }) => (faceId === undefined) !== (imageSha256 === undefined), 'Give either faceId or imageSha256.'),
    ...options,
  })
  .meta({ id: 'NewSearch' });

/** The field `request` of a form: the same without the probe, which is the photograph in the form. */
export const FormSearch = z.strictObject({ mmPerPx: MmPerPx.optional(), ...options });

export const Plan = z
  .object({
    plan: z.enum(['exact', 'hnsw']),
    why: z.string(),
    searched: z.int().describe('faces in the index that pass the filter'),
    of: z.int().describe('faces in the index'),
    scored: z.int().nullable().describe('faces whose embedding was scored; null for the graph'),
    compared: z.int().describe('faces whose design was compared with the probe’s'),
    ofDesign: z.int().optional().describe('faces that may have the probe’s design: those scanned, and those of the ones compared that wait for a place; not given by searches of before tools were compared'),
    scanned: z.int().optional().describe('of these, faces whose fine marks were scanned on the frame of the design: it chooses whose are compared in full; not given by searches of before there were frames'),
    toolsCompared: z.int().optional().describe('of these, faces whose fine marks were compared with the probe’s in full'),
    watermark: z.int().describe('number of the latest database change the index held'),
  })
  .meta({ id: 'SearchPlan' });

const Provenance = z.object({ engineVersion: z.string(), parameters: z.record(z.string(), z.string()) });

export const Search = z
  .object({
    id: id('se'),
    status: z.enum(['waiting', 'done', 'refused']),
    problem: ProblemSchema.nullable(),
    probe: z.object({ faceId: id('fa').nullable(), photographId: id('ph').nullable(), imageSha256: Sha256.nullable(), specimenId: id('sp').nullable().describe('set where the probe is casework: its own faces are left out'), faceIds: z.array(id('fa')).describe('all faces found in the photograph; the largest is the probe') }),
    filter: z.looseObject({}),
    scope: z.enum(['all', 'other-countries']),
    homeCountry: z.string().nullable(),
    limit: z.int(),
    mode: z.enum(['auto', 'exact']),
    plan: Plan.nullable(),
    statement: z.string().nullable().describe('how much was searched, in one sentence'),
    provenance: Provenance.nullable(),
    candidateCount: z.int(),
    candidatesUrl: z.string(),
    jobId: z.string(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'Search' });

export const SearchAccepted = z.object({ search: Search, job: Job }).meta({ id: 'SearchAccepted' });

const PoseView = z.object({ rotationDeg: z.number(), shift: z.array(z.number()).length(2).describe('fractions of the crop’s side'), scale: z.number() }).describe('lays the candidate’s crop on the probe’s');

const Partial = z.object({ logo: z.number(), outline: z.number().nullable(), size: z.number().nullable() });

const ToolLine = {
  outcome: z.enum(['compared', 'unsuitable', 'strokes-not-registered', 'other-design', 'no-marks', 'not-reached', 'not-asked']).describe('`unsuitable`: too little surface that both show; `strokes-not-registered`: no pose was found; `other-design`: not compared, the design score is below what a search takes for the probe’s design; `no-marks`: one face has no readable marks, or none of the running parameters yet; `not-reached`: beyond what one search compares; `not-asked`: the search is older than the comparison of tools'),
  toolScore: z.number().nullable().describe('orders pairs by how far their fine marks agree; no probability; null where marks were not compared'),
  areaMm2: z.number().nullable().describe('surface that both show, places on walls of the design counted less'),
  log10Lr: z.object({ value: z.number(), low: z.number(), high: z.number(), bounded: z.boolean().describe('the calibration carries no more'), simulated: z.boolean().describe('the calibration is of rendered photographs: not for casework'), calibration: z.string().describe('id of the calibration') }).nullable().describe('log10 of the likelihood ratio of one tool over two tools with this design; interval of 95 %'),
  words: z.string().nullable().describe('the likelihood ratio on the verbal scale'),
  uncalibrated: z.string().nullable().describe('why a score has no likelihood ratio'),
};

export const Candidate = z
  .object({
    rank: z.int(),
    comparisonId: id('cm'),
    comparisonUrl: z.string(),
    designScore: z.number().describe('speaks of the logo design only; no probability, and no evidence of one tool'),
    partial: Partial,
    tool: z.object(ToolLine).describe('individual characteristics: evidence of one tool, among faces of one design'),
    face: Face,
    specimen: Specimen,
    seizure: Seizure,
    countryName: z.string(),
    pictures: z.array(Picture),
  })
  .meta({ id: 'Candidate' });

export const Comparison = z
  .object({
    id: id('cm'),
    searchId: id('se'),
    rank: z.int(),
    probe: Face,
    candidate: Face,
    class: z
      .object({
        statement: z.string().describe('what the score speaks of'),
        designScore: z.number(),
        partial: Partial,
        pose: PoseView,
      })
      .describe('class characteristics: what tools of one design share'),
    individual: z
      .object({
        statement: z.string().describe('what the score speaks of'),
        ...ToolLine,
        hypotheses: z.array(z.string()).length(2),
        scale: z.string().describe('name and year of the verbal scale'),
        calibration: z.object({ id: z.string(), simulated: z.boolean(), text: z.string() }).nullable().describe('what stands behind the likelihood ratio; null when it is no longer the service’s: its id is in the provenance'),
        partial: z.object({ marks: z.number(), cells: z.number().optional().describe('how many cells carry that agreement; not given by comparisons of before it counted'), strokes: z.number(), elsewhere: z.number().describe('agreement of the marks in another pose: what agrees there is the design’s'), weight: z.number().optional().describe('what both agreements count by, for the surface they rest on; not given by comparisons of before they were weighed'), poses: z.number().optional().describe('what it changes that the faces may lie in several poses; not given by comparisons of before it counted') }).nullable(),
        pose: PoseView.nullable(),
        cells: z.array(z.object({ verdict: z.enum(['agrees', 'disagrees', 'undecided', 'uninformative']), column: z.int(), row: z.int(), agreement: z.number(), own: z.number(), shiftMm: z.array(z.number()).length(2), known: z.number(), energy: z.number() })).describe('squares of a grid over both faces'),
      })
      .describe('individual characteristics: evidence of one tool'),
    provenance: Provenance,
    explanationUrl: z.string(),
  })
  .meta({ id: 'Comparison' });

export const Explanation = z.object({ comparisonId: id('cm'), pictures: z.array(Picture) }).meta({ id: 'Explanation' });

/** The form of a search by photograph, for the description. */
export const SearchForm = z.object({ photo: Binary, request: FormSearch.optional() }).meta({ id: 'SearchForm' });
