/** Every constant of the calibration of profiles. Science, not configuration. */
import { parameter, parametersDigestOf, type ParameterTable } from '../../domain/index.ts';

const SIMULATED = 'simulated impurity profiles of 4 to 30 analytes';

export const PROFILE_LIKELIHOOD_PARAMETERS = Object.freeze({
  tail: parameter(3, '1', [1.5, 10], 'Exponent of the tail of differences within a source that is expected before any is seen.', 'Real tablets 3.8, real glass above 8: heavier than either by the data of few sources alone'),
  tailDoubt: parameter(0.35, 'ln', [0.05, 2], 'How far the data may move it (standard deviation of the logarithm of the exponent less one).', `${SIMULATED}: 0.2 to 0.7 alike`),
  errorShare: parameter(0.02, '1', [0.001, 0.3], 'Share of differences of one analyte that an entry error explains, expected before any is seen.', 'Real tablets: 4 cells of 1,244 are plainly mistyped, so that 1 in 160 differences holds one; a set that is read in later may hold more. Random halves of a development seed: 0.05 costs 0.002 bits more without errors and 0.012 less with an error in a tenth of the rows'),
  errorWeight: parameter(50, 'differences', [1, 1000], 'How many differences that expectation counts as.', 'A dozen sources must not deny errors'),
  errorReach: parameter(6, 'SD between sources', [2, 20], 'Width over which an erroneous value may lie anywhere.', 'Three standard deviations to either side'),
  errorsOfPair: parameter(5, 'analytes', [0, 10], 'Analytes of one pair that may be erroneous together, and at most half of them.', 'Real glass with a tenth of the values misplaced (development halves): Cllr 0.8 for 1.6 with two of its ten analytes; without errors the same'),
  scaleDoubt: parameter(0.5, 'ln', [0.05, 2], 'How far the spread of an analyte may be moved from what its middle difference says, so that all its differences are likeliest.', 'A convention: a factor of 1.6 is one standard deviation'),
  leastSpread: parameter(0.01, 'SD between sources', [0.0001, 0.2], 'No analyte repeats better than this.', 'Ties of rounded values are no precision'),
  narrowest: parameter(0.0625, 'SD between sources', [0.01, 1], 'Narrowest kernel of the population.', 'A sixteenth: batches of one press and powder lie as close'),
  kernels: parameter(8, 'kernels', [1, 12], 'Kernels, each 2^0.75 times as wide as the one before.', 'Up to 2.4 SD between sources'),
  rarest: parameter(0.95, '1', [0.5, 1], 'Share of the reference sources than which no profile is held to be rarer.', 'What is rarer than that is an entry error as likely as not; real tablets: 0.9 to 1 alike'),
  tie: parameter(0.05, '1', [0.01, 0.5], 'Share of measurements that agree in the lowest value from which it is the floor of detection.', 'Measured values do not tie in their extreme'),
  roundShare: parameter(0.33, '1', [0.1, 1], 'Values of fewer decimals, over those of one decimal more, from which they are a precision of their own.', 'By chance a tenth end in nought; round sizes are preferred'),
  penalty: parameter(0.01, '1', [0, 10], 'Penalty on the slope of the line, in pairs.', 'Keeps a fit on separated pairs finite'),
  noughtWeight: parameter(10, 'sources', [0, 1000], 'Sources\' worth of pairs of either kind that are laid at a log LR of nought of a two-level model, before its line is fitted.', 'Real tablets, random halves of a development seed: 5 to 50 alike; without, the level of the line of 50 batches varies by a factor of 1.4'),
  mostPairs: parameter(30_000, 'pairs', [1000, 1_000_000], 'Pairs of two sources that are looked at.', 'Cost; bounds of LR 10,000 need no more'),
  foldPairs: parameter(8000, 'pairs', [1000, 100_000], 'Of these, pairs that a line is fitted to while models compete.', 'Cost; two numbers are fitted'),
  mostSources: parameter(1000, 'sources', [100, 10_000], 'Sources that the population is made of.', 'Cost of an evaluation'),
  leastSources: parameter(12, 'sources', [5, 100], 'Sources with repeated measurements that a calibration needs.', 'With fewer the bounds leave LRs below 10'),
} satisfies ParameterTable);

export const profileLikelihoodDigest: string = parametersDigestOf('profile-likelihood/2', PROFILE_LIKELIHOOD_PARAMETERS);
