/** Every constant of the frames of designs. They decide which faces are found, never what a score means. */
import { parameter, parametersDigestOf, type ParameterTable } from '../domain/index.ts';

const SIMULATED = 'simulated, 8 designs of 20 tools';

/** Millimetres on a tablet; on a brick every length is as many times longer as MARK_PARAMETERS.brickScale says. */
export const FRAME_PARAMETERS = Object.freeze({
  vectorPxPerMm: parameter(20, 'px/mm', [5, 60], 'Resolution of the marks on the frame of a design.', `${SIMULATED}: of one tool's faces among the best 6 % of its design are 0.42 at 20, 0.46 at 30 (six times as many products), 0.38 at 15, on the marks of the band before`),
  vectorShifts: parameter(1, 'steps', [0, 3], 'Steps of that grid to each side by which a probe is shifted: as exact as frames are.', `${SIMULATED}: 0.067 mm to each side is better than 0.1 at every resolution`),
  strokesAgree: parameter(0.3, '1', [0, 1], 'Agreement of the strokes with a frame from which a face may shape it.', `${SIMULATED}: one face in a hundred of a design has less than 0.43 to 0.69, by design`),
  sharedBy: parameter(0.34, '1', [0, 1], 'Share of the faces that must show a place for it to be part of a grown frame.', 'Set by hand: chips and wrapping are elsewhere on every specimen'),
} satisfies ParameterTable);

export const frameDigest: string = parametersDigestOf('frames/3', FRAME_PARAMETERS);
