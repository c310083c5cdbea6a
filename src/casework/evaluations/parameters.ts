/** Parameters of an evaluation. They decide how much of two seizures is compared, never what a score means. */
import { parameter, type ParameterTable } from '../../domain/index.ts';

export const EVALUATION_PARAMETERS = Object.freeze({
  mostSpecimens: parameter(60, 'specimens', [1, 1000], 'Specimens of a seizure that are compared, those registered first.', 'More specimens of one tool make its word steadier, not louder. Two full seizures of two faces a specimen are 28,680 pairs of faces: a minute or two on two cores.'),
  mostFaces: parameter(240, 'faces', [1, 2000], 'Faces of a side that are compared: the first of every specimen, then the second, and so on.', 'Twice those of a full seizure with two faces a specimen; their pairs grow with the square'),
} satisfies ParameterTable);
