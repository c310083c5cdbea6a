/** Every constant of the likelihood ratios of one batch. Science, not configuration. */
import { parameter, parametersDigestOf, type ParameterTable } from '../../domain/index.ts';

export const BATCH_PARAMETERS = Object.freeze({
  leastBatches: parameter(12, 'batches', [5, 100], 'Batches that must have an analyte, or it is left out.', 'As many as a calibration of profiles needs'),
  leastForTwoLevels: parameter(60, 'batches', [12, 500], 'Batches with pairs of a kind below which distances alone compete.', 'Simulated MDMA of 24 batches: Cllr 0.33 by models of two levels, 0.08 to 0.14 by the distance; of 100 they are alike or better'),
  belowLimit: parameter(1, 'decades', [0.3, 3], 'How far below the limit of detection an amount may lie whose logarithm is taken.', 'A logarithm has no nought; a decade is the order by which limits of laboratories differ'),
  blankDeviations: parameter(3, 'SD', [2, 5], 'Limit of detection over the SD of what a method reads where there is nothing.', 'How limits of detection are defined (IUPAC: 3; Currie 1995: 3.29)'),
  mostLabels: parameter(40, 'labels', [10, 200], 'Labels of the treated vector beyond which distances alone compete: ratios of all pairs of analytes say the same many times.', 'A covariance of more is not learnt from a few hundred batches'),
  mostProfiles: parameter(3000, 'profiles', [100, 20_000], 'Profiles that a calibration is made of; of more, whole batches are left out evenly.', 'Cost; a thousand batches tell what can be told'),
} satisfies ParameterTable);

export const batchDigest: string = parametersDigestOf('batches/1', BATCH_PARAMETERS);
