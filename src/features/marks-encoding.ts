/** A mark set as bytes, for the database (frame: binary.ts). */
import { bytesOf, copyOf, packParts, unpackParts, unreadable } from './binary.ts';
import { MARK_VERSION } from './mark-parameters.ts';
import type { MarkLight, MarkSet } from './marks.ts';

const MAGIC = 0x534d4c52; // "RLMS"

export function encodeMarkSet(m: MarkSet): Uint8Array {
  const lamp = ({ azimuthDeg, bevelContrast, spreadDeg }: MarkLight): number[] => [azimuthDeg, bevelContrast, spreadDeg];
  // What several photographs add stands at the end, so that a set made of one has the bytes it always had.
  const several = m.furtherLights.length > 0 ? [m.photometric ? 1 : 0, ...m.furtherLights.flatMap(lamp)] : [];
  const numbers = [m.size, m.unit, ...m.centre, ...lamp(m.light), m.scaleAssumed ? 1 : 0, ...m.strides, ...several];
  return packParts(MAGIC, MARK_VERSION, [Buffer.from(m.parametersDigest, 'hex'), bytesOf(Float64Array.from(numbers)), ...m.strokes.map(bytesOf), bytesOf(m.marks), m.walls]);
}

/** @throws Problem feature-set-unreadable for bytes that are cut, changed, or of another version */
export function decodeMarkSet(bytes: Uint8Array): MarkSet {
  const next = unpackParts(bytes, MAGIC, MARK_VERSION, 'a mark set');
  const parametersDigest = next().toString('hex');
  const n = new Float64Array(copyOf(next()));
  const strokes = [0, 1, 2].map(() => new Int8Array(copyOf(next())));
  const marks = new Int8Array(copyOf(next()));
  const walls = new Uint8Array(copyOf(next()));
  if (n.length < 11 || (n.length > 11 && n.length % 3 !== 0) || marks.length !== n[0]! ** 2 || walls.length !== marks.length) throw unreadable('its parts do not fit together');
  return {
    parametersDigest,
    size: n[0]!,
    unit: n[1]!,
    centre: [n[2]!, n[3]!],
    light: lampAt(n, 4),
    furtherLights: Array.from({ length: Math.max(0, n.length - 12) / 3 }, (_, k) => lampAt(n, 12 + 3 * k)),
    photometric: n[11] === 1,
    scaleAssumed: n[7] === 1,
    strides: [n[8]!, n[9]!, n[10]!],
    strokes,
    marks,
    walls,
  };
}

const lampAt = (n: Float64Array, at: number): MarkLight => ({ azimuthDeg: n[at]!, bevelContrast: n[at + 1]!, spreadDeg: n[at + 2]! });
