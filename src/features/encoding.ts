/** A feature set as bytes, for the database (frame: binary.ts). */
import { bytesOf, copyOf, packParts, unpackParts, unreadable } from './binary.ts';
import { FEATURE_VERSION } from './parameters.ts';
import type { FeatureSet } from './types.ts';

const MAGIC = 0x56464c52; // "RLFV"

export function encodeFeatureSet(f: FeatureSet): Uint8Array {
  const numbers = [f.frame.centre[0], f.frame.centre[1], f.frame.radius, f.elongation, f.lengthMm ?? Number.NaN, f.widthMm ?? Number.NaN, ...f.scaleBounds, f.scoreLine.strength, f.scoreLine.angleDeg, ...f.colour, ...f.light];
  return packParts(MAGIC, f.version, [Buffer.from([f.kind === 'brick' ? 1 : 0, f.partial ? 1 : 0]), Buffer.from(f.parametersDigest, 'hex'), bytesOf(Float64Array.from(numbers)), bytesOf(f.outline), bytesOf(f.embedding), bytesOf(f.field), f.fieldWeight]);
}

/** @throws Problem feature-set-unreadable for bytes that are cut, changed, or of another version */
export function decodeFeatureSet(bytes: Uint8Array): FeatureSet {
  const next = unpackParts(bytes, MAGIC, FEATURE_VERSION, 'a feature set');
  const flags = next();
  const digest = next();
  const n = new Float64Array(copyOf(next()));
  const outline = new Float32Array(copyOf(next()));
  const embedding = new Int8Array(copyOf(next()));
  const field = new Int8Array(copyOf(next()));
  const fieldWeight = new Uint8Array(copyOf(next()));
  if (n.length !== 15 || field.length !== 3 * fieldWeight.length) throw unreadable('its parts do not fit together');
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
