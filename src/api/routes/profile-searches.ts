/** /v1/profile-searches: stored, citable, about one batch only. */
import { z } from 'zod';
import { once, sendAnswer } from '../idempotency.ts';
import { waitSeconds } from '../preferences.ts';
import { batchCalibrationView, profileCandidateView, profileSearchView } from '../profile-views.ts';
import { BODY_PROBLEMS, REPEAT_PROBLEMS, ListQuery, answer, id, page, refusals } from '../schemas/common.ts';
import { BatchCalibration, NewProfileSearch, ProfileCandidate, ProfileSearch, ProfileSearchAccepted } from '../schemas/profile-searches.ts';
import type { Api, ApiContext } from '../types.ts';
import { jobView } from '../views.ts';
import { awaitJob, hangUpSignal } from '../waiting.ts';

const tags = ['profile searches'];
const params = z.strictObject({ id: id('ps') });

export function profileSearchRoutes(app: Api, { casework, clock }: ApiContext): void {
  app.get('/v1/batch-calibrations', {
    config: { scope: 'searches.read' },
    schema: {
      tags,
      summary: 'Calibrations that turn profiles into likelihood ratios of one batch',
      description: 'In the order in which they are chosen: of those of a panel, recipe and distance the first that can be used. Those that are not simulated come first, then those of more batches.',
      operationId: 'listBatchCalibrations',
      querystring: z.strictObject({}),
      response: { 200: page(BatchCalibration), ...refusals() },
    },
    handler: async () => ({ items: casework.batchCalibrations.list().map(batchCalibrationView), nextCursor: null }),
  });

  app.post('/v1/profile-searches', {
    config: { scope: 'searches.create' },
    schema: {
      tags,
      summary: 'Search with a stored profile, or one that is no casework',
      description: 'Compares the probe with every stored profile of its panel that passes the filter. `Prefer: wait=N` answers with the result (201) when the search ends within N seconds, else with 202.',
      operationId: 'createProfileSearch',
      body: NewProfileSearch,
      response: {
        201: answer('the search has ended; search.status tells how', ProfileSearchAccepted),
        202: answer('the search is queued; Location is its job', ProfileSearchAccepted),
        ...refusals('not-found', 'profile-invalid', 'profile-settings-invalid', ...REPEAT_PROBLEMS, ...BODY_PROBLEMS),
      },
    },
    handler: async (request, reply) => {
      const hungUp = hangUpSignal(reply);
      const answer = await once(casework.requests, request, request.body, async (reserved) => {
        const { search, job } = casework.profileSearches.create(request.principal, request.body, reserved);
        const now = (await awaitJob(casework.jobs, job.id, waitSeconds(request), hungUp)) ?? job;
        const result = casework.profileSearches.search(search.id);
        const ended = result.status !== 'waiting';
        const headers = ended ? { location: `/v1/profile-searches/${search.id}` } : { location: `/v1/jobs/${job.id}`, 'retry-after': '1' };
        return { status: ended ? 201 : 202, headers, body: { search: profileSearchView(result, casework), job: jobView(now, clock) } };
      });
      return sendAnswer(reply, answer);
    },
  });

  app.get('/v1/profile-searches/:id', {
    config: { scope: 'searches.read' },
    schema: { tags, summary: 'One profile search: what was asked, how it was answered, whom windows left out', operationId: 'getProfileSearch', params, response: { 200: ProfileSearch, ...refusals('not-found') } },
    handler: async (request) => profileSearchView(casework.profileSearches.search(request.params.id), casework),
  });

  app.get('/v1/profile-searches/:id/candidates', {
    config: { scope: 'searches.read' },
    schema: { tags, summary: 'The candidate list, nearest first, one candidate a specimen', operationId: 'listProfileCandidates', params, querystring: ListQuery.omit({ count: true }), response: { 200: page(ProfileCandidate), ...refusals('not-found', 'search-unfinished') } },
    handler: async (request) => {
      const { items, ...rest } = casework.profileSearches.candidates(request.params.id, request.query);
      return { ...rest, items: items.map(profileCandidateView) };
    },
  });
}
