/** Door to native/surface_pose.cc. */
import { MARK_PARAMETERS, type SurfaceMarks } from '../features/index.ts';
import { callKernel } from '../platform/native/index.ts';
import { SURFACE_SEARCH_PARAMETERS } from './surface-parameters.ts';
import type { Pose } from './types.ts';

export interface SurfacePose extends Pose {
  /** Correlation of the coarse relief that both show, -1..1. */
  readonly agreement: number;
  /** Share of the smaller surface that both show. */
  readonly overlap: number;
}

const COLUMNS = 5; // as in native/surface.cc

const view = (m: SurfaceMarks): object => ({ size: Math.ceil(m.size / m.strides[0]!), stride: m.strides[0], fullSize: m.size, relief: m.strokes[0], walls: m.walls });

/** Poses in which the coarse relief of two surfaces agrees, the best first; those of (b, a) are those of (a, b) seen from the other side. */
export async function findSurfacePoses(probe: SurfaceMarks, candidate: SurfaceMarks): Promise<SurfacePose[]> {
  return Buffer.compare(Buffer.from(probe.marks.buffer), Buffer.from(candidate.marks.buffer)) > 0 ? (await search(candidate, probe)).map(inverse) : search(probe, candidate);
}

function inverse(pose: SurfacePose): SurfacePose {
  const turn = (-pose.rotationDeg * Math.PI) / 180;
  const [c, s, [x, y]] = [Math.cos(turn) / pose.scale, Math.sin(turn) / pose.scale, pose.shift];
  return { ...pose, rotationDeg: -pose.rotationDeg, shift: [s * y - c * x, -s * x - c * y], scale: 1 / pose.scale };
}

async function search(probe: SurfaceMarks, candidate: SurfaceMarks): Promise<SurfacePose[]> {
  const p = SURFACE_SEARCH_PARAMETERS;
  const rows = await callKernel<Float64Array>('surfacePoses', {
    probe: view(probe), candidate: view(candidate), rotations: p.rotations.value, leastOverlap: p.leastOverlap.value, keep: p.keep.value, apartDeg: p.apartDeg.value,
    apartCells: p.apart.value * MARK_PARAMETERS.pxPerMm.value,
  });
  return Array.from({ length: rows.length / COLUMNS }, (_, i) => {
    const [rotationDeg, x, y, agreement, overlap] = rows.subarray(i * COLUMNS, (i + 1) * COLUMNS) as unknown as [number, number, number, number, number];
    return { rotationDeg, shift: [x / probe.size, y / probe.size] as const, scale: candidate.size / probe.size, agreement, overlap };
  });
}
