/** /v1/evaluations: what the evidence says of two specimens or two seizures. */
import { z } from 'zod';
import type { EvaluationSide } from '../../casework/index.ts';
import { evaluationView } from '../evaluation-views.ts';
import { once, sendAnswer } from '../idempotency.ts';
import { sendPicture } from '../pictures.ts';
import { waitSeconds } from '../preferences.ts';
import { BODY_PROBLEMS, PngResponse, REPEAT_PROBLEMS, answer, id, refusals } from '../schemas/common.ts';
import { Evaluation, EvaluationAccepted, NewEvaluation } from '../schemas/evaluations.ts';
import type { Api, ApiContext } from '../types.ts';
import { jobView } from '../views.ts';
import { awaitJob, hangUpSignal } from '../waiting.ts';

const tags = ['evaluations'];
const params = z.strictObject({ id: id('el') });

const sideOf = ({ specimenId, seizureId }: z.output<typeof NewEvaluation>['first']): EvaluationSide => (specimenId === undefined ? { seizureId: seizureId! } : { specimenId });

export function evaluationRoutes(app: Api, { casework, clock }: ApiContext): void {
  app.post('/v1/evaluations', {
    config: { scope: 'searches.create' },
    schema: {
      tags,
      summary: 'Evaluate two specimens or two seizures: one design? one tool? one batch?',
      description: 'Compares all faces and all profiles of the two, of a seizure those of its first 60 specimens. Three lines, each of its own proposition, and beside them the likelihood ratio of a link. `Prefer: wait=N` answers with the result (201) when it is there within N seconds, else with 202.',
      operationId: 'createEvaluation',
      body: NewEvaluation,
      response: {
        201: answer('the evaluation has ended; evaluation.status tells how', EvaluationAccepted),
        202: answer('the evaluation is queued; Location is its job', EvaluationAccepted),
        ...refusals('not-found', 'nothing-to-compare', ...REPEAT_PROBLEMS, ...BODY_PROBLEMS),
      },
    },
    handler: async (request, reply) => {
      const hungUp = hangUpSignal(reply);
      const answer = await once(casework.requests, request, request.body, async (reserved) => {
        const { first, second } = request.body;
        const { evaluation, job } = casework.evaluations.create(request.principal, { first: sideOf(first), second: sideOf(second) }, reserved);
        const now = (await awaitJob(casework.jobs, job.id, waitSeconds(request), hungUp)) ?? job;
        const result = casework.evaluations.evaluation(evaluation.id);
        const ended = result.status !== 'waiting';
        const headers = ended ? { location: `/v1/evaluations/${evaluation.id}` } : { location: `/v1/jobs/${job.id}`, 'retry-after': '1' };
        return { status: ended ? 201 : 202, headers, body: { evaluation: evaluationView(result), job: jobView(now, clock) } };
      });
      return sendAnswer(reply, answer);
    },
  });

  app.get('/v1/evaluations/:id', {
    config: { scope: 'searches.read' },
    schema: { tags, summary: 'One evaluation: three lines, and the likelihood ratio of a link', operationId: 'getEvaluation', params, response: { 200: Evaluation, ...refusals('not-found') } },
    handler: async (request) => evaluationView(casework.evaluations.evaluation(request.params.id)),
  });

  app.get('/v1/evaluations/:id/pictures/:line/:key', {
    config: { scope: 'searches.read' },
    schema: { tags, summary: 'A picture of the two faces that speak loudest in a line, drawn from the sealed originals', operationId: 'getEvaluationPicture', params: params.extend({ line: z.enum(['design', 'tool']), key: z.string().max(40) }), response: { 200: PngResponse, ...refusals('not-found') } },
    handler: async ({ params: { id: evaluationId, line, key } }, reply) => sendPicture(reply, await casework.pictures.ofFaces(casework.evaluations.loudestFaces(evaluationId, line), key)),
  });
}
