/** Request headers that change how an answer comes: Prefer: wait=N, If-None-Match. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** No request is held open longer. */
const MAX_WAIT_SECONDS = 60;

/** Seconds the caller would wait for the work to end (RFC 7240); 0 when it said nothing. */
export function waitSeconds(request: FastifyRequest): number {
  const prefer = [request.headers['prefer']].flat().join(',');
  const seconds = Number(/(?:^|[,;\s])wait=(\d{1,4})(?=$|[,;\s])/i.exec(prefer)?.[1] ?? 0);
  return Math.min(seconds, MAX_WAIT_SECONDS);
}

/** Answers with a strong ETag, or 304 when the caller has this version. */
export function sendWithEtag<Body>(request: FastifyRequest, reply: FastifyReply, body: Body): FastifyReply {
  const etag = `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 27)}"`;
  reply.header('etag', etag);
  const known = request.headers['if-none-match'];
  if (known !== undefined && (known.trim() === '*' || known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))) return reply.code(304).send();
  return reply.send(body);
}
