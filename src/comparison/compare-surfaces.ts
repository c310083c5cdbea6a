/**
 * Did one tool make two scanned surfaces? Individual evidence, by the comparison that photographs get, on heights.
 *
 * 1. hypotheses: poses in which the coarse relief of both agrees, over every rotation and shift.
 * 2. registration and marks: native code, as for photographs (native/tool_compare.cc).
 * 3. score.
 */
import { type SurfaceMarks, surfaceDigest } from '../features/index.ts';
import { findSurfacePoses, type SurfacePose } from './surface-kernel.ts';
import { type KernelTool, matchMarks } from './tool-kernel.ts';

export async function compareSurfaces(probe: SurfaceMarks, candidate: SurfaceMarks, detail = false): Promise<KernelTool & { poses: SurfacePose[] }> {
  const poses = await findSurfacePoses(probe, candidate);
  const [found] = await matchMarks(surfaceDigest, probe, [{ marks: candidate, poses }], detail);
  return { ...found!, poses };
}
