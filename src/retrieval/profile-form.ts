/**
 * Settings -> what the native scan of profiles calculates with.
 *
 * A pair is treated on the analytes it shares. Roots, logarithms and divisions by a peak act on each value alone, so that
 * they are done once, when a profile is stored. A sum or a mean is of what is shared: stored values are closed over the
 * profile's own analytes, and brought to the shared ones by one factor or shift a profile. Distances that are blind to it do
 * without, but for a pair whose limits are evened out: that takes the values of both on one scale.
 */
import { labelsOf, PROFILE_PARAMETERS, treatNumbers, vectorAnalytes, type PreparedProfile, type ProfileSettings, type Recipe, type TreatedProfile, type TreatmentStepName } from '../profiling/index.ts';

/** As native/profile.h states it. */
export interface ProfileForm {
  readonly measure: string;
  readonly closing: 'none' | 'ratio' | 'shift' | 'mean';
  /** Whether the distance does not see the closing. */
  readonly blind: boolean;
  /** Power of the sum by which a value is divided, or multiple of its logarithm: 1, 1/2, 1/4 ... */
  readonly exponent: number;
  /** Profiles whose shared values are all nought have nothing to divide by. */
  readonly closed: boolean;
  readonly least: number;
  readonly required: number;
  readonly longestGap: number;
  readonly weights: Float64Array;
  readonly scales: Float64Array;
  readonly unstable: Uint8Array;
  readonly correlation: Float64Array | undefined;
}

/** Numbers of one profile, one an analyte of the panel's vector. */
export interface ProfileVector {
  /** Treated over its own analytes. NaN: no number; infinite: a number of which the recipe makes none. */
  readonly values: Float64Array;
  /** What its sum is made of. */
  readonly amounts: Float64Array | undefined;
}

const MEASURES: readonly string[] = ['pearson', 'cosine', 'squared-cosine', 'euclid', 'manhattan', 'canberra', 'log-deviations', 'robust-mahalanobis'];
const ROOTS: Readonly<Partial<Record<TreatmentStepName, number>>> = { 'square-root': 1 / 2, 'fourth-root': 1 / 4 };
/** Analytes of which the scan can name a set in one word. */
const MOST_CORRELATED = 64;
/** Beyond, products and sums of what is shared may not be told from nought or overflow. */
const [LEAST, MOST] = [1e-100, 1e100];

/**
 * Most replicates did not see it, one did: the middle is nought, but for analytes of which one replicate alone saw any. So
 * little stands for it that it counts where everything else is nought, and nowhere else.
 */
const TRACE = 1e-60;

/** Undefined where there is none: then every profile is compared in full. */
export function formOf({ panel, recipe, distance, population }: ProfileSettings): ProfileForm | undefined {
  const analytes = vectorAnalytes(panel);
  if (!MEASURES.includes(distance.id) || recipe.steps.includes('pairwise-log-ratios')) return undefined;
  // The logarithm of a share and a start is no logarithm of the amount less that of the sum.
  if (recipe.steps.includes('sum') && recipe.steps.includes('started-log')) return undefined;
  if (distance.id === 'robust-mahalanobis' && analytes.length > MOST_CORRELATED) return undefined;
  const { labels, weights } = labelsOf(analytes, recipe);
  const within = labels.map((label) => (distance.needsPopulation ? population!.within[population!.labels.indexOf(label)]! : 1));
  const { steps } = recipe;
  const closing = closingOf(recipe);
  const logarithm = steps.includes('log') || steps.includes('centred-log-ratio');
  return {
    measure: distance.id,
    closing,
    blind: distance.id === 'pearson' || (closing === 'ratio' && (distance.id === 'cosine' || distance.id === 'squared-cosine')),
    exponent: steps.slice(steps.indexOf('sum') + 1).reduce((power, step) => power * (ROOTS[step] ?? 1), 1),
    closed: steps.includes('sum') && !logarithm,
    least: distance.leastLabels, required: panel.minimumOverlap, longestGap: PROFILE_PARAMETERS.longestGap.value,
    weights,
    scales: Float64Array.from(within, (sd) => (sd > 0 ? 1 / sd : 0)),
    unstable: Uint8Array.from(analytes, ({ stability }) => (stability < 1 ? 1 : 0)),
    correlation: distance.id === 'robust-mahalanobis' ? correlationOf(labels, within, population!) : undefined,
  };
}

function closingOf({ steps }: Recipe): ProfileForm['closing'] {
  if (steps.includes('centred-log-ratio')) return 'mean';
  if (!steps.includes('sum')) return 'none';
  return steps.includes('log') ? 'shift' : 'ratio';
}

function correlationOf(labels: readonly string[], within: readonly number[], population: NonNullable<ProfileSettings['population']>): Float64Array {
  const at = labels.map((label) => population.labels.indexOf(label));
  return Float64Array.from(labels.flatMap((_, i) => labels.map((__, j) => population.withinCovariance[at[i]! * population.labels.length + at[j]!]! / (within[i]! * within[j]!))));
}

/** Whether replicates are closed one by one, so that their middle depends on which analytes are shared. */
export const closesReplicates = ({ steps }: Recipe): boolean => steps.includes('sum') || steps.includes('centred-log-ratio');

/** The middle of what replicates have above nought; 0 where none has. */
function seenIn(replicates: readonly Float64Array[], label: number): number {
  const seen = replicates.map((values) => values[label]!).filter((value) => value > 0).sort((a, b) => a - b);
  return seen[seen.length >> 1] ?? 0;
}

/** The profile for the scan; undefined where a number is too large or too small for it. */
export function vectorOf({ numbers, keep, treated }: PreparedProfile, { recipe, population }: ProfileSettings, form: ProfileForm): ProfileVector | undefined {
  const fits = (value: number): boolean => Number.isNaN(value) || value === 0 || (Math.abs(value) >= LEAST && Math.abs(value) <= MOST);
  if (!treated.centre.every(fits) || ![...numbers.replicates, numbers.mainPeak, numbers.internalStandard].every((values) => values.every(fits))) return undefined;
  const spread = ({ centre, replicates }: TreatedProfile, absent: number, lost: number, trace: number): Float64Array => {
    const all = new Float64Array(numbers.analytes.length).fill(absent);
    keep.forEach((analyte, i) => void (all[analyte] = Number.isNaN(centre[i]!) ? lost : centre[i]! || trace * seenIn(replicates, i)));
    return all;
  };
  const summed = form.closing === 'ratio' || form.closing === 'shift';
  const toSum = { ...recipe, steps: recipe.steps.slice(0, recipe.steps.indexOf('sum') + 1) };
  return {
    values: spread(treated, Number.NaN, Number.POSITIVE_INFINITY, form.closed ? TRACE ** form.exponent : 0),
    amounts: summed ? spread(treatNumbers(numbers, { recipe: toSum, ...(population && { population }) }, keep), 0, 0, form.closed ? TRACE : 0) : undefined,
  };
}
