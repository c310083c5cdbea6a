/** /v1/faces: measured faces and their pictures. */
import { z } from 'zod';
import { sendPicture } from '../pictures.ts';
import { sendWithEtag } from '../preferences.ts';
import { NotModified, PngResponse, id, refusals } from '../schemas/common.ts';
import { Face } from '../schemas/images.ts';
import type { Api, ApiContext } from '../types.ts';
import { faceView } from '../views.ts';

const tags = ['faces'];

export function faceRoutes(app: Api, { casework }: ApiContext): void {
  app.get('/v1/faces/:id', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'One measured face', operationId: 'getFace', params: z.strictObject({ id: id('fa') }), response: { 200: Face, 304: NotModified, ...refusals('not-found') } },
    handler: async (request, reply) => sendWithEtag(request, reply, faceView(casework.intake.face(request.params.id))),
  });

  app.get('/v1/faces/:id/pictures/:key', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'A picture of a face, drawn from the sealed original', operationId: 'getFacePicture', params: z.strictObject({ id: id('fa'), key: z.string().max(40) }), response: { 200: PngResponse, ...refusals('not-found') } },
    handler: async (request, reply) => sendPicture(reply, await casework.pictures.ofFace(casework.intake.face(request.params.id), request.params.key)),
  });
}
