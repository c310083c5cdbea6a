/** Every constant of the calibration. Science, not configuration. */
import { parameter, parametersDigestOf, type ParameterTable } from '../domain/index.ts';

export const LIKELIHOOD_PARAMETERS = Object.freeze({
  scoreFloor: parameter(0.02, '1', [0.001, 0.2], 'Added to a tool score before its logarithm is taken.', 'A twentieth to a fifth of the scores of one tool; 0.005 to 0.05 are alike'),
  rakes: parameter(0.2, '1', [0.05, 1], 'Bevel contrast from which a lamp rakes: what a score is worth under less is calibrated apart.', 'Path-traced L01-L07: 97 in 100 raking lamps have more, no ring light; simulated: all and none of them'),
  penalty: parameter(0.01, '1', [0, 10], 'Penalty on the weights of the panels that tell batches together, in pairs.', 'Keeps a fit on separated pairs finite'),
  designSpread: parameter(1, 'ln LR', [0.1, 3], 'How far the pairs of one design may lie off the common curve before its own are believed (standard deviation).', 'A design has few pairs of one tool'),
} satisfies ParameterTable);

export const likelihoodDigest: string = parametersDigestOf('likelihood/3', LIKELIHOOD_PARAMETERS);
