import type { FastifyReply } from 'fastify';

/** A PNG that never changes: same ids, same originals, same engine. */
export function sendPicture(reply: FastifyReply, png: Uint8Array): FastifyReply {
  return reply.type('image/png').header('cache-control', 'private, max-age=86400').send(Buffer.from(png.buffer, png.byteOffset, png.byteLength));
}
