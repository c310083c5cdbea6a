/** Every constant of the comparison of scanned surfaces beside those of tools. Science, not configuration. */
import { parameter, parametersDigestOf, type ParameterTable } from '../domain/index.ts';
import { TOOL_PARAMETERS } from './tool-parameters.ts';

export const SURFACE_SEARCH_PARAMETERS = Object.freeze({
  rotations: parameter(128, 'steps', [16, 720], 'Steps of the full circle.', 'At the rim of a surface a step is two cells of the coarse relief'),
  leastOverlap: parameter(0.3, '1', [0.05, 1], 'Share of the smaller surface that both must show in a pose.', 'Less is chance'),
  keep: parameter(12, 'poses', [1, 64], 'Poses whose marks are compared.', 'Breech faces of odd slides'),
  apartDeg: parameter(8, 'deg', [0, 90], 'Poses that differ by less in rotation, and by less than `apart` in shift, are one.', 'Three steps'),
  apart: parameter(0.3, 'mm', [0, 5], 'Likewise.', 'Less than the shortest wavelength of the coarse relief'),
  leastArea: parameter(4, 'mm2', [0.5, 50], 'Measured area that both surfaces must have, or there is no statement.', 'About two of the cells of 1.35 mm; set by hand'),
  wallHalf: parameter(0.5, '1', [0.05, 10], 'Energy of walls, over the mean, at which a mark counts half, in place of that of photographs.', 'Breech faces of odd slides; heights show what one lamp hides, so that less is left of walls'),
  surroundings: parameter(1, '1', [0, 1], 'Share of the agreement in other shifts that is taken off, in place of that of photographs.', 'Breech faces of odd slides: what is left of levelling agrees in every shift'),
  fewCells: parameter(0, 'cells', [0, 20], 'What few cells carry counts in full, in place of that of photographs.', 'Breech faces of odd slides are told apart without'),
  nearGain: parameter(1, '1', [0, 1], 'Gain from which marks are looked for beside the registered relief, in place of that of photographs: never.', 'Heights of the whole surface register it'),
  stretch: parameter(1, '1', [0.001, 100], 'How much a mapping stretches, in place of that of photographs: as much as the relief says.', 'Heights of the whole surface register it'),
  scaleError: parameter(1, '1', [0.001, 100], 'The same of scales.', 'The same'),
  relationFrom: parameter(0.3, '1', [0, 1], 'Tool score from which a relation is named as found.', 'Breech faces of odd slides: the highest of 158 pairs of two tools is 0.18, the lowest of one 0.43'),
} satisfies ParameterTable);

/** The provenance stamp of a comparison of surfaces. */
export const surfaceSearchDigest: string = parametersDigestOf('surfaces/1', { ...TOOL_PARAMETERS, ...SURFACE_SEARCH_PARAMETERS });
