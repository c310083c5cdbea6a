/** Every constant of the signed relief. Science, not configuration: nothing outside sets them. */
import { parameter, parametersDigestOf, parameterValues, type ParameterTable, type SpecimenKind } from '../domain/index.ts';

const DEV = 'pressed-dev L01-L07';

/**
 * Lengths are millimetres on a tablet. Moulds of bricks are cut and worn some fifteen times coarser, so a brick is read at
 * a scale that many times smaller (`brickScale`) and every length here is as many times longer on it.
 */
export const MARK_PARAMETERS = Object.freeze({
  pxPerMm: parameter(30, 'px/mm', [10, 60], 'Grid of the signed relief.', 'Finer photographs tell no more: powder shows nothing finer than 0.03 mm'),
  brickScale: parameter(15, '1', [1, 100], 'Lengths on a brick over lengths on a tablet.', 'Width of plate marks over width of punch marks; path-traced bricks: 10 and 20 are worse'),
  usualRadius: parameter(4.25, 'mm', [2, 10], 'Equivalent radius that a face without a scale is read at: bands are wide enough for tablets of 6 to 12 mm, and registration does not need a scale.', 'Median of seized tablets: 8.5 mm across; a brick is 15 times as large'),
  darkOffset: parameter(6, 'grey level', [1, 32], 'Added to grey before the logarithm.', 'As in the logo field'),
  shadeSigma: parameter(0.3, 'mm', [0.1, 2], 'Shading coarser than this is taken away.', DEV),
  rim: parameter(0.4, 'mm', [0, 2], 'Depth of the bevel where a face shows none.', 'Bevels of 0.3 to 0.45 mm'),
  rimLeast: parameter(0.35, 'mm', [0, 1], 'Smallest depth of a bevel.', `${DEV}: 0.25 and 0.45 are worse`),
  rimMost: parameter(1.2, 'mm', [0.3, 3], 'Largest depth of a bevel.', 'Bevels of 0.85 mm'),
  rimMargin: parameter(0.08, 'mm', [0, 1], 'What is left out beside the bevel.', DEV),
  plain: parameter(0.6, 'mm', [0.05, 3], 'From this distance to the outline the face is plain.', 'Twice the bevel'),
  normalSigma: parameter(0.2, 'mm', [0.02, 1], 'Smoothing of the outline before its normals are taken.', 'Half of the bevel'),
  bevelShare: parameter(0.5, '1', [0, 10], 'Weight of the bevel in the azimuth of the lamp; the grain has weight 1.', `${DEV}: alike from 0.2 to 1; bevels chip, and bricks are wrapped`),
  occlusion: parameter(0.06, '1', [0, 1], 'Contrast that comes from hollows seeing less light from all sides, beside that of a bevel under one lamp.', `${DEV}: 0.03 to 0.12 are better than none, for ring lights most of all`),
  noise: parameter(0.3, '1', [0.01, 10], 'Share of the strongest response below which a direction of relief is not restored.', DEV),
  strokeFine0: parameter(0.08, 'mm', [0.01, 1], 'Coarse strokes: fine end of the band (sigma).', DEV),
  strokeCoarse0: parameter(0.3, 'mm', [0.02, 3], 'Coarse strokes: coarse end.', DEV),
  strokeStride0: parameter(3, 'px', [1, 8], 'Coarse strokes: grid step.', 'The band holds nothing finer'),
  strokeFine1: parameter(0.04, 'mm', [0.01, 1], 'Middle strokes: fine end.', DEV),
  strokeCoarse1: parameter(0.16, 'mm', [0.02, 3], 'Middle strokes: coarse end.', DEV),
  strokeStride1: parameter(2, 'px', [1, 8], 'Middle strokes: grid step.', 'The band holds nothing finer'),
  strokeFine2: parameter(0.025, 'mm', [0.005, 1], 'Fine strokes: fine end.', DEV),
  strokeCoarse2: parameter(0.1, 'mm', [0.02, 3], 'Fine strokes: coarse end.', DEV),
  strokeStride2: parameter(1, 'px', [1, 8], 'Fine strokes: grid step.', 'The band holds nothing finer'),
  strokeSpread: parameter(0.6, 'mm', [0.1, 3], 'Surroundings by whose contrast strokes are divided.', DEV),
  strokeFloor: parameter(0.5, '1', [0, 2], 'Least contrast to divide by, over the usual one.', 'Plain powder stays calm beside strokes'),
  strokeClip: parameter(2.5, '1', [1, 6], 'Strokes count no higher than this, in local contrasts.', DEV),
  network: parameter(2, 'version', [1, 1000], 'Which network reads the marks: native/mark-network.onnx.', 'benchmarks/training; a test holds each version to its bytes'),
  planeFine: parameter(0.015, 'mm', [0.005, 0.1], 'Relief that the network sees: fine end of the band (sigma).', 'Half a step of the grid'),
  planeCoarse: parameter(0.25, 'mm', [0.05, 1], 'Relief that the network sees: coarse end.', 'Wider than strokes, so that it can tell them from marks'),
  planeClip: parameter(5, '1', [1, 20], 'What the network sees counts no higher than this, in local contrasts of the face.', 'As it was trained'),
  planeWalls: parameter(4, '1', [1, 20], 'Root of the energy of walls, over its mean, beyond which it sees no difference.', 'As it was trained'),
  markFine: parameter(0.017, 'mm', [0.005, 0.1], 'White band that the network sees, in which every wavelength is made equally strong: fine end (sigma).', `As it was trained; compared without a network, ${DEV}: 0.014 to 0.02 alike`),
  markCoarse: parameter(0.08, 'mm', [0.02, 0.3], 'White band: coarse end.', `As it was trained; without a network, ${DEV}: 0.054 a little worse`),
  markSpread: parameter(0.25, 'mm', [0.05, 2], 'Surroundings by whose contrast marks are divided.', `As it was trained; without a network, ${DEV}: 0.15 alike, 0.5 worse`),
  markCoarsest: parameter(0.1, 'mm', [0.02, 1], 'Surroundings whose mean is taken off what the network finds.', 'As it was trained: what is coarser is dents, which chips look like'),
  markFloor: parameter(0.25, '1', [0.01, 2], 'Least spread by which what it finds is divided: stronger marks count less than they are high, weak ones as they are.', 'As it was trained'),
  markClip: parameter(3, '1', [1, 6], 'Marks count no higher than this.', 'As it was trained'),
  wallFine: parameter(0.035, 'mm', [0.01, 0.3], 'Walls of the design: fine end of the band (sigma).', DEV),
  wallCoarse: parameter(0.2, 'mm', [0.05, 2], 'Walls of the design: coarse end.', DEV),
  fullOfStrokes: parameter(0.65, '1', [0.1, 1], 'Share of a face that walls leave free, below which they are masked more firmly: in a face full of strokes the mean is that of walls, and what is left of them would drown the marks.', 'Simulated, 20 designs: plain designs leave 0.60 to 0.85, a rosette and a web 0.43 to 0.53; 0.7 alike'),
  firmness: parameter(3, '1', [0, 8], 'How fast they are masked more firmly: power of that share.', `Simulated, 20 designs, one lamp: TAR at FAR 1 % 27 % with 0, 31 % with 3; four lamps: 24 and 64 %; ${DEV}: no worse`),
  wallSpread: parameter(0.05, 'mm', [0.01, 0.5], 'Surroundings over which their energy is averaged.', 'A mark beside a wall is drowned by it'),
} satisfies ParameterTable);

export type MarkParameterName = keyof typeof MARK_PARAMETERS;

/** Name -> value, for the kernel. */
export const markValues = (): Record<MarkParameterName, number> => parameterValues(MARK_PARAMETERS);

/** Layout version of a mark set: raised when a stored one can no longer be read or compared. */
export const MARK_VERSION = 1;

/** The provenance stamp of every mark set. */
export const marksDigest: string = parametersDigestOf(`marks/${MARK_VERSION}`, MARK_PARAMETERS);

/** Millimetres on a specimen a millimetre of the tables of marks and tools. */
export const lengthsOn = (kind: SpecimenKind): number => (kind === 'brick' ? MARK_PARAMETERS.brickScale.value : 1);
