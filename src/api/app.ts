/**
 * The life of a request, in the order of the hooks: id and security headers -> token bucket -> key -> media type and
 * place for a large body -> body -> schema -> route -> answer. A route never makes an error document; it throws.
 */
import fastifyHelmet from '@fastify/helmet';
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { problem } from '../domain/index.ts';
import type { Log } from '../platform/log/index.ts';
import { authenticationPlugin } from './authentication.ts';
import { bodiesPlugin } from './bodies.ts';
import { healthPlugin, type ReadinessCheck } from './health.ts';
import { metricsPlugin, type Gauge } from './metrics.ts';
import { openapiPlugin } from './openapi.ts';
import { answerClientError, answerError, problemPlugin } from './problems.ts';
import { rateLimitPlugin } from './rate-limit.ts';
import { registerRoutes } from './routes/index.ts';
import type { Api, ApiContext } from './types.ts';
import { validatorCompiler } from './validation.ts';

export interface ApiOptions extends ApiContext {
  readonly log: Log;
  readonly checks: readonly ReadinessCheck[];
  readonly gauges: readonly Gauge[];
}

/** Bodies that are no image. */
const JSON_BODY_LIMIT = 1024 * 1024;
/** A body must have arrived in this time; an honest 64 MB upload over a slow line takes minutes. */
const REQUEST_TIMEOUT_MS = 10 * 60_000;
/** Between two looks for idle connections while the service stops. */
const SWEEP_MS = 100;
/** W3C trace context, version 00. */
const TRACE_PARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;
const REQUEST_ID = /^[\w.-]{1,64}$/;

export async function buildApi(options: ApiOptions): Promise<Api> {
  const { log, clock, configuration, casework, version } = options;
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger,
    bodyLimit: JSON_BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : clock.newId('rq');
    },
    clientErrorHandler: answerClientError,
    frameworkErrors: answerError,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  const stopping = stopOrderly(app as unknown as FastifyInstance);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const trace = TRACE_PARENT.exec([request.headers.traceparent].flat()[0] ?? '');
    if (trace) {
      request.log = request.log.child({ traceId: trace[1] });
      reply.header('traceparent', trace[0]);
    }
    if (stopping.aborted) throw problem('service-busy', { reason: 'the service is stopping' });
  });
  await app.register(fastifyHelmet, { contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }, useDefaults: false }, strictTransportSecurity: false });
  await app.register(problemPlugin);
  await app.register(metricsPlugin, { version, gauges: options.gauges });
  await app.register(rateLimitPlugin, { clock, requestsPerMinute: configuration.requestsPerMinute });
  await app.register(authenticationPlugin, { keys: casework.keys });
  await app.register(bodiesPlugin, { maxImageBytes: configuration.imageLimits.maxBytes });
  await app.register(healthPlugin, { version, checks: options.checks });
  await app.register(openapiPlugin, { version });
  registerRoutes(app, options);
  await app.ready();
  return app;
}

/** Open requests are answered, waits and streams end, and no kept-alive connection holds the service up. Answers the signal that says so. */
function stopOrderly(app: FastifyInstance): AbortSignal {
  const stopping = new AbortController();
  app.decorate('stopping', stopping.signal);
  app.addHook('onSend', async (_request, reply) => void (stopping.signal.aborted && reply.header('connection', 'close')));
  app.addHook('preClose', async () => {
    stopping.abort();
    // A connection becomes idle some time after its last answer, when the first sweep is long over.
    const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
    app.server.once('close', () => clearInterval(sweep));
    sweep.unref();
  });
  return stopping.signal;
}
