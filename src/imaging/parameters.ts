/**
 * The parameters of measuring: science, not configuration. Lengths are shares of the photograph or
 * the face, because the scale is not known yet when a face is looked for.
 */
export interface Parameter {
  readonly value: number;
  readonly unit: string;
  readonly range: readonly [number, number];
  readonly meaning: string;
  readonly origin: string;
}

const define = <T extends Record<string, Parameter>>(table: T): Readonly<T> => Object.freeze(table);

export const PARAMETERS = define({
  searchSidePx: { value: 320, unit: 'px', range: [160, 640], meaning: 'Long side of the picture in which faces are looked for.', origin: 'smallest size at which outlines of tablets an eighth of the picture wide stay whole' },
  outlineSidePx: { value: 1000, unit: 'px', range: [500, 2000], meaning: 'Long side of the picture in which an outline is moved onto its edge.', origin: 'an outline to a thousandth of the picture' },
  rulerSidePx: { value: 1280, unit: 'px', range: [600, 2000], meaning: 'Long side of the picture in which ticks are looked for.', origin: 'three pixels a millimetre on a 400 mm field of view' },
  minSpan: { value: 0.1, unit: 'of the short side', range: [0.02, 0.5], meaning: 'The smallest face looked for.', origin: 'smaller faces carry no usable marks' },
  minSupport: { value: 0.45, unit: '1', range: [0, 1], meaning: 'Share of an outline that must lie on a colour step.', origin: 'development photographs' },
  minScore: { value: 0.2, unit: '1', range: [0, 1], meaning: 'The smallest outline score at which a face is reported.', origin: 'development photographs' },
  cropSidePx: { value: 1024, unit: 'px', range: [256, 4096], meaning: 'Largest side of a face crop; never more pixels than the original has.', origin: 'about 100 px a millimetre on a tablet, finer than any mark that powder keeps' },
  tiltAxisRatio: { value: 0.955, unit: '1', range: [0.9, 1], meaning: 'An elliptic outline rounder than this is a tilted circle (17 degrees); a flatter one is an oval.', origin: 'oval tablets are pressed with axis ratios below 0.9' },
  minFaceSpanPx: { value: 120, unit: 'px', range: [40, 1000], meaning: 'A face with fewer pixels across is refused.', origin: 'a logo of an eighth of the face needs 15 px' },
  minSharpness: { value: 0.3, unit: '1', range: [0, 3], meaning: 'A face less sharp than this is refused.', origin: 'development photographs blurred step by step' },
  maxClippedBright: { value: 0.5, unit: 'of the face', range: [0, 1], meaning: 'A face with more white pixels is refused.', origin: 'half of the relief is gone' },
  maxClippedDark: { value: 0.5, unit: 'of the face', range: [0, 1], meaning: 'A face with more black pixels is refused.', origin: 'half of the relief is gone' },
  rulerDepthLow: { value: 0.88, unit: '1', range: [0.7, 1], meaning: 'Smallest true scale at the face over the reading of a ruler that lies below it.', origin: 'a ruler 3-4 mm below the face under a close camera reads 3-13 % too large' },
  rulerMarginPx: { value: 0.003, unit: '1', range: [0, 0.05], meaning: 'Relative error of a ruler reading itself.', origin: 'simulated rulers' },
});

export type ParameterName = keyof typeof PARAMETERS;
/** The number of one parameter. */
export const value = (name: ParameterName): number => PARAMETERS[name].value;
