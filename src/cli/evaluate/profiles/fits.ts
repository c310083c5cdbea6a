/**
 * What the comparison of a pair rests on besides the two profiles: figures of a population, and a calibration. Both come
 * from profiles of other batches: those of another folder, or of this one without the batches of the pair.
 */
import { measurePopulation, type Panel, type PreparedProfile, prepareProfile, type Profile, type ProfileSettings, recipeFor, settingsFor } from '../../../profiling/index.ts';

export interface ProfileFit {
  readonly settings: ProfileSettings;
  /** By place of the profile; undefined for those that no pair of this fit holds. */
  readonly prepared: readonly (PreparedProfile | undefined)[];
  /** Profiles that the figures and the calibration were made of. */
  readonly reference: readonly Profile[];
}

export interface ProfileFits {
  readonly of: (first: number, second: number) => ProfileFit;
  readonly all: readonly ProfileFit[];
  /** In a sentence. */
  readonly about: string;
  /** Parts of the batches that were left out in turn; null where the reference is another folder's, or there is none. */
  readonly folds: number | null;
}

export interface FitChoices {
  readonly panel: Panel;
  readonly recipe: string | undefined;
  readonly distance: string | undefined;
}

/** Of small tables more parts, so that enough is left to learn from; of large ones fewer, because every two parts have a calibration of their own. */
const [SMALL, FOLDS_OF_SMALL, FOLDS] = [60, 10, 5];

/** By another folder's profiles. */
export function fitsOn(reference: readonly Profile[], profiles: readonly Profile[], choices: FitChoices): ProfileFits {
  const settings = settingsOn(reference, choices);
  const fit: ProfileFit = { settings, prepared: profiles.map((profile) => prepareProfile(profile, settings)), reference };
  return { of: () => fit, all: [fit], folds: null, about: `Figures of the population come from ${reference.length} profiles of another folder.` };
}

/**
 * Batches are dealt into parts, by number, so that a run gives the same figures every time; a pair is judged without the
 * parts of its two batches. @throws Problem profile-settings-invalid where too few profiles are left
 */
export function fitsAcross(profiles: readonly Profile[], choices: FitChoices, asked?: number): ProfileFits {
  const names = [...new Set(profiles.map(({ batch }) => batch!))].sort();
  const folds = Math.min(asked ?? (names.length <= SMALL ? FOLDS_OF_SMALL : FOLDS), names.length);
  const order = new Map(dealt(names.length).map((at, i) => [names[at]!, i % folds] as const));
  const foldOf = profiles.map(({ batch }) => order.get(batch!)!);
  const fits = new Map<number, ProfileFit>();
  for (let a = 0; a < folds; a++) for (let b = a; b < folds; b++) {
    const inside = (fold: number): boolean => fold === a || fold === b;
    const reference = profiles.filter((_, i) => !inside(foldOf[i]!));
    const settings = settingsOn(reference, choices);
    fits.set(a * folds + b, { settings, reference, prepared: profiles.map((profile, i) => (inside(foldOf[i]!) ? prepareProfile(profile, settings) : undefined)) });
  }
  const of = (i: number, j: number): ProfileFit => fits.get(Math.min(foldOf[i]!, foldOf[j]!) * folds + Math.max(foldOf[i]!, foldOf[j]!))!;
  return { of, all: [...fits.values()], folds, about: `The batches were dealt into ${folds} parts; figures of the population come, for every pair, from the batches outside of the one or two parts that hold its own.` };
}

/** By no batch at all, where the table names none: figures of the population are those of the table itself. */
export const fitsWithin = (profiles: readonly Profile[], choices: FitChoices): ProfileFits => ({
  ...fitsOn(profiles, profiles, choices), about: 'The table names no batches: figures of the population come from its own profiles, and there are no LRs.',
});

/** 0, 1, ... in an order that follows no numbering of laboratories: by steps of a golden section. */
function dealt(count: number): number[] {
  const place = (i: number): number => (i * 0.6180339887498949) % 1;
  return Array.from({ length: count }, (_, i) => i).sort((a, b) => place(a) - place(b));
}

function settingsOn(reference: readonly Profile[], { panel, recipe, distance }: FitChoices): ProfileSettings {
  const population = measurePopulation(reference, panel, recipeFor(panel, recipe));
  return settingsFor(panel, { population, ...(recipe !== undefined && { recipe }), ...(distance !== undefined && { distance }) });
}
