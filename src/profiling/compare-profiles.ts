/**
 * How far apart are two profiles, on what both were analysed for?
 *
 * 1. gates: same panel, no control sample, one method family, age, overlap. Outside of them there is no statement.
 * 2. treatment: both by one recipe, on the analytes of the pair alone, replicate by replicate.
 *    Limits: where one of them did not detect an analyte, a lower value of the other is as good as equal, and is raised to half
 *    of that limit. So two laboratories of unlike sensitivity do not differ in what neither saw, or only the finer one.
 * 3. distance: between the middles of the replicates; each analyte's part in it; how far the replicates of each lie apart by
 *    the same measure, which is what chance in the laboratory does.
 * 4. words: categories of both stand beside the distance, and are in none.
 *
 * A distance orders pairs of one panel and recipe; it is no LR before it is calibrated.
 */
import type { DistanceFigures } from './distances/distances.ts';
import { keptByGates, passGates, type NotComparable, type ProfileOverlap } from './gates.ts';
import { numbersOf, readingOf, type ProfileNumbers } from './recipes/numbers.ts';
import { labelsOf, middleOfNumbers, treatNumbers } from './recipes/treat.ts';
import type { ProfileSettings } from './settings.ts';
import type { PopulationFigures, Profile, RecipeReference, TreatedProfile } from './types.ts';

/** What one label of the treated vector adds. */
export interface ProfileContribution {
  /** Analyte id, or `a/b` for a log-ratio. */
  readonly label: string;
  /** Treated values, and the SD of their replicates; null where there is none. */
  readonly a: number;
  readonly b: number;
  readonly spreadA: number | null;
  readonly spreadB: number | null;
  readonly weight: number;
  /** Its part of the distance; all parts sum to it. */
  readonly part: number;
}

export interface CategoryPair {
  readonly analyte: string;
  readonly a: string;
  readonly b: string;
  readonly agrees: boolean;
}

export interface ComparedProfiles {
  readonly outcome: 'compared';
  readonly distance: number;
  readonly recipe: RecipeReference;
  readonly measure: RecipeReference;
  readonly overlap: ProfileOverlap;
  /** In the panel's order. */
  readonly contributions: readonly ProfileContribution[];
  /** Mean distance between two replicates of one profile; null with one replicate. */
  readonly replicates: { readonly a: number | null; readonly b: number | null };
  readonly categories: readonly CategoryPair[];
  readonly notes: readonly string[];
}

export type ProfileComparison = ComparedProfiles | NotComparable;

/** A profile made ready for many comparisons by the same settings. */
export interface PreparedProfile {
  readonly numbers: ProfileNumbers;
  /** The vector analytes it has a number for; what follows is made on them, and used where a pair shares them all. */
  readonly keep: readonly number[];
  readonly treated: TreatedProfile;
  readonly figures: DistanceFigures | undefined;
}

/** Symmetric: (b, a) has the distance of (a, b), with the sides exchanged. */
export function compareProfiles(a: Profile, b: Profile, settings: ProfileSettings): ProfileComparison {
  return comparePrepared(prepareProfile(a, settings), prepareProfile(b, settings), settings);
}

export function prepareProfile(profile: Profile, settings: ProfileSettings): PreparedProfile {
  return prepareNumbers(numbersOf(profile, settings.panel, settings.recipe, settings.population?.lowest), settings);
}

/** As `prepareProfile`, for numbers that were kept of a profile by the same settings. */
export function prepareNumbers(numbers: ProfileNumbers, settings: ProfileSettings): PreparedProfile {
  const keep = numbers.analytes.flatMap((_, i) => (numbers.replicates.some((values) => !Number.isNaN(values[i]!)) ? [i] : []));
  return { numbers, keep, ...treatedBy(numbers, keep, settings) };
}

type Treated = Pick<PreparedProfile, 'treated' | 'figures'>;

function treatedBy(numbers: ProfileNumbers, keep: readonly number[], settings: ProfileSettings): Treated {
  const treated = treatNumbers(numbers, settings, keep);
  return { treated, figures: settings.distance.needsPopulation ? figuresFor(treated.labels, settings.population!) : undefined };
}

export function comparePrepared(a: PreparedProfile, b: PreparedProfile, settings: ProfileSettings): ProfileComparison {
  const { recipe, distance: measure } = settings;
  // 1 gates
  const gates = passGates(a.numbers, b.numbers, settings);
  if (gates.outcome === 'not-comparable') return gates;
  // 2 treatment
  const { treated: x, figures } = treatedOn(gates.keep, a, settings);
  const { treated: y } = treatedOn(gates.keep, b, settings);
  const [xs, ys] = atOneLimit(x.centre, y.centre, gates.keep, a, b, settings);
  // 3 distance
  const parts = new Float64Array(x.labels.length);
  const known = knownOf(xs, ys);
  if (known === 0) return { outcome: 'not-comparable', reason: 'reference-peak-missing', detail: `Recipe ${recipe.id} has nothing to divide by in one of the profiles.`, overlap: gates.overlap };
  const distance = known < measure.leastLabels ? Number.NaN : measure.measure(xs, ys, x.weights, figures, parts);
  if (Number.isNaN(distance)) return { outcome: 'not-comparable', reason: 'no-variation', detail: `The distance ${measure.id} is not defined on ${known} values: there are too few, or those of one profile are all the same.`, overlap: gates.overlap };
  const within = (treated: TreatedProfile): number | null => betweenReplicates(treated, (p, q) => measure.measure(p, q, treated.weights, figures));
  return {
    outcome: 'compared', distance,
    recipe: { id: recipe.id, version: recipe.version }, measure: { id: measure.id, version: measure.version },
    overlap: gates.overlap,
    contributions: x.labels.map((label, i) => ({ label, a: xs[i]!, b: ys[i]!, spreadA: orNull(x.spread[i]!), spreadB: orNull(y.spread[i]!), weight: x.weights[i]!, part: parts[i]! })),
    replicates: { a: within(x), b: within(y) },
    // 4 words
    categories: categoriesOf(a.numbers.profile, b.numbers.profile, settings),
    notes: gates.notes,
  };
}

/** The distance alone, for many pairs: the number that `comparePrepared` gives, or null where it gives none. */
export function distanceBetween(a: PreparedProfile, b: PreparedProfile, settings: ProfileSettings): number | null {
  const keep = keptByGates(a.numbers, b.numbers, settings);
  if (!keep) return null;
  const x = middleOn(keep, a, settings);
  const y = middleOn(keep, b, settings);
  const [xs, ys] = atOneLimit(x.centre, y.centre, keep, a, b, settings);
  if (knownOf(xs, ys) < settings.distance.leastLabels) return null;
  return orNull(settings.distance.measure(xs, ys, x.weights, settings.distance.needsPopulation ? figuresOn(keep, a, settings) : undefined));
}

/** Both centres with their limits evened out (step 2). Ratios of two analytes have no limit of their own and stay as they are. */
function atOneLimit(x: Float64Array, y: Float64Array, keep: readonly number[], { numbers: a }: PreparedProfile, { numbers: b }: PreparedProfile, { recipe }: ProfileSettings): readonly [Float64Array, Float64Array] {
  if (recipe.steps.includes('pairwise-log-ratios')) return [x, y];
  let [xs, ys] = [x, y];
  for (let k = 0; k < keep.length; k++) {
    const i = keep[k]!;
    if (a.undetected[i] && y[k]! < x[k]!) (ys = ys === y ? Float64Array.from(y) : ys)[k] = x[k]!;
    else if (b.undetected[i] && x[k]! < y[k]!) (xs = xs === x ? Float64Array.from(x) : xs)[k] = y[k]!;
  }
  return [xs, ys];
}

type Middle = Pick<TreatedProfile, 'centre' | 'weights'>;

/** Without what only a single pair is asked for. */
function middleOn(keep: readonly number[], prepared: PreparedProfile, settings: ProfileSettings): Middle {
  return keep.length === prepared.keep.length ? prepared.treated : middleOfNumbers(prepared.numbers, settings, keep);
}

function figuresOn(keep: readonly number[], prepared: PreparedProfile, settings: ProfileSettings): DistanceFigures {
  if (keep.length === prepared.keep.length) return prepared.figures!;
  return figuresFor(labelsOf(keep.map((i) => prepared.numbers.analytes[i]!), settings.recipe).labels, settings.population!);
}

/** Labels that both have. */
const knownOf = (x: Float64Array, y: Float64Array): number => x.reduce((count, value, i) => count + (Number.isNaN(value) || Number.isNaN(y[i]!) ? 0 : 1), 0);

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** @param keep among those of the profile */
function treatedOn(keep: readonly number[], prepared: PreparedProfile, settings: ProfileSettings): Treated {
  return keep.length === prepared.keep.length ? prepared : treatedBy(prepared.numbers, keep, settings);
}

function figuresFor(labels: readonly string[], population: PopulationFigures): DistanceFigures {
  const all = population.labels.length;
  const at = new Map(population.labels.map((label, i) => [label, i] as const));
  const indices = labels.map((label) => at.get(label)!);
  const covariance = new Float64Array(labels.length ** 2);
  indices.forEach((i, row) => indices.forEach((j, column) => void (covariance[row * labels.length + column] = population.withinCovariance[i * all + j]!)));
  return { within: Float64Array.from(indices, (i) => population.within[i]!), covariance };
}

function betweenReplicates({ replicates }: TreatedProfile, measure: (x: Float64Array, y: Float64Array) => number): number | null {
  let [sum, count] = [0, 0];
  replicates.forEach((x, i) => replicates.slice(0, i).forEach((y) => {
    const distance = measure(x, y);
    if (Number.isNaN(distance)) return;
    sum += distance;
    count++;
  }));
  return count > 0 ? sum / count : null;
}

/** Words of the first replicate that has one. */
function categoriesOf(a: Profile, b: Profile, { panel }: ProfileSettings): CategoryPair[] {
  const wordOf = (profile: Profile, id: string): string | undefined => {
    for (const replicate of profile.replicates) {
      const reading = readingOf(replicate, id);
      if (reading?.state === 'category') return reading.category;
    }
    return undefined;
  };
  return panel.analytes.flatMap(({ id, scale }) => {
    if (scale !== 'category') return [];
    const [x, y] = [wordOf(a, id), wordOf(b, id)];
    return x === undefined || y === undefined ? [] : [{ analyte: id, a: x, b: y, agrees: x === y }];
  });
}
