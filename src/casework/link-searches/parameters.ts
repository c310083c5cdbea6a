/** Parameters of a search for links. They decide how far it looks, never what a score means. */
import { parameter, type ParameterTable } from '../../domain/index.ts';

export const LINK_SEARCH_PARAMETERS = Object.freeze({
  depth: parameter(40, 'specimens', [1, 1000], 'Specimens that the search by each face, and by each profile of the probe, hands on at least.', 'Twice the candidates shown by default; all that are handed on are compared in full, 15 ms a pair of specimens with a photograph or two and three panels.'),
} satisfies ParameterTable);
