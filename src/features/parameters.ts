/** Every constant of the feature stage. Science, not configuration: nothing outside sets them. */
import { parameter, parametersDigestOf, parameterValues, type ParameterTable } from '../domain/index.ts';

/** The unit of length `r` is the face's equivalent radius, sqrt(area / pi): known on every face, with or without a scale. */
export const FEATURE_PARAMETERS = Object.freeze({
  grid: parameter(96, 'cells', [32, 255], 'Cells along one side of the logo field.', 'A cell is 0.027 r, a third of the narrowest stroke seen (0.08 r)'),
  halfSpan: parameter(1.3, 'r', [1, 2], 'Half the side of the logo field.', 'Holds a 10 : 7 brick to its corners'),
  workRadiusPx: parameter(96, 'px', [32, 400], 'Pixels of the working picture per r.', 'Enough for the gradient scale; a photograph of 30 px/mm holds 120'),
  darkOffset: parameter(6, 'grey level', [1, 32], 'Added to grey before the logarithm, so that sensor noise in the dark does not become structure.', 'About three times the noise of an 8-bit photograph'),
  gradientSigma: parameter(0.014, 'r', [0.005, 0.1], 'Scale of the gradient.', 'Finer than the wall of a stroke; pressed-dev L01-L07 prefers 0.011-0.018 to 0.024'),
  tensorSigma: parameter(0.018, 'r', [0.005, 0.1], 'Scale over which orientations are averaged.', 'Half a cell less than the grid; pressed-dev L01-L07 prefers 0.018 to 0.03'),
  noiseFloor: parameter(0.1, '1', [0, 5], 'Energy that counts as noise, as a fraction of the mean energy of the face.', 'pressed-dev L01-L07'),
  calmShare: parameter(0.5, '1', [0.05, 1], 'Share of the face, the calmest, that is taken for plain powder: its grain tells noise and lamp.', 'Strokes seldom cover half of a face; simulated azimuths found to 3 degrees (median)'),
  grainFloor: parameter(5, '1', [0, 50], 'Energy that counts as noise, in energies of plain powder, beside noiseFloor: a small logo on a big face must not drown in grain.', 'Simulated sets; 3-10 alike'),
  grainRelief: parameter(4, '1', [0, 50], 'Added to reliefHalf, in energies of plain powder.', 'Simulated sets; 3-8 alike'),
  reliefHalf: parameter(0.5, '1', [0.01, 10], 'Gradient energy at which relief counts half, as a fraction of the mean energy of the face.', 'So that a lamp of any strength gives about the same relief'),
  reliefSigma: parameter(0.2, 'r', [0.05, 1], 'Relief is what stands out of its surroundings of this size.', 'Wider than a stroke, narrower than a logo'),
  rimFrom: parameter(0.1, 'r', [0, 0.5], 'Nothing nearer to the outline than this is read: the bevel belongs to the blank and locks to the lamp.', 'Bevels of 0.3-0.45 mm on tablets of 8-9 mm'),
  rimTo: parameter(0.16, 'r', [0, 0.5], 'Full weight from this distance to the outline.', 'One and a half gradient scales beyond rimFrom'),
  clippedLow: parameter(3, 'grey level', [0, 50], 'At or below it nothing is known.', 'Black end of an 8-bit photograph'),
  clippedHigh: parameter(252, 'grey level', [200, 255], 'At or above it nothing is known.', 'White end of an 8-bit photograph'),
  outlineHarmonics: parameter(16, 'harmonics', [4, 64], 'Harmonics of the outline radius that are kept.', 'A heart needs 10'),
  embeddingRingFrom: parameter(0.08, 'r', [0, 1], 'Innermost radius of the embedding.', 'Inside it angles are undefined'),
  embeddingRingTo: parameter(0.92, 'r', [0.5, 1.3], 'Outermost radius of the embedding.', 'The rim begins at 0.9 r on a round face'),
  embeddingQuantum: parameter(400, 'steps', [127, 2000], 'int8 steps per unit of the unit-length embedding.', 'The largest component of 256 seldom exceeds 0.3'),
} satisfies ParameterTable);

export type FeatureParameterName = keyof typeof FEATURE_PARAMETERS;

/** Layout version of a feature set: raised when a stored one can no longer be read or compared. */
export const FEATURE_VERSION = 4;

/** Name -> value, for the kernel. */
export const featureValues = (): Record<FeatureParameterName, number> => parameterValues(FEATURE_PARAMETERS);

/** The provenance stamp of every feature set. */
export const parametersDigest: string = parametersDigestOf(`features/${FEATURE_VERSION}`, FEATURE_PARAMETERS);
