/** /v1/panels and /v1/recipes: what profiles are lists of, and how they are compared. */
import { z } from 'zod';
import { once, sendAnswer } from '../idempotency.ts';
import { panelView, recipesView } from '../profile-views.ts';
import { sendWithEtag } from '../preferences.ts';
import { BODY_PROBLEMS, REPEAT_PROBLEMS, NotModified, answer, page, refusals } from '../schemas/common.ts';
import { NewPanel, Panel, PanelId, Recipes } from '../schemas/profiles.ts';
import type { Api, ApiContext } from '../types.ts';

const tags = ['profiles'];

export function panelRoutes(app: Api, { casework }: ApiContext): void {
  app.get('/v1/panels', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'All panels: bundled ones, then those that laboratories added', operationId: 'listPanels', querystring: z.strictObject({}), response: { 200: page(Panel), ...refusals() } },
    handler: async () => ({ items: casework.panels.list().map(panelView), nextCursor: null }),
  });

  app.get('/v1/panels/:id', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'One panel: its newest version, or the one named', operationId: 'getPanel', params: z.strictObject({ id: PanelId }), querystring: z.strictObject({ version: z.coerce.number().int().min(1).optional() }), response: { 200: Panel, 304: NotModified, ...refusals('not-found') } },
    handler: async (request, reply) => sendWithEtag(request, reply, panelView(casework.panels.panel(request.params.id, request.query.version))),
  });

  app.post('/v1/panels', {
    config: { scope: 'specimens.write' },
    schema: {
      tags,
      summary: 'Add a laboratory’s own panel, or a new version of it',
      description: 'A panel never changes: profiles and calibrations name its version. The same panel sent again is the one that is there. New versions are the owner’s to add.',
      operationId: 'addPanel',
      body: NewPanel,
      response: { 200: answer('this panel was there', Panel), 201: answer('added', Panel), ...refusals('panel-invalid', ...REPEAT_PROBLEMS, ...BODY_PROBLEMS) },
    },
    handler: async (request, reply) => {
      const answer = await once(casework.requests, request, request.body, async () => {
        const { stored, added } = casework.panels.add(request.principal, request.body);
        return { status: added ? 201 : 200, headers: { location: `/v1/panels/${stored.panel.id}?version=${stored.panel.version}` }, body: panelView(stored) };
      });
      return sendAnswer(reply, answer);
    },
  });

  app.get('/v1/recipes', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'Recipes and distances by which profiles can be compared', operationId: 'listRecipes', querystring: z.strictObject({}), response: { 200: Recipes, ...refusals() } },
    handler: async () => recipesView(),
  });
}
