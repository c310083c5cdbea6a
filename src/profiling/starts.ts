/**
 * How much the step `started-log` adds to a value: the limit of quantification, where the error of a reading that is a share of
 * it and the error that the method reads of a blank are of one order. Above it a factor counts as in a logarithm, and below it
 * hardly anything does: there two readings differ by the noise of a blank, whatever their ratio.
 */
import { START_PARAMETERS } from './parameters.ts';
import { numbersOf, readingOf } from './recipes/numbers.ts';
import { treatNumbers, type TreatmentSettings } from './recipes/treat.ts';
import type { Profile, Reading } from './types.ts';

/**
 * Analyte -> start, in the unit of the values that reach the step; analytes of which no limit is stated have none. Of each
 * laboratory the middle of what it states, of the laboratories the greatest: what one of them cannot quantify sets its own
 * profiles apart by chance, and one start for all keeps values of two laboratories on one scale.
 */
export function startsOf(profiles: readonly Profile[], { panel, recipe, ...settings }: TreatmentSettings): Record<string, number> {
  const before = { ...recipe, steps: recipe.steps.slice(0, recipe.steps.indexOf('started-log')) };
  const greatest: Record<string, number> = {};
  for (const own of Map.groupBy(profiles, ({ laboratory }) => laboratory ?? '').values()) {
    const stated = Map.groupBy(own.flatMap((profile) => limitsOf(profile, { panel, recipe: before, ...settings })), ({ id }) => id);
    for (const [id, limits] of stated) greatest[id] = Math.max(greatest[id] ?? 0, middleOf(limits.map(({ limit }) => limit)));
  }
  return greatest;
}

/** Every limit of quantification that a profile states, treated as a reading of that size would be. */
function limitsOf(profile: Profile, settings: TreatmentSettings): { readonly id: string; readonly limit: number }[] {
  const numbers = numbersOf(profile, settings.panel, settings.recipe, settings.population?.lowest);
  const all = numbers.analytes.map((_, i) => i);
  return profile.replicates.flatMap((replicate, r) => numbers.analytes.flatMap(({ id }, i) => {
    const quantified = limitOf(readingOf(replicate, id));
    if (quantified === undefined) return [];
    const alone = { ...numbers, replicates: [numbers.replicates[r]!.with(i, quantified)], mainPeak: numbers.mainPeak.subarray(r, r + 1), internalStandard: numbers.internalStandard.subarray(r, r + 1) };
    const limit = treatNumbers(alone, settings, all).replicates[0]![i]!;
    return limit > 0 ? [{ id, limit }] : [];
  }));
}

/** Of quantification, in the unit of the analyte; from that of detection where only this is stated. */
function limitOf(reading: Reading | undefined): number | undefined {
  if (!reading || reading.state === 'category') return undefined;
  return reading.loq ?? (reading.lod === undefined ? undefined : START_PARAMETERS.quantifiedFrom.value * reading.lod);
}

function middleOf(values: number[]): number {
  values.sort((a, b) => a - b);
  return (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2;
}
