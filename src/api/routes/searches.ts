/** /v1/searches: stored, citable, re-runnable. */
import { z } from 'zod';
import { FORM_TYPE, JSON_TYPE, isForm, readForm } from '../bodies.ts';
import { once, sendAnswer } from '../idempotency.ts';
import { waitSeconds } from '../preferences.ts';
import { BODY_PROBLEMS, IMAGE_PROBLEMS, REPEAT_PROBLEMS, ListQuery, answer, id, page, refusals } from '../schemas/common.ts';
import { Candidate, FormSearch, NewSearch, Search, SearchAccepted, SearchForm } from '../schemas/searches.ts';
import type { Api, ApiContext } from '../types.ts';
import { parseJsonField, parseOrRefuse } from '../validation.ts';
import { candidateView, jobView, searchView } from '../views.ts';
import { awaitJob, hangUpSignal } from '../waiting.ts';

const tags = ['searches'];
const params = z.strictObject({ id: id('se') });

export function searchRoutes(app: Api, { casework, clock }: ApiContext): void {
  app.post('/v1/searches', {
    config: { scope: 'searches.create', reads: [FORM_TYPE, JSON_TYPE] },
    schema: {
      tags,
      summary: 'Search with a stored face, a sealed image, or a photograph that is no casework',
      description: 'A form carries the photograph in `photo` and the rest as JSON in `request`. The photograph is sealed, so that the search stays citable and can be run again, but it belongs to no specimen and is never found by others’ searches. `Prefer: wait=N` answers with the result (201) when the search ends within N seconds, else with 202.',
      operationId: 'createSearch',
      bodies: { [JSON_TYPE]: NewSearch, [FORM_TYPE]: SearchForm },
      response: {
        201: answer('the search has ended; search.status tells how', SearchAccepted),
        202: answer('the search is queued; Location is its job', SearchAccepted),
        ...refusals('not-found', ...REPEAT_PROBLEMS, ...IMAGE_PROBLEMS, ...BODY_PROBLEMS),
      },
    },
    handler: async (request, reply) => {
      const form = isForm(request) ? await readForm(request) : undefined;
      const asked = form ? parseOrRefuse(FormSearch, parseJsonField(form.fields, 'request')) : parseOrRefuse(NewSearch, request.body);
      const hungUp = hangUpSignal(reply);
      const answer = await once(casework.requests, request, form ?? request.body, async (reserved) => {
        const { search, job } = form
          ? await casework.searches.createWithPhoto(request.principal, { source: form.photo.bytes, declaredType: form.photo.declaredType }, asked as z.output<typeof FormSearch>, reserved)
          : casework.searches.create(request.principal, asked as z.output<typeof NewSearch>, reserved);
        const now = (await awaitJob(casework.jobs, job.id, waitSeconds(request), hungUp)) ?? job;
        const result = casework.searches.search(search.id);
        const ended = result.status !== 'waiting';
        const headers = ended ? { location: `/v1/searches/${search.id}` } : { location: `/v1/jobs/${job.id}`, 'retry-after': '1' };
        return { status: ended ? 201 : 202, headers, body: { search: searchView(result, casework), job: jobView(now, clock) } };
      });
      return sendAnswer(reply, answer);
    },
  });

  app.get('/v1/searches/:id', {
    config: { scope: 'searches.read' },
    schema: { tags, summary: 'One search: what was asked, how it was answered', operationId: 'getSearch', params, response: { 200: Search, ...refusals('not-found') } },
    handler: async (request) => searchView(casework.searches.search(request.params.id), casework),
  });

  app.get('/v1/searches/:id/candidates', {
    config: { scope: 'searches.read' },
    schema: { tags, summary: 'The candidate list, best first, one candidate a specimen', operationId: 'listCandidates', params, querystring: ListQuery.omit({ count: true }), response: { 200: page(Candidate), ...refusals('not-found', 'search-unfinished') } },
    handler: async (request) => {
      const { items, ...rest } = casework.searches.candidates(request.params.id, request.query);
      return { ...rest, items: items.map(candidateView) };
    },
  });
}
