/** Schemas every route family shares. */
import { z } from 'zod';
import { COUNTRIES, PROBLEMS, isCountryCode, type ProblemCode } from '../../domain/index.ts';

export const ProblemSchema = z
  .looseObject({
    type: z.string().describe('URL of the problem’s description, served by the same process'),
    code: z.string().describe('stable name of the problem; see docs/problems.md'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('what the user can do'),
    instance: z.string().optional().describe('the id of the request, as in X-Request-Id'),
    errors: z.array(z.object({ pointer: z.string().describe('RFC 6901 pointer into the body; /query, /path and /headers name the other parts'), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

/** Refusals that every authenticated route can give. */
export const COMMON_PROBLEMS: readonly ProblemCode[] = ['invalid-request', 'unauthenticated', 'not-allowed', 'too-many-requests', 'internal', 'service-busy'];

/** Refusals that every route with a body can give. */
export const BODY_PROBLEMS: readonly ProblemCode[] = ['body-too-large', 'media-type-unsupported'];
/** Refusals of an Idempotency-Key. */
export const REPEAT_PROBLEMS: readonly ProblemCode[] = ['idempotency-key-reused', 'request-still-running'];
/** Refusals of bytes that should be a photograph. */
export const IMAGE_PROBLEMS: readonly ProblemCode[] = ['image-type-unsupported', 'image-type-mismatch', 'image-too-large', 'image-corrupt', 'image-animated'];

type ProblemResponses = Record<number, { description: string; content: { 'application/problem+json': { schema: typeof ProblemSchema } } }>;

/** Response entries for these codes and the common ones; one entry a status, its description lists the codes. */
export function refusals(...codes: ProblemCode[]): ProblemResponses {
  return refusalsOnly(...COMMON_PROBLEMS, ...codes);
}

export function refusalsOnly(...codes: ProblemCode[]): ProblemResponses {
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code].status);
  return Object.fromEntries([...byStatus].map(([status, list]) => [status, { description: list.join(', '), content: { 'application/problem+json': { schema: ProblemSchema } } }]));
}

export const Country = z
  .string()
  .refine(isCountryCode, 'Give an ISO 3166-1 alpha-2 code in capitals, such as NL.')
  .meta({ description: `ISO 3166-1 alpha-2 code, one of ${COUNTRIES.length}`, example: 'NL', pattern: '^[A-Z]{2}$' });

/** A calendar day that exists. */
export const Day = z.iso.date('Give a day as YYYY-MM-DD.').meta({ description: 'calendar day, YYYY-MM-DD', example: '2026-03-14' });

export const Instant = z.iso.datetime().meta({ description: 'RFC 3339, UTC' });

/** Text that can be shown and stored anywhere: no control characters, no half letters. */
const plain = (text: string): boolean => text.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(text);
export const Name = z.string().trim().min(1).max(200).refine(plain, 'Use no control characters.');
export const Description = z.string().trim().min(1).max(2000).refine((text) => plain(text.replace(/[\n\r\t]/g, ' ')), 'Use no control characters but line breaks and tabs.');
export const DrugType = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use lower-case words joined by hyphens, such as mdma.')
  .max(40)
  .meta({ description: 'main drug, lower-kebab', example: 'mdma' });

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'A SHA-256 is 64 lower-case hexadecimal digits.').meta({ description: 'SHA-256 of the original bytes, lower-case hexadecimal' });

export const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9A-Za-z]{1,64}$`), `This id starts with ${prefix}_.`).meta({ example: `${prefix}_01JABCDEFGHJKMNPQRSTVWXYZ0` });

export const SpecimenKind = z.enum(['tablet', 'brick']);
export const FaceSide = z.enum(['obverse', 'reverse', 'edge']);
export const MmPerPx = z.number().gt(0.0001).lt(10).meta({ description: 'millimetres per pixel at the face, when the laboratory knows it' });

export const ListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(200).optional(),
  count: z.enum(['exact']).optional().describe('also count all items'),
});

/** A page of a list. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable(), count: z.int().optional() });
}

export const Picture = z.object({ key: z.string(), title: z.string(), url: z.string() }).meta({ id: 'Picture' });

/** A JSON answer with a sentence of its own in the description. */
export const answer = <Body extends z.ZodType>(description: string, schema: Body) => ({ description, content: { 'application/json': { schema } } });
/** The answer to If-None-Match. */
export const NotModified = z.undefined().describe('not changed');

export const Binary = z.string().meta({ format: 'binary' });
export const PngResponse = { description: 'PNG', content: { 'image/png': { schema: Binary } } };
