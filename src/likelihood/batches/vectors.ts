/**
 * A profile -> the vector that its calibration was made of: treated by the recipe, one number an analyte, with what each was
 * rounded to.
 *
 * A sum over the analytes of one profile is another sum than that over the analytes of the next. Where the recipe closes a
 * profile, what is missing is put in as the reference set has it beside the rest, treated along, and taken out again: so that
 * what is missing in one of two profiles does not move all that both have. (A plain comparison treats each pair by itself on
 * what both have; a model of many sources needs one vector a profile.)
 *
 * Logarithms are plain ones: what a start spares a distance near a limit, which knows no uncertainty, models are told with each
 * value, by the limit of its own laboratory.
 *
 * Replicates of a specimen are one measurement of its batch, the middle of them: specimens of a batch differ more than the
 * runs of one, and it is specimens that are compared.
 */
import { needsAboveNought, numbersOf, PROFILE_PARAMETERS, type Profile, type ProfileNumbers, type ProfileSettings, type Reading, type Recipe, treatNumbers } from '../../profiling/index.ts';
import type { ProfileVector } from '../profiles/reference.ts';
import { decimalsOf, resolutionOf } from '../profiles/resolution.ts';
import { median } from '../profiles/robust.ts';
import { type LimitFigures, limitFigures, limitOf } from './limits.ts';
import { BATCH_PARAMETERS } from './parameters.ts';

/** What a reference set tells of each vector analyte, by id. */
export interface VectorFigures {
  /** Amount beside all others together; of recipes that close a profile, else none. */
  readonly composition: Readonly<Record<string, number>>;
  /** Coarsest rounding of the readings, in their unit; 0 where they have many decimals. */
  readonly rounding: Readonly<Record<string, number>>;
  readonly limits: LimitFigures;
}

const ROUNDS = 3;

const withoutStart = (settings: ProfileSettings): ProfileSettings => ({ ...settings, recipe: { ...settings.recipe, steps: settings.recipe.steps.map((step) => (step === 'started-log' ? 'log' : step)) } });

export function vectorFigures(profiles: readonly Profile[], settings: ProfileSettings): VectorFigures {
  const all = profiles.map((profile) => numbersOf(profile, settings.panel, settings.recipe, settings.population?.lowest));
  const { analytes } = all[0]!;
  const rounding = resolutionOf(analytes.map(({ id }) => Float64Array.from(profiles.flatMap(({ replicates }) => replicates.flatMap(({ readings }) => measuredValue(readings[id]) ?? []))))).coarsest;
  return { composition: isClosed(settings.recipe) ? compositionOf(all, settings.recipe) : {}, rounding: Object.fromEntries(analytes.map(({ id }, i) => [id, rounding[i]!])), limits: limitFigures(profiles, analytes) };
}

const measuredValue = (reading: Reading | undefined): number | undefined => (reading?.state === 'measured' ? reading.value : undefined);

const isClosed = ({ steps }: Recipe): boolean => steps.includes('sum') || steps.includes('centred-log-ratio');

/** Middle amounts of profiles laid over each other; which analytes a profile lacks moves its scale less in every round. */
function compositionOf(all: readonly ProfileNumbers[], recipe: Recipe): Record<string, number> {
  const { analytes } = all[0]!;
  const middles = all.map(({ replicates }) => analytes.map((_, i) => median(replicates.map((values) => values[i]!))));
  let amounts = analytes.map(() => 1);
  for (let round = 0; round < ROUNDS; round++) {
    // In the first round an unknown composition is taken for an even one.
    const scales = middles.map((values) => (round === 0 ? values.reduce((sum, v) => sum + (v || 0), 0) : scaleOf(values, amounts, recipe)));
    const found = analytes.map((_, i) => median(middles.map((values, p) => (scales[p]! > 0 ? values[i]! / scales[p]! : Number.NaN))));
    const sum = found.reduce((total, v) => total + (v || 0), 0);
    amounts = found.map((v) => v / sum);
  }
  return Object.fromEntries(analytes.flatMap(({ id }, i) => (amounts[i]! > 0 ? [[id, amounts[i]!]] : [])));
}

/** How large a profile is beside the composition, by what it has: of amounts, or of their logarithms. NaN where it has nothing. */
function scaleOf(values: ArrayLike<number>, amounts: readonly number[], { steps }: Recipe): number {
  const known = amounts.flatMap((amount, i) => (amount > 0 && !Number.isNaN(values[i]!) ? [i] : []));
  if (known.length === 0) return Number.NaN;
  if (steps.includes('centred-log-ratio')) return Math.exp(known.reduce((sum, i) => sum + Math.log(values[i]! / amounts[i]!), 0) / known.length);
  return known.reduce((sum, i) => sum + values[i]!, 0) / known.reduce((sum, i) => sum + amounts[i]!, 0);
}

/** Makes vectors of one calibration. */
export interface ProfileVectors {
  /** Of every label of the treated vector. @param kept ids of the analytes that may take part; all, where not given */
  readonly vector: (profile: Profile, kept?: ReadonlySet<string>) => ProfileVector;
}

export function profileVectors(asked: ProfileSettings, { composition, rounding, limits }: VectorFigures): ProfileVectors {
  const settings = withoutStart(asked);
  const { panel, recipe, population } = settings;
  return {
    vector: (profile, kept) => {
      const numbers = numbersOf(profile, panel, recipe, population?.lowest);
      const { analytes } = numbers;
      const own = numbers.replicates.map((values) => values.map((v, i) => (!kept || kept.has(analytes[i]!.id) ? v : Number.NaN)));
      const amounts = analytes.map(({ id }) => composition[id] ?? Number.NaN);
      const treat = (vectors: readonly Float64Array[], of: (v: number) => number): readonly Float64Array[] => {
        const at = (amountsOf: Float64Array): Float64Array => Float64Array.from(vectors, (_, v) => amountsOf[of(v)]!);
        const replicates = vectors.map((values) => completed(values, amounts, recipe));
        return treatNumbers({ ...numbers, replicates, mainPeak: at(numbers.mainPeak), internalStandard: at(numbers.internalStandard) }, settings, analytes.map((_, i) => i)).replicates;
      };
      const treated = treat(own, (v) => v);
      // Ratios of two analytes are missing where one of the two is, and are not rounded by either alone.
      if (treated[0] && treated[0].length !== analytes.length) return { values: middleOf(treated) };
      treated.forEach((vector, r) => own[r]!.forEach((v, i) => Number.isNaN(v) && (vector[i] = Number.NaN)));
      const limitsOf = own.map((_, r) => limitOf(limits, profile, analytes, r));
      const spans = own.map((values, r) => analytes.map(({ id, scale }, i) => (Number.isNaN(values[i]!) ? null : spanOf(profile.replicates[r]!.readings[id], values[i]!, scale === 'amount', rounding[id] ?? 0, limitsOf[r]!(i), recipe))));
      const ends = own.flatMap((values, r) => analytes.flatMap((_, i) => (spans[r]![i] ?? [Number.NaN, Number.NaN]).map((end) => values.with(i, end))));
      const moved = treat(ends, (v) => Math.floor(v / (2 * analytes.length)));
      const steps = own.map((_, r) => Float64Array.from(analytes, (__, i) => {
        const at = 2 * (r * analytes.length + i);
        return Math.abs(moved[at + 1]![i]! - moved[at]![i]!);
      }));
      return { values: middleOf(treated), steps: middleOf(steps) };
    },
  };
}

/** What is missing is put in as the composition has it beside the rest. */
function completed(values: Float64Array, amounts: readonly number[], recipe: Recipe): Float64Array {
  if (!isClosed(recipe) || !values.some(Number.isNaN)) return values;
  const scale = scaleOf(values, amounts, recipe);
  return values.map((v, i) => (Number.isNaN(v) ? scale * amounts[i]! : v));
}

/** Of equally likely values the SD is their span over this. */
const SPAN_OF_SD = Math.sqrt(12);

/** Between which two amounts a number lies; null where that is not known. @param limit of detection, in the unit of the value */
function spanOf(reading: Reading | undefined, value: number, isAmount: boolean, coarsest: number, limit: number, recipe: Recipe): readonly [number, number] | null {
  const measured = reading?.state === 'measured' && (!isAmount || reading.value === value);
  const half = Math.hypot(Math.min(coarsest, 10 ** -decimalsOf(value)), isAmount ? (SPAN_OF_SD * limit) / BATCH_PARAMETERS.blankDeviations.value : 0) / 2;
  const [low, high] = measured ? [value - half, value + half] : belowOf(reading, value);
  if (!(high > low)) return null;
  if (!isAmount) return [low, high];
  return [Math.max(low, recipe.censored === 'half-limit' && needsAboveNought(recipe) ? high * 10 ** -BATCH_PARAMETERS.belowLimit.value : 0), high];
}

/** Of what was not detected or not quantified, and so stands as a share of its limit. */
function belowOf(reading: Reading | undefined, value: number): readonly [number, number] {
  if (reading?.state === 'below-quantification' && reading.loq !== undefined) return [reading.lod ?? 0, reading.loq];
  return [0, value > 0 ? value / PROFILE_PARAMETERS.limitShare.value : reading?.state === 'not-detected' ? (reading.lod ?? 0) : 0];
}

const middleOf = (vectors: readonly Float64Array[]): Float64Array => Float64Array.from({ length: vectors[0]?.length ?? 0 }, (_, i) => median(vectors.map((vector) => vector[i]!)));

/** Vectors of several profiles of one specimen -> one. */
export function middleOfVectors(vectors: readonly ProfileVector[]): ProfileVector {
  if (vectors.length === 1) return vectors[0]!;
  const steps = vectors.flatMap((v) => v.steps ?? []);
  return { values: middleOf(vectors.map(({ values }) => values)), ...(steps.length === vectors.length && { steps: middleOf(steps) }) };
}
