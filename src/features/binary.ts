/**
 * The frame of stored feature data: magic, version, payload length, CRC-32 of the payload, payload. Little-endian. Every
 * part carries its length, so that a reader never trusts a size it did not check.
 */
import { crc32 } from 'node:zlib';
import { problem } from '../domain/index.ts';

const HEADER = 14;

export function packParts(magic: number, version: number, parts: readonly Uint8Array[]): Uint8Array {
  const payload = Buffer.concat(parts.flatMap((part) => [lengthOf(part), part]));
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(magic, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt32LE(payload.length, 6);
  header.writeUInt32LE(crc32(payload), 10);
  return Buffer.concat([header, payload]);
}

/**
 * @param what names the data in a refusal: `a feature set`
 * @returns gives the next part at each call
 * @throws Problem feature-set-unreadable for bytes that are cut, changed, or of another version
 */
export function unpackParts(bytes: Uint8Array, magic: number, version: number, what: string): () => Buffer {
  const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (b.length < HEADER || b.readUInt32LE(0) !== magic) throw unreadable(`these bytes are not ${what}`);
  if (b.readUInt16LE(4) !== version) throw unreadable(`it has version ${b.readUInt16LE(4)}, this engine reads ${version}`);
  const payload = b.subarray(HEADER);
  if (payload.length !== b.readUInt32LE(6)) throw unreadable('it is cut or has bytes behind its end');
  if (crc32(payload) !== b.readUInt32LE(10)) throw unreadable('its checksum does not agree');
  let at = 0;
  return () => {
    if (at + 4 > payload.length) throw unreadable('a part is missing');
    const length = payload.readUInt32LE(at);
    if (at + 4 + length > payload.length) throw unreadable('a part is longer than the rest');
    at += 4 + length;
    return payload.subarray(at - length, at);
  };
}

export const unreadable = (reason: string): Error => problem('feature-set-unreadable', { reason });

export const bytesOf = (a: Float64Array | Float32Array | Int8Array): Buffer => Buffer.from(a.buffer, a.byteOffset, a.byteLength);

/** An aligned copy: typed arrays of wider elements refuse odd offsets. */
export const copyOf = (b: Buffer): ArrayBuffer => new Uint8Array(b).buffer;

function lengthOf(part: Uint8Array): Buffer {
  const b = Buffer.alloc(4);
  b.writeUInt32LE(part.length);
  return b;
}
