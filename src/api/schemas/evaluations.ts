/** Evaluations of two specimens or two seizures: three lines, and the LR of a link. */
import { z } from 'zod';
import { Instant, Picture, ProblemSchema, id } from './common.ts';
import { Job } from './jobs.ts';

const side = (which: string) =>
  z
    .strictObject({ specimenId: id('sp').optional(), seizureId: id('sz').optional() })
    .refine(({ specimenId, seizureId }) => (specimenId === undefined) !== (seizureId === undefined), 'Give either specimenId or seizureId.')
    .describe(`${which}: one specimen, or all specimens of a seizure`);

export const NewEvaluation = z.strictObject({ first: side('one of the two'), second: side('the other') }).meta({ id: 'NewEvaluation' });

const Provenance = z.object({ engineVersion: z.string(), parameters: z.record(z.string(), z.string()) });
const CalibrationView = z.object({ id: z.string(), simulated: z.boolean(), text: z.string().describe('what it was made of, with counts and bounds') });

/** What a line and a link have in common. */
const figure = {
  hypotheses: z.array(z.string()).length(2),
  log10Lr: z
    .object({
      value: z.number(), low: z.number(), high: z.number(),
      bounded: z.boolean().describe('the calibrations behind all of its pairs carry no more'),
      simulated: z.boolean().describe('a simulated calibration stands behind it: not for casework'),
    })
    .nullable()
    .describe('log10 of the likelihood ratio of the first hypothesis over the second, with its interval'),
  words: z.string().nullable().describe('the likelihood ratio on the verbal scale'),
  scale: z.string().describe('name and year of the verbal scale'),
  uncalibrated: z.string().nullable().describe('why there is no likelihood ratio'),
};

const line = {
  ...figure,
  calibrations: z.array(CalibrationView),
  pairs: z.object({
    of: z.int().describe('pairs of items between the two: of faces, for the batch of specimens'),
    evaluated: z.int().describe('of these, pairs with a likelihood ratio'),
    without: z.array(z.object({ reason: z.string(), pairs: z.int() })).describe('why the others have none'),
  }),
  loudest: z
    .object({ first: z.string(), second: z.string(), log10Lr: z.number(), comparisonUrl: z.string().nullable().describe('a comparison of these two faces by a search: its explanation has the pictures') })
    .nullable()
    .describe('the pair that speaks loudest for the first hypothesis: ids of faces, for the batch of specimens'),
  groups: z
    .object({ first: z.array(z.array(z.string())), second: z.array(z.array(z.string())) })
    .describe('of each side the faces (for the batch the specimens) that speak for one source among themselves: their pairs make one voice'),
};

export const Line = z.object(line).meta({ id: 'EvidenceLine', description: 'What the evidence says of one proposition, and of no other. Without a likelihood ratio it counts as 1.' });
export const BatchLine = z
  .object({ ...line, panels: z.array(z.object({ panel: z.string(), ...line })).describe('each panel by itself') })
  .meta({ id: 'BatchEvidenceLine', description: 'Evidence of one batch: several panels of one pair are weighed together by the calibration of links.' });

export const Link = z
  .object({
    ...figure,
    groups: z.object({ first: z.array(z.array(z.string())), second: z.array(z.array(z.string())) }).nullable().describe('of each side the specimens that all lines together take for one source; null where there is no likelihood ratio'),
    assumption: z.string().describe('stands beside every figure of a link'),
    statement: z.string(),
    missing: z.array(z.object({ line: z.enum(['design', 'tool', 'batch']), reason: z.string() })).describe('lines without a likelihood ratio: they count as 1'),
    calibration: CalibrationView,
  })
  .meta({ id: 'EvidenceOfLink', description: 'What all three lines say of "a tool or a batch in common" over "neither". It stands beside the lines and replaces none of them.' });

const Side = z.object({
  specimenId: id('sp').nullable(),
  seizureId: id('sz').nullable(),
  compared: z.object({ specimenIds: z.array(id('sp')), of: z.int().describe('specimens that it has; those registered first are compared'), faces: z.int(), ofFaces: z.int().describe('faces of these specimens; of more than are compared the first of every specimen, then the second, and so on'), profiles: z.int() }).nullable(),
});

export const Evaluation = z
  .object({
    id: id('el'),
    status: z.enum(['waiting', 'done', 'refused']),
    problem: ProblemSchema.nullable(),
    first: Side,
    second: Side,
    statement: z.string().nullable().describe('how much was compared, in sentences'),
    lines: z.object({ design: Line, tool: Line, batch: BatchLine }).nullable(),
    link: Link.nullable(),
    pictures: z.array(Picture.extend({ line: z.enum(['design', 'tool']) })).describe('of the two faces that speak loudest in each of the two lines, laid on each other once more; not there when parameters have changed since'),
    provenance: Provenance.nullable(),
    jobId: z.string(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'Evaluation' });

export const EvaluationAccepted = z.object({ evaluation: Evaluation, job: Job }).meta({ id: 'EvaluationAccepted' });
