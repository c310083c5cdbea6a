/** What the API's plugins add to Fastify's requests and routes. */
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Casework, Principal, Scope } from '../casework/index.ts';
import type { Clock } from '../platform/clock/index.ts';
import type { Configuration } from '../platform/config/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set by the authentication hook on every route that needs a key. */
    principal: Principal;
  }
  interface FastifyInstance {
    maxImageBytes: number;
    /** Aborted when the service stops: waits and streams end. */
    stopping: AbortSignal;
  }
  interface FastifyContextConfig {
    /** What the key must be allowed to do; `public` routes need no key. */
    scope?: Scope | 'public';
    /** Media types the route reads, for the 415 answer. */
    reads?: readonly string[];
  }
  interface FastifySchema {
    /** Body schemas by media type, where a route reads more than one; the route parses them itself. */
    bodies?: Readonly<Record<string, z.ZodType>>;
    tags?: readonly string[];
    summary?: string;
    description?: string;
    security?: readonly Record<string, readonly string[]>[];
    operationId?: string;
    hide?: boolean;
  }
}

export type Api = FastifyInstance<RawServerDefault, RawRequestDefaultExpression<RawServerDefault>, RawReplyDefaultExpression<RawServerDefault>, FastifyBaseLogger, ZodTypeProvider>;

/** What a route family gets. */
export interface ApiContext {
  readonly casework: Casework;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly version: string;
}
