/** A scanned surface: heights on a regular grid, with what the instrument's file says of itself. */

export interface SurfaceRecord {
  /** `SUR` for a surface; kept as written. */
  readonly featureType: string;
  readonly revision: string;
  /** Date of the measurement, as written. */
  readonly date: string;
  readonly creator: string | null;
  readonly comment: string | null;
  readonly calibrationDate: string;
  readonly instrument: { readonly manufacturer: string; readonly model: string; readonly serial: string; readonly version: string };
  readonly probing: { readonly type: string; readonly identification: string };
}

export interface Surface {
  readonly width: number;
  readonly height: number;
  /** Distance of two heights along a row and from row to row, metres as in the file. */
  readonly stepXM: number;
  readonly stepYM: number;
  /** Where the first height lies, metres. */
  readonly offsetXM: number;
  readonly offsetYM: number;
  /** Heights in metres, row by row, width * height; NaN where nothing was measured. On which side the first row lies, writers disagree. */
  readonly heightsM: Float64Array;
  /** Floating point that holds the file's heights without loss. */
  readonly precision: 'single' | 'double';
  readonly record: SurfaceRecord;
}

/** The surface with its heights negated, or as its mirror image (left and right), or both: a tool becomes its impression. */
export function turnedOver(surface: Surface, invert: boolean, mirror: boolean): Surface {
  const { width, heightsM } = surface;
  const sign = invert ? -1 : 1;
  return { ...surface, heightsM: heightsM.map((_, i) => sign * heightsM[mirror ? i - (i % width) + width - 1 - (i % width) : i]!) };
}
