/**
 * Scores -> likelihood ratios for one batch over two, by logistic regression on the logarithm of the distance. Pairs within a
 * laboratory and pairs across laboratories have a line each: one bias more lies between the latter. Each line is fitted to
 * pairs of other batches (fits.ts), held within what they can carry, and missing where they are too few.
 */
import { type Bounds, empiricalBounds, fitLogistic, LIKELIHOOD_PARAMETERS } from '../../../likelihood/index.ts';
import { distanceBetween, prepareProfile, type Profile } from '../../../profiling/index.ts';
import type { ProfileFit, ProfileFits } from './fits.ts';
import { type ProfileScores } from './scores.ts';

/** Pairs of one batch, and batches of them, below which there is no line. */
const LEAST_MATCHES = 20;
const LEAST_BATCHES = 10;
/** Pairs of two batches that a line is fitted to, at the most: they are drawn evenly from all. */
const MOST_OTHERS = 5000;

interface RatioLine {
  readonly intercept: number;
  readonly slope: number;
  /** Added to a distance before its logarithm is taken: equal profiles of coarse figures have none. */
  readonly floor: number;
  readonly bounds: Bounds;
}

type PairKind = 'within' | 'across';
const kindOf = (a: Profile, b: Profile): PairKind => (a.laboratory === b.laboratory ? 'within' : 'across');

/** log10 LRs in the order of the scores; NaN where there is none. @param onFit told after each fit */
export async function ratiosOfProfiles(profiles: readonly Profile[], fits: ProfileFits, { count, score }: ProfileScores, onFit: (done: number) => void): Promise<Float64Array> {
  const lines = new Map<ProfileFit, Record<PairKind, RatioLine | null>>();
  for (const fit of fits.all) {
    lines.set(fit, linesOf(fit));
    onFit(lines.size);
    await new Promise(setImmediate);
  }
  const ratios = new Float64Array(score.length).fill(Number.NaN);
  for (let i = 0, k = 0; i < count; i++) for (let j = i + 1; j < count; j++, k++) {
    const line = lines.get(fits.of(i, j))![kindOf(profiles[i]!, profiles[j]!)];
    if (line && !Number.isNaN(score[k]!)) ratios[k] = held(line, valueOf(line, -score[k]!));
  }
  return ratios;
}

const valueOf = ({ intercept, slope, floor }: Omit<RatioLine, 'bounds'>, distance: number): number => (intercept - slope * Math.log(distance + floor)) / Math.LN10;
const held = ({ bounds }: RatioLine, log10Lr: number): number => Math.min(bounds.high, Math.max(bounds.low, log10Lr));

function linesOf({ settings, reference }: ProfileFit): Record<PairKind, RatioLine | null> {
  const prepared = reference.map((profile) => prepareProfile(profile, settings));
  const byBatch = [...Map.groupBy(reference.keys(), (i) => reference[i]!.batch).entries()].filter(([batch]) => batch !== undefined).map(([, members]) => members);
  const lineOf = (kind: PairKind): RatioLine | null => {
    const distances = (pairs: readonly (readonly [number, number])[]): number[] => pairs.flatMap(([i, j]) => distanceBetween(prepared[i]!, prepared[j]!, settings) ?? []);
    const same = byBatch.map((members) => distances(members.flatMap((i, at) => members.slice(at + 1).flatMap((j) => (kindOf(reference[i]!, reference[j]!) === kind ? [[i, j] as const] : [])))));
    return fitted(same, distances(spread(reference, kind)));
  };
  return { within: lineOf('within'), across: lineOf('across') };
}

/** Pairs of two batches, every so many of all. */
function spread(reference: readonly Profile[], kind: PairKind): [number, number][] {
  const n = reference.length;
  // Steps of one size through a square would meet some profiles only.
  const step = Math.max(1, Math.floor((n * (n - 1)) / 2 / (2 * MOST_OTHERS)));
  const pairs: [number, number][] = [];
  let next = 0;
  for (let i = 0, k = 0; i < n; i++) for (let j = i + 1; j < n; j++, k++) {
    if (k < next || reference[i]!.batch === undefined || reference[j]!.batch === undefined || reference[i]!.batch === reference[j]!.batch || kindOf(reference[i]!, reference[j]!) !== kind) continue;
    pairs.push([i, j]);
    next = k + step;
  }
  return pairs;
}

/** @param same distances of pairs of one batch, batch by batch */
function fitted(same: readonly (readonly number[])[], others: readonly number[]): RatioLine | null {
  const matches = same.flat();
  if (matches.length < LEAST_MATCHES || same.filter((list) => list.length > 0).length < LEAST_BATCHES || others.length < LEAST_MATCHES) return null;
  const positive = matches.filter((d) => d > 0).sort((a, b) => a - b);
  const floor = positive[Math.floor(positive.length / 20)] ?? 1e-9;
  const all = matches.length + others.length;
  const example = (match: boolean, of: number) => (distance: number) => ({ x: [-Math.log(distance + floor)], match, weight: all / 2 / of });
  const [intercept, slope] = fitLogistic([...matches.map(example(true, matches.length)), ...others.map(example(false, others.length))], LIKELIHOOD_PARAMETERS.penalty.value);
  if (!(slope! > 0)) return null;
  const line = { intercept: intercept!, slope: slope!, floor };
  const logs = (distances: readonly number[]): Float64Array => Float64Array.from(distances, (d) => valueOf(line, d)).sort();
  return { ...line, bounds: empiricalBounds({ matches: logs(matches), nonMatches: logs(others), unscored: 0 }) };
}
