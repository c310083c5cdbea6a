/** /v1/specimens and their images. */
import { z } from 'zod';
import { FORM_TYPE, JSON_TYPE, isForm, readForm } from '../bodies.ts';
import { once, sendAnswer } from '../idempotency.ts';
import { sendWithEtag, waitSeconds } from '../preferences.ts';
import { BODY_PROBLEMS, IMAGE_PROBLEMS, REPEAT_PROBLEMS, ListQuery, Name, NotModified, answer, id, page, refusals } from '../schemas/common.ts';
import { AttachFields, AttachForm, AttachImage, Photograph, Upload } from '../schemas/images.ts';
import { NewSpecimen, Specimen } from '../schemas/records.ts';
import type { Api, ApiContext } from '../types.ts';
import { parseOrRefuse } from '../validation.ts';
import { imageView, jobView, photographView } from '../views.ts';
import { awaitJob, hangUpSignal } from '../waiting.ts';

const tags = ['specimens'];
const params = z.strictObject({ id: id('sp') });
const READS = [FORM_TYPE, JSON_TYPE];

export function specimenRoutes(app: Api, { casework, clock }: ApiContext): void {
  app.post('/v1/specimens', {
    config: { scope: 'specimens.write' },
    schema: { tags, summary: 'Register a specimen: one tablet or brick', operationId: 'createSpecimen', body: NewSpecimen, response: { 201: Specimen, ...refusals('not-found', 'reference-taken', ...REPEAT_PROBLEMS, ...BODY_PROBLEMS) } },
    handler: async (request, reply) => {
      const answer = await once(casework.requests, request, request.body, async (reserved) => {
        const specimen = casework.records.createSpecimen(request.principal, request.body, reserved);
        return { status: 201, headers: { location: `/v1/specimens/${specimen.id}` }, body: specimen };
      });
      return sendAnswer(reply, answer);
    },
  });

  app.get('/v1/specimens', {
    config: { scope: 'specimens.read' },
    schema: {
      tags,
      summary: 'List specimens, newest first',
      operationId: 'listSpecimens',
      querystring: ListQuery.extend({ seizureId: id('sz').optional(), exhibitId: id('ex').optional(), reference: Name.optional() }),
      response: { 200: page(Specimen), ...refusals() },
    },
    handler: async (request) => {
      const { limit, cursor, count, ...filter } = request.query;
      const { items, ...rest } = casework.records.specimens(filter, { limit, cursor, count });
      return { ...rest, items: [...items] };
    },
  });

  app.get('/v1/specimens/:id', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'One specimen', operationId: 'getSpecimen', params, response: { 200: Specimen, 304: NotModified, ...refusals('not-found') } },
    handler: async (request, reply) => sendWithEtag(request, reply, casework.records.specimen(request.params.id)),
  });

  app.post('/v1/specimens/:id/images', {
    config: { scope: 'specimens.write', reads: READS },
    schema: {
      tags,
      summary: 'Attach an image to a specimen and have it examined',
      description: 'A form with the file in `photo`, or JSON with the digest of an image that is already sealed. `Prefer: wait=N` answers after the examination, when it ends within N seconds: then with 201, else with 202. An image the specimen already has is answered with 200.',
      operationId: 'attachImage',
      params,
      bodies: { [FORM_TYPE]: AttachForm, [JSON_TYPE]: AttachImage },
      response: {
        200: answer('the specimen already had this image', Upload),
        201: answer('sealed, attached and examined; photograph.status tells how that ended', Upload),
        202: answer('sealed and attached; Location is the job that examines it', Upload),
        ...refusals('not-found', ...REPEAT_PROBLEMS, ...IMAGE_PROBLEMS, ...BODY_PROBLEMS),
      },
    },
    handler: async (request, reply) => {
      const { principal } = request;
      const specimen = casework.records.ownedSpecimen(principal, request.params.id);
      const form = isForm(request) ? await readForm(request) : undefined;
      const body = form ? parseOrRefuse(AttachFields, form.fields) : parseOrRefuse(AttachImage, request.body);
      const hungUp = hangUpSignal(reply);
      const answer = await once(casework.requests, request, form ?? body, async (reserved) => {
        const { side, mmPerPx } = body;
        const attached = form
          ? await casework.intake.upload(principal, specimen.id, { source: form.photo.bytes, declaredType: form.photo.declaredType }, { side, mmPerPx }, reserved)
          : casework.intake.attach(principal, specimen.id, (body as z.output<typeof AttachImage>).sha256, { side, mmPerPx }, reserved);
        const job = (await awaitJob(casework.jobs, attached.job.id, waitSeconds(request), hungUp)) ?? attached.job;
        const photograph = casework.intake.photograph(attached.photograph.id);
        const ended = photograph.status !== 'waiting';
        const headers = ended ? { location: `/v1/photographs/${photograph.id}` } : { location: `/v1/jobs/${job.id}`, 'retry-after': '1' };
        return { status: !ended ? 202 : attached.isNew ? 201 : 200, headers, body: { image: imageView(attached.image), photograph: photographView(photograph), job: jobView(job, clock) } };
      });
      return sendAnswer(reply, answer);
    },
  });

  app.get('/v1/specimens/:id/images', {
    config: { scope: 'specimens.read' },
    schema: { tags, summary: 'Photographs of a specimen', operationId: 'listSpecimenImages', params, response: { 200: page(Photograph), ...refusals('not-found') } },
    handler: async (request) => ({ items: casework.intake.photographsOfSpecimen(request.params.id).map(photographView), nextCursor: null }),
  });
}
