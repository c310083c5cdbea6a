/** Pair of feature sets -> scores, pose, pictures. */
export { compareDesigns } from './compare.ts';
export { compareTools, findToolPoses, toolScore, toolTerms, weightOf } from './compare-tools.ts';
export type { ToolFace } from './compare-tools.ts';
export { drawSurfaces, drawTools, VERDICT_COLOURS } from './draw-tools.ts';
export { growFrame, layOnFrame, newFrame } from './frame.ts';
export type { FrameMapping, LaidFace } from './frame.ts';
export { FRAME_PARAMETERS, frameDigest } from './frame-parameters.ts';
export type { DrawnFace } from './draw-tools.ts';
export { drawWalls } from './draw-walls.ts';
export { drawComparison } from './draw.ts';
export { PARTIAL_PARAMETERS, POSE_PARAMETERS, parametersDigest } from './parameters.ts';
export { TOOL_PARAMETERS, toolDigest } from './tool-parameters.ts';
export type { CellVerdict, ComparisonPicture, DesignComparison, Pose, ToolCell, ToolComparison, ToolOutcome } from './types.ts';
export { compareSurfaces, findRelation, SURFACE_RELATIONS, undone } from './compare-surfaces.ts';
export { findSurfacePoses } from './surface-kernel.ts';
export type { SurfaceRelation } from './compare-surfaces.ts';
export { SURFACE_SEARCH_PARAMETERS, surfaceSearchDigest } from './surface-parameters.ts';
