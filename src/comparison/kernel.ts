/** Door to native/design.cc: checks the fields, then one call compares a probe with all candidates. */
import { FEATURE_PARAMETERS, type FeatureSet } from '../features/index.ts';
import { callKernel } from '../platform/native/index.ts';
import { POSE_PARAMETERS, poseValues } from './parameters.ts';

export interface FieldTransform {
  readonly rotationDeg: number;
  readonly shift: readonly [number, number];
  readonly scale: number;
}

/** Pose of the candidate's field on the probe's, lengths in equivalent radii of the probe. */
export interface FieldPose extends FieldTransform {
  readonly score: number;
  readonly coarse: number;
  /** Every pose that was refined, the best first, with how well the fields agree in it. */
  readonly hypotheses: readonly (FieldTransform & { readonly agreement: number })[];
}

const [COLUMNS, HYPOTHESIS] = [7, 5]; // as in native/design.cc

const view = (f: FeatureSet): object => {
  const grid = FEATURE_PARAMETERS.grid.value;
  if (f.field.length !== grid * grid * 3 || f.fieldWeight.length !== grid * grid) throw new RangeError(`a logo field of ${f.fieldWeight.length} cells is not of this engine`);
  // a brick's edges crumble and are often wrapped or cut off unnoticed: its centre and radius are never sure
  return { field: f.field, weight: f.fieldWeight, light: Float32Array.from(f.light), partial: f.partial || f.kind === 'brick' };
};

/**
 * @param keep coarse poses that are refined
 * @throws RangeError when a field has another size than this engine's
 */
export async function findPoses(probe: FeatureSet, candidates: readonly FeatureSet[], keep: number = POSE_PARAMETERS.keep.value): Promise<FieldPose[]> {
  const { rows, hypotheses, most } = await callKernel<{ rows: Float64Array; hypotheses: Float64Array; most: number }>('design', {
    probe: view(probe),
    candidates: candidates.map(view),
    grid: FEATURE_PARAMETERS.grid.value,
    halfSpan: FEATURE_PARAMETERS.halfSpan.value,
    ...poseValues(),
    keep,
  });
  return candidates.map((_, i) => {
    const [score, coarse, rotationDeg, x, y, scale] = rows.subarray(i * COLUMNS, (i + 1) * COLUMNS) as unknown as [number, number, number, number, number, number];
    const found = Array.from({ length: most }, (_, k) => hypotheses.subarray((i * most + k) * HYPOTHESIS, (i * most + k + 1) * HYPOTHESIS)).filter((h) => !Number.isNaN(h[0]!));
    return { score, coarse, rotationDeg, shift: [x, y], scale, hypotheses: found.map((h) => ({ agreement: h[0]!, rotationDeg: h[1]!, shift: [h[2]!, h[3]!], scale: h[4]! })) };
  });
}
