/**
 * The models that compete for a reference set, each a score of two sides: greater for one source.
 * - distance-logistic, distance-kde: a distance in one number, then a line or two densities; a distance has a name, `spread`
 *   (sum over analytes of log(1 + |difference| / spread)) where none is given
 * - two-level-normal, two-level-kernel: Aitken and Lucy 2004
 * - two-level-heavy: heavy tails and entry errors within, kernels of many widths between; analytes independent within a source,
 *   with half of their correlation (-half) or all of it (-correlated)
 */
import type { LineShape } from './line.ts';
import { fitNormal, carriesNormal, normalLogRatio, type NormalModel } from './normal.ts';
import { centreOf, fitPopulation, logDensity, type PopulationModel, populationViews, spreadOfCentres, type PopulationView, type SourceDensities } from './population.ts';
import { centresOf, type Combined, pairsWithin, type ReferenceSet, type RowPair } from './reference.ts';
import { knownOf, spreadDensity, type SpreadModel } from './spread.ts';
import { fitSpread } from './spread-fit.ts';

/** In the order in which they are preferred where they are alike. */
export const PROFILE_MODELS = ['two-level-heavy', 'two-level-heavy-half', 'two-level-heavy-correlated', 'two-level-normal', 'two-level-kernel', 'distance-logistic', 'distance-kde'] as const;
/** One of the above; a distance of the caller's stands behind a colon: `distance-kde:pearson`. */
export type ProfileModelName = (typeof PROFILE_MODELS)[number] | `distance-${'logistic' | 'kde'}:${string}`;

/** Of what two profiles both have; greater for profiles that differ more. `whole` are the vectors as they were given, the same objects. */
export type ProfileDistance = (a: Float64Array, b: Float64Array, whole: readonly [Float64Array, Float64Array]) => number;
export type ProfileDistances = Readonly<Record<string, ProfileDistance>>;

export type ProfileModel =
  | { readonly kind: 'distance'; readonly distance: string; readonly scale: readonly number[]; /** Added to a distance before its logarithm is taken. */ readonly offset: number }
  | { readonly kind: 'normal'; readonly normal: NormalModel }
  | { readonly kind: 'heavy'; readonly spread: SpreadModel; readonly population: PopulationModel };

const SHARES: Readonly<Record<string, number>> = { 'two-level-heavy': 0, 'two-level-heavy-half': 0.5, 'two-level-heavy-correlated': 1 };

/** Whether a set has what a model needs. */
export const carries = (name: ProfileModelName, set: ReferenceSet): boolean => !/normal|kernel/.test(name) || carriesNormal(set);

/** Of a line from a model's score to the LR: the logarithm of an LR is never made louder. */
export const lineShapeOf = (name: ProfileModelName): LineShape => (name.startsWith('distance') ? { steepest: Infinity, throughNought: false } : { steepest: 1, throughNought: true });

export function fitModel(name: ProfileModelName, set: ReferenceSet, distances: ProfileDistances = {}): ProfileModel {
  if (name === 'two-level-normal' || name === 'two-level-kernel') return { kind: 'normal', normal: fitNormal(set, name === 'two-level-kernel') };
  const [kind, distance = 'spread'] = name.split(':');
  // a distance of the caller's needs no spread
  if (distance !== 'spread') return withOffset({ kind: 'distance', distance, scale: [], offset: 0 }, set, distances);
  const between = spreadOfCentres(centresOf(set), set.analytes);
  const spread = fitSpread(set, pairsWithin(set), between, SHARES[name] ?? 0);
  if (kind.startsWith('distance')) return { kind: 'distance', distance, scale: spread.scale, offset: 0 };
  return { kind: 'heavy', spread, population: fitPopulation(set, spread) };
}

function withOffset(model: ProfileModel & { kind: 'distance' }, set: ReferenceSet, distances: ProfileDistances): ProfileModel {
  const sizes = pairsWithin(set).map(({ first, second }) => distanceOf(model, distances, set.rows[first], set.rows[second])).filter((v) => v > 0).sort((a, b) => a - b);
  return { ...model, offset: 0.1 * (sizes[sizes.length >> 1] ?? 1) };
}

function distanceOf({ distance, scale }: ProfileModel & { kind: 'distance' }, distances: ProfileDistances, a: Float64Array, b: Float64Array): number {
  const [x, y] = [new Float64Array(a.length), new Float64Array(a.length)];
  let [known, sum] = [0, 0];
  for (let c = 0; c < a.length; c++) {
    if (Number.isNaN(a[c]) || Number.isNaN(b[c])) continue;
    x[known] = a[c];
    y[known++] = b[c];
    if (distance === 'spread') sum += Math.log1p(Math.abs(a[c] - b[c]) / scale[c]);
  }
  if (distance === 'spread') return (scale.length / known) * sum;
  const own = distances[distance];
  if (!own) throw new RangeError(`the distance ${distance} was not given`);
  return own(x.subarray(0, known), y.subarray(0, known), [a, b]);
}

/** A score, and for models with a population what it is made of. */
export interface SideScore {
  readonly score: number;
  /** Of the pair within one source, and what the sources of the population say at either side. */
  readonly parts?: { readonly within: number; readonly view: PopulationView; readonly sides: readonly [SourceDensities, SourceDensities] };
}

/** How rare a profile is, without one or two of the sources: natural logarithm. */
const rarityOf = ({ all, rarest }: PopulationView, densities: SourceDensities, first = -1, second = -1): number => Math.min(rarest, -logDensity(densities, densities.total, all, first, second));

/** @returns a function that scores two sides, and keeps what it makes for a set of analytes and for a side */
export function scorerOf(model: ProfileModel, distances: ProfileDistances = {}): (a: Combined, b: Combined) => SideScore {
  if (model.kind === 'normal') {
    const ratio = normalLogRatio(model.normal);
    return (a, b) => ({ score: ratio(a.values, b.values, [a.share, b.share]) });
  }
  if (model.kind === 'distance') return (a, b) => {
    const distance = distanceOf(model, distances, a.values, b.values);
    return { score: model.distance === 'spread' ? -distance : -Math.log(model.offset + Math.max(0, distance)) };
  };
  const within = spreadDensity(model.spread);
  const views = populationViews(model.population);
  const kept = new WeakMap<PopulationView, WeakMap<Float64Array, SourceDensities>>();
  const densities = (values: Float64Array, view: PopulationView): SourceDensities => {
    let own = kept.get(view);
    if (!own) kept.set(view, (own = new WeakMap()));
    let found = own.get(values);
    if (!found) own.set(values, (found = view.densities(values)));
    return found;
  };
  return (a, b) => {
    const difference = a.values.map((v, c) => v - b.values[c]);
    const common = knownOf(difference);
    const view = views(common);
    const sides = [densities(a.values, view), densities(b.values, view)] as const;
    const parts = { within: within(difference, a.noise.map((v, c) => v + b.noise[c]), (a.share + b.share) / 2), view, sides };
    return { score: parts.within + (rarityOf(view, sides[0]) + rarityOf(view, sides[1])) / 2, parts };
  };
}

/**
 * How well two sides agree: of models with a population how likely one source makes their difference, over none at all. How rare
 * they are is left out: the sources of candidates are mostly not in the population, and those that are least known would stand first.
 */
export function agreementOf(model: ProfileModel, distances: ProfileDistances = {}): (a: Combined, b: Combined) => number {
  if (model.kind !== 'heavy') {
    const scorer = scorerOf(model, distances);
    return (a, b) => scorer(a, b).score;
  }
  const within = spreadDensity(model.spread);
  return (a, b) => {
    const difference = a.values.map((v, c) => v - b.values[c]);
    const noise = a.noise.map((v, c) => v + b.noise[c]);
    const share = (a.share + b.share) / 2;
    return within(difference, noise, share) - within(difference.map((v) => v * 0), noise, share);
  };
}

/** Scores of pairs of a reference set that the model was fitted to: where it has a population, both sources are left out of it. */
export function scoresWithout(model: ProfileModel, set: ReferenceSet, pairs: readonly RowPair[], distances?: ProfileDistances): SideScore[] {
  const scorer = scorerOf(model, distances);
  const sides = sidesOf(set);
  const place = model.kind === 'heavy' ? set.sources.map((_, s) => centreOf(model.population, set.sources.length, s)) : [];
  return pairs.map(({ first, second }) => {
    const scored = scorer(sides[first], sides[second]);
    if (model.kind !== 'heavy' || !scored.parts) return scored;
    const { within, view, sides: [a, b] } = scored.parts;
    const [one, other] = [place[set.sourceOf[first]], place[set.sourceOf[second]]];
    return { ...scored, score: within + (rarityOf(view, a, one, other) + rarityOf(view, b, one, other)) / 2 };
  });
}

/** Single rows of a set, as sides of a comparison. */
export const sidesOf = ({ rows, noise }: ReferenceSet): Combined[] => rows.map((values, k) => ({ values, noise: noise[k], share: 1 }));
