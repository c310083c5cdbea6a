/** /v1/images: sealed originals by digest. */
import { z } from 'zod';
import { RAW_IMAGE_TYPES, declaredTypeOf } from '../bodies.ts';
import { sendWithEtag } from '../preferences.ts';
import { BODY_PROBLEMS, IMAGE_PROBLEMS, Binary, NotModified, Sha256, answer, refusals } from '../schemas/common.ts';
import { Image, Lookup, LookupAnswer, Photograph } from '../schemas/images.ts';
import type { Api, ApiContext } from '../types.ts';
import { imageView, photographView } from '../views.ts';

const tags = ['images'];
const params = z.strictObject({ sha256: Sha256 });


export function imageRoutes(app: Api, { casework }: ApiContext): void {
  app.put('/v1/images/:sha256', {
    config: { scope: 'specimens.write', reads: [...RAW_IMAGE_TYPES, 'image/*'] },
    schema: {
      tags,
      summary: 'Seal an original under its digest',
      description: 'The body is the file as it is. Images are immutable, so repeating the request is safe and needs no If-Match.',
      operationId: 'putImage',
      params,
      bodies: Object.fromEntries(RAW_IMAGE_TYPES.map((type) => [type, Binary])),
      response: {
        200: answer('these bytes were already sealed', Image),
        201: answer('sealed', Image),
        ...refusals('digest-mismatch', 'media-type-unsupported', ...IMAGE_PROBLEMS),
      },
    },
    handler: async (request, reply) => {
      const { sha256 } = request.params;
      const source = (request.body ?? new Uint8Array()) as AsyncIterable<Uint8Array> | Uint8Array;
      const { image, known } = await casework.intake.seal({ source, declaredType: declaredTypeOf(request.headers['content-type']), expectedSha256: sha256 });
      return reply.code(known ? 200 : 201).header('location', `/v1/images/${sha256}`).send(imageView(image));
    },
  });

  app.post('/v1/images/lookup', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'Which of these digests are sealed', operationId: 'lookupImages', body: Lookup, response: { 200: LookupAnswer, ...refusals(...BODY_PROBLEMS) } },
    handler: async (request) => casework.intake.lookup(request.body.sha256),
  });

  app.get('/v1/images/:sha256', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'What is known of an original', operationId: 'getImage', params, response: { 200: Image, 304: NotModified, ...refusals('not-found') } },
    handler: async (request, reply) => sendWithEtag(request, reply, imageView(casework.intake.image(request.params.sha256))),
  });

  app.get('/v1/images/:sha256/original', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'The sealed bytes, unchanged', operationId: 'getOriginal', params, response: { 200: { description: 'the file as it came', content: Object.fromEntries(RAW_IMAGE_TYPES.slice(1).map((type) => [type, { schema: Binary }])) }, 304: NotModified, ...refusals('not-found') } },
    handler: async (request, reply) => {
      const { sha256, mime } = casework.intake.image(request.params.sha256);
      const etag = `"${sha256}"`;
      reply.header('etag', etag).header('cache-control', 'private, max-age=31536000, immutable');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      const { stream, bytes } = await casework.vault.openStream(sha256);
      return reply.type(mime).header('content-length', bytes).header('content-disposition', `attachment; filename="${sha256}.${mime.slice(6)}"`).send(stream as never);
    },
  });

  app.get('/v1/images/:sha256/photographs', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'Where an image is used', operationId: 'listImagePhotographs', params, response: { 200: z.object({ items: z.array(Photograph), nextCursor: z.null() }), ...refusals('not-found') } },
    handler: async (request) => ({ items: casework.intake.photographsOfImage(casework.intake.image(request.params.sha256).sha256).map(photographView), nextCursor: null }),
  });
}

