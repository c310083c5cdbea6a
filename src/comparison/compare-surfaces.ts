/**
 * Did one tool make two scanned surfaces? Individual evidence, by the comparison that photographs get, on heights.
 *
 * 1. relation: what the candidate is declared to be beside the probe is undone.
 * 2. hypotheses: poses in which the coarse relief of both agrees, over every rotation and shift (native/surface_pose.cc).
 * 3. registration and marks: native code, as for photographs (native/tool_compare.cc).
 * 4. score: the agreement of the marks. There is no design apart from the marks, so that nothing is taken off.
 */
import { type SurfaceMarks, surfaceDigest } from '../features/index.ts';
import { findSurfacePoses } from './surface-kernel.ts';
import { SURFACE_SEARCH_PARAMETERS } from './surface-parameters.ts';
import { matchMarks } from './tool-kernel.ts';
import { toolValues } from './tool-parameters.ts';
import type { Pose, ToolComparison } from './types.ts';

/**
 * What the candidate is beside the probe. A brick and its plate are `inverted-mirrored`; a cast scanned as it is is
 * `inverted-mirrored` too, one whose heights the instrument negated is `mirrored`; writers of files that disagree about
 * the first row make surfaces `mirrored`.
 */
export const SURFACE_RELATIONS = ['as-scanned', 'inverted', 'mirrored', 'inverted-mirrored'] as const;
export type SurfaceRelation = (typeof SURFACE_RELATIONS)[number];

/** The candidate as it would look were it of the probe's kind. */
export function undone(marks: SurfaceMarks, relation: SurfaceRelation): SurfaceMarks {
  const [invert, mirror] = [relation.includes('inverted'), relation.includes('mirrored')];
  const turn = <T extends Int8Array | Uint8Array>(plane: T, sign: number): T => {
    const side = Math.sqrt(plane.length);
    return plane.map((_, i) => sign * (mirror ? plane[i - (i % side) + side - 1 - (i % side)]! : plane[i]!)) as T;
  };
  const sign = invert ? -1 : 1;
  return { ...marks, strokes: marks.strokes.map((plane) => turn(plane, sign)), marks: turn(marks.marks, sign), walls: turn(marks.walls, 1) };
}

/**
 * Symmetric, as the comparison of photographs is.
 * @throws RangeError for surfaces that were read with other lengths
 */
export async function compareSurfaces(probe: SurfaceMarks, candidate: SurfaceMarks, relation: SurfaceRelation = 'as-scanned', detail = false): Promise<ToolComparison> {
  if (probe.lengths !== candidate.lengths) throw new RangeError('two surfaces read with different lengths cannot be compared');
  // 1 relation
  const turned = relation === 'as-scanned' ? candidate : undone(candidate, relation);
  // 2 hypotheses
  const poses = await findSurfacePoses(probe, turned);
  // 3 registration and marks
  const [m] = (await matchMarks(surfaceDigest, probe, [{ marks: turned, poses }], detail, { ...toolValues(), wallHalf: SURFACE_SEARCH_PARAMETERS.wallHalf.value, surroundings: SURFACE_SEARCH_PARAMETERS.surroundings.value, fewCells: SURFACE_SEARCH_PARAMETERS.fewCells.value, nearGain: SURFACE_SEARCH_PARAMETERS.nearGain.value, stretch: SURFACE_SEARCH_PARAMETERS.stretch.value, scaleError: SURFACE_SEARCH_PARAMETERS.scaleError.value })) as [Awaited<ReturnType<typeof matchMarks>>[number]];
  // 4 score
  const { lengths } = probe;
  const enough = Math.min(probe.areaMm2, candidate.areaMm2) >= SURFACE_SEARCH_PARAMETERS.leastArea.value * lengths ** 2;
  const outcome = !enough ? 'unsuitable' : m.pose < 0 ? 'strokes-not-registered' : 'compared';
  return {
    outcome,
    toolScore: outcome === 'compared' ? Math.max(0, m.marks) : 0,
    partial: { marks: m.marks, cells: m.carrying, strokes: m.strokes, weight: 1, poses: 0, elsewhere: Math.max(0, ...m.poses.filter((p) => p.elsewhere).map((p) => p.carried)) },
    areaMm2: m.areaMm2 * lengths ** 2,
    shiftMm: m.shiftMm * lengths,
    pose: m.pose < 0 ? null : registered(m.toCandidate, probe.size, candidate.size),
    toCandidate: m.toCandidate,
    turned: m.turned,
    cells: m.cells.map((cell) => ({ ...cell, shiftMm: [cell.shiftMm[0] * lengths, cell.shiftMm[1] * lengths] as const })),
  };
}

/** The pose of the registered grids: middle on middle, the mean rotation and scale of the affine mapping. */
function registered(to: ToolComparison['toCandidate'], probeSize: number, candidateSize: number): Pose {
  const [a, b] = [(to[0] + to[4]) / 2, (to[3] - to[1]) / 2];
  const det = to[0] * to[4] - to[1] * to[3];
  const [x, y] = [(candidateSize - 1) / 2 - to[2], (candidateSize - 1) / 2 - to[5]];
  const middle = (probeSize - 1) / 2;
  return {
    rotationDeg: (-Math.atan2(b, a) * 180) / Math.PI,
    shift: [((to[4] * x - to[1] * y) / det - middle) / probeSize, ((to[0] * y - to[3] * x) / det - middle) / probeSize],
    scale: candidateSize / probeSize / Math.hypot(a, b),
  };
}

/** The comparison in every relation, the one with the highest score first. */
export async function findRelation(probe: SurfaceMarks, candidate: SurfaceMarks): Promise<{ readonly relation: SurfaceRelation; readonly comparison: ToolComparison }[]> {
  const found = [];
  for (const relation of SURFACE_RELATIONS) found.push({ relation, comparison: await compareSurfaces(probe, candidate, relation, true) });
  return found.sort((a, b) => b.comparison.toolScore - a.comparison.toolScore);
}
