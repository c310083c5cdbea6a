/**
 * One token bucket a caller (key, or address where no key is sent): RateLimit-Policy and RateLimit headers as in
 * the IETF draft, 429 with Retry-After when it is empty. The bucket holds one minute's tokens and fills evenly.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { problem } from '../domain/index.ts';
import type { Clock } from '../platform/clock/index.ts';

export interface RateLimitOptions {
  readonly clock: Clock;
  readonly requestsPerMinute: number;
}

const WINDOW_SECONDS = 60;
/** Callers remembered at most; the longest unseen are forgotten first. */
const MAX_CALLERS = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Takes one token; how many are left, and in how many seconds the next one is there. */
export function tokenBuckets({ clock, requestsPerMinute }: RateLimitOptions): (caller: string) => { readonly left: number; readonly waitSeconds: number } {
  const buckets = new Map<string, Bucket>();
  const perMs = requestsPerMinute / (WINDOW_SECONDS * 1000);
  return (caller) => {
    const now = clock.monotonicMs();
    const old = buckets.get(caller) ?? { tokens: requestsPerMinute, atMs: now };
    buckets.delete(caller);
    const tokens = Math.min(requestsPerMinute, old.tokens + (now - old.atMs) * perMs);
    const allowed = tokens >= 1;
    buckets.set(caller, { tokens: allowed ? tokens - 1 : tokens, atMs: now });
    if (buckets.size > MAX_CALLERS) buckets.delete(buckets.keys().next().value!);
    return { left: allowed ? Math.floor(tokens - 1) : -1, waitSeconds: allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / perMs / 1000)) };
  };
}

/** Address and the key's public id: the id alone is unproven here, and naming it must not empty its owner's bucket. */
const callerOf = (request: FastifyRequest): string => `${request.ip} ${/^Bearer +(rk_[0-9A-Z]{1,40})_/i.exec(request.headers.authorization ?? '')?.[1] ?? ''}`;

export const rateLimitPlugin = fp(async (app: FastifyInstance, options: RateLimitOptions) => {
  const take = tokenBuckets(options);
  const policy = `"default";q=${options.requestsPerMinute};w=${WINDOW_SECONDS}`;
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/v1/')) return;
    const { left, waitSeconds } = take(callerOf(request));
    reply.header('RateLimit-Policy', policy);
    reply.header('RateLimit', `"default";r=${Math.max(0, left)};t=${waitSeconds || WINDOW_SECONDS}`);
    if (left < 0) throw problem('too-many-requests', { seconds: waitSeconds });
  });
}, { name: 'relievo-rate-limit' });
