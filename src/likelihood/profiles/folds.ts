/** Each source judged by models that were fitted without it. */
import { type Bounds, costOf, empiricalBounds, held, lostBits } from '../cost.ts';
import { drawSources, sequence } from '../intervals.ts';
import { minimumCost } from '../isotonic.ts';
import type { LabelledScores } from '../verification.ts';
import { onCurve } from '../curve.ts';
import { fitLine, fitScoreCurve, timesOf } from './line.ts';
import { fitModel, type ProfileDistances, type ProfileModel, type ProfileModelName, scorerOf, scoresWithout, sidesOf, lineShapeOf } from './models.ts';
import { labelledPairs, scoredPairs } from './pairs.ts';
import { PROFILE_LIKELIHOOD_PARAMETERS } from './parameters.ts';
import { type Combined, partOfSet, type ReferenceSet, type RowPair } from './reference.ts';

const { mostPairs, foldPairs } = PROFILE_LIKELIHOOD_PARAMETERS;

/** A model with what turns its scores into log10 LRs. */
interface FittedProfiles {
  readonly model: ProfileModel;
  readonly toLog10: (score: number) => number;
}

/** Fitted to a whole set, without intervals. */
function fitProfiles(name: ProfileModelName, set: ReferenceSet, distances?: ProfileDistances): FittedProfiles {
  const model = fitModel(name, set, distances);
  const pairs = labelledPairs(set, foldPairs.value);
  const scored = scoredPairs(set, pairs, scoresWithout(model, set, pairs, distances).map((s) => s.score));
  if (name.startsWith('distance-kde')) {
    const { at, value } = fitScoreCurve('kde', scored);
    return { model, toLog10: (score) => onCurve(at, value, score) };
  }
  const [intercept, slope] = fitLine(scored, timesOf(scored, null), lineShapeOf(name));
  return { model, toLog10: (score) => intercept + slope * score };
}

/** A pair, judged by models that have seen neither of its sources. */
interface JudgedPair {
  readonly first: number;
  readonly second: number;
  readonly log10: number;
}

export interface FoldOutcome {
  readonly name: ProfileModelName;
  /** In the same order for every model. */
  readonly pairs: readonly JudgedPair[];
  readonly scores: LabelledScores;
  readonly bounds: Bounds;
  /** With the LRs held within the bounds. */
  readonly cllr: number;
  readonly cllrMin: number;
}

/** So many folds; in small sets sources are dealt several times, so that each meets many others. */
const FOLDS = 5;
const SMALL = 60;
const DEALS = 3;

/** Sources that a model is fitted to, and others that it is judged by. */
interface Fold {
  readonly learnt: ReferenceSet;
  /** Of the others: rows, pairs of them, and the places of these rows in the whole set. */
  readonly sides: readonly Combined[];
  readonly pairs: readonly RowPair[];
  readonly places: readonly RowPair[];
}

/** The same folds for every model that competes. */
export function foldsOf(set: ReferenceSet): Fold[] {
  const sources = set.sources.length;
  const folds = Math.max(2, Math.min(FOLDS, Math.floor(sources / 3)));
  const place = new Map(set.rows.map((row, k) => [row, k]));
  return Array.from({ length: sources < SMALL ? DEALS : 1 }, (_, deal) => dealt(sources, deal)).flatMap((order) =>
    Array.from({ length: folds }, (_, fold) => {
      const [learnt, tested] = [partOfSet(set, (s) => order[s] % folds !== fold), partOfSet(set, (s) => order[s] % folds === fold)];
      const pairs = labelledPairs(tested, mostPairs.value / folds);
      const placeOf = (k: number): number => place.get(tested.rows[k])!;
      return { learnt, sides: sidesOf(tested), pairs, places: pairs.map(({ first, second }) => ({ first: placeOf(first), second: placeOf(second) })) };
    }));
}

/** log10 LRs of pairs of sources that no part of the model has seen; a pair that is met several times has the mean. */
export function judgeByFolds(name: ProfileModelName, set: ReferenceSet, folds: readonly Fold[], distances?: ProfileDistances): FoldOutcome {
  const found = new Map<number, JudgedPair & { times: number }>();
  for (const { learnt, sides, pairs, places } of folds) {
    const { model, toLog10 } = fitProfiles(name, learnt, distances);
    const scorer = scorerOf(model, distances);
    pairs.forEach(({ first, second }, k) => {
      const { first: a, second: b } = places[k];
      const log10 = toLog10(scorer(sides[first], sides[second]).score);
      const key = a * set.rows.length + b;
      const own = found.get(key) ?? { first: set.sourceOf[a], second: set.sourceOf[b], log10: 0, times: 0 };
      found.set(key, { ...own, log10: own.log10 + log10, times: own.times + 1 });
    });
  }
  const pairs = [...found.values()].map(({ log10, times, ...sourcesOf }) => ({ ...sourcesOf, log10: log10 / times }));
  const logs = (match: boolean): Float64Array => Float64Array.from(pairs.filter((p) => (p.first === p.second) === match), (p) => p.log10).sort();
  const scores = { matches: logs(true), nonMatches: logs(false), unscored: 0 };
  const bounds = empiricalBounds(scores);
  return { name, pairs, scores, bounds, cllr: costOf(heldWithin(scores, bounds)), cllrMin: minimumCost(scores) };
}

/**
 * Of models in the order in which they are preferred the first whose Cllr is not worse than the least of all by more than
 * chance would make it: one standard deviation over draws of whole sources.
 */
export function chooseModel(outcomes: readonly FoldOutcome[], sources: number): FoldOutcome {
  const best = outcomes.reduce((least, o) => (o.cllr < least.cllr ? o : least));
  return outcomes.find((o) => o === best || o.cllr - best.cllr <= chanceBetween(o, best, sources))!;
}

const CHOICE_DRAWS = 100;

/** How much a difference of two Cllr varies with the sources. */
function chanceBetween(one: FoldOutcome, other: FoldOutcome, sources: number): number {
  const costs = ({ pairs, bounds }: FoldOutcome): Float64Array => Float64Array.from(pairs, ({ first, second, log10 }) => lostBits((first === second ? 1 : -1) * Math.LN10 * held(log10, bounds)));
  const [a, b] = [costs(one), costs(other)];
  const means = [...drawSources(sources, CHOICE_DRAWS)].map((times) => {
    const sums = [0, 0];
    const weights = [0, 0];
    one.pairs.forEach(({ first, second }, k) => {
      const match = Number(first === second);
      const weight = match ? times[first] : times[first] * times[second];
      sums[match] += weight * (a[k] - b[k]);
      weights[match] += weight;
    });
    return sums[0] / Math.max(1, weights[0]) / 2 + sums[1] / Math.max(1, weights[1]) / 2;
  });
  const mean = means.reduce((sum, v) => sum + v, 0) / means.length;
  return Math.sqrt(means.reduce((sum, v) => sum + (v - mean) ** 2, 0) / means.length);
}

/** A place for each source, by a fixed shuffle. */
function dealt(sources: number, deal: number): Uint32Array {
  const random = sequence(1 + deal);
  const order = Uint32Array.from({ length: sources }, (_, s) => s);
  for (let k = sources - 1; k > 0; k--) {
    const other = Math.floor(random() * (k + 1));
    [order[k], order[other]] = [order[other], order[k]];
  }
  return order;
}

/** LRs within bounds. */
export function heldWithin({ matches, nonMatches, unscored }: LabelledScores, bounds: Bounds): LabelledScores {
  const within = (scores: Float64Array): Float64Array => scores.map((v) => held(v, bounds));
  return { matches: within(matches), nonMatches: within(nonMatches), unscored };
}
