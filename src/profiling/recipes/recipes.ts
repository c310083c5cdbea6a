/** Named sequences of steps. A change of a recipe is a new version: calibrations name theirs. */
import { problem } from '../../domain/index.ts';
import type { RecipeReference } from '../types.ts';
import { TREATMENT_STEPS, type TreatmentStepName } from './steps.ts';

/**
 * What stands for what was not detected. `half-limit`: half of the LOD, or of the lowest value of the population where no
 * LOD is known. `zero`: nought, as some laboratories do for a peak that is not there. By either, what is below
 * quantification is the middle between LOD (or nought) and LOQ, where that is known, and else like what was not detected.
 *
 * Where roots follow, nought is the wrong choice: they are steep there, so that a trace just seen in one specimen and just
 * missed in the other sets the two as far apart as a real difference does.
 */
export type CensoredRule = 'zero' | 'half-limit';

export interface Recipe extends RecipeReference {
  readonly title: string;
  /** The first step: what not-detected and below-quantification become. */
  readonly censored: CensoredRule;
  readonly steps: readonly TreatmentStepName[];
  readonly source: string;
}

/** @throws Problem profile-settings-invalid when the steps cannot follow each other */
export function composeRecipe(recipe: Recipe): Recipe {
  const { steps, censored } = recipe;
  const refuse = (reason: string): never => {
    throw problem('profile-settings-invalid', { reason: `recipe ${recipe.id}: ${reason}` });
  };
  const unknown = steps.find((name) => !Object.hasOwn(TREATMENT_STEPS, name));
  if (unknown !== undefined) refuse(`${unknown} is no step; there are ${Object.keys(TREATMENT_STEPS).join(', ')}`);
  if (new Set(steps).size < steps.length) refuse('a step stands twice');
  const logarithms = steps.filter((name) => TREATMENT_STEPS[name].aboveNought);
  if (logarithms.length > 1 || (logarithms.length === 1 && steps.at(-1) !== logarithms[0])) refuse('a logarithm comes last, and once');
  if (logarithms.length > 0 && censored === 'zero') refuse('nought has no logarithm; what is not detected must be half of the limit');
  return Object.freeze({ ...recipe, steps: Object.freeze([...steps]) });
}

const TITLES: Readonly<Record<CensoredRule, string>> = { 'zero': 'not detected is nought', 'half-limit': 'not detected is half of the LOD' };

/** A recipe of version 1 whose title says its steps. */
function recipe(id: string, censored: CensoredRule, steps: readonly TreatmentStepName[], source?: string): Recipe {
  return composeRecipe({
    id, version: 1, censored, steps,
    title: [TITLES[censored], ...steps.map((name) => TREATMENT_STEPS[name].title)].join('; '),
    source: source ?? (steps.map((name) => TREATMENT_STEPS[name].source).join('. ') || 'Values as they are'),
  });
}

export const RECIPES: readonly Recipe[] = Object.freeze([
  recipe('as-measured', 'half-limit', []),
  recipe('sum', 'zero', ['sum']),
  recipe('sum-square-root', 'half-limit', ['sum', 'square-root']),
  recipe('sum-fourth-root', 'half-limit', ['sum', 'fourth-root'], 'Harmonised European amphetamine method, but for what is not detected, which is nought there'),
  recipe('sum-fourth-root-nought', 'zero', ['sum', 'fourth-root'], 'Harmonised European amphetamine method, as published'),
  recipe('sum-log', 'half-limit', ['sum', 'log']),
  recipe('main-peak', 'zero', ['main-peak']),
  recipe('main-peak-square-root', 'half-limit', ['main-peak', 'square-root']),
  recipe('main-peak-fourth-root', 'half-limit', ['main-peak', 'fourth-root']),
  recipe('main-peak-log', 'half-limit', ['main-peak', 'log']),
  recipe('main-peak-started-log', 'half-limit', ['main-peak', 'started-log']),
  recipe('internal-standard', 'zero', ['internal-standard']),
  recipe('internal-standard-square-root', 'half-limit', ['internal-standard', 'square-root']),
  recipe('internal-standard-fourth-root', 'half-limit', ['internal-standard', 'fourth-root']),
  recipe('internal-standard-log', 'half-limit', ['internal-standard', 'log']),
  recipe('n-plus-s', 'zero', ['sum', 'population-sd'], 'N+S: normalised by the sum, then standardised by the SD over the population; common for cocaine'),
  recipe('n-plus-s-square-root', 'half-limit', ['sum', 'population-sd', 'square-root'], 'N+S with a root'),
  recipe('n-plus-s-fourth-root', 'half-limit', ['sum', 'population-sd', 'fourth-root'], 'N+S with the fourth root'),
  recipe('population-scaled', 'half-limit', ['population-sd']),
  recipe('square-root', 'half-limit', ['square-root']),
  recipe('fourth-root', 'half-limit', ['fourth-root']),
  recipe('log', 'half-limit', ['log']),
  recipe('started-log', 'half-limit', ['started-log']),
  recipe('centred-log-ratio', 'half-limit', ['centred-log-ratio']),
  recipe('pairwise-log-ratios', 'half-limit', ['pairwise-log-ratios']),
]);

export const findRecipe = (id: string, recipes: readonly Recipe[] = RECIPES): Recipe | undefined => recipes.find((known) => known.id === id);

export const needsPopulationSd = ({ steps }: Recipe): boolean => steps.includes('population-sd');
export const needsStarts = ({ steps }: Recipe): boolean => steps.includes('started-log');
/** Whether it can be used without figures of a population at all. */
export const needsPopulation = (recipe: Recipe): boolean => needsPopulationSd(recipe) || needsStarts(recipe);
/** Whether a measured nought is taken for not detected: it has no logarithm, and beside half of a limit a root would set it apart. */
export const needsAboveNought = ({ steps, censored }: Recipe): boolean => steps.some((name) => TREATMENT_STEPS[name].aboveNought || (censored === 'half-limit' && TREATMENT_STEPS[name].steepAtNought));
