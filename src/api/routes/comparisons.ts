/** /v1/comparisons: a probe face against a candidate face, explained. */
import { z } from 'zod';
import { sendPicture } from '../pictures.ts';
import { sendWithEtag } from '../preferences.ts';
import { NotModified, PngResponse, id, refusals } from '../schemas/common.ts';
import { Comparison, Explanation } from '../schemas/searches.ts';
import type { Api, ApiContext } from '../types.ts';
import { comparisonView, explanationView } from '../views.ts';

const tags = ['comparisons'];
const params = z.strictObject({ id: id('cm') });

export function comparisonRoutes(app: Api, { casework }: ApiContext): void {
  app.get('/v1/comparisons/:id', {
    config: { scope: 'searches.read' },
    schema: { tags, summary: 'One comparison', operationId: 'getComparison', params, response: { 200: Comparison, 304: NotModified, ...refusals('not-found') } },
    handler: async (request, reply) => sendWithEtag(request, reply, comparisonView(casework.searches.comparison(request.params.id), casework)),
  });

  app.get('/v1/comparisons/:id/explanation', {
    config: { scope: 'searches.read' },
    schema: { tags, summary: 'The pictures that explain a comparison', operationId: 'getExplanation', params, response: { 200: Explanation, ...refusals('not-found') } },
    handler: async (request) => explanationView(casework.searches.comparison(request.params.id)),
  });

  app.get('/v1/comparisons/:id/pictures/:key', {
    config: { scope: 'searches.read' },
    schema: { tags, summary: 'A picture of a comparison, drawn from the sealed originals', operationId: 'getComparisonPicture', params: z.strictObject({ id: id('cm'), key: z.string().max(40) }), response: { 200: PngResponse, ...refusals('not-found') } },
    handler: async (request, reply) => sendPicture(reply, await casework.pictures.ofComparison(casework.searches.comparison(request.params.id), request.params.key)),
  });
}
