/**
 * How well a score tells pairs of one source from pairs of two, where many pairs have no score because nothing can be said
 * of them. Such pairs are counted and take no part: they are no low scores.
 */
import type { Figure, Share } from './validate.ts';
import { drawSources, quantile, wilson } from './intervals.ts';

/** One entry a pair. Labels are numbers of sources. */
export interface LabelledPairs {
  /** Higher is closer; NaN where there is none. */
  readonly score: Float64Array;
  readonly sourceA: Uint32Array;
  readonly sourceB: Uint32Array;
}

export interface PairMetrics {
  /** Pairs with a score, and those without. */
  readonly counts: { readonly matches: number; readonly nonMatches: number; readonly matchesWithout: number; readonly nonMatchesWithout: number; readonly sources: number };
  readonly areaUnderCurve: Figure;
  readonly equalErrorRate: Figure & { readonly threshold: number };
  /** Pairs of one source above the threshold that lets at most `falseAccepts` of the others above it. */
  readonly trueAccepts: Share & { readonly falseAccepts: number; readonly threshold: number };
  readonly bootstrapDraws: number;
}

/** A common operating point for drug profiles. */
export const PROFILE_FALSE_ACCEPTS = 0.005;
/** Fewer than elsewhere: every draw passes over all pairs, which may be millions. */
const DRAWS = 200;

/** Pairs with a score, the best first. */
interface Ranked {
  readonly score: Float64Array;
  readonly sourceA: Uint32Array;
  readonly sourceB: Uint32Array;
}

/**
 * @param sources number of sources
 * @param bootstrapDraws of whole sources, for the intervals; 0 for none
 * @returns null where there are not both kinds of pair
 */
export function verifyPairs(pairs: LabelledPairs, sources: number, falseAccepts = PROFILE_FALSE_ACCEPTS, bootstrapDraws = DRAWS): PairMetrics | null {
  const ranked = rank(pairs);
  const n = ranked.score.length;
  let [matches, allMatches] = [0, 0];
  for (let k = 0; k < n; k++) if (ranked.sourceA[k] === ranked.sourceB[k]) matches++;
  for (let k = 0; k < pairs.score.length; k++) if (pairs.sourceA[k] === pairs.sourceB[k]) allMatches++;
  if (matches === 0 || matches === n) return null;
  const found = sweep(ranked, new Uint16Array(sources).fill(1), falseAccepts);
  const draws = [...drawSources(sources, bootstrapDraws)].map((times) => sweep(ranked, times, falseAccepts));
  const interval = (pick: (swept: Swept) => number): Figure['interval'] => intervalOf(draws.map(pick).filter((value) => !Number.isNaN(value)));
  return {
    counts: { matches, nonMatches: n - matches, matchesWithout: allMatches - matches, nonMatchesWithout: pairs.score.length - allMatches - (n - matches), sources },
    areaUnderCurve: { value: found.auc, interval: interval((s) => s.auc) },
    equalErrorRate: { value: found.eer, threshold: found.eerThreshold, interval: interval((s) => s.eer) },
    trueAccepts: { value: found.accepted / matches, count: found.accepted, of: matches, falseAccepts, threshold: found.threshold, interval: interval((s) => s.accepted / s.matches) },
    bootstrapDraws,
  };
}

function intervalOf(values: number[]): Figure['interval'] {
  values.sort((a, b) => a - b);
  return values.length > 1 ? { low: quantile(values, 0.025), high: quantile(values, 0.975) } : null;
}

function rank({ score, sourceA, sourceB }: LabelledPairs): Ranked {
  const order = Uint32Array.from(score.keys()).filter((k) => !Number.isNaN(score[k]!)).sort((a, b) => score[b]! - score[a]!);
  return { score: Float64Array.from(order, (k) => score[k]!), sourceA: Uint32Array.from(order, (k) => sourceA[k]!), sourceB: Uint32Array.from(order, (k) => sourceB[k]!) };
}

interface Swept {
  readonly auc: number;
  readonly eer: number;
  readonly eerThreshold: number;
  readonly accepted: number;
  readonly threshold: number;
  readonly matches: number;
}

/** From the best score down; each pair counts with the product of the times its sources were drawn. NaN where a kind of pair is missing. */
function sweep({ score, sourceA, sourceB }: Ranked, times: Uint16Array, falseAccepts: number): Swept {
  const n = score.length;
  let [matches, others] = [0, 0];
  for (let k = 0; k < n; k++) {
    const [a, b] = [sourceA[k]!, sourceB[k]!];
    if (a === b) matches += times[a]!;
    else others += times[a]! * times[b]!;
  }
  if (matches === 0 || others === 0) return { auc: Number.NaN, eer: Number.NaN, eerThreshold: Number.NaN, accepted: Number.NaN, threshold: Number.NaN, matches: Number.NaN };
  const mostWrong = falseAccepts * others;
  let [hits, wrong, area, gap, eer, eerThreshold, accepted, threshold] = [0, 0, 0, Infinity, Number.NaN, Number.NaN, 0, Infinity];
  for (let k = 0; k < n;) {
    const at = score[k]!;
    let [m, q] = [0, 0];
    for (; k < n && score[k] === at; k++) {
      const [a, b] = [sourceA[k]!, sourceB[k]!];
      if (a === b) m += times[a]!;
      else q += times[a]! * times[b]!;
    }
    area += q * (hits + m / 2);
    hits += m;
    wrong += q;
    if (wrong <= mostWrong) [accepted, threshold] = [hits, at];
    const difference = Math.abs(1 - hits / matches - wrong / others);
    if (difference <= gap) [gap, eer, eerThreshold] = [difference, (1 - hits / matches + wrong / others) / 2, at];
  }
  return { auc: area / matches / others, eer, eerThreshold, accepted, threshold, matches };
}

/** Shares of both kinds of pair at or above a threshold that was set on other pairs. */
export function acceptedAt({ score, sourceA, sourceB }: LabelledPairs, threshold: number): { readonly matches: Share; readonly nonMatches: Share } {
  const [of, count] = [{ one: 0, two: 0 }, { one: 0, two: 0 }];
  for (let k = 0; k < score.length; k++) {
    if (Number.isNaN(score[k]!)) continue;
    const kind = sourceA[k] === sourceB[k] ? 'one' : 'two';
    of[kind]++;
    if (score[k]! >= threshold) count[kind]++;
  }
  const share = (kind: 'one' | 'two'): Share => ({ value: count[kind] / of[kind], count: count[kind], of: of[kind], interval: of[kind] > 0 ? wilson(count[kind], of[kind]) : null });
  return { matches: share('one'), nonMatches: share('two') };
}
