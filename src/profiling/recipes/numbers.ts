/** Readings -> numbers: the first step of every recipe, which says what a reading without a number becomes. */
import { PROFILE_PARAMETERS } from '../parameters.ts';
import { vectorAnalytes } from '../registry.ts';
import type { Analyte, Panel, PopulationFigures, Profile, Reading, Replicate } from '../types.ts';
import { AREA } from '../units.ts';
import { needsAboveNought, type Recipe } from './recipes.ts';

/** A profile as numbers of its panel's vector analytes, before any step that mixes them. */
export interface ProfileNumbers {
  readonly profile: Profile;
  /** The vector analytes of the panel. */
  readonly analytes: readonly Analyte[];
  /** Whether any replicate has a reading, one an analyte. */
  readonly analysed: Uint8Array;
  /** Whether half of a limit stands in every replicate that has a number, one an analyte: what is there is at most this. */
  readonly undetected: Uint8Array;
  /** One vector a replicate; NaN where there is no number. */
  readonly replicates: readonly Float64Array[];
  readonly mainPeak: Float64Array;
  readonly internalStandard: Float64Array;
}

export const readingOf = ({ readings }: Replicate, analyte: string): Reading | undefined => (Object.hasOwn(readings, analyte) ? readings[analyte] : undefined);

export function numbersOf(profile: Profile, panel: Panel, recipe: Recipe, lowest: PopulationFigures['lowest'] = {}): ProfileNumbers {
  const analytes = vectorAnalytes(panel);
  const analysed = new Uint8Array(analytes.length);
  const seen = new Uint8Array(analytes.length);
  const strict = needsAboveNought(recipe);
  const replicates = profile.replicates.map((replicate) => {
    const areas = sumOfAreas(replicate, analytes);
    return Float64Array.from(analytes, (analyte, i) => {
      const reading = readingOf(replicate, analyte.id);
      if (!reading) return Number.NaN;
      analysed[i] = 1;
      if (recipe.censored === 'zero' || reading.state !== 'not-detected') seen[i] = 1;
      const low = Object.hasOwn(lowest, analyte.id) ? lowest[analyte.id]! * (analyte.unit === AREA ? areas : 1) : undefined;
      return numberOf(reading, analyte, recipe, strict, low);
    });
  });
  const amounts = (id: string | undefined): Float64Array => Float64Array.from(profile.replicates, (replicate) => {
    const reading = id === undefined ? undefined : readingOf(replicate, id);
    return reading?.state === 'measured' ? reading.value : Number.NaN;
  });
  return { profile, analytes, analysed, undetected: analysed.map((looked, i) => looked & ~seen[i]!), replicates, mainPeak: amounts(panel.mainPeak), internalStandard: amounts(panel.internalStandard) };
}

/** Of the measured vector analytes of a replicate: the scale that its peak areas are on. */
export function sumOfAreas(replicate: Replicate, analytes: readonly Analyte[]): number {
  let sum = 0;
  for (const { id, unit } of analytes) {
    const reading = unit === AREA ? readingOf(replicate, id) : undefined;
    if (reading?.state === 'measured' && reading.value > 0) sum += reading.value;
  }
  return sum;
}

/**
 * NaN where there is none: an amount below nought, or half of a limit that nobody knows. A measured nought is taken for not
 * detected where the recipe cannot have it.
 */
function numberOf(reading: Reading, { scale }: Analyte, recipe: Recipe, strict: boolean, lowest: number | undefined): number {
  if (reading.state === 'category') return Number.NaN;
  if (reading.state === 'measured') {
    if (scale === 'interval') return reading.value;
    if (reading.value < 0) return Number.NaN;
    if (reading.value > 0 || !strict) return reading.value;
  }
  // A limit says nothing of values that may be negative.
  if (scale === 'interval') return Number.NaN;
  if (reading.state === 'below-quantification' && reading.loq !== undefined) return ((reading.lod ?? 0) + reading.loq) / 2;
  if (reading.state === 'below-quantification' && reading.lod !== undefined) return reading.lod;
  if (recipe.censored === 'zero') return 0;
  const limit = reading.lod ?? lowest;
  return limit === undefined ? Number.NaN : PROFILE_PARAMETERS.limitShare.value * limit;
}
