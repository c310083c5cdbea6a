/**
 * The parameters of measuring: science, not configuration. Lengths are shares of the photograph or
 * the face, because the scale is not known yet when a face is looked for.
 */
import type { ParameterTable } from '../domain/index.ts';

const define = <T extends ParameterTable>(table: T): Readonly<T> => Object.freeze(table);

export const PARAMETERS = define({
  faceNetwork: { value: 6, unit: 'version', range: [1, 1000], meaning: 'Which network says where a face is: native/face-network.onnx.', origin: 'benchmarks/training; a test holds each version to its bytes' },
  outlineSidePx: { value: 800, unit: 'px', range: [500, 2000], meaning: 'Long side of the picture in which faces are looked for, as a whole and from close by.', origin: 'a face that spans a quarter of it still fills what the network sees from close by; the side that rulers need, so the picture is made once' },
  rulerSidePx: { value: 800, unit: 'px', range: [600, 2000], meaning: 'Long side of the picture in which ticks are looked for.', origin: 'four pixels a millimetre, the least that ticks need, on a 200 mm field of view' },
  minSpan: { value: 0.1, unit: 'of the short side', range: [0.02, 0.5], meaning: 'The smallest face looked for.', origin: 'smaller faces carry no usable marks' },
  sureScore: { value: 0.95, unit: '1', range: [0, 1], meaning: 'Overlap with a face that is to be expected of an outline which the network need not look at from all sides.', origin: 'time: 8 % of 892 development photographs have less, among them all 3 that were wrong' },
  minScore: { value: 0.88, unit: '1', range: [0, 1], meaning: 'Overlap with a face that is to be expected of a reported outline.', origin: 'set with network version 4, on 424 simulated and 256 path-traced development photographs: no right one held an outline below 0.899, 1 of 8 wrong ones did; with version 6 the least of 1947 right ones is 0.886 and no wrong one lies below 0.91; lower on scenes drawn in flat colours, which are found from 0.88 on' },
  cropSidePx: { value: 1024, unit: 'px', range: [256, 4096], meaning: 'Largest side of a face crop; never more pixels than the original has.', origin: 'about 100 px a millimetre on a tablet, finer than any mark that powder keeps' },
  tiltAxisRatio: { value: 0.955, unit: '1', range: [0.9, 1], meaning: 'An elliptic outline rounder than this is a tilted circle (17 degrees); a flatter one is an oval.', origin: 'oval tablets are pressed with axis ratios below 0.9' },
  minFaceSpanPx: { value: 120, unit: 'px', range: [40, 1000], meaning: 'A face with fewer pixels across is refused.', origin: 'a logo of an eighth of the face needs 15 px' },
  minSharpness: { value: 1.35, unit: '1', range: [0, 3], meaning: 'A face less sharp than this is refused.', origin: 'reached by development photographs when blurred by 1.3 % of the face (0.1 mm on a tablet); unblurred they have 2.1 to 3.3' },
  maxClippedBright: { value: 0.5, unit: 'of the face', range: [0, 1], meaning: 'A face with more white pixels is refused.', origin: 'half of the relief is gone' },
  maxClippedDark: { value: 0.5, unit: 'of the face', range: [0, 1], meaning: 'A face with more black pixels is refused.', origin: 'half of the relief is gone' },
  tabletSizeMm: { value: 9, unit: 'mm', range: [5, 15], meaning: 'Median size of tablets: diameter of a circle of the same area.', origin: '494 seized ecstasy tablets, 5 to 13 mm' },
  tabletSizeSpread: { value: 1.3, unit: 'ratio', range: [1.1, 2], meaning: 'Two tablets in three lie within this ratio of the median.', origin: 'the same, widened for tablets of other drugs and for a ruler below the face' },
  brickSizeMm: { value: 180, unit: 'mm', range: [100, 300], meaning: 'Median size of bricks, likewise.', origin: 'moulds of 200 x 140 mm' },
  brickSizeSpread: { value: 1.35, unit: 'ratio', range: [1.1, 2], meaning: 'Two bricks in three lie within this ratio of the median.', origin: 'half-kilogram and broken bricks' },
  rectangularTablets: { value: 0.1, unit: '1', range: [0.01, 0.5], meaning: 'Share of tablets whose outline is a rectangle.', origin: 'few tablets are' },
  rectangularBricks: { value: 0.6, unit: '1', range: [0.3, 0.9], meaning: 'Share of bricks whose outline is found as a rectangle.', origin: 'the others are broken, wrapped or cut by the frame' },
  smoothTablets: { value: 0.6, unit: '1', range: [0.3, 0.8], meaning: 'Share of tablets whose outline is smooth, convex and no rectangle.', origin: 'round, oval and capsule tablets' },
  smoothBricks: { value: 0.01, unit: '1', range: [0.001, 0.05], meaning: 'Share of bricks with such an outline.', origin: 'moulds are rectangles, and the rims of bricks crumble' },
  smoothSolidity: { value: 0.985, unit: '1', range: [0.97, 0.995], meaning: 'Area over that of the convex hull from which an outline is smooth.', origin: 'development photographs: bricks 0.89 to 0.98, round and oval tablets 0.98 to 1.00' },
  brickBoxFill: { value: 0.93, unit: '1', range: [0.8, 1], meaning: 'Share of its turned bounding rectangle that a brick fills.', origin: 'a tablet of rounded square outline fills 0.90 to 0.96' },
  brickBoxAspect: { value: 1.15, unit: '1', range: [1, 2], meaning: 'Longer over shorter side from which a rectangle is taken for a brick.', origin: 'moulds of 200 x 140 mm' },
  rulerDepthLow: { value: 0.88, unit: '1', range: [0.7, 1], meaning: 'Smallest true scale at the face over the reading of a ruler that lies below it.', origin: 'a ruler 3-4 mm below the face under a close camera reads 3-13 % too large' },
  rulerTiltLow: { value: 0.97, unit: '1', range: [0.8, 1], meaning: 'Smallest true scale over the reading of a ruler that is foreshortened by tilt.', origin: 'cosine of 15 degrees' },
  rulerMargin: { value: 0.003, unit: '1', range: [0, 0.05], meaning: 'Relative error of a ruler reading itself.', origin: 'simulated rulers' },
});

export type ParameterName = keyof typeof PARAMETERS;
/** The number of one parameter. */
export const value = (name: ParameterName): number => PARAMETERS[name].value;
