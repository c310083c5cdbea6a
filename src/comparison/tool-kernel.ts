/** Door to native/tool.cc: checks the mark sets, then one call compares a probe with all candidates. */
import { MARK_PARAMETERS, type MarkField } from '../features/index.ts';
import { callKernel } from '../platform/native/index.ts';
import { TOOL_PARAMETERS, toolValues } from './tool-parameters.ts';
import type { CellVerdict, Pose, ToolCell } from './types.ts';

export interface KernelTool {
  readonly marks: number;
  /** How many cells carry that agreement. */
  readonly carrying: number;
  /** The agreement, less what few cells alone carry. */
  readonly carried: number;
  readonly strokes: number;
  readonly areaMm2: number;
  readonly shiftMm: number;
  /** Which of the poses, -1 where none could be registered. */
  readonly pose: number;
  /** Probe grid -> candidate grid, row-major 2 x 3. */
  readonly toCandidate: readonly [number, number, number, number, number, number];
  /** True when the cells lie on the candidate's grid. */
  readonly turned: boolean;
  readonly cells: readonly ToolCell[];
  /** All that were followed to the marks, the one that is kept among them. */
  readonly poses: readonly KernelPose[];
}

/** What one of several possible poses shows. */
export interface KernelPose {
  readonly carried: number;
  readonly strokes: number;
  readonly areaMm2: number;
  /** It lies apart from the pose that is kept. */
  readonly elsewhere: boolean;
  /** Not where the strokes lie, but near by, where the marks agree better. */
  readonly near: boolean;
}

const [COLUMNS, CELL, POSE] = [14, 8, 5]; // as in native/tool.cc

/** A mark set as the kernels read it. @param digest of the parameters that made all that are compared */
export function kernelFace(m: MarkField, digest: string): object {
  const cells = m.size * m.size;
  const strokes = m.strides.map((stride) => Math.ceil(m.size / stride) ** 2);
  if (m.marks.length !== cells || m.walls.length !== cells || strokes.length !== 3 || strokes.some((n, i) => m.strokes[i]?.length !== n)) throw new RangeError(`a mark set of side ${m.size} has planes of other sizes`);
  if (m.parametersDigest !== digest) throw new RangeError('a mark set of other parameters cannot be compared');
  return { size: m.size, unit: m.unit, centreX: m.centre[0], centreY: m.centre[1], strokes: m.strokes, strides: m.strides, marks: m.marks, walls: m.walls };
}

/** Faces with their poses, and the settings that the kernels share. */
export function kernelTools(digest: string, faces: readonly { readonly marks: MarkField; readonly poses: readonly Pose[] }[], name: string): object {
  const list = faces.map(({ marks, poses }) => ({ ...kernelFace(marks, digest), poses: Float64Array.from(poses.flatMap((p) => [p.rotationDeg, p.shift[0], p.shift[1], p.scale])) }));
  return { [name]: list, pxPerMm: MARK_PARAMETERS.pxPerMm.value, ...toolValues() };
}

/**
 * @param digest of the parameters that made them all
 * @param poses hypotheses of each candidate's crop on the probe's
 * @param settings those of photographs, where none are given
 */
export async function matchMarks(digest: string, probe: MarkField, candidates: readonly { readonly marks: MarkField; readonly poses: readonly Pose[] }[], detail: boolean, settings: ReturnType<typeof toolValues> = toolValues()): Promise<KernelTool[]> {
  const answer = await callKernel<{ rows: Float64Array; cells: Float32Array[]; poses: Float64Array[] }>('tool', {
    ...kernelTools(digest, candidates, 'candidates'),
    probe: kernelFace(probe, digest),
    detail,
    ...settings,
  });
  return candidates.map((_, i) => {
    const r = answer.rows.subarray(i * COLUMNS, (i + 1) * COLUMNS);
    const [flat, followed] = [answer.cells[i]!, answer.poses[i]!];
    return {
      marks: r[0]!, carrying: r[1]!, carried: r[2]!, strokes: r[3]!, areaMm2: r[4]!, shiftMm: r[5]!, pose: r[6]!,
      toCandidate: [r[7]!, r[8]!, r[9]!, r[10]!, r[11]!, r[12]!],
      turned: r[13] === 1,
      cells: Array.from({ length: flat.length / CELL }, (_, c) => {
        const [column, row, agreement, own, ownX, ownY, known, energy] = flat.subarray(c * CELL, (c + 1) * CELL) as unknown as number[];
        return { verdict: verdictOf(agreement!, known!), column: column!, row: row!, agreement: agreement!, own: own!, shiftMm: [ownX!, ownY!] as const, known: known!, energy: energy! };
      }),
      poses: Array.from({ length: followed.length / POSE }, (_, p) => {
        const [carried, strokes, areaMm2, elsewhere, near] = followed.subarray(p * POSE, (p + 1) * POSE) as unknown as [number, number, number, number, number];
        return { carried, strokes, areaMm2, elsewhere: elsewhere === 1, near: near === 1 };
      }),
    };
  });
}

function verdictOf(agreement: number, known: number): CellVerdict {
  const { cellKnown, cellAgrees, cellDisagrees } = TOOL_PARAMETERS;
  if (known < cellKnown.value) return 'uninformative';
  return agreement >= cellAgrees.value ? 'agrees' : agreement < cellDisagrees.value ? 'disagrees' : 'undecided';
}
