/** Door to native/extract.cc: checks the crop, then one call does the whole stage. */
import type { FaceCrop } from '../imaging/index.ts';
import { callKernel } from '../platform/native/index.ts';
import { featureValues } from './parameters.ts';

export interface ExtractedField {
  readonly field: Int8Array;
  readonly weight: Uint8Array;
  readonly embedding: Int8Array;
  readonly outline: Float32Array;
  readonly colour: Float32Array;
  /** The lamp's azimuth as a doubled angle, longer the more directed the light. */
  readonly light: Float32Array;
  /** Equivalent radius and centre of the outline, in crop pixels. */
  readonly radiusPx: number;
  readonly centreX: number;
  readonly centreY: number;
  readonly elongation: number;
  readonly scoreStrength: number;
  readonly scoreAngleDeg: number;
  /** The working picture: workSize * workSize grey values. */
  readonly workSize: number;
  readonly canonical: Uint8Array;
}

/**
 * @throws RangeError when the crop's buffers do not have the crop's size (a defect of the caller)
 * @throws Problem face-not-found when the mask is empty
 */
export function extractField(crop: FaceCrop): Promise<ExtractedField> {
  const cells = crop.size * crop.size;
  if (!Number.isInteger(crop.size) || crop.size < 16 || crop.rgb.length !== cells * 3 || crop.mask.length !== cells) throw new RangeError(`a crop of side ${crop.size} needs ${cells * 3} colour and ${cells} mask bytes`);
  return callKernel<ExtractedField>('extract', { rgb: crop.rgb, mask: crop.mask, size: crop.size, ...featureValues() });
}
