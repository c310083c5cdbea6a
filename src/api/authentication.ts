/** Bearer keys on every route that is not public: checked before the body is read. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { AccessKeys, Principal } from '../casework/index.ts';
import { problem } from '../domain/index.ts';

const BEARER = /^Bearer +(\S+)$/i;

function keyOf(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (header === undefined) throw problem('unauthenticated', { reason: 'the request has no Authorization header' });
  const found = BEARER.exec(header)?.[1];
  if (!found) throw problem('unauthenticated', { reason: 'the Authorization header holds no bearer key' });
  return found;
}

export const authenticationPlugin = fp(async (app: FastifyInstance, { keys }: { keys: AccessKeys }) => {
  app.decorateRequest('principal', null as unknown as Principal);
  app.addHook('onRequest', async (request) => {
    const { config, url } = request.routeOptions;
    const scope = config.scope;
    // Everything outside /v1 (health, metrics, the viewer) is public.
    if (request.is404 || scope === 'public' || !url?.startsWith('/v1/')) return;
    request.principal = keys.authenticate(keyOf(request));
    if (scope === undefined || !request.principal.scopes.includes(scope)) throw problem('not-allowed', { reason: `this needs the scope ${scope ?? 'of an operator'}` });
  });
}, { name: 'relievo-authentication' });
