/** Parameters of a search. They decide how far the shortlist reaches, never what a score means. */
export const SEARCH_PARAMETERS = Object.freeze({
  shortlist: Object.freeze({ value: 200, unit: 'faces', range: [20, 5000] as const, about: 'Faces that retrieval hands to the comparison of designs, at least.', origin: 'Ten times the candidates shown by default; the rank of the true design in the embedding is seldom beyond 50.' }),
  shortlistPerCandidate: Object.freeze({ value: 5, unit: 'faces', range: [1, 50] as const, about: 'Faces in the shortlist for each candidate asked for: a specimen has several.', origin: 'Four photographs of a specimen are usual, and the probe’s own are left out.' }),
  comparedAtOnce: Object.freeze({ value: 64, unit: 'faces', range: [1, 1000] as const, about: 'Faces compared in one native call; between calls other work gets its turn.', origin: 'About a tenth of a second a call.' }),
});
