/** Pair of feature sets -> scores, pose, pictures. */
export { compareDesigns } from './compare.ts';
export { drawComparison } from './draw.ts';
export { PARTIAL_PARAMETERS, POSE_PARAMETERS, parametersDigest } from './parameters.ts';
export type { ComparisonPicture, DesignComparison, Pose } from './types.ts';
