/** /v1/photographs: an image in its role, and the faces found in it. */
import { z } from 'zod';
import { id, refusals } from '../schemas/common.ts';
import { Face, Photograph } from '../schemas/images.ts';
import type { Api, ApiContext } from '../types.ts';
import { faceView, photographView } from '../views.ts';

const tags = ['images'];
const params = z.strictObject({ id: id('ph') });

export function photographRoutes(app: Api, { casework }: ApiContext): void {
  app.get('/v1/photographs/:id', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'One photograph and how its examination ended', operationId: 'getPhotograph', params, response: { 200: Photograph, ...refusals('not-found') } },
    handler: async (request) => photographView(casework.intake.photograph(request.params.id)),
  });

  app.get('/v1/photographs/:id/faces', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'The faces found in a photograph', operationId: 'listFaces', params, response: { 200: z.object({ items: z.array(Face), nextCursor: z.null() }), ...refusals('not-found') } },
    handler: async (request) => ({ items: casework.intake.facesOfPhotograph(request.params.id).map(faceView), nextCursor: null }),
  });
}
