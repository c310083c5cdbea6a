/** /livez: the process answers. /readyz: it can work. /version: what runs. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** One thing the service needs; `check` throws or gives a sentence when it is not there. */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<string | undefined> | string | undefined;
}

export interface HealthOptions {
  readonly version: string;
  readonly checks: readonly ReadinessCheck[];
}

export const healthPlugin = fp(async (app: FastifyInstance, { version, checks }: HealthOptions) => {
  const quiet = { schema: { hide: true }, logLevel: 'warn' as const };
  app.get('/livez', quiet, async () => ({ status: 'ok' }));
  app.get('/readyz', quiet, async (request, reply) => {
    const results = await Promise.all(
      checks.map(async ({ name, check }) => {
        try {
          const complaint = await check();
          return { name, ok: complaint === undefined, ...(complaint === undefined ? {} : { complaint }) };
        } catch (error) {
          request.log.error({ err: error, check: name }, 'readiness check failed');
          return { name, ok: false, complaint: 'the check failed; see the log' };
        }
      }),
    );
    const ok = results.every((result) => result.ok);
    return reply.code(ok ? 200 : 503).send({ status: ok ? 'ok' : 'not-ready', checks: results });
  });
  app.get('/version', quiet, async () => ({ name: 'relievo', version, node: process.versions.node }));
}, { name: 'relievo-health' });
