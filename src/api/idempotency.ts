/** Idempotency-Key: same key and request -> the stored answer; another request -> 422; still running -> 409. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RememberedRequests, StoredAnswer } from '../casework/index.ts';
import { Problem, problem } from '../domain/index.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;

/** JSON with sorted keys; bytes stand as their digest. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner instanceof Uint8Array) return createHash('sha256').update(inner).digest('hex');
    if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
    return inner;
  });
}

/**
 * Does the work once for each key. `work` gets the id part that new records must use: a request that died half-way
 * and comes again then finds its own record instead of making a second one.
 */
export async function once(requests: RememberedRequests, request: FastifyRequest, body: unknown, work: (reserved: string | undefined) => Promise<StoredAnswer>): Promise<StoredAnswer> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return work(undefined);
  if (typeof key !== 'string' || !KEY.test(key)) throw problem('invalid-request', {}, [{ pointer: '/headers/idempotency-key', detail: 'Use 1 to 200 visible ASCII characters.' }]);
  const fingerprint = createHash('sha256').update(`${request.method} ${request.url}\n${canonical(body)}`).digest('hex');
  const begun = requests.begin(request.principal.keyId, key, fingerprint);
  if ('answer' in begun) return begun.answer;
  try {
    const answer = await work(begun.reserved);
    requests.finish(request.principal.keyId, key, answer);
    return answer;
  } catch (error) {
    requests.release(request.principal.keyId, key, error instanceof Problem && error.status < 500);
    throw error;
  }
}

export function sendAnswer(reply: FastifyReply, answer: StoredAnswer): FastifyReply {
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}
