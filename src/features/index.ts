/** Face -> feature set: the class characteristics that tools of one design share. */
export { decodeFeatureSet, encodeFeatureSet } from './encoding.ts';
export { extract } from './extract.ts';
export { extractField } from './kernel.ts';
export type { ExtractedField } from './kernel.ts';
export { decodeMarkSet, encodeMarkSet } from './marks-encoding.ts';
export { extractMarks } from './marks.ts';
export type { FurtherLight, MarkField, MarkHints, MarkLight, MarkSet } from './marks.ts';
export { LIGHT_PARAMETERS, lightsDigest, MOST_PHOTOGRAPHS } from './light-parameters.ts';
export { lengthsOn, MARK_PARAMETERS, marksDigest } from './mark-parameters.ts';
export { FEATURE_PARAMETERS, FEATURE_VERSION, parametersDigest } from './parameters.ts';
export type { FeatureSet } from './types.ts';
export { extractSurfaceMarks, lengthsFor, surfaceCrop } from './surface-marks.ts';
export type { SurfaceMarks } from './surface-marks.ts';
export { SURFACE_PARAMETERS, surfaceDigest } from './surface-parameters.ts';
