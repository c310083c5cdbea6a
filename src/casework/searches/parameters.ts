/** Parameters of a search. They decide how far the shortlist reaches, never what a score means. */
import { parameter, type ParameterTable } from '../../domain/index.ts';

export const SEARCH_PARAMETERS = Object.freeze({
  shortlist: parameter(200, 'faces', [20, 5000], 'Faces that retrieval hands to the comparison of designs, at least.', 'Ten times the candidates shown by default; the rank of the true design in the embedding is seldom beyond 50.'),
  shortlistPerCandidate: parameter(5, 'faces', [1, 50], 'Faces in the shortlist for each candidate asked for: a specimen has several.', 'Four photographs of a specimen are usual, and the probe’s own are left out.'),
  comparedAtOnce: parameter(64, 'faces', [1, 1000], 'Faces compared in one native call; between calls other work gets its turn.', 'About a tenth of a second a call.'),
  sameDesign: parameter(0.49, '1', [0, 1], 'Design score from which a candidate counts as of the probe\'s design: those are ordered by their tool score, before all others.', 'Equal error rate of design scores, simulated and path-traced: 0.48 to 0.49'),
  toolsCompared: parameter(300, 'faces', [10, 100000], 'Faces of the probe\'s design whose tools are compared, the most alike designs first.', 'Some seconds'),
} satisfies ParameterTable);
