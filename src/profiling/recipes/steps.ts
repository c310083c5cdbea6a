/** The steps recipes are made of. Each takes one vector of a replicate and gives a new one; NaN is missing and stays missing. */

/** What a step needs besides the vector. */
export interface StepContext {
  /** The panel's own amounts in the same replicate; NaN where they were not measured. */
  readonly mainPeak: number;
  readonly internalStandard: number;
  /** SD over the population of the values that reach `population-sd`, one a value. */
  readonly populationSd: Float64Array | undefined;
  /** What `started-log` adds to each value that reaches it, one a value; nought where no limit is known. */
  readonly starts: Float64Array | undefined;
}

export interface TreatmentStep {
  readonly title: string;
  readonly source: string;
  /** Means nothing for values of which only differences do. */
  readonly amountsOnly: boolean;
  /** Nought has no result. */
  readonly aboveNought: boolean;
  /** A small value and nought lie far apart after it. */
  readonly steepAtNought: boolean;
  /** Takes off a common factor of all values, such as the scale of a laboratory's peak areas. */
  readonly relative: boolean;
  readonly apply: (values: Float64Array, context: StepContext) => Float64Array;
}

const define = <T extends Record<string, TreatmentStep>>(table: T): Readonly<T> => Object.freeze(table);

const divided = (values: Float64Array, divisor: number): Float64Array => values.map((value) => (divisor > 0 ? value / divisor : Number.NaN));

const logarithm = (value: number): number => (value > 0 ? Math.log10(value) : Number.NaN);

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) if (!Number.isNaN(value)) sum += value;
  return sum;
}

function centredLogRatio(values: Float64Array): Float64Array {
  const logs = values.map(logarithm);
  let count = 0;
  for (const log of logs) if (!Number.isNaN(log)) count++;
  const mean = sumOf(logs) / count;
  return logs.map((log) => log - mean);
}

/** Every value over every later one: (0,1), (0,2) ... (1,2) ... */
function pairwiseLogRatios(values: Float64Array): Float64Array {
  const logs = values.map(logarithm);
  const ratios = new Float64Array((logs.length * (logs.length - 1)) / 2);
  let at = 0;
  for (let i = 0; i < logs.length; i++) for (let j = i + 1; j < logs.length; j++) ratios[at++] = logs[i]! - logs[j]!;
  return ratios;
}

export const TREATMENT_STEPS = define({
  'sum': { title: 'divided by the sum of the values', source: 'Closure; usual for impurity profiles of amphetamine (harmonised European method)', amountsOnly: true, aboveNought: false, steepAtNought: false, relative: true, apply: (values) => divided(values, sumOf(values)) },
  'main-peak': { title: 'divided by the peak of the drug', source: 'Usual for heroin: alkaloids relative to heroin', amountsOnly: true, aboveNought: false, steepAtNought: false, relative: true, apply: (values, { mainPeak }) => divided(values, mainPeak) },
  'internal-standard': { title: 'divided by the internal standard', source: 'Quantification against an internal standard', amountsOnly: true, aboveNought: false, steepAtNought: false, relative: true, apply: (values, { internalStandard }) => divided(values, internalStandard) },
  'population-sd': { title: 'divided by the SD over the population', source: 'The S of N+S: small and large peaks count alike', amountsOnly: false, aboveNought: false, steepAtNought: false, relative: false, apply: (values, { populationSd }) => values.map((value, i) => (populationSd![i]! > 0 ? value / populationSd![i]! : Number.NaN)) },
  'square-root': { title: 'square root', source: 'Variance of counts; common for chromatographic profiles', amountsOnly: true, aboveNought: false, steepAtNought: true, relative: false, apply: (values) => values.map(Math.sqrt) },
  'fourth-root': { title: 'fourth root', source: 'Harmonised European amphetamine method: holds large peaks down and keeps noughts', amountsOnly: true, aboveNought: false, steepAtNought: true, relative: false, apply: (values) => values.map((value) => Math.sqrt(Math.sqrt(value))) },
  'log': { title: 'decadic logarithm', source: 'Relative errors become absolute ones', amountsOnly: true, aboveNought: true, steepAtNought: true, relative: false, apply: (values) => values.map(logarithm) },
  'started-log': { title: 'decadic logarithm of the value and the limit of quantification together', source: 'Started logarithm (Tukey 1977), which stands in for the generalised one of values whose error is a share of them and a constant (Rocke and Durbin 2003): even in what it makes of errors far above the limit and below it', amountsOnly: true, aboveNought: true, steepAtNought: true, relative: false, apply: (values, { starts }) => values.map((value, i) => logarithm(value + starts![i]!)) },
  'centred-log-ratio': { title: 'decadic logarithm less its mean', source: 'Aitchison 1986: compositions, without the trap of closure', amountsOnly: true, aboveNought: true, steepAtNought: true, relative: true, apply: centredLogRatio },
  'pairwise-log-ratios': { title: 'decadic logarithms of all ratios of two', source: 'Aitchison 1986; a missing analyte takes only its own ratios with it', amountsOnly: true, aboveNought: true, steepAtNought: true, relative: true, apply: pairwiseLogRatios },
});

export type TreatmentStepName = keyof typeof TREATMENT_STEPS;
