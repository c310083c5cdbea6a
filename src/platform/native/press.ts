/** The press simulator's kernels. Lengths in mm, z out of the face, y up; tables are rows of numbers. */
import { callKernel } from './binding.ts';

/** Polylines: path i has the points start[i] .. start[i + 1] - 1 of xy, and row i of spec. */
export interface PressPaths {
  readonly xy: Float32Array;
  readonly start: Int32Array;
  readonly spec: Float32Array;
}

/** What a tool is made of; columns of every table are named in native/press.h. */
export interface PressEngraving {
  readonly width: number;
  readonly height: number;
  /** Side of a cell, mm. */
  readonly cell: number;
  readonly drawing: PressPaths;
  /** Width of a groove's wall, mm. */
  readonly edge: number;
  /** Rounding of all edges, sigma in mm. */
  readonly wear: number;
  readonly scratches: PressPaths;
  readonly lays: Float32Array;
  readonly spots: Float32Array;
  readonly polish: Float32Array;
}

export interface PressSpecimen {
  readonly relief: Float32Array;
  readonly reliefWidth: number;
  readonly reliefHeight: number;
  readonly reliefCell: number;
  /** Closed polygon, mm, x y x y ... */
  readonly outline: Float32Array;
  readonly x: number;
  readonly y: number;
  /** Radians, anticlockwise. */
  readonly rotation: number;
  readonly thickness: number;
  readonly bevel: number;
  readonly drop: number;
  readonly bevelEase: number;
  readonly edgeRound: number;
  readonly dome: number;
  readonly press: number;
  readonly fill: number;
  readonly grain: number;
  readonly grainSize: number;
  readonly coarse: number;
  readonly coarseSize: number;
  readonly warp: number;
  readonly warpSize: number;
  readonly tear: number;
  readonly tearSize: number;
  readonly albedo: Float32Array;
  readonly mottle: number;
  readonly mottleSize: number;
  readonly seed: number;
  readonly blobs: Float32Array;
  readonly speckles: Float32Array;
  readonly cracks: PressPaths;
  readonly tape: Float32Array;
}

export interface PressSheet {
  readonly x: number;
  readonly y: number;
  readonly rotation: number;
  readonly width: number;
  readonly height: number;
  readonly thickness: number;
  readonly corner: number;
  readonly round: number;
  readonly albedo: Float32Array;
  readonly ink: Float32Array;
  readonly gloss: number;
  readonly roughness: number;
  readonly tint: number;
  readonly seed: number;
  readonly strokes: Float32Array;
}

export interface PressScene {
  readonly camera: { readonly width: number; readonly height: number; readonly focal: number; readonly distance: number; readonly tilt: number; readonly tiltAzimuth: number; readonly faceZ: number; /** Rays along a side of a pixel: 1, more at low resolution. */ readonly rays: number };
  readonly ground: { readonly kind: number; readonly albedo: Float32Array; readonly second: Float32Array; readonly roughness: number; readonly size: number; readonly direction: number; readonly variation: number; readonly gloss: number; readonly seed: number };
  readonly lamp: { readonly samples: Float32Array; readonly colour: Float32Array; readonly ambient: Float32Array; readonly position: Float32Array; readonly spread: number; readonly bounce: number };
  readonly sensor: { readonly sharp: number; readonly ground: number; readonly depthBlur: number; readonly exposure: number; readonly shot: number; readonly read: number; readonly vignette: number; readonly noiseGrain: number; readonly balance: Float32Array; readonly seed: number };
  readonly shadeScale: number;
  readonly specimens: readonly PressSpecimen[];
  readonly sheets: readonly PressSheet[];
}

export interface PressPicture {
  /** 8-bit sRGB, row by row from the top. */
  readonly rgb: Uint8Array;
  /** Per pixel: 0 ground, i + 1 face of specimen i, 254 the side of one, 255 a wrapping. */
  readonly label: Uint8Array;
}

const SIDE_LIMIT = 16_384;

/** Engraves a tool. Returns the relief it presses, mm, row by row from the top (greatest y). */
export function pressEngrave(job: PressEngraving): Promise<Float32Array> {
  side(job.width);
  side(job.height);
  positive(job.cell);
  return callKernel<Float32Array>('pressEngrave', job);
}

/** Takes one photograph. */
export function pressRender(scene: PressScene): Promise<PressPicture> {
  side(scene.camera.width);
  side(scene.camera.height);
  positive(scene.camera.focal);
  positive(scene.camera.distance - 1);
  if (scene.specimens.length > 250) throw new RangeError('at most 250 specimens in a photograph');
  return callKernel<PressPicture>('pressRender', scene);
}

function side(value: number): void {
  if (!Number.isInteger(value) || value < 4 || value > SIDE_LIMIT) throw new RangeError(`a side must be 4..${SIDE_LIMIT}, not ${value}`);
}

function positive(value: number): void {
  if (!(value > 0)) throw new RangeError(`must be positive, not ${value}`);
}
