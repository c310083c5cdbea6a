/** Numbers -> the vectors that distances and models look at. */
import type { Panel, PopulationFigures, Profile, TreatedProfile } from '../types.ts';
import { numbersOf, type ProfileNumbers } from './numbers.ts';
import { needsPopulationSd, needsStarts, type Recipe } from './recipes.ts';
import { TREATMENT_STEPS } from './steps.ts';

export interface TreatmentSettings {
  readonly panel: Panel;
  readonly recipe: Recipe;
  /** Needed by the steps `population-sd` and `started-log`; limits that are not known are taken from it too. */
  readonly population?: Pick<PopulationFigures, 'stepSd' | 'lowest' | 'starts'>;
}

/**
 * A profile by itself, over all analytes of its panel. What was not analysed is NaN, and so is what has no number.
 * Of a pair whose analytes differ, `compareProfiles` treats both on what they share: a sum over other analytes is another sum.
 */
export function treatProfile(profile: Profile, settings: TreatmentSettings): TreatedProfile {
  const numbers = numbersOf(profile, settings.panel, settings.recipe, settings.population?.lowest);
  return treatNumbers(numbers, settings, numbers.analytes.map((_, i) => i));
}

/** @param keep indices of the vector analytes that take part, in the panel's order */
export function treatNumbers(numbers: ProfileNumbers, settings: Omit<TreatmentSettings, 'panel'>, keep: readonly number[]): TreatedProfile {
  const replicates = vectorsOf(numbers, settings, keep);
  const { labels, weights } = labelsOf(keep.map((i) => numbers.analytes[i]!), settings.recipe);
  return { labels, weights, replicates, ...summaryOf(replicates, labels.length) };
}

/** The middle of `treatNumbers` and the weights of its labels alone. */
export function middleOfNumbers(numbers: ProfileNumbers, settings: Omit<TreatmentSettings, 'panel'>, keep: readonly number[]): Pick<TreatedProfile, 'centre' | 'weights'> {
  const replicates = vectorsOf(numbers, settings, keep);
  const weights = settings.recipe.steps.includes('pairwise-log-ratios') ? labelsOf(keep.map((i) => numbers.analytes[i]!), settings.recipe).weights : filled(keep, (i) => numbers.analytes[i]!.stability);
  return { weights, centre: replicates.length === 1 ? replicates[0]! : summaryOf(replicates, weights.length).centre };
}

/** Float64Array.from takes ten times as long, for every pair of a table. */
function filled(keep: readonly number[], valueOf: (i: number) => number): Float64Array {
  const values = new Float64Array(keep.length);
  for (let k = 0; k < keep.length; k++) values[k] = valueOf(keep[k]!);
  return values;
}

function vectorsOf(numbers: ProfileNumbers, { recipe, population }: Omit<TreatmentSettings, 'panel'>, keep: readonly number[]): Float64Array[] {
  const populationSd = needsPopulationSd(recipe) && population ? filled(keep, (i) => population.stepSd[numbers.analytes[i]!.id] ?? Number.NaN) : undefined;
  const starts = needsStarts(recipe) ? filled(keep, (i) => population?.starts?.[numbers.analytes[i]!.id] ?? 0) : undefined;
  return numbers.replicates.map((all, r) => {
    const context = { mainPeak: numbers.mainPeak[r]!, internalStandard: numbers.internalStandard[r]!, populationSd, starts };
    let values: Float64Array = filled(keep, (i) => all[i]!);
    for (const name of recipe.steps) values = TREATMENT_STEPS[name].apply(values, context);
    return values;
  });
}

/** Labels of the treated vector, and their stability weights: a ratio is as stable as both together. */
export function labelsOf(analytes: readonly { readonly id: string; readonly stability: number }[], { steps }: Recipe): { readonly labels: string[]; readonly weights: Float64Array } {
  const parts = steps.includes('pairwise-log-ratios') ? analytes.flatMap((a, i) => analytes.slice(i + 1).map((b) => ({ id: `${a.id}/${b.id}`, stability: a.stability * b.stability }))) : analytes;
  return { labels: parts.map(({ id }) => id), weights: Float64Array.from(parts, ({ stability }) => stability) };
}

function summaryOf(replicates: readonly Float64Array[], length: number): Pick<TreatedProfile, 'centre' | 'spread'> {
  const centre = new Float64Array(length);
  const spread = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const values = replicates.map((vector) => vector[i]!).filter((value) => !Number.isNaN(value));
    centre[i] = median(values);
    spread[i] = sampleSd(values);
  }
  return { centre, spread };
}

function median(values: number[]): number {
  if (values.length < 2) return values[0] ?? Number.NaN;
  values.sort((a, b) => a - b);
  return (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2;
}

function sampleSd(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
