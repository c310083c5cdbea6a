/** Every constant of the design comparison. Science, not configuration: nothing outside sets them. */
import { parameter, parametersDigestOf, parameterValues, type ParameterTable } from '../domain/index.ts';

/** `r` is the equivalent radius of the face. The rotation is searched over all 128 steps of 2.8 degrees. */
export const POSE_PARAMETERS = Object.freeze({
  ringFrom: parameter(0.1, 'r', [0, 1], 'Innermost of the 16 rings of the coarse search.', 'Inside it angles are undefined'),
  ringTo: parameter(0.92, 'r', [0.5, 1.3], 'Outermost ring.', 'The rim begins at 0.9 r on a round face'),
  coarseSigma: parameter(0.02, 'r', [0.005, 0.2], 'Smoothing before the rings are sampled: about the step of the search.', 'pressed-dev L01-L07'),
  circleWeight: parameter(0.3, '1', [0, 1], 'Share of an engraved circle that is kept: many designs have one, it tells no rotation, locks to the lamp and is long enough to outweigh the rest.', 'Simulated look-alikes inside a circle; pressed-dev L01-L07'),
  circleFrom: parameter(0.2, 'r', [0, 1], 'Radius of the smallest engraved circle looked for.', 'Smaller ones are strokes of a design; set by hand'),
  circleShift: parameter(0.054, 'r', [0, 0.2], 'How far the centre of a circle may lie from that of the outline.', 'Two cells of the field; set by hand'),
  circleAgreementFrom: parameter(0.35, '1', [0, 1], 'Agreement of the orientations along a ring with a circle at which it begins to count as one.', 'Set by hand'),
  circleAgreementFull: parameter(0.65, '1', [0, 1], 'Agreement at which a ring wholly counts as a circle.', 'Set by hand'),
  reliefShare: parameter(0.7, '1', [0, 4], 'Energy of the relief beside that of the orientations. Pits have no orientation of their own: under one lamp theirs is the lamp\'s.', 'Simulated dot designs; 0.5-1 alike'),
  shiftStep: parameter(0.04, 'r', [0.01, 0.1], 'Step of the search over shifts, whole outlines.', 'Field smoothing of 0.04 r'),
  shiftCount: parameter(1, 'steps', [0, 4], 'Steps to each side.', 'Centres of whole outlines agree to 0.03 r'),
  scaleStep: parameter(0.04, '1', [0.01, 0.1], 'Step of the search over scales, whole outlines.', 'Field smoothing at the rim'),
  scaleCount: parameter(1, 'steps', [0, 4], 'Steps to each side.', 'Radii of whole outlines agree to 3 %'),
  partialShiftStep: parameter(0.1, 'r', [0.01, 0.2], 'Step of the search over shifts where an outline is not whole.', 'Cost'),
  partialShiftCount: parameter(3, 'steps', [0, 8], 'Steps to each side.', 'A third of a brick may be wrapped or cut off'),
  partialScaleStep: parameter(0.08, '1', [0.01, 0.2], 'Step of the search over scales where an outline is not whole.', 'Cost'),
  partialScaleCount: parameter(2, 'steps', [0, 6], 'Steps to each side.', 'The radius of a third less area is 18 % smaller'),
  lampFrom: parameter(0.06, '1', [0, 0.5], 'Length of a face\'s light at which it begins to be one lamp.', 'Simulated ring lights: 0.04 median, 0.07 the ninth tenth'),
  lampFull: parameter(0.18, '1', [0, 0.5], 'Length at which the light wholly counts as one lamp: a stroke along it is then hidden, not missing.', 'Simulated raking lights: 0.26 median, 0.14 the first tenth'),
  worstShare: parameter(0.2, '1', [0.01, 1], 'Share of the energy, where two faces agree worst, that makes half of the score: look-alikes differ in one place, lamp and wear everywhere.', 'Simulated look-alikes; 0.15-0.4 alike'),
  partSide: parameter(0.27, 'r', [0.03, 1], 'Side of the squares among which the worst are looked for.', 'About three of the narrowest strokes seen (0.08 r); set by hand'),
  worstOffset: parameter(0.4, '1', [0, 2], 'Added to the agreement, which runs from -2 to 2, before it is scaled to 0..1: the worst parts of strangers contradict, and their scores keep their order instead of ending at 0.', 'Set by hand so that few simulated pairs end at 0; not fitted'),
  keep: parameter(4, 'poses', [1, 16], 'Coarse poses that are refined.', 'pressed-dev L01-L07'),
  refineFloor: parameter(0.15, '1', [0, 1], 'Coarse score under which a pose is not refined.', 'Cost'),
  iterations: parameter(4, 'steps', [0, 20], 'Gauss-Newton steps of the refinement.', 'Converges in three'),
} satisfies ParameterTable);

export const PARTIAL_PARAMETERS = Object.freeze({
  outlineSpread: parameter(0.06, '1', [0.005, 0.5], 'Distance of two outline spectra at which the outline score is exp(-1/2).', 'Chips and shadows change a spectrum by 0.01-0.02; a square differs from a circle by 0.1'),
  outlineInfluence: parameter(0.2, '1', [0, 1], 'Share of the score that contradicting whole outlines take away.', 'Shapes of one punch seldom differ, but one drawing may be cut into two shapes; pressed-dev L01-L07'),
  sizeSpread: parameter(0.02, '1', [0.001, 0.2], 'Gap between the two possible ranges of size, relative, at which the size score is exp(-1/2).', 'Within-batch spread of diameters is 0.3 %; outline errors about 1 %'),
} satisfies ParameterTable);

export type PoseParameterName = keyof typeof POSE_PARAMETERS;

export const poseValues = (): Record<PoseParameterName, number> => parameterValues(POSE_PARAMETERS);

/** The provenance stamp of every comparison. */
export const parametersDigest: string = parametersDigestOf('comparison', { ...POSE_PARAMETERS, ...PARTIAL_PARAMETERS });
