/** Parameters of a search. They decide how far the shortlist reaches, never what a score means. */
import { parameter, type ParameterTable } from '../../domain/index.ts';

export const SEARCH_PARAMETERS = Object.freeze({
  shortlist: parameter(200, 'faces', [20, 5000], 'Faces that retrieval hands to the comparison of designs, at least.', 'Ten times the candidates shown by default; the rank of the true design in the embedding is seldom beyond 50.'),
  shortlistPerCandidate: parameter(5, 'faces', [1, 50], 'Faces in the shortlist for each candidate asked for: a specimen has several.', 'Four photographs of a specimen are usual, and the probe’s own are left out.'),
  comparedAtOnce: parameter(64, 'faces', [1, 1000], 'Faces compared in one native call; between calls other work gets its turn.', 'About a tenth of a second a call.'),
  sameDesign: parameter(0.4, '1', [0, 1], 'Design score from which a candidate may be of the probe\'s design, so that tools are compared.', 'Of 144 simulated pairs of one design none is lower'),
  lanes: parameter(2, 'calls', [1, 16], 'Native calls under way at a time.', 'Two cores'),
  designsScanned: parameter(8, 'designs', [1, 100], 'Designs, as they were found, whose faces are scanned: those whose first face is most alike, then those of the shortlisted faces. One drawing may have been found as several.', 'A frame takes ten milliseconds'),
  toolsCompared: parameter(500, 'faces', [10, 100000], 'Faces of the probe\'s design whose tools are compared: those that the scan puts first.', 'Three milliseconds a face with reading its marks: the search is to take two seconds at most'),
  specimensPerCandidate: parameter(2, 'specimens', [1, 50], 'Specimens whose marks agree best, of those only the scan has found, whose designs are compared for each candidate asked for.', 'Some turn out to be look-alikes'),
  designMiddle: parameter(0.59, '1', [0, 1], 'Design score at which a candidate is as likely of the probe\'s design as of a look-alike.', 'Logistic regression on 4,560 simulated pairs of 24 designs, those above 0.35'),
  designWidth: parameter(0.047, '1', [0.001, 1], 'Score over which the odds of that change by e.', 'The same'),
  toolWeight: parameter(5.2, '1', [0, 20], 'Log odds of one tool a unit of ln(0.02 + tool score).', 'Logistic regression on two simulated sets of 2,400 pairs of one design: 5.0 and 6.1'),
  toolNeutral: parameter(0.048, '1', [0, 1], 'Tool score that speaks for neither. Lower ones, and candidates whose marks were not compared, count as this: that marks do not agree is weak evidence, another lamp hides them too.', 'The same: the score where the odds are those of the set'),
} satisfies ParameterTable);
