/**
 * The frame of a design: a place for the marks of all its faces, so that any two of them lie on each other without a search.
 *
 * A frame is a mark set whose strokes are those of the design's first face, later the mean of many: the grain, the lamp and
 * the tool of one face average out. A face is registered on it once; its marks there are a vector, and vectors of one frame
 * can be scanned for a probe's tool. They shorten a list, and decide nothing: what they find is compared in full.
 */
import { marksDigest, type MarkSet } from '../features/index.ts';
import { callKernel } from '../platform/native/index.ts';
import { findToolPoses, type ToolFace } from './compare-tools.ts';
import { FRAME_PARAMETERS } from './frame-parameters.ts';
import { kernelFace, kernelTools } from './tool-kernel.ts';

/** Frame grid -> face grid, row-major 2 x 3. */
export type FrameMapping = readonly [number, number, number, number, number, number];

export interface LaidFace {
  /** Agreement of the strokes with the frame's, -1..1. */
  readonly strokes: number;
  readonly toFace: FrameMapping;
  /** Marks on the frame, int8; all vectors of one frame have one length and as good as one norm. One a shift. */
  readonly vectors: readonly Int8Array[];
}

const [COLUMNS, UNREGISTERED] = [8, -1]; // as in native/frame.cc

/** The frame of a design of which one face is known. */
export function newFrame({ marks }: ToolFace): MarkSet {
  return { ...marks, marks: new Int8Array(marks.marks.length), walls: marks.walls.map((wall) => (wall === UNKNOWN ? UNKNOWN : 0)) };
}

const UNKNOWN = 255;

/**
 * Lays faces on a frame, in their order; undefined where the strokes cannot be registered.
 * @param shifted every vector also one step to each side: for a probe
 */
export async function layOnFrame(frame: ToolFace, faces: readonly ToolFace[], { shifted = false } = {}): Promise<(LaidFace | undefined)[]> {
  if (faces.length === 0) return [];
  const poses = await findToolPoses(frame, faces);
  const reach = shifted ? FRAME_PARAMETERS.vectorShifts.value : 0;
  const steps = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const shifts = steps.flatMap((y) => steps.map((x) => [x, y] as const));
  const { rows, vectors } = await callKernel<{ rows: Float64Array; vectors: Int8Array[] }>('frame', {
    ...kernelTools(marksDigest, faces.map(({ marks }, i) => ({ marks, poses: poses[i]! })), 'faces'),
    frame: kernelFace(frame.marks, marksDigest),
    vectorPxPerMm: FRAME_PARAMETERS.vectorPxPerMm.value,
    shifts: Int32Array.from(shifts.flat()),
  });
  return faces.map((_, i) => {
    const [pose, strokes, ...toFace] = rows.subarray(i * COLUMNS, (i + 1) * COLUMNS) as unknown as number[];
    if (pose === UNREGISTERED) return undefined;
    const length = vectors[i]!.length / shifts.length;
    return { strokes: strokes!, toFace: toFace as unknown as FrameMapping, vectors: shifts.map((__, k) => vectors[i]!.subarray(k * length, (k + 1) * length)) };
  });
}

/** The frame with the mean of the strokes of faces that were laid on it. */
export async function growFrame(frame: MarkSet, faces: readonly { readonly marks: MarkSet; readonly toFace: FrameMapping }[]): Promise<MarkSet> {
  const grown = await callKernel<{ strokes: Int8Array[]; walls: Uint8Array }>('frameGrow', {
    frame: kernelFace(frame, marksDigest),
    faces: faces.map(({ marks }) => kernelFace(marks, marksDigest)),
    mappings: Float64Array.from(faces.flatMap(({ toFace }) => toFace)),
    share: FRAME_PARAMETERS.sharedBy.value,
  });
  return { ...frame, ...grown };
}
