/**
 * The models that compete for a reference set, each a score of two sides: greater for one source.
 * - distance-logistic, distance-kde: a distance in one number, then a line or two densities; a distance has a name, `spread`
 *   (sum over analytes of log(1 + |difference| / spread)) where none is given
 * - two-level-normal, two-level-kernel: Aitken and Lucy 2004
 * - two-level-heavy: heavy tails and entry errors within, kernels of many widths between; analytes independent within a source,
 *   with half of their correlation (-half) or all of it (-correlated)
 * - pooled: the calibrated logarithms of two-level-heavy and of a distance of the caller's, in equal parts (Genest and Zidek
 *   1986). The one knows how rare a profile is and how uncertain each value, and takes analytes for independent; the other
 *   knows neither, and mistakes neither: they err on unlike pairs.
 */
import { fitLine, type Line, type LineShape, timesOf } from './line.ts';
import { fitNormal, carriesNormal, normalLogRatio, type NormalModel } from './normal.ts';
import { labelledPairs, scoredPairs } from './pairs.ts';
import { PROFILE_LIKELIHOOD_PARAMETERS } from './parameters.ts';
import { centreOf, fitPopulation, logDensity, type PopulationModel, populationViews, spreadOfCentres, type PopulationView, type SourceDensities } from './population.ts';
import { centresOf, type Combined, pairsWithin, type ReferenceSet, type RowPair } from './reference.ts';
import { knownOf, spreadDensity, type SpreadModel } from './spread.ts';
import { fitSpread } from './spread-fit.ts';

/** In the order in which they are preferred where they are alike. */
export const PROFILE_MODELS = ['two-level-heavy', 'two-level-heavy-half', 'two-level-heavy-correlated', 'two-level-normal', 'two-level-kernel', 'distance-logistic', 'distance-kde'] as const;
/** One of the above; a distance of the caller's stands behind a colon: `distance-kde:pearson`, `pooled:pearson`. */
export type ProfileModelName = (typeof PROFILE_MODELS)[number] | `${'distance-logistic' | 'distance-kde' | 'pooled'}:${string}`;

/** Of what two profiles both have; greater for profiles that differ more. `whole` are the vectors as they were given, the same objects. */
export type ProfileDistance = (a: Float64Array, b: Float64Array, whole: readonly [Float64Array, Float64Array]) => number;
export type ProfileDistances = Readonly<Record<string, ProfileDistance>>;

interface DistanceModel {
  readonly kind: 'distance';
  readonly distance: string;
  readonly scale: readonly number[];
  /** Added to a distance before its logarithm is taken. */
  readonly offset: number;
}

interface HeavyModel {
  readonly kind: 'heavy';
  readonly spread: SpreadModel;
  readonly population: PopulationModel;
}

export type ProfileModel =
  | DistanceModel
  | { readonly kind: 'normal'; readonly normal: NormalModel }
  | HeavyModel
  | { readonly kind: 'pooled'; readonly heavy: HeavyModel; readonly distance: DistanceModel; /** Of either, from its score to log10 LR. */ readonly lines: readonly [heavy: Line, distance: Line] };

export const populationOf = (model: ProfileModel): PopulationModel | undefined => (model.kind === 'heavy' ? model.population : model.kind === 'pooled' ? model.heavy.population : undefined);

export const distanceNameOf = (model: ProfileModel): string | undefined => (model.kind === 'distance' ? model.distance : model.kind === 'pooled' ? model.distance.distance : undefined);

const SHARES: Readonly<Record<string, number>> = { 'two-level-heavy': 0, 'two-level-heavy-half': 0.5, 'two-level-heavy-correlated': 1 };

/** Whether a set has what a model needs. */
export const carries = (name: ProfileModelName, set: ReferenceSet): boolean => !/normal|kernel/.test(name) || carriesNormal(set);

/** Of a line from a model's score to the LR: the logarithm of an LR is never made louder, but that of a pool: two that err apart say more together than half of either. */
export const lineShapeOf = (name: ProfileModelName): LineShape => ({ steepest: /^(distance|pooled)/.test(name) ? Infinity : 1, throughNought: !name.startsWith('distance') });

export function fitModel(name: ProfileModelName, set: ReferenceSet, distances: ProfileDistances = {}): ProfileModel {
  if (name === 'two-level-normal' || name === 'two-level-kernel') return { kind: 'normal', normal: fitNormal(set, name === 'two-level-kernel') };
  const [kind, distance = 'spread'] = name.split(':');
  if (kind === 'pooled') return pooledOf(distance, set, distances);
  // a distance of the caller's needs no spread
  if (distance !== 'spread') return withOffset({ kind: 'distance', distance, scale: [], offset: 0 }, set, distances);
  const spread = spreadOf(set, SHARES[name] ?? 0);
  if (kind.startsWith('distance')) return { kind: 'distance', distance, scale: spread.scale, offset: 0 };
  return heavyOf(set, spread);
}

const heavies = new WeakMap<SpreadModel, HeavyModel>();

/** Fitted once a spread: the pool shares it. */
function heavyOf(set: ReferenceSet, spread: SpreadModel): HeavyModel {
  let found = heavies.get(spread);
  if (!found) heavies.set(spread, (found = { kind: 'heavy', spread, population: fitPopulation(set, spread) }));
  return found;
}

function pooledOf(name: string, set: ReferenceSet, distances: ProfileDistances): ProfileModel {
  const heavy = heavyOf(set, spreadOf(set, 0));
  const distance = withOffset({ kind: 'distance', distance: name, scale: [], offset: 0 }, set, distances);
  const pairs = labelledPairs(set, PROFILE_LIKELIHOOD_PARAMETERS.foldPairs.value);
  const lineOf = (model: ProfileModel, shape: LineShape): Line => {
    const scored = scoredPairs(set, pairs, scoresWithout(model, set, pairs, distances).map(({ score }) => score));
    return fitLine(scored, timesOf(scored, null), shape);
  };
  return { kind: 'pooled', heavy, distance, lines: [lineOf(heavy, lineShapeOf('two-level-heavy')), lineOf(distance, lineShapeOf('distance-logistic'))] };
}

function withOffset(model: DistanceModel, set: ReferenceSet, distances: ProfileDistances): DistanceModel {
  const sizes = pairsWithin(set).map(({ first, second }) => distanceOf(model, distances, set.rows[first], set.rows[second])).filter((v) => v > 0).sort((a, b) => a - b);
  return { ...model, offset: 0.1 * (sizes[sizes.length >> 1] ?? 1) };
}

const spreads = new WeakMap<ReferenceSet, Map<number, SpreadModel>>();

/** Fitted once a set: distances and two-level models share it. */
function spreadOf(set: ReferenceSet, share: number): SpreadModel {
  const own = spreads.get(set) ?? new Map<number, SpreadModel>();
  spreads.set(set, own);
  let found = own.get(share);
  if (!found) own.set(share, (found = fitSpread(set, pairsWithin(set), spreadOfCentres(centresOf(set), set.analytes), share)));
  return found;
}

function distanceOf({ distance, scale }: DistanceModel, distances: ProfileDistances, a: Float64Array, b: Float64Array): number {
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
  readonly parts?: ScoreParts;
}

interface ScoreParts {
  readonly within: number;
  readonly view: PopulationView;
  readonly sides: readonly [SourceDensities, SourceDensities];
  /** Of a pool: what the distance says, and how much what the two levels say counts. */
  readonly apart: number;
  readonly weight: number;
}

/** @param a and b how rare either side is */
export const scoreOfParts = ({ within, apart, weight }: ScoreParts, a: number, b: number): number => apart + weight * (within + (a + b) / 2);

/** What an equal part of a pool says, and how much of it: natural logarithm. */
const halfOf = ([intercept, slope]: Line): readonly [intercept: number, slope: number] => [(Math.LN10 / 2) * intercept, (Math.LN10 / 2) * slope];

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
  if (model.kind === 'pooled') return pooledScorer(model, distances);
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
    const parts = { within: within(difference, a.noise.map((v, c) => v + b.noise[c]), (a.share + b.share) / 2), view, sides, apart: 0, weight: 1 };
    return { score: scoreOfParts(parts, rarityOf(view, sides[0]), rarityOf(view, sides[1])), parts };
  };
}

function pooledScorer(model: ProfileModel & { kind: 'pooled' }, distances: ProfileDistances): (a: Combined, b: Combined) => SideScore {
  const [heavy, distance] = [scorerOf(model.heavy), scorerOf(model.distance, distances)];
  const [[heavyLevel, weight], [level, slope]] = model.lines.map(halfOf);
  return (a, b) => {
    const { score, parts } = heavy(a, b);
    const apart = heavyLevel + level + slope * distance(a, b).score;
    return { score: apart + weight * score, parts: { ...parts!, apart, weight } };
  };
}

/**
 * How well two sides agree: of models with a population how likely one source makes their difference, over none at all. How rare
 * they are is left out: the sources of candidates are mostly not in the population, and those that are least known would stand first.
 */
export function agreementOf(model: ProfileModel, distances: ProfileDistances = {}): (a: Combined, b: Combined) => number {
  if (model.kind === 'pooled') {
    const [heavy, distance] = [agreementOf(model.heavy), agreementOf(model.distance, distances)];
    const [[, weight], [, slope]] = model.lines.map(halfOf);
    return (a, b) => weight * heavy(a, b) + slope * distance(a, b);
  }
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
  const population = populationOf(model);
  const place = population ? set.sources.map((_, s) => centreOf(population, set.sources.length, s)) : [];
  return pairs.map(({ first, second }) => {
    const scored = scorer(sides[first], sides[second]);
    if (!scored.parts) return scored;
    const { view, sides: [a, b] } = scored.parts;
    const [one, other] = [place[set.sourceOf[first]], place[set.sourceOf[second]]];
    return { ...scored, score: scoreOfParts(scored.parts, rarityOf(view, a, one, other), rarityOf(view, b, one, other)) };
  });
}

/** Single rows of a set, as sides of a comparison. */
export const sidesOf = ({ rows, noise }: ReferenceSet): Combined[] => rows.map((values, k) => ({ values, noise: noise[k], share: 1 }));
