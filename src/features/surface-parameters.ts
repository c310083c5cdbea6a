/** Every constant of the relief of scanned surfaces. Science, not configuration: nothing outside sets them. */
import { parameter, parametersDigestOf, parameterValues, type ParameterTable } from '../domain/index.ts';
import { MARK_PARAMETERS } from './mark-parameters.ts';

/**
 * Cut-off wavelengths (half of the amplitude passes, ISO 16610-61) in millimetres of a face of `usualSide`; on a smaller
 * or larger one every length is as many times shorter or longer (`lengths`), because one scans small marks finely.
 */
export const SURFACE_PARAMETERS = Object.freeze({
  usualSide: parameter(8.5, 'mm', [1, 100], 'Longer side of the surface that the lengths below are for.', 'A tablet, as for photographs'),
  tallest: parameter(10, 'mm', [0.1, 100], 'Heights farther than this from the middle one are no heights: some writers put a large number where nothing was measured.', 'More than the side of a tablet'),
  outlier: parameter(6, '1', [3, 20], 'Departure from the form, in robust standard deviations, from which a height is a spike of the instrument.', 'A normal distribution has one in a thousand million'),
  form: parameter(0.5, 'mm', [0.05, 5], 'Cut-off of the form that spikes are told from.', 'Longer than the marks'),
  rim: parameter(0.1, 'mm', [0, 2], 'Left out beside what was not measured.', 'Breech faces of odd slides'),
  shortest0: parameter(0.4, 'mm', [0.02, 5], 'Coarse relief, for registration: shortest wavelength.', 'As the strokes of photographs'),
  longest0: parameter(1.6, 'mm', [0.1, 20], 'Coarse relief: longest wavelength.', 'As the strokes of photographs'),
  stride0: MARK_PARAMETERS.strokeStride0,
  shortest1: parameter(0.2, 'mm', [0.02, 5], 'Middle relief: shortest wavelength.', 'As the strokes of photographs'),
  longest1: parameter(0.8, 'mm', [0.1, 20], 'Middle relief: longest wavelength.', 'As the strokes of photographs'),
  stride1: MARK_PARAMETERS.strokeStride1,
  shortest2: parameter(0.13, 'mm', [0.02, 5], 'Fine relief: shortest wavelength.', 'As the strokes of photographs'),
  longest2: parameter(0.5, 'mm', [0.05, 20], 'Fine relief: longest wavelength.', 'As the strokes of photographs'),
  stride2: MARK_PARAMETERS.strokeStride2,
  shortest3: parameter(0.09, 'mm', [0.01, 2], 'Marks: shortest wavelength.', 'As the marks of photographs'),
  longest3: parameter(0.29, 'mm', [0.05, 10], 'Marks: longest wavelength.', 'As the marks of photographs'),
  stride3: parameter(1, 'px', [1, 1], 'Marks: grid step.', 'The kernel reads every cell'),
  strokeSpread: parameter(3.2, 'mm', [0.1, 20], 'Cut-off of the surroundings by whose roughness relief is divided.', 'As for photographs'),
  strokeFloor: parameter(0.5, '1', [0, 2], 'Least roughness to divide by, over the usual one.', 'As for photographs'),
  strokeClip: parameter(2.5, '1', [1, 6], 'Relief counts no further than this, in local roughnesses.', 'As for photographs'),
  markSpread: parameter(1.33, 'mm', [0.05, 20], 'Likewise for marks.', 'As for photographs'),
  markFloor: parameter(0.3, '1', [0, 2], 'Likewise for marks.', 'As for photographs'),
  markClip: parameter(3, '1', [1, 6], 'Marks count no further than this. Holes as far as ridges: a scan sees no powder.', 'As the ridges of photographs'),
} satisfies ParameterTable);

export const surfaceValues = (): Record<keyof typeof SURFACE_PARAMETERS, number> => parameterValues(SURFACE_PARAMETERS);

/** The provenance stamp of every surface's marks. */
export const surfaceDigest: string = parametersDigestOf('surface/1', { ...SURFACE_PARAMETERS, pxPerMm: MARK_PARAMETERS.pxPerMm });
