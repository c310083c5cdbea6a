/** Every constant of the likelihood ratios of one batch. Science, not configuration. */
import { parameter, parametersDigestOf, type ParameterTable } from '../../domain/index.ts';

export const BATCH_PARAMETERS = Object.freeze({
  leastBatches: parameter(12, 'batches', [5, 100], 'Batches with an analyte, or without a partner for pairs of a kind, below which it is left out, or the kind has no LRs.', 'As many as a calibration of profiles needs'),
  belowLimit: parameter(1, 'decades', [0.3, 3], 'How far below the limit of detection an amount may lie whose logarithm is taken.', 'A logarithm has no nought; a decade is the order by which limits of laboratories differ'),
  mostLabels: parameter(40, 'labels', [10, 200], 'Labels of the treated vector beyond which distances alone compete: ratios of all pairs of analytes say the same many times.', 'A covariance of more is not learnt from a few hundred batches'),
} satisfies ParameterTable);

export const batchDigest: string = parametersDigestOf('batches/1', BATCH_PARAMETERS);
