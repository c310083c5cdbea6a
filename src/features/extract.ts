/**
 * One face -> its class characteristics.
 *
 * 1. field: native code turns the crop into the light-invariant logo field, the outline's spectrum,
 *    the score line, the colour and the embedding (native/extract_field.cc tells how).
 * 2. assemble: dimensions and scale bounds come from the measurement, never from the picture.
 * 3. explain: with a trace on, the working picture and the field as pictures.
 */
import type { Trace } from '../domain/index.ts';
import { NO_TRACE } from '../domain/index.ts';
import type { MeasuredFace } from '../imaging/index.ts';
import { type ExtractedField, extractField } from './kernel.ts';
import { FEATURE_VERSION, parametersDigest } from './parameters.ts';
import { fieldPicture, greyPicture } from './pictures.ts';
import type { FeatureSet } from './types.ts';

/**
 * Extracts the class characteristics of a measured face. Deterministic.
 * @throws Problem face-not-found when the crop's mask is empty
 */
export async function extract(face: MeasuredFace, trace: Trace = NO_TRACE): Promise<FeatureSet> {
  // 1 field
  const field = await extractField(face.crop);
  // 2 assemble
  const features = assemble(face, field);
  // 3 explain
  if (trace.accepts('features.canonical')) trace.take('features.canonical', 'image/png', await greyPicture(field.canonical, field.workSize));
  if (trace.accepts('features.field')) trace.take('features.field', 'image/png', await fieldPicture(features.field, features.fieldWeight));
  return features;
}

function assemble(face: MeasuredFace, x: ExtractedField): FeatureSet {
  const side = face.crop.size;
  return {
    version: FEATURE_VERSION,
    parametersDigest,
    kind: face.kind,
    partial: face.partial,
    embedding: x.embedding,
    field: x.field,
    fieldWeight: x.weight,
    frame: { centre: [(x.centreX + 0.5) / side, (x.centreY + 0.5) / side], radius: x.radiusPx / side },
    outline: x.outline,
    elongation: x.elongation,
    lengthMm: face.lengthMm,
    widthMm: face.widthMm,
    scaleBounds: face.scale.bounds,
    scoreLine: { strength: x.scoreStrength, angleDeg: x.scoreAngleDeg },
    light: [x.light[0]!, x.light[1]!],
    colour: [x.colour[0]!, x.colour[1]!, x.colour[2]!],
  };
}
