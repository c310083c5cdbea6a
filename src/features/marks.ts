/**
 * One face -> its signed relief: what one lamp tells of heights, with strokes for registration, fine marks for the
 * comparison of tools, and the walls that the design explains. Individual characteristics live here; whose they are,
 * only a comparison can say.
 *
 * Under one lamp at azimuth l a small slope of the height Z shows as I(k) = -i (k.l) Z(k): the same ridge is bright on one
 * side or on the other, and not at all along the light. Steering a Riesz filter along the light undoes the side, so
 * that photographs under different lamps can be compared with their sign.
 */
import { problem } from '../domain/index.ts';
import type { MeasuredFace } from '../imaging/index.ts';
import { callKernel } from '../platform/native/index.ts';
import { lengthsOn, MARK_PARAMETERS, marksDigest, markValues } from './mark-parameters.ts';
import type { FeatureSet } from './types.ts';

/** Relief on a square grid, as tools are compared on it. */
export interface MarkField {
  /** Digest of the parameters that made it: two are comparable only when it is the same. */
  readonly parametersDigest: string;
  /** Side of the square grid, in cells; its middle lies on the centre of the outline. */
  readonly size: number;
  /** Sides of the face's crop that one cell spans. */
  readonly unit: number;
  /** Place of the grid's middle in the crop: from the crop's middle, in its sides, y down. */
  readonly centre: readonly [number, number];
  /** Signed relief of the strokes in three bands, coarse to fine; row by row, every `strides[i]`-th cell of the grid. */
  readonly strokes: readonly Int8Array[];
  readonly strides: readonly number[];
  /** Signed relief of fine marks, size * size; ridges positive; 127 = markRidge local contrasts. */
  readonly marks: Int8Array;
  /** Energy of the design's walls over the face's mean, size * size; 32 = 1; 255 where nothing is known. */
  readonly walls: Uint8Array;
}

export interface MarkSet extends MarkField {
  /** True when the photograph has no scale, so that the face was read at the usual size. */
  readonly scaleAssumed: boolean;
  readonly light: {
    /** Where the lamp stands, degrees from the crop's right towards its bottom. */
    readonly azimuthDeg: number;
    /** Amplitude of the bevel's brightness around the face, natural logarithm: near 0 under a ring light. */
    readonly bevelContrast: number;
    /** How far the two estimates of the azimuth (grain, bevel) lie apart, degrees. */
    readonly spreadDeg: number;
  };
}

interface KernelAnswer {
  readonly size: number;
  readonly azimuthDeg: number;
  readonly axisDeg: number;
  readonly bevelDeg: number;
  readonly bevelContrast: number;
  readonly strokes: Int8Array[];
  readonly marks: Int8Array;
  readonly walls: Uint8Array;
}

/** A grid wider than this is no tablet's nor brick's, and one narrower than that shows no marks: the scale must be wrong. */
const [LEAST_GRID, LARGEST_GRID] = [48, 2000];

/**
 * Deterministic. Without a scale the face is read as if it had the usual size, and the mark set says so.
 * @param features of the same face, for its frame and the axis of the lamp
 * @throws Problem scale-implausible when by its scale the face has the size of no specimen
 */
export async function extractMarks(face: MeasuredFace, features: FeatureSet): Promise<MarkSet> {
  const { crop, scale, kind } = face;
  const values = markValues();
  const lengths = lengthsOn(kind);
  const mmPerCrop = scale.mmPerPx === null ? (values.usualRadius * lengths) / (features.frame.radius * crop.size) : scale.mmPerPx / crop.pxScale;
  const perCrop = (mmPerCrop * values.pxPerMm) / lengths;
  const [x, y] = features.frame.centre;
  if (perCrop * crop.size > LARGEST_GRID || perCrop * crop.size < LEAST_GRID) throw problem('scale-implausible', { mm: (mmPerCrop * crop.size).toPrecision(3) });
  const answer = await callKernel<KernelAnswer>('marks', {
    rgb: crop.rgb, mask: crop.mask, size: crop.size, centreX: x * crop.size - 0.5, centreY: y * crop.size - 0.5, perCrop,
    light: Float32Array.from(features.light), ...values,
  });
  const { size, azimuthDeg, bevelContrast, axisDeg, bevelDeg, strokes, marks, walls } = answer;
  return {
    parametersDigest: marksDigest,
    size,
    unit: 1 / (perCrop * crop.size),
    centre: [x - 0.5, y - 0.5],
    scaleAssumed: scale.mmPerPx === null,
    light: { azimuthDeg, bevelContrast, spreadDeg: Math.abs(((axisDeg - bevelDeg + 540) % 360) - 180) },
    strokes,
    strides: [MARK_PARAMETERS.strokeStride0.value, MARK_PARAMETERS.strokeStride1.value, MARK_PARAMETERS.strokeStride2.value],
    marks,
    walls,
  };
}
