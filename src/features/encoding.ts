/**
 * A feature set as bytes, for the database: magic, version, payload length, CRC-32 of the payload, payload.
 * Little-endian. Every array carries its length, so that a reader never trusts a size it did not check.
 */
import { crc32 } from 'node:zlib';
import { problem } from '../domain/index.ts';
import { FEATURE_VERSION } from './parameters.ts';
import type { FeatureSet } from './types.ts';

const MAGIC = 0x56464c52; // "RLFV"
const HEADER = 14;

export function encodeFeatureSet(f: FeatureSet): Uint8Array {
  const numbers = [f.frame.centre[0], f.frame.centre[1], f.frame.radius, f.elongation, f.lengthMm ?? Number.NaN, f.widthMm ?? Number.NaN, ...f.scaleBounds, f.scoreLine.strength, f.scoreLine.angleDeg, ...f.colour, ...f.light];
  const parts = [Buffer.from([f.kind === 'brick' ? 1 : 0, f.partial ? 1 : 0]), Buffer.from(f.parametersDigest, 'hex'), bytesOf(Float64Array.from(numbers)), bytesOf(f.outline), bytesOf(f.embedding), bytesOf(f.field), f.fieldWeight];
  const payload = Buffer.concat(parts.flatMap((part) => [lengthOf(part), part]));
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt16LE(f.version, 4);
  header.writeUInt32LE(payload.length, 6);
  header.writeUInt32LE(crc32(payload), 10);
  return Buffer.concat([header, payload]);
}

/** @throws Problem feature-set-unreadable for bytes that are cut, changed, or of another version */
export function decodeFeatureSet(bytes: Uint8Array): FeatureSet {
  const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const refuse = (reason: string): never => {
    throw problem('feature-set-unreadable', { reason });
  };
  if (b.length < HEADER || b.readUInt32LE(0) !== MAGIC) refuse('these bytes are no feature set');
  if (b.readUInt16LE(4) !== FEATURE_VERSION) refuse(`it has version ${b.readUInt16LE(4)}, this engine reads ${FEATURE_VERSION}`);
  const payload = b.subarray(HEADER);
  if (payload.length !== b.readUInt32LE(6)) refuse('it is cut or has bytes behind its end');
  if (crc32(payload) !== b.readUInt32LE(10)) refuse('its checksum does not agree');
  let at = 0;
  const next = (): Buffer => {
    if (at + 4 > payload.length) refuse('a part is missing');
    const length = payload.readUInt32LE(at);
    if (at + 4 + length > payload.length) refuse('a part is longer than the rest');
    at += 4 + length;
    return payload.subarray(at - length, at);
  };
  const flags = next();
  const digest = next();
  const n = new Float64Array(copyOf(next()));
  const outline = new Float32Array(copyOf(next()));
  const embedding = new Int8Array(copyOf(next()));
  const field = new Int8Array(copyOf(next()));
  const fieldWeight = new Uint8Array(copyOf(next()));
  if (n.length !== 15 || field.length !== 3 * fieldWeight.length) refuse('its parts do not fit together');
  const orNull = (v: number): number | null => (Number.isNaN(v) ? null : v);
  return {
    version: FEATURE_VERSION,
    parametersDigest: digest.toString('hex'),
    kind: flags[0] === 1 ? 'brick' : 'tablet',
    partial: flags[1] === 1,
    frame: { centre: [n[0]!, n[1]!], radius: n[2]! },
    elongation: n[3]!,
    lengthMm: orNull(n[4]!),
    widthMm: orNull(n[5]!),
    scaleBounds: [n[6]!, n[7]!],
    scoreLine: { strength: n[8]!, angleDeg: n[9]! },
    colour: [n[10]!, n[11]!, n[12]!],
    light: [n[13]!, n[14]!],
    outline,
    embedding,
    field,
    fieldWeight,
  };
}

const bytesOf = (a: Float64Array | Float32Array | Int8Array): Buffer => Buffer.from(a.buffer, a.byteOffset, a.byteLength);

function lengthOf(part: Uint8Array): Buffer {
  const b = Buffer.alloc(4);
  b.writeUInt32LE(part.length);
  return b;
}

/** An aligned copy: typed arrays of wider elements refuse odd offsets. */
const copyOf = (b: Buffer): ArrayBuffer => new Uint8Array(b).buffer;
