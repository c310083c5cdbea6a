/** How profiles of a panel are compared: its defaults, unless somebody says otherwise, and the digest of all of it. */
import { createHash } from 'node:crypto';
import { problem } from '../domain/index.ts';
import { DISTANCES, findDistance, type Distance } from './distances/distances.ts';
import { profilingDigest } from './parameters.ts';
import { findRecipe, needsPopulation, RECIPES, type Recipe } from './recipes/recipes.ts';
import { TREATMENT_STEPS } from './recipes/steps.ts';
import { samePanel, vectorAnalytes } from './registry.ts';
import type { Panel, PopulationFigures } from './types.ts';
import { AREA } from './units.ts';

export interface ProfileSettings {
  readonly panel: Panel;
  readonly recipe: Recipe;
  readonly distance: Distance;
  readonly population?: PopulationFigures;
  /** Method families that were shown to read alike, in either order. */
  readonly validatedFamilies: readonly (readonly [string, string])[];
}

export interface ProfileChoices {
  /** By id, or of the laboratory's own making (composeRecipe). */
  readonly recipe?: string | Recipe;
  readonly distance?: string;
  readonly population?: PopulationFigures;
  readonly validatedFamilies?: ProfileSettings['validatedFamilies'];
}

/** @throws Problem profile-settings-invalid */
export function settingsFor(panel: Panel, choices: ProfileChoices = {}): ProfileSettings {
  const { population, validatedFamilies = [] } = choices;
  const recipe = recipeFor(panel, choices.recipe ?? panel.recipe);
  const id = choices.distance ?? panel.distance;
  const distance = findDistance(id) ?? refuse(`${id} is no distance; there are ${DISTANCES.map((known) => known.id).join(', ')}`);
  if (needsPopulation(recipe) && !population) refuse(`recipe ${recipe.id} needs population figures, which a calibration brings`);
  if (distance.needsPopulation && !population) refuse(`distance ${distance.id} needs population figures, which a calibration brings`);
  if (population && !(samePanel(population.panel, panel) && population.recipe.id === recipe.id && population.recipe.version === recipe.version)) refuse(`the population figures are of panel ${population.panel.id} and recipe ${population.recipe.id}, not of ${panel.id} and ${recipe.id}`);
  return Object.freeze({ panel, recipe, distance, ...(population && { population }), validatedFamilies });
}

function refuse(reason: string): never {
  throw problem('profile-settings-invalid', { reason });
}

/** The recipe, where it can be used on this panel. @throws Problem profile-settings-invalid */
export function recipeFor(panel: Panel, choice: string | Recipe = panel.recipe): Recipe {
  const recipe = typeof choice === 'string' ? (findRecipe(choice) ?? refuse(`${choice} is no recipe; there are ${RECIPES.map(({ id }) => id).join(', ')}`)) : choice;
  const reason = unfit(panel, recipe);
  return reason === undefined ? recipe : refuse(reason);
}

/** Why a recipe cannot be used on a panel; undefined when it can. */
export function unfit(panel: Pick<Panel, 'id' | 'analytes' | 'mainPeak' | 'internalStandard'>, { id, steps }: Recipe): string | undefined {
  const interval = vectorAnalytes(panel).find(({ scale }) => scale === 'interval');
  const step = steps.find((name) => TREATMENT_STEPS[name].amountsOnly);
  if (interval && step) return `recipe ${id} has the step ${step}, and ${interval.id} is no amount`;
  const scaled = steps.findIndex((name) => name === 'population-sd' || name === 'started-log');
  const area = vectorAnalytes(panel).find(({ unit }) => unit === AREA);
  if (area && scaled >= 0 && !steps.slice(0, scaled).some((name) => TREATMENT_STEPS[name].relative)) return `recipe ${id} ${steps[scaled] === 'population-sd' ? `divides ${area.id} by an SD over the population` : `adds a limit of the population to ${area.id}`}, and peak areas have a scale of their own in each laboratory; divide by the sum, the main peak or the internal standard first`;
  if (steps.includes('main-peak') && panel.mainPeak === undefined) return `recipe ${id} divides by the main peak, and panel ${panel.id} names none`;
  if (steps.includes('internal-standard') && panel.internalStandard === undefined) return `recipe ${id} divides by the internal standard, and panel ${panel.id} names none`;
  return undefined;
}

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** SHA-256 of what a panel does to a comparison; titles, names and sources may be corrected without a new one. */
export function panelDigest(panel: Panel): string {
  return digestOf([panel.id, panel.version, panel.analytes.map(({ id, unit, scale, stability }) => [id, unit, scale, stability]), panel.mainPeak ?? null, panel.internalStandard ?? null, panel.minimumOverlap, panel.methodFamilies.map(({ id }) => id)]);
}

/** SHA-256 of all that a distance depends on besides the two profiles: an LR needs the one its calibration was made with. */
export function settingsDigest({ panel, recipe, distance, population, validatedFamilies }: ProfileSettings): string {
  return digestOf(['profile-settings/1', profilingDigest, panelDigest(panel), recipe.id, recipe.version, recipe.censored, recipe.steps, distance.id, distance.version, population ?? null, validatedFamilies]);
}
