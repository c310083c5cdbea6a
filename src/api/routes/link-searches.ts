/** /v1/link-searches: one specimen against all others, by its faces and its profiles together. */
import { z } from 'zod';
import { once, sendAnswer } from '../idempotency.ts';
import { linkCandidateView, linkSearchView } from '../link-search-views.ts';
import { waitSeconds } from '../preferences.ts';
import { BODY_PROBLEMS, REPEAT_PROBLEMS, ListQuery, answer, id, page, refusals } from '../schemas/common.ts';
import { LinkCandidate, LinkSearch, LinkSearchAccepted, NewLinkSearch } from '../schemas/link-searches.ts';
import type { Api, ApiContext } from '../types.ts';
import { jobView } from '../views.ts';
import { awaitJob, hangUpSignal } from '../waiting.ts';

const tags = ['searches for links'];
const params = z.strictObject({ id: id('ls') });

export function linkSearchRoutes(app: Api, { casework, clock }: ApiContext): void {
  app.post('/v1/link-searches', {
    config: { scope: 'searches.create' },
    schema: {
      tags,
      summary: 'Search with a specimen by all that is known of it',
      description: 'Specimens that a search by any of its faces or profiles hands on are all compared with it in full, and stand in the order of the likelihood ratio of a link. `Prefer: wait=N` answers with the result (201) when the search ends within N seconds, else with 202.',
      operationId: 'createLinkSearch',
      body: NewLinkSearch,
      response: {
        201: answer('the search has ended; search.status tells how', LinkSearchAccepted),
        202: answer('the search is queued; Location is its job', LinkSearchAccepted),
        ...refusals('not-found', 'nothing-to-compare', ...REPEAT_PROBLEMS, ...BODY_PROBLEMS),
      },
    },
    handler: async (request, reply) => {
      const hungUp = hangUpSignal(reply);
      const answer = await once(casework.requests, request, request.body, async (reserved) => {
        const { search, job } = casework.linkSearches.create(request.principal, request.body, reserved);
        const now = (await awaitJob(casework.jobs, job.id, waitSeconds(request), hungUp)) ?? job;
        const result = casework.linkSearches.search(search.id);
        const ended = result.status !== 'waiting';
        const headers = ended ? { location: `/v1/link-searches/${search.id}` } : { location: `/v1/jobs/${job.id}`, 'retry-after': '1' };
        return { status: ended ? 201 : 202, headers, body: { search: linkSearchView(result), job: jobView(now, clock) } };
      });
      return sendAnswer(reply, answer);
    },
  });

  app.get('/v1/link-searches/:id', {
    config: { scope: 'searches.read' },
    schema: { tags, summary: 'One search for links: what was asked, how far it looked', operationId: 'getLinkSearch', params, response: { 200: LinkSearch, ...refusals('not-found') } },
    handler: async (request) => linkSearchView(casework.linkSearches.search(request.params.id)),
  });

  app.get('/v1/link-searches/:id/candidates', {
    config: { scope: 'searches.read' },
    schema: { tags, summary: 'The candidate list, one a specimen, each with its three lines', operationId: 'listLinkCandidates', params, querystring: ListQuery.omit({ count: true }), response: { 200: page(LinkCandidate), ...refusals('not-found', 'search-unfinished') } },
    handler: async (request) => {
      const { items, ...rest } = casework.linkSearches.candidates(request.params.id, request.query);
      return { ...rest, items: items.map(linkCandidateView) };
    },
  });
}
