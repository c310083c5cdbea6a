/** The typed door to the native kernels `measure` and `cut`: checks first, then one call. */
import { callKernel } from '../platform/native/index.ts';
import { value } from './parameters.ts';
import type { FaceCrop, FaceGeometry, Photograph } from './types.ts';

/** A closed outline that may be a face's; all shares are 0..1. */
export interface FoundOutline {
  readonly outlinePx: Float32Array;
  /** Expected overlap (intersection over union) with a face. */
  readonly score: number;
  /** Share of the outline on the frame. */
  readonly cropped: number;
  /** Area over the area of the convex hull. */
  readonly solidity: number;
}

export interface FoundFace extends FoundOutline {
  readonly crop: FaceCrop;
  readonly tiltDeg: number | null;
  /** Longest and shortest caliper and area of the rectified outline, in original pixels. */
  readonly longPx: number;
  readonly shortPx: number;
  readonly areaPx: number;
  /** The smallest turned rectangle around the outline: share it fills, longer over shorter side. */
  readonly boxFill: number;
  readonly boxAspect: number;
  /** Finest division of the ruler where it is nearest to this face, in pixels along the ruler; 0 without one. */
  readonly divisionPx: number;
  readonly sharpness: number;
  readonly clippedDark: number;
  readonly clippedBright: number;
  readonly lightDirectionality: number;
  readonly lightAzimuthDeg: number | null;
}

/** Ticks of a ruler on the upright original. */
export interface FoundRuler {
  readonly found: boolean;
  readonly relativeError: number;
  readonly reason: string;
  readonly ticksPx: Float32Array;
}

export interface KernelAnswer {
  readonly faces: readonly FoundFace[];
  /** All that looked like a face, the likeliest first, also what was not taken. */
  readonly candidates: readonly FoundOutline[];
  readonly ruler: FoundRuler;
}

function checkPicture(photo: Photograph): void {
  if (!Number.isInteger(photo.width) || !Number.isInteger(photo.height) || photo.width < 1 || photo.height < 1) throw new RangeError('a photograph has at least one pixel');
  if (photo.rgb.length !== photo.width * photo.height * 3) throw new RangeError('rgb must hold width * height * 3 bytes');
}

/** Everything that is measured on one photograph, in one call off the main thread. */
export function measureKernel(photo: Photograph): Promise<KernelAnswer> {
  checkPicture(photo);
  return callKernel<KernelAnswer>('measure', {
    rgb: photo.rgb,
    width: photo.width,
    height: photo.height,
    outlineSidePx: value('outlineSidePx'),
    rulerSidePx: value('rulerSidePx'),
    minSpan: value('minSpan'),
    sureScore: value('sureScore'),
    minScore: value('minScore'),
    cropSidePx: value('cropSidePx'),
    tiltAxisRatio: value('tiltAxisRatio'),
  });
}

/** Cuts a crop again from its stored geometry: the same pixels as when it was measured. */
export function cutFace(photo: Photograph, geometry: FaceGeometry): Promise<FaceCrop> {
  checkPicture(photo);
  if (!Number.isInteger(geometry.size) || geometry.size < 1 || geometry.size > 4096) throw new RangeError('a crop is 1..4096 pixels wide');
  return callKernel<FaceCrop>('cut', {
    rgb: photo.rgb,
    width: photo.width,
    height: photo.height,
    outlinePx: geometry.outlinePx,
    size: geometry.size,
    pxScale: geometry.pxScale,
    toOriginal: geometry.toOriginal,
  });
}
