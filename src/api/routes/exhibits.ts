/** /v1/exhibits */
import { z } from 'zod';
import { once, sendAnswer } from '../idempotency.ts';
import { sendWithEtag } from '../preferences.ts';
import { BODY_PROBLEMS, REPEAT_PROBLEMS, ListQuery, NotModified, id, page, refusals } from '../schemas/common.ts';
import { Exhibit, NewExhibit } from '../schemas/records.ts';
import type { Api, ApiContext } from '../types.ts';

const tags = ['exhibits'];

export function exhibitRoutes(app: Api, { casework }: ApiContext): void {
  app.post('/v1/exhibits', {
    config: { scope: 'specimens.write' },
    schema: { tags, summary: 'Register an exhibit of a seizure', operationId: 'createExhibit', body: NewExhibit, response: { 201: Exhibit, ...refusals('not-found', ...REPEAT_PROBLEMS, ...BODY_PROBLEMS) } },
    handler: async (request, reply) => {
      const answer = await once(casework.requests, request, request.body, async (reserved) => {
        const exhibit = casework.records.createExhibit(request.principal, request.body, reserved);
        return { status: 201, headers: { location: `/v1/exhibits/${exhibit.id}` }, body: exhibit };
      });
      return sendAnswer(reply, answer);
    },
  });

  app.get('/v1/exhibits', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'List exhibits, newest first', operationId: 'listExhibits', querystring: ListQuery.extend({ seizureId: id('sz').optional() }), response: { 200: page(Exhibit), ...refusals() } },
    handler: async (request) => {
      const { seizureId, ...list } = request.query;
      const { items, ...rest } = casework.records.exhibits(seizureId, list);
      return { ...rest, items: [...items] };
    },
  });

  app.get('/v1/exhibits/:id', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'One exhibit', operationId: 'getExhibit', params: z.strictObject({ id: id('ex') }), response: { 200: Exhibit, 304: NotModified, ...refusals('not-found') } },
    handler: async (request, reply) => sendWithEtag(request, reply, casework.records.exhibit(request.params.id)),
  });
}
