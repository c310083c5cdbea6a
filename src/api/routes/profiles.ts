/** /v1/specimens/{id}/profiles and /v1/profiles: what laboratories read on specimens. */
import { z } from 'zod';
import { CSV_TYPE, JSON_TYPE } from '../bodies.ts';
import { once, sendAnswer } from '../idempotency.ts';
import { sendWithEtag } from '../preferences.ts';
import { profileIntakeView, profileView } from '../profile-views.ts';
import { BODY_PROBLEMS, REPEAT_PROBLEMS, ListQuery, NotModified, answer, id, page, refusals } from '../schemas/common.ts';
import { NewProfiles, Profile, ProfileIntake, ProfilesQuery } from '../schemas/profiles.ts';
import type { Api, ApiContext } from '../types.ts';
import { parseOrRefuse } from '../validation.ts';

const tags = ['profiles'];
const params = z.strictObject({ id: id('sp') });

export function profileRoutes(app: Api, { casework }: ApiContext): void {
  app.post('/v1/specimens/:id/profiles', {
    config: { scope: 'specimens.write', reads: [JSON_TYPE, CSV_TYPE] },
    schema: {
      tags,
      summary: 'Keep profiles of a specimen, as JSON or as a table',
      description: 'A table is CSV, wide or long, as docs/profiles.md describes it. `?dryRun=true` tells how each column was understood, and what is wrong, and keeps nothing. A fault anywhere refuses all of it, with every fault by row and column, unless `keepGoing=true` takes what can be read. Values that are hard to believe are kept and flagged. Profiles never change; the same readings sent again are the profile that is there.',
      operationId: 'addProfiles',
      params,
      querystring: ProfilesQuery,
      bodies: { [JSON_TYPE]: NewProfiles, [CSV_TYPE]: z.string() },
      response: {
        200: answer('nothing is new: a dry run, or the specimen had all of them', ProfileIntake),
        201: answer('kept', ProfileIntake),
        ...refusals('not-found', 'table-unreadable', 'table-invalid', 'table-too-large', 'profile-invalid', ...REPEAT_PROBLEMS, ...BODY_PROBLEMS),
      },
    },
    handler: async (request, reply) => {
      casework.records.ownedSpecimen(request.principal, request.params.id);
      const { dryRun, keepGoing, panel, panelVersion, ...defaults } = request.query;
      const sent = request.body instanceof Uint8Array ? { table: request.body } : parseOrRefuse(NewProfiles, request.body);
      const answer = await once(casework.requests, request, request.body, async () => {
        const intake = casework.profiles.add(request.principal, request.params.id, sent, { dryRun, keepGoing, panel: { id: panel, version: panelVersion }, defaults });
        return { status: intake.added > 0 ? 201 : 200, headers: { location: `/v1/specimens/${request.params.id}/profiles` }, body: profileIntakeView(intake, dryRun) };
      });
      return sendAnswer(reply, answer);
    },
  });

  app.get('/v1/specimens/:id/profiles', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'Profiles of a specimen, in the order in which they came', operationId: 'listSpecimenProfiles', params, querystring: ListQuery.omit({ count: true }), response: { 200: page(Profile), ...refusals('not-found') } },
    handler: async (request) => {
      const { items, nextCursor } = casework.profiles.profilesOfSpecimen(request.params.id, request.query);
      return { items: items.map(profileView), nextCursor };
    },
  });

  app.get('/v1/profiles/:id', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'One profile, every reading as it was stated', operationId: 'getProfile', params: z.strictObject({ id: id('pr') }), response: { 200: Profile, 304: NotModified, ...refusals('not-found') } },
    handler: async (request, reply) => sendWithEtag(request, reply, profileView(casework.profiles.profile(request.params.id))),
  });
}
