import type { Scale, SpecimenKind } from '../domain/index.ts';

/** A decoded photograph, upright (EXIF orientation applied). */
export interface Photograph {
  readonly width: number;
  readonly height: number;
  /** sRGB, interleaved RGB, 8 bit, width * height * 3 bytes. */
  readonly rgb: Uint8Array;
}

/** What the photograph is known to show before it is looked at; everything is optional. */
export interface MeasureHints {
  /** Millimetres per pixel at the face, when the laboratory knows it. */
  readonly mmPerPx?: number;
  readonly kind?: SpecimenKind;
}

/** How good a photograph of a face is, in numbers. */
export interface FaceQuality {
  /** Overlap (intersection over union) of the outline with the face that is to be expected, 0..1: how sure the outline is. */
  readonly expectedOverlap: number;
  /** Acutance at the face's own scale; dimensionless, higher is sharper. */
  readonly sharpness: number;
  /** Fraction of the face's pixels at the black or white end. */
  readonly clippedDark: number;
  readonly clippedBright: number;
  /** Pixels across the face's longer side, and per millimetre (null without a scale). */
  readonly spanPx: number;
  readonly pxPerMm: number | null;
  /** 0 (no direction: ring or diffuse light) .. 1 (one raking lamp). */
  readonly lightDirectionality: number;
  /** Azimuth the light comes from, degrees counter-clockwise from the picture's right; null when undirected. */
  readonly lightAzimuthDeg: number | null;
}

/** One face of one specimen, cut out of a photograph, upright as photographed and rectified for tilt. */
export interface MeasuredFace {
  readonly kind: SpecimenKind;
  /** Closed polygon on the upright original: x0, y0, x1, y1, ... in pixels. */
  readonly outlinePx: Float32Array;
  /** x, y, width, height on the upright original, in pixels. */
  readonly bboxPx: readonly [number, number, number, number];
  readonly scale: Scale;
  /** True when the outline is not whole: broken, cropped by the frame or partly wrapped. */
  readonly partial: boolean;
  /** Longest and shortest caliper of the outline in mm; null without a scale. */
  readonly lengthMm: number | null;
  readonly widthMm: number | null;
  /** Equivalent-area diameter in mm; null without a scale. */
  readonly diameterMm: number | null;
  readonly tiltDeg: number | null;
  readonly quality: FaceQuality;
  readonly crop: FaceCrop;
}

/** What is needed to cut the same crop again from the original; small enough to store. */
export interface FaceGeometry {
  /** Closed polygon on the upright original: x0, y0, x1, y1, ... in pixels. */
  readonly outlinePx: Float32Array;
  readonly size: number;
  readonly pxScale: number;
  /** Row-major 3x3 homography from crop pixels to pixels of the upright original. */
  readonly toOriginal: Float64Array;
}

/** The rectified face: square, centred on the outline, the outline's longer side filling 90 % of it. */
export interface FaceCrop {
  readonly size: number;
  /** size * size * 3, sRGB. */
  readonly rgb: Uint8Array;
  /** size * size, 255 inside the outline, 0 outside. */
  readonly mask: Uint8Array;
  /** Crop pixels per original pixel; mm per crop pixel is mmPerPx / pxScale. */
  readonly pxScale: number;
  /** Row-major 3x3 homography from crop pixels to pixels of the upright original. */
  readonly toOriginal: Float64Array;
}
