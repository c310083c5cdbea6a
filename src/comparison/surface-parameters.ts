/** Every constant of the comparison of scanned surfaces beside those of tools. Science, not configuration. */
import { parameter, parametersDigestOf, type ParameterTable } from '../domain/index.ts';
import { TOOL_PARAMETERS } from './tool-parameters.ts';

export const SURFACE_SEARCH_PARAMETERS = Object.freeze({
  rotations: parameter(128, 'steps', [16, 720], 'Steps of the full circle.', 'At the rim of a surface a step is two cells of the coarse relief'),
  leastOverlap: parameter(0.3, '1', [0.05, 1], 'Share of the smaller surface that both must show in a pose.', 'Less is chance'),
  keep: parameter(12, 'poses', [1, 64], 'Poses whose marks are compared.', 'Breech faces of odd slides'),
  apartDeg: parameter(8, 'deg', [0, 90], 'Poses that differ by less in rotation, and by less than `apart` in shift, are one.', 'Three steps'),
  apart: parameter(0.3, 'mm', [0, 5], 'Likewise.', 'Less than the shortest wavelength of the coarse relief'),
} satisfies ParameterTable);

/** The provenance stamp of a comparison of surfaces. */
export const surfaceSearchDigest: string = parametersDigestOf('surfaces/1', { ...TOOL_PARAMETERS, ...SURFACE_SEARCH_PARAMETERS });
