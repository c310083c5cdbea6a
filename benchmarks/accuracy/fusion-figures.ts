/** Ways to order pairs of specimens or of seizures by how likely they are linked, and what each finds. */
import { costOf, drawSources, isLinked, type LabelledScores, minimumCost, quantile, type SharedSources } from '../../src/likelihood/index.ts';

/** One pair of specimens or of seizures. */
export interface FusionPair {
  readonly shared: SharedSources;
  /** Some specimen of one has the drug of some of the other. */
  readonly oneDrug: boolean;
  /** Seizures of the two: what the bootstrap draws. */
  readonly first: number;
  readonly second: number;
  /** Value of every method; higher is closer. -Infinity: nothing can be said. */
  readonly values: Readonly<Record<string, number>>;
}

export const CASES = ['all', 'same tool, same batch', 'same tool, other batch', 'same batch, other tool of the design', 'same batch, other design'] as const;
export type FusionCase = (typeof CASES)[number];

function caseOf({ design, tool, batch }: SharedSources): FusionCase {
  if (tool) return batch ? 'same tool, same batch' : 'same tool, other batch';
  return design ? 'same batch, other tool of the design' : 'same batch, other design';
}

export interface FoundLinks {
  readonly value: number;
  readonly count: number;
  readonly of: number;
  readonly interval: readonly [low: number, high: number];
}

const DRAWS = 200;

/** Share of linked pairs above the threshold that lets a share of the others through, by case; interval of whole seizures drawn. */
export function foundLinks(pairs: readonly FusionPair[], method: string, falseLinks: number, seizures: number): Record<FusionCase, FoundLinks> {
  const ranked = pairs.map((pair) => ({ pair, value: pair.values[method]!, linked: isLinked(pair.shared), of: caseOf(pair.shared) })).sort((a, b) => b.value - a.value);
  const sweep = (times: Uint16Array | null): Record<FusionCase, { found: number; of: number }> => {
    const weight = ({ pair: { first, second } }: (typeof ranked)[number]): number => (times ? times[first]! * times[second]! : 1);
    const counted = Object.fromEntries(CASES.map((c) => [c, { found: 0, of: 0 }])) as Record<FusionCase, { found: number; of: number }>;
    const others = ranked.reduce((sum, r) => sum + (r.linked ? 0 : weight(r)), 0);
    for (const r of ranked) if (r.linked) for (const c of ['all', r.of] as const) counted[c].of += weight(r);
    let wrong = 0;
    for (let k = 0; k < ranked.length; ) {
      const { value } = ranked[k]!;
      let end = k;
      while (end < ranked.length && ranked[end]!.value === value) if (!ranked[end++]!.linked) wrong += weight(ranked[end - 1]!);
      // A tie is accepted as a whole or not at all.
      if (wrong > falseLinks * others || value === Number.NEGATIVE_INFINITY) break;
      for (; k < end; k++) if (ranked[k]!.linked) for (const c of ['all', ranked[k]!.of] as const) counted[c].found += weight(ranked[k]!);
    }
    return counted;
  };
  const all = sweep(null);
  const draws = [...drawSources(seizures, DRAWS)].map(sweep);
  return Object.fromEntries(CASES.map((c) => {
    const drawn = draws.map((d) => d[c].found / d[c].of).filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
    const links: FoundLinks = { value: all[c].found / all[c].of, count: all[c].found, of: all[c].of, interval: [quantile(drawn, 0.025), quantile(drawn, 0.975)] };
    return [c, links];
  })) as Record<FusionCase, FoundLinks>;
}

export interface RatioCost {
  readonly cllr: number;
  readonly cllrMin: number;
  /** Pairs whose LR points the wrong way by more than 100. */
  readonly misleading: readonly [matches: number, nonMatches: number];
  readonly matches: number;
  readonly nonMatches: number;
}

/** Of log10 LRs; a pair without one is LR 1. */
export function ratioCost(pairs: readonly FusionPair[], method: string, match: (shared: SharedSources) => boolean): RatioCost {
  const logs = (kind: boolean): Float64Array => Float64Array.from(pairs.filter(({ shared }) => match(shared) === kind), ({ values }) => (Number.isFinite(values[method]!) ? values[method]! : 0)).sort();
  const scores: LabelledScores = { matches: logs(true), nonMatches: logs(false), unscored: 0 };
  return { cllr: costOf(scores), cllrMin: minimumCost(scores), misleading: [scores.matches.filter((l) => l < -2).length, scores.nonMatches.filter((l) => l > 2).length], matches: scores.matches.length, nonMatches: scores.nonMatches.length };
}

/** Constant of reciprocal-rank fusion. Source: Cormack, Clarke and Büttcher 2009, SIGIR. */
const RRF = 60;

/**
 * The baseline: every item orders the others by each method; 1 / (60 + rank) is summed over methods, of both directions. A
 * method that can say nothing of a pair adds nothing.
 */
export function reciprocalRanks(count: number, methods: readonly ((i: number, j: number) => number)[]): Float64Array {
  const sums = new Float64Array(count * count);
  for (const value of methods) for (let i = 0; i < count; i++) {
    const others = [...Array(count).keys()].filter((j) => j !== i && Number.isFinite(value(i, j))).sort((a, b) => value(i, b) - value(i, a));
    others.forEach((j, rank) => {
      sums[i * count + j]! += 1 / (RRF + rank + 1);
      sums[j * count + i]! += 1 / (RRF + rank + 1);
    });
  }
  return sums;
}
