/** Constants for several photographs of one unmoved face. Apart from those of the marks, which hold for each photograph alone. */
import { parameter, parametersDigestOf, parameterValues, type ParameterTable } from '../domain/index.ts';

const DEV = 'simulated, seed lights-dev-1, 20 designs';

/** More photographs of one face than this are refused. */
export const MOST_PHOTOGRAPHS = 8;

/** Millimetres on a tablet, as in the table of marks. */
export const LIGHT_PARAMETERS = Object.freeze({
  unmoved: parameter(0.5, 'mm', [0.05, 2], 'How far photographs of one unmoved face may lie off one another.', 'A knocked tripod; farther off, the specimen was moved'),
  unmovedAgreement: parameter(0.12, '1', [0, 1], 'Agreement of the powder, as two lamps show it, below which photographs do not show one unmoved face.', `${DEV}: 0.38 and more of one face, 0.04 and less of two; seed lights-dev-2 at 14 to 30 px/mm: 0.19 and more of one (0.13 once), 0.12 and less of two (0.17 once)`),
  still: parameter(0.04, 'mm', [0, 0.5], 'Photographs that lie off one another by less are taken as they are.', `${DEV}: 120 unmoved ones are found up to 0.022 mm off, by what shadows feign; half of them 0.002`),
  photometricFrom: parameter(3, 'photographs', [3, 8], 'From so many photographs of known azimuth slopes are solved pixel by pixel.', 'Brightness and two slopes are three unknowns'),
  shadow: parameter(0.3, '1', [0.01, 2], 'Brightness, over that of the surroundings, at which a pixel counts half in its slopes.', 'A cast shadow tells of what throws it, not of the slope it falls on'),
  clippedFrom: parameter(250, 'grey level', [200, 255], 'A pixel brighter than this does not count in its slopes.', 'The shoulder of a camera\'s curve ends there'),
  slopeNoise: parameter(0.1, '1', [0.001, 2], 'Share of the lamps\' power that holds slopes back where shadows leave too few lamps.', 'Not varied'),
} satisfies ParameterTable);

/** Name -> value, for the kernel. */
export const lightValues = (): Record<keyof typeof LIGHT_PARAMETERS, number> => parameterValues(LIGHT_PARAMETERS);

/** The provenance stamp of what was made of several photographs, beside that of the marks. */
export const lightsDigest: string = parametersDigestOf('lights/1', LIGHT_PARAMETERS);
