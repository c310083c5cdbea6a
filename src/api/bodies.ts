/**
 * Large bodies. Raw image bytes stay a stream that goes straight to the disk. A form with one photograph is held in
 * memory, because its fields may come after the file; only a few are at the same time.
 */
import fastifyMultipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { problem, type FieldError } from '../domain/index.ts';

/** Forms being received at the same time; further ones wait with their bytes unread. */
const MAX_FORMS_AT_ONCE = 8;
/** Longest text field of a form. */
const FIELD_BYTES = 64 * 1024;

export const RAW_IMAGE_TYPES = ['application/octet-stream', 'image/jpeg', 'image/png', 'image/tiff', 'image/webp'] as const;
export const FORM_TYPE = 'multipart/form-data';
export const JSON_TYPE = 'application/json';
export const CSV_TYPE = 'text/csv';

export interface ReceivedPhoto {
  readonly bytes: Uint8Array;
  /** As the sender declared it; undefined where it declared only "bytes". */
  readonly declaredType: string | undefined;
}

export interface ReceivedForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly photo: ReceivedPhoto;
}

/** First come, first served; `leave` may be called twice. */
export function gate(places: number): () => Promise<() => void> {
  let free = places;
  const waiting: (() => void)[] = [];
  return async () => {
    if (free > 0) free--;
    else await new Promise<void>((enter) => waiting.push(enter));
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const next = waiting.shift();
      if (next) next();
      else free++;
    };
  };
}

export const declaredTypeOf = (header: string | undefined): string | undefined => {
  const type = header?.split(';')[0]!.trim().toLowerCase();
  return type === undefined || type === '' || type === 'application/octet-stream' ? undefined : type;
};

export const bodiesPlugin = fp(async (app: FastifyInstance, { maxImageBytes }: { maxImageBytes: number }) => {
  app.decorate('maxImageBytes', maxImageBytes);
  const enter = gate(MAX_FORMS_AT_ONCE);
  await app.register(fastifyMultipart, { throwFileSizeLimit: true, limits: { fileSize: maxImageBytes, files: 1, fields: 8, parts: 9, fieldSize: FIELD_BYTES, fieldNameSize: 100, headerPairs: 50 } });
  for (const type of ['application/octet-stream', /^image\//]) app.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
  // Bytes: a table may be UTF-16, which only its reader knows.
  app.addContentTypeParser(CSV_TYPE, { parseAs: 'buffer' }, (_request, payload, done) => done(null, payload));
  app.addHook('onRequest', async (request, reply) => {
    const { config } = request.routeOptions;
    if (request.is404 || request.method === 'GET' || request.method === 'HEAD') return;
    const type = request.headers['content-type']?.split(';')[0]!.trim().toLowerCase();
    // The parsers above are known everywhere; a route reads only what it names.
    if (type !== undefined && !(config.reads ?? [JSON_TYPE]).some((read) => read === type || (read === 'image/*' && type.startsWith('image/')))) throw problem('media-type-unsupported', { allowed: (config.reads ?? [JSON_TYPE]).join(', ') });
    if (type !== FORM_TYPE) return;
    const leave = await enter();
    reply.raw.once('close', leave);
    if (request.raw.destroyed) leave();
  });
}, { name: 'relievo-bodies' });

/** True when the request is a form; routes that also read JSON ask this first. */
export const isForm = (request: FastifyRequest): boolean => request.headers['content-type']?.split(';')[0]!.trim().toLowerCase() === FORM_TYPE;

/**
 * Reads a form with exactly one file, in the field `photo`, and text fields.
 * @throws Problem invalid-request, image-too-large
 */
export async function readForm(request: FastifyRequest): Promise<ReceivedForm> {
  const fields: Record<string, string> = {};
  let photo: ReceivedPhoto | undefined;
  const errors: FieldError[] = [];
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        const bytes = await part.toBuffer();
        if (part.fieldname === 'photo') photo = { bytes, declaredType: declaredTypeOf(part.mimetype) };
        else errors.push({ pointer: `/${part.fieldname}`, detail: 'The file goes into the field "photo".' });
      } else if (typeof part.value === 'string') fields[part.fieldname] = part.value;
    }
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (code === 'FST_REQ_FILE_TOO_LARGE') throw problem('image-too-large', { limit: `${request.server.maxImageBytes} bytes`, found: `more than ${request.server.maxImageBytes} bytes` });
    if (code.startsWith('FST_')) throw error;
    throw problem('invalid-request', {}, [{ pointer: '', detail: 'The multipart body is not complete.' }]);
  }
  if (!photo && errors.length === 0) errors.push({ pointer: '/photo', detail: 'The form has no file in the field "photo".' });
  if (errors.length > 0) throw problem('invalid-request', {}, errors);
  return { fields, photo: photo! };
}
