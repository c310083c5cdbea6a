/** Door to native/design.cc: checks the fields, then one call compares a probe with all candidates. */
import { FEATURE_PARAMETERS, type FeatureSet } from '../features/index.ts';
import { callKernel } from '../platform/native/index.ts';
import { type PoseParameterName, poseValues } from './parameters.ts';

export interface FieldTransform {
  readonly rotationDeg: number;
  readonly shift: readonly [number, number];
  readonly scale: number;
}

/** Pose of the candidate's field on the probe's, lengths in equivalent radii of the probe. */
export interface FieldPose extends FieldTransform {
  readonly score: number;
  readonly coarse: number;
}

/** One of several possible poses. */
interface FieldHypothesis extends FieldTransform {
  readonly agreement: number;
  /** The best pose, turned by a symmetry of the design: as likely, whatever agrees there under two lamps. */
  readonly turned: boolean;
}

const [COLUMNS, HYPOTHESIS] = [7, 6]; // as in native/design.cc

const view = (f: FeatureSet): object => {
  const grid = FEATURE_PARAMETERS.grid.value;
  if (f.field.length !== grid * grid * 3 || f.fieldWeight.length !== grid * grid) throw new RangeError(`a logo field of ${f.fieldWeight.length} cells is not of this engine`);
  // a brick's edges crumble and are often wrapped or cut off unnoticed: its centre and radius are never sure
  return { field: f.field, weight: f.fieldWeight, light: Float32Array.from(f.light), partial: f.partial || f.kind === 'brick' };
};

const input = (probe: FeatureSet, candidates: readonly FeatureSet[]): object => ({
  probe: view(probe),
  candidates: candidates.map(view),
  grid: FEATURE_PARAMETERS.grid.value,
  halfSpan: FEATURE_PARAMETERS.halfSpan.value,
  ...poseValues(),
});

/** @throws RangeError when a field has another size than this engine's */
export async function findPoses(probe: FeatureSet, candidates: readonly FeatureSet[]): Promise<FieldPose[]> {
  const rows = await callKernel<Float64Array>('design', input(probe, candidates));
  return candidates.map((_, i) => {
    const [score, coarse, rotationDeg, x, y, scale] = rows.subarray(i * COLUMNS, (i + 1) * COLUMNS) as unknown as [number, number, number, number, number, number];
    return { score, coarse, rotationDeg, shift: [x, y], scale };
  });
}

/**
 * Every pose in which the fields of a candidate and of the probe agree, the best first, then the best turned by symmetries.
 * @param search what differs from the search for the one best pose
 * @throws RangeError when a field has another size than this engine's
 */
export async function findHypotheses(probe: FeatureSet, candidates: readonly FeatureSet[], search: Readonly<Partial<Record<PoseParameterName, number>> & { symmetryFrom: number }>): Promise<FieldHypothesis[][]> {
  const found = await callKernel<Float64Array[]>('designPoses', { ...input(probe, candidates), ...search });
  return found.map((rows) => Array.from({ length: rows.length / HYPOTHESIS }, (_, k) => {
    const [agreement, rotationDeg, x, y, scale, turned] = rows.subarray(k * HYPOTHESIS, (k + 1) * HYPOTHESIS) as unknown as [number, number, number, number, number, number];
    return { agreement, rotationDeg, shift: [x, y], scale, turned: turned === 1 };
  }));
}
