/**
 * A reference set -> the figures that recipes and distances need. Made once, stored with the calibration that uses them,
 * and never made of the pair that is compared.
 */
import { problem } from '../domain/index.ts';
import { cholesky } from './distances/cholesky.ts';
import { robustSd, medianOf, rankCorrelations } from './distances/robust.ts';
import { PROFILE_PARAMETERS } from './parameters.ts';
import { numbersOf, readingOf, sumOfAreas } from './recipes/numbers.ts';
import { AREA } from './units.ts';
import { needsPopulationSd, needsStarts, type Recipe } from './recipes/recipes.ts';
import { treatProfile } from './recipes/treat.ts';
import { vectorAnalytes } from './registry.ts';
import { startsOf } from './starts.ts';
import type { Panel, PopulationFigures, Profile, TreatedProfile } from './types.ts';

/**
 * Control samples take no part. Figures within a batch come from profiles of one batch; where no batch has two, from the
 * replicates of a profile.
 * @throws Problem profile-settings-invalid when there are too few profiles
 */
export function measurePopulation(profiles: readonly Profile[], panel: Panel, recipe: Recipe): PopulationFigures {
  const used = profiles.filter(({ control }) => !control);
  const least = PROFILE_PARAMETERS.leastForFigures.value;
  if (used.length < least) throw problem('profile-settings-invalid', { reason: `population figures need ${least} profiles, and there are ${used.length}` });
  const lowest = lowestOf(used, panel);
  const stepSd = needsPopulationSd(recipe) ? stepSdOf(used, panel, recipe, lowest) : {};
  const starts = needsStarts(recipe) ? { starts: startsOf(used, { panel, recipe, population: { stepSd, lowest } }) } : {};
  const treated = used.map((profile) => treatProfile(profile, { panel, recipe, population: { stepSd, ...starts, lowest } }));
  const labels = treated[0]!.labels;
  const column = (vectors: readonly Float64Array[], i: number): Float64Array => Float64Array.from(vectors, (vector) => vector[i]!);
  const centres = treated.map(({ centre }) => centre);
  const { deviations, sources } = deviationsWithin(used, treated);
  const centre = labels.map((_, i) => orNought(medianOf(column(centres, i))));
  const within = labels.map((_, i) => Math.max(robustSd(column(deviations, i)), roundingSd(column(centres, i))));
  return {
    panel: { id: panel.id, version: panel.version }, recipe: { id: recipe.id, version: recipe.version },
    profiles: used.length, batches: sources, stepSd, ...starts, lowest, labels, centre,
    sd: labels.map((_, i) => robustSd(column(centres, i).map((value) => value - centre[i]!))),
    within, withinCovariance: covarianceOf(labels.map((_, i) => column(deviations, i)), within),
  };
}

const orNought = (value: number): number => (Number.isNaN(value) ? 0 : value);

/** Analyte -> lowest measured value above nought; of areas its share of their sum, because each laboratory has a scale of its own. */
function lowestOf(profiles: readonly Profile[], panel: Panel): Record<string, number> {
  const lowest: Record<string, number> = {};
  const analytes = vectorAnalytes(panel);
  for (const { replicates } of profiles) for (const replicate of replicates) {
    const areas = sumOfAreas(replicate, analytes);
    for (const { id, scale, unit } of analytes) {
      const reading = scale === 'amount' ? readingOf(replicate, id) : undefined;
      if (reading?.state === 'measured' && reading.value > 0) lowest[id] = Math.min(lowest[id] ?? Infinity, unit === AREA ? reading.value / areas : reading.value);
    }
  }
  return lowest;
}

/** Plain SD over the profiles of what reaches `population-sd`: that is how the literature standardises peaks, many of which are nought. */
function stepSdOf(profiles: readonly Profile[], panel: Panel, recipe: Recipe, lowest: PopulationFigures['lowest']): Record<string, number> {
  const before: Recipe = { ...recipe, steps: recipe.steps.slice(0, recipe.steps.indexOf('population-sd')) };
  const vectors = profiles.map((profile) => (before.steps.length > 0 ? treatProfile(profile, { panel, recipe: before, population: { stepSd: {}, lowest } }).centre : centreOf(numbersOf(profile, panel, recipe, lowest).replicates)));
  return Object.fromEntries(vectorAnalytes(panel).flatMap(({ id }, i) => {
    const values = vectors.map((vector) => vector[i]!).filter((value) => !Number.isNaN(value));
    if (values.length < 2) return [];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [[id, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))]];
  }));
}

const centreOf = (replicates: readonly Float64Array[]): Float64Array => Float64Array.from({ length: replicates[0]?.length ?? 0 }, (_, i) => medianOf(Float64Array.from(replicates, (vector) => vector[i]!)));

/** Vectors of every source less the middle of its others. */
function deviationsWithin(profiles: readonly Profile[], treated: readonly TreatedProfile[]): { readonly deviations: Float64Array[]; readonly sources: number } {
  const batches = new Map<string, Float64Array[]>();
  profiles.forEach(({ batch }, i) => {
    if (batch === undefined) return;
    const known = batches.get(batch);
    if (known) known.push(treated[i]!.centre);
    else batches.set(batch, [treated[i]!.centre]);
  });
  const several = [...batches.values()].filter((vectors) => vectors.length > 1);
  const sources = several.length > 0 ? several : treated.map(({ replicates }) => replicates).filter((vectors) => vectors.length > 1);
  return { sources: sources.length, deviations: sources.flatMap(deviationsOf) };
}

/** Each vector less the median of the others, divided so that it varies like one: an error spoils its own deviation, and in small sources those of its fellows. */
function deviationsOf(vectors: readonly Float64Array[]): Float64Array[] {
  const deviations = vectors.map(({ length }) => new Float64Array(length).fill(Number.NaN));
  for (let i = 0; i < vectors[0]!.length; i++) {
    const having = [...vectors.keys()].filter((v) => !Number.isNaN(vectors[v]![i]!)).sort((a, b) => vectors[a]![i]! - vectors[b]![i]!);
    const others = having.length - 1;
    if (others < 1) continue;
    const scale = 1 / Math.sqrt(1 + varianceOfMedian(others));
    having.forEach((v, rank) => {
      const other = (place: number): number => vectors[having[place < rank ? place : place + 1]!]![i]!;
      deviations[v]![i] = (vectors[v]![i]! - (other((others - 1) >> 1) + other(others >> 1)) / 2) * scale;
    });
  }
  return deviations;
}

/** Of so many normal values of variance 1; the formulas are within 4 % for two and more. */
const varianceOfMedian = (count: number): number => (count === 1 ? 1 : Math.PI / (2 * count + (count % 2 ? 1 : 2.5)));

/** SD of the error of rounding to the smallest step between values: no spread is less. 0 where all values are one. */
function roundingSd(values: Float64Array): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  let step = Number.POSITIVE_INFINITY;
  const noise = 1e-9 * Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted.at(-1) ?? 0));
  for (let i = 1; i < sorted.length; i++) {
    const gap = sorted[i]! - sorted[i - 1]!;
    if (gap > noise) step = Math.min(step, gap);
  }
  return step < Number.POSITIVE_INFINITY ? step / Math.sqrt(12) : 0;
}

/**
 * Robust SDs and rank correlations of what is no gross error. Correlations are drawn towards none, the more the fewer
 * deviations there are for a label, and further where ranks alone give no positive definite matrix.
 */
function covarianceOf(columns: readonly Float64Array[], within: readonly number[]): number[] {
  const n = columns.length;
  const most = PROFILE_PARAMETERS.grossError.value;
  const ranks = rankCorrelations(columns.map((column, i) => column.map((d) => (Math.abs(d) > most * within[i]! ? Number.NaN : d))));
  const drawn = (kept: number): Float64Array => ranks.map((value, at) => (at % (n + 1) === 0 ? 1 : kept * value));
  const rows = columns[0]?.length ?? 0;
  let kept = rows / (rows + n);
  while (!cholesky(drawn(kept), n)) kept *= 0.9;
  return [...drawn(kept)].map((value, at) => value * within[Math.floor(at / n)]! * within[at % n]!);
}
