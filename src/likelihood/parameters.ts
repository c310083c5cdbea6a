/** Every constant of the calibration. Science, not configuration. */
import { parameter, parametersDigestOf, type ParameterTable } from '../domain/index.ts';

export const LIKELIHOOD_PARAMETERS = Object.freeze({
  scoreFloor: parameter(0.02, '1', [0.001, 0.2], 'Added to a tool score before its logarithm is taken.', 'A twentieth to a fifth of the scores of one tool; 0.005 to 0.05 are alike'),
  fullLight: parameter(0.3, '1', [0.1, 1], 'Bevel contrast from which a lamp rakes enough: more tells nothing more.', 'Path-traced L01-L07: raking light has 0.3 and more, ring light below 0.1'),
  penalty: parameter(0.01, '1', [0, 10], 'Penalty on the weights of score and light, in pairs.', 'Keeps a fit on separated pairs finite'),
  designSpread: parameter(1, 'ln LR', [0.1, 3], 'How far the pairs of one design may lie off the common curve before its own are believed (standard deviation).', 'A design has few pairs of one tool'),
} satisfies ParameterTable);

export const likelihoodDigest: string = parametersDigestOf('likelihood/2', LIKELIHOOD_PARAMETERS);
