/** /v1/seizures */
import { z } from 'zod';
import { once, sendAnswer } from '../idempotency.ts';
import { sendWithEtag } from '../preferences.ts';
import { BODY_PROBLEMS, REPEAT_PROBLEMS, Country, Day, DrugType, ListQuery, Name, NotModified, id, page, refusals } from '../schemas/common.ts';
import { NewSeizure, Seizure } from '../schemas/records.ts';
import type { Api, ApiContext } from '../types.ts';

const tags = ['seizures'];

export function seizureRoutes(app: Api, { casework }: ApiContext): void {
  app.post('/v1/seizures', {
    config: { scope: 'specimens.write' },
    schema: { tags, summary: 'Register a seizure', operationId: 'createSeizure', body: NewSeizure, response: { 201: Seizure, ...refusals('reference-taken', ...REPEAT_PROBLEMS, ...BODY_PROBLEMS) } },
    handler: async (request, reply) => {
      const answer = await once(casework.requests, request, request.body, async (reserved) => {
        const seizure = casework.records.createSeizure(request.principal, request.body, reserved);
        return { status: 201, headers: { location: `/v1/seizures/${seizure.id}` }, body: seizure };
      });
      return sendAnswer(reply, answer);
    },
  });

  app.get('/v1/seizures', {
    config: { scope: 'specimens.read' },
    schema: {
      tags,
      summary: 'List seizures, newest record first',
      operationId: 'listSeizures',
      querystring: ListQuery.extend({ country: Country.optional(), drugType: DrugType.optional(), reference: Name.optional(), dateFrom: Day.optional(), dateTo: Day.optional() }),
      response: { 200: page(Seizure), ...refusals() },
    },
    handler: async (request) => {
      const { limit, cursor, count, ...filter } = request.query;
      const { items, ...rest } = casework.records.seizures(filter, { limit, cursor, count });
      return { ...rest, items: [...items] };
    },
  });

  app.get('/v1/seizures/:id', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'One seizure', operationId: 'getSeizure', params: z.strictObject({ id: id('sz') }), response: { 200: Seizure, 304: NotModified, ...refusals('not-found') } },
    handler: async (request, reply) => sendWithEtag(request, reply, casework.records.seizure(request.params.id)),
  });
}
