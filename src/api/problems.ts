/**
 * The one place where a thrown value becomes RFC 9457 `application/problem+json`. Problems keep their code and
 * list of fields; the framework's own refusals are translated; anything else is logged and answered `internal`,
 * with no text of it in the answer.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Socket } from 'node:net';
import { PROBLEMS, Problem, problem, type FieldError } from '../domain/index.ts';

/** The body of every refusal. */
export interface ProblemDocument {
  readonly type: string;
  readonly code: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The id of the request, as in X-Request-Id. */
  readonly instance?: string;
  readonly errors?: FieldError[];
  readonly [parameter: string]: unknown;
}

export const problemType = (code: string): string => `/v1/problems/${code}`;

export function problemDocument(found: Problem, instance?: string): ProblemDocument {
  return {
    ...found.parameters,
    type: problemType(found.code),
    code: found.code,
    title: found.title,
    status: found.status,
    detail: found.detail,
    ...(instance === undefined ? {} : { instance }),
    ...(found.errors.length > 0 ? { errors: [...found.errors] } : {}),
  };
}

/** The framework's refusals in our words; undefined when the error is none of them. */
function translate(error: FastifyError, request: FastifyRequest): Problem | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return problem('media-type-unsupported', { allowed: (request.routeOptions.config.reads ?? ['application/json']).join(', ') });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return problem('body-too-large', { limit: request.routeOptions.bodyLimit ?? 0 });
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return problem('invalid-request', {}, [{ pointer: '', detail: 'The body is not valid JSON.' }]);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problem('invalid-request', {}, [{ pointer: '/headers/content-length', detail: 'The body does not have the stated length.' }]);
    case 'FST_FILES_LIMIT':
    case 'FST_PARTS_LIMIT':
    case 'FST_FIELDS_LIMIT':
    case 'FST_PROTO_VIOLATION':
      return problem('invalid-request', {}, [{ pointer: '', detail: 'The multipart body has more parts than this route reads.' }]);
    // The caller hung up while its body arrived; the answer reaches nobody.
    case 'ECONNRESET':
      return problem('invalid-request', {}, [{ pointer: '', detail: 'The body is not complete.' }]);
    case 'FST_ERR_BAD_URL':
      return problem('invalid-request', {}, [{ pointer: '/path', detail: 'The address is not valid.' }]);
    case 'FST_ERR_ASYNC_CONSTRAINT':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return problem('not-found', { what: 'an address of this length' });
    case 'SQLITE_FULL':
    case 'ENOSPC':
      return problem('service-busy', { reason: 'the disk is full' });
    case 'SQLITE_BUSY':
      return problem('service-busy', { reason: 'the database is busy' });
    default:
      if (typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500) return problem('invalid-request', {}, [{ pointer: '', detail: 'The request could not be read.' }]);
      return undefined;
  }
}

export function sendProblem(reply: FastifyReply, found: Problem): FastifyReply {
  // What is left of a refused upload would block the next request on the connection: it is read and thrown away, and
  // where it cannot be read any more the connection ends.
  const { raw } = reply.request;
  if (!raw.complete && raw.destroyed) reply.header('connection', 'close');
  else if (!raw.complete) raw.resume();
  if (found.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  if (found.code === 'method-not-allowed') reply.header('allow', String(found.parameters['allowed']));
  if (found.code === 'too-many-requests') reply.header('retry-after', String(found.parameters['seconds']));
  if (found.code === 'service-busy' || found.code === 'request-still-running' || found.code === 'search-unfinished') reply.header('retry-after', '1');
  return reply
    .code(found.status)
    .type('application/problem+json')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problemDocument(found, reply.request.id));
}

/** Answers any thrown value. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const cause = error instanceof Problem ? error : translate(error as FastifyError, request);
  if (!cause) request.log.error({ err: error }, 'unexpected error');
  else if (cause.status >= 500) request.log.error({ err: error, code: cause.code }, 'request failed');
  else request.log.info({ code: cause.code }, 'request refused');
  return sendProblem(reply, cause ?? problem('internal'));
}

/** What never reached a route because it is not HTTP: answered in the same form, then the socket is closed. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const found = problem('invalid-request', {}, [{ pointer: '', detail: error.code === 'HPE_HEADER_OVERFLOW' ? 'The headers are too large.' : 'The bytes are no HTTP request.' }]);
  const body = JSON.stringify(problemDocument(found));
  socket.end(`HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}

/** Routes as patterns, to tell a wrong method (405) from a wrong address (404). */
function routeTable(app: FastifyInstance): (path: string) => string[] {
  const routes: { pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', (route) => {
    if (route.url.includes('*')) return;
    const pattern = new RegExp(`^${route.url.replace(/[.+]/g, '\\$&').replace(/:[A-Za-z0-9]+/g, '[^/]+')}/?$`);
    routes.push({ pattern, methods: [route.method].flat() });
  });
  return (path) => [...new Set(routes.filter((route) => route.pattern.test(path)).flatMap((route) => route.methods))].sort();
}

export const problemPlugin = fp(async (app: FastifyInstance) => {
  const methodsOf = routeTable(app);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!;
    const allowed = methodsOf(path);
    if (allowed.length > 0 && !allowed.includes(request.method)) return sendProblem(reply, problem('method-not-allowed', { allowed: allowed.join(', ') }));
    return sendProblem(reply, problem('not-found', { what: 'this address' }));
  });
}, { name: 'relievo-problems' });

/** The codes in the order of the table, for docs and the type URL. */
export const PROBLEM_CODES = Object.keys(PROBLEMS) as (keyof typeof PROBLEMS)[];
