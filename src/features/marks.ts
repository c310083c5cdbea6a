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
import type { FaceCrop, MeasuredFace } from '../imaging/index.ts';
import { callKernel } from '../platform/native/index.ts';
import { extractField } from './kernel.ts';
import { lightValues, MOST_PHOTOGRAPHS } from './light-parameters.ts';
import { lengthsOn, MARK_PARAMETERS, marksDigest, markValues } from './mark-parameters.ts';
import type { FeatureSet } from './types.ts';

/** The lamp of one photograph. */
export interface MarkLight {
  /** Where the lamp stands, degrees from the crop's right towards its bottom; the known value where there is one. */
  readonly azimuthDeg: number;
  /** Amplitude of the bevel's brightness around the face, natural logarithm: near 0 under a ring light. */
  readonly bevelContrast: number;
  /** How far the two estimates of the azimuth (grain, bevel) lie apart, degrees. */
  readonly spreadDeg: number;
}

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
  /** Fine marks, size * size; ridges positive. Of a photograph as the network reads them, 127 = markClip; of a scanned surface its own relief. */
  readonly marks: Int8Array;
  /** Energy of the design's walls over the face's mean, size * size; 32 = 1; 255 where nothing is known. */
  readonly walls: Uint8Array;
}

export interface MarkSet extends MarkField {
  /** True when the photograph has no scale, so that the face was read at the usual size. */
  readonly scaleAssumed: boolean;
  /** Of the first photograph. */
  readonly light: MarkLight;
  /** Of the others, where the relief was made of several. */
  readonly furtherLights: readonly MarkLight[];
  /** True when slopes were solved pixel by pixel under lamps of known azimuth. */
  readonly photometric: boolean;
}

/** Another photograph of the unmoved face, cut as the first one was. */
export interface FurtherLight {
  readonly crop: FaceCrop;
  readonly azimuthDeg?: number | undefined;
}

/** What is known beyond the first photograph; azimuths in degrees from the crop's right towards its bottom. */
export interface MarkHints {
  /** Where the lamp of the first photograph stands. */
  readonly azimuthDeg?: number | undefined;
  readonly further?: readonly FurtherLight[];
}

interface KernelAnswer {
  readonly size: number;
  readonly lamps: readonly { readonly azimuthDeg: number; readonly axisDeg: number; readonly bevelDeg: number; readonly bevelContrast: number }[];
  readonly photometric: boolean;
  readonly strokes: Int8Array[];
  readonly marks: Int8Array;
  readonly walls: Uint8Array;
}

/** A grid wider than this is no tablet's nor brick's, and one narrower than that shows no marks: the scale must be wrong. */
const [LEAST_GRID, LARGEST_GRID] = [48, 1000];

/**
 * Deterministic. Without a scale the face is read as if it had the usual size, and the mark set says so.
 * @param features of the same face, for its frame and the axis of the lamp
 * @throws Problem scale-implausible when by its scale the face has the size of no specimen
 * @throws Problem photographs-apart when further photographs do not lie on the first
 */
export async function extractMarks(face: MeasuredFace, features: FeatureSet, { azimuthDeg, further = [] }: MarkHints = {}): Promise<MarkSet> {
  const { crop, scale, kind } = face;
  const values = markValues();
  const lengths = lengthsOn(kind);
  const mmPerCrop = scale.mmPerPx === null ? (values.usualRadius * lengths) / (features.frame.radius * crop.size) : scale.mmPerPx / crop.pxScale;
  const perCrop = (mmPerCrop * values.pxPerMm) / lengths;
  const [x, y] = features.frame.centre;
  if (further.length >= MOST_PHOTOGRAPHS || further.some((f) => f.crop.size !== crop.size)) throw new RangeError(`at most ${MOST_PHOTOGRAPHS} photographs, all with the crop of the first`);
  if (perCrop * crop.size > LARGEST_GRID || perCrop * crop.size < LEAST_GRID) throw problem('scale-implausible', { mm: (mmPerCrop * crop.size).toPrecision(3) });
  const photographs: { rgb: Uint8Array; light: Float32Array; azimuthDeg: number }[] = [{ rgb: crop.rgb, light: Float32Array.from(features.light), azimuthDeg: azimuthDeg ?? Number.NaN }];
  for (const { crop: { rgb }, crop, azimuthDeg } of further) photographs.push({ rgb, light: azimuthDeg === undefined ? (await extractField(crop)).light : axisOf(azimuthDeg), azimuthDeg: azimuthDeg ?? Number.NaN });
  const { size, lamps, photometric, strokes, marks, walls } = await callKernel<KernelAnswer>('marks', {
    photographs, mask: crop.mask, size: crop.size, centreX: x * crop.size - 0.5, centreY: y * crop.size - 0.5, perCrop, ...values, ...lightValues(),
  });
  const [light, ...furtherLights] = lamps.map(({ azimuthDeg, bevelContrast, axisDeg, bevelDeg }): MarkLight => ({ azimuthDeg, bevelContrast, spreadDeg: Math.abs(((axisDeg - bevelDeg + 540) % 360) - 180) }));
  return {
    parametersDigest: marksDigest,
    size,
    unit: 1 / (perCrop * crop.size),
    centre: [x - 0.5, y - 0.5],
    scaleAssumed: scale.mmPerPx === null,
    light: light!,
    furtherLights,
    photometric,
    strokes,
    strides: [MARK_PARAMETERS.strokeStride0.value, MARK_PARAMETERS.strokeStride1.value, MARK_PARAMETERS.strokeStride2.value],
    marks,
    walls,
  };
}

/** An azimuth as a doubled angle. */
const axisOf = (azimuthDeg: number): Float32Array => Float32Array.of(Math.cos((azimuthDeg * Math.PI) / 90), Math.sin((azimuthDeg * Math.PI) / 90));
