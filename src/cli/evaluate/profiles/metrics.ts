/** What the scores of labelled profiles are worth: of all pairs, within one laboratory, and across laboratories. */
import { acceptedAt, costOf, type LabelledPairs, minimumCost, misleading, type PairMetrics, type Share, verifyPairs, wilson } from '../../../likelihood/index.ts';
import type { Profile } from '../../../profiling/index.ts';
import { pairAt, type ProfileScores, REASONS } from './scores.ts';

export type SliceName = 'all' | 'within-laboratory' | 'across-laboratories';

/** How often a profile of the probe's batch is among the first candidates; ties count against it. */
export interface ProbeMetrics {
  /** Share of the probes that can be compared with a profile of their batch. */
  readonly rank1: Share;
  readonly rank5: Share;
  /** Probes that have profiles of their batch and can be compared with none of them. */
  readonly without: number;
}

export interface ProfileSlice {
  readonly name: SliceName;
  readonly pairs: PairMetrics;
  readonly probes: ProbeMetrics | null;
  /** Reason -> pairs that are not comparable. */
  readonly notComparable: Readonly<Record<string, number>>;
  /** Where the threshold was set within laboratories. */
  readonly atWithin?: { readonly matches: Share; readonly nonMatches: Share };
  readonly ratios: RatioMetrics | null;
}

/** Of all pairs of a slice; one without an LR counts as an LR of 1. */
export interface RatioMetrics {
  readonly matches: number;
  readonly nonMatches: number;
  /** Pairs that have an LR. */
  readonly answered: number;
  readonly areaUnderCurve: number;
  readonly equalErrorRate: number;
  readonly cllr: number;
  readonly cllrMin: number;
  /** The same of the pairs that have an LR. */
  readonly answeredCllr: number;
  readonly answeredCllrMin: number;
  readonly misleading: { readonly matches: number; readonly nonMatches: number };
}

const LIMIT = 100;

/** Pairs whose batches are named, of one part of the table; sources are numbers of batches. */
export interface SlicePairs {
  readonly pairs: LabelledPairs;
  readonly sources: number;
}

type Wanted = (i: number, j: number) => boolean;

function sourcesOf(profiles: readonly Profile[]): { readonly source: Uint32Array; readonly count: number } {
  const names = new Map<string, number>();
  for (const { batch } of profiles) if (batch !== undefined && !names.has(batch)) names.set(batch, names.size);
  return { source: Uint32Array.from(profiles, ({ batch }) => (batch === undefined ? 0 : names.get(batch)!)), count: names.size };
}

function wantedIn(profiles: readonly Profile[], name: SliceName): Wanted {
  const known = (i: number): boolean => profiles[i]!.batch !== undefined;
  return (i, j) => known(i) && known(j) && (name === 'all' || (profiles[i]!.laboratory === profiles[j]!.laboratory) === (name === 'within-laboratory'));
}

export function labelledPairs(profiles: readonly Profile[], { score }: Pick<ProfileScores, 'score'>, name: SliceName): SlicePairs {
  const { source, count } = sourcesOf(profiles);
  return { pairs: labelled(score, placesOf(profiles.length, wantedIn(profiles, name)), source), sources: count };
}

/** @param log10Lr NaN where there is none; null where no pair has one */
export function profileSlices(profiles: readonly Profile[], scores: ProfileScores, log10Lr: Float64Array | null): ProfileSlice[] {
  const { source, count } = sourcesOf(profiles);
  const slice = (name: SliceName, threshold?: number): ProfileSlice | undefined => {
    const wanted = wantedIn(profiles, name);
    const places = placesOf(profiles.length, wanted);
    const pairs = labelled(scores.score, places, source);
    const metrics = verifyPairs(pairs, count);
    if (!metrics) return undefined;
    return {
      name, pairs: metrics, probes: probesOf(profiles.length, source, scores.score, wanted), notComparable: reasonsOf(scores, places),
      ...(threshold !== undefined && { atWithin: acceptedAt(pairs, threshold) }),
      ratios: log10Lr && ratioMetrics(labelled(log10Lr, places, source), count),
    };
  };
  const all = slice('all');
  const several = new Set(profiles.map(({ laboratory }) => laboratory)).size > 1;
  const within = several ? slice('within-laboratory') : undefined;
  const across = several ? slice('across-laboratories', within?.pairs.trueAccepts.threshold) : undefined;
  return [all, within, across].filter((found) => found !== undefined);
}

interface Places {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  readonly at: Uint32Array;
}

function placesOf(count: number, wanted: Wanted): Places {
  let n = 0;
  for (let i = 0; i < count; i++) for (let j = i + 1; j < count; j++) if (wanted(i, j)) n++;
  const places = { first: new Uint32Array(n), second: new Uint32Array(n), at: new Uint32Array(n) };
  n = 0;
  for (let i = 0; i < count; i++) for (let j = i + 1; j < count; j++) if (wanted(i, j)) {
    places.first[n] = i;
    places.second[n] = j;
    places.at[n++] = pairAt(i, j, count);
  }
  return places;
}

const labelled = (values: Float64Array, { first, second, at }: Places, source: Uint32Array): LabelledPairs => ({
  score: Float64Array.from(at, (k) => values[k]!), sourceA: first.map((i) => source[i]!), sourceB: second.map((j) => source[j]!),
});

function reasonsOf({ reason }: ProfileScores, { at }: Places): Record<string, number> {
  const found: Record<string, number> = {};
  for (const k of at) if (reason[k]! > 0) {
    const name = REASONS[reason[k]! - 1]!;
    found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}

/** Each profile in turn is the probe, those it can be compared with are the candidates. */
function probesOf(count: number, source: Uint32Array, score: Float64Array, wanted: Wanted): ProbeMetrics | null {
  let [of, first, five, without] = [0, 0, 0, 0];
  for (let probe = 0; probe < count; probe++) {
    let [best, fellows] = [-Infinity, 0];
    const others: number[] = [];
    for (let c = 0; c < count; c++) {
      if (c === probe || !wanted(probe, c)) continue;
      const value = score[pairAt(Math.min(probe, c), Math.max(probe, c), count)]!;
      if (source[c] !== source[probe]) others.push(value);
      else {
        fellows++;
        if (value > best) best = value;
      }
    }
    if (fellows === 0 || others.length === 0) continue;
    if (best === -Infinity) {
      without++;
      continue;
    }
    of++;
    const rank = 1 + others.filter((value) => value >= best).length;
    if (rank <= 1) first++;
    if (rank <= 5) five++;
  }
  const share = (k: number): Share => ({ value: k / of, count: k, of, interval: wilson(k, of) });
  return of > 0 ? { rank1: share(first), rank5: share(five), without } : null;
}

function ratioMetrics({ score, sourceA, sourceB }: LabelledPairs, sources: number): RatioMetrics | null {
  const of = (match: boolean, missing: boolean): Float64Array => score.filter((value, k) => (sourceA[k] === sourceB[k]) === match && (missing || !Number.isNaN(value))).map((value) => value || 0).sort();
  const all = { matches: of(true, true), nonMatches: of(false, true), unscored: 0 };
  const answered = { matches: of(true, false), nonMatches: of(false, false), unscored: 0 };
  if (answered.matches.length === 0 || answered.nonMatches.length === 0) return null;
  const rates = verifyPairs({ score: score.map((value) => value || 0), sourceA, sourceB }, sources, undefined, 0)!;
  return {
    matches: all.matches.length, nonMatches: all.nonMatches.length, answered: answered.matches.length + answered.nonMatches.length,
    areaUnderCurve: rates.areaUnderCurve.value, equalErrorRate: rates.equalErrorRate.value,
    cllr: costOf(all), cllrMin: minimumCost(all), answeredCllr: costOf(answered), answeredCllrMin: minimumCost(answered), misleading: misleading(all, LIMIT),
  };
}

/** That laboratories see one batch as two, where that is more than chance; undefined elsewhere. */
export function acrossWarning(slices: readonly ProfileSlice[]): string | undefined {
  const [within, across] = (['within-laboratory', 'across-laboratories'] as const).map((name) => slices.find((slice) => slice.name === name));
  if (!within || !across) return undefined;
  const [near, far] = [within.pairs.trueAccepts, across.pairs.trueAccepts];
  const [low, high] = [near.interval?.low ?? near.value, far.interval?.high ?? far.value];
  if (high >= low) return undefined;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const kept = across.atWithin ? ` By the threshold of one laboratory ${percent(across.atWithin.matches.value)} of them are found, at ${percent(across.atWithin.nonMatches.value)} false positives.` : '';
  return `Between laboratories batches are told apart less well: at ${percent(far.falseAccepts)} false positives ${percent(far.value)} of the pairs of one batch are found (${far.count} of ${far.of}), and ${percent(near.value)} within a laboratory (${near.count} of ${near.of}).${kept} A score or an LR across laboratories needs a reference set across laboratories.`;
}
