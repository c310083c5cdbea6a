/** Every constant of profiles. Science, not configuration: nothing outside sets them. */
import { parameter, parametersDigestOf, type ParameterTable } from '../domain/index.ts';

export const PROFILE_PARAMETERS = Object.freeze({
  limitShare: parameter(0.5, '1', [0, 1], 'Share of the LOD that `half-limit` puts for what was not detected.', 'Usual in environmental and trace chemistry (Hornung and Reed 1990); without knowledge of the distribution below it, its middle'),
  longestGap: parameter(365, 'days', [1, 3650], 'Days between two analyses from which analytes prone to degradation are left out of the pair.', 'A convention: no study gives one figure for all of them; a batch has one age, so what differs is the day of analysis'),
  outlierFactor: parameter(10, '1', [2, 1000], 'Factor between a value and the middle of its fellows from which it is flagged.', 'A misplaced decimal point or a wrong unit moves a value tenfold or more'),
  spoiltShare: parameter(0.4, '1', [0.1, 0.5], 'Share of gross errors from which a robust SD gives way; it is nought where more than the rest of the deviations are nought.', 'A tenth of entry errors spoils a fifth to a quarter of the deviations within batches of two and three; rounding may make half of them nought'),
  grossError: parameter(4, 'SD', [2, 20], 'Deviation within a batch beyond which a value takes no part in correlations.', 'One normal deviation in 16,000'),
  dataShare: parameter(0.5, '1', [0, 1], 'Share of the filled cells that must be readings, or a column of no panel is taken for text.', 'Columns are one or the other; a column of readings with typing errors must give failures, not silence'),
  leastForFigures: parameter(10, 'profiles', [3, 1000], 'Profiles below which no population figures are made.', 'A relative standard error of an SD of 24 %; the size is stored beside the figures'),
} satisfies ParameterTable);

export const profilingDigest: string = parametersDigestOf('profiling/1', PROFILE_PARAMETERS);

/** In the digest of settings by what it makes: the starts, which are among the figures of the population. */
export const START_PARAMETERS = Object.freeze({
  quantifiedFrom: parameter(10 / 3, 'LOD', [1, 10], 'Limit of quantification over that of detection, where the former is not stated.', 'How both are defined: ten and three SD of a blank (IUPAC; Currie 1995)'),
} satisfies ParameterTable);

/** What one table and one panel may hold; the machine's limits, no science, and in no digest. */
export const TABLE_LIMITS = Object.freeze({ rows: 1_000_000, analytes: 500, text: 500 });
