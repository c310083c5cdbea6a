/** Judged pairs -> figures of a method, with counts and intervals. */
import { clusterBootstrap, costOf, cumulativeMatch, equalErrorRate, identify, type Interval, lostBits, minimumCost, misleading, type ScoreTable, wilson } from '../../src/likelihood/index.ts';
import type { CalibratedMethod, MethodName } from './profile-methods.ts';
import type { EntryErrors, SourceMeasurement, SourceSet } from './profile-sets.ts';

/** What a method gave for the pairs of one half. */
export interface Judged {
  readonly model: string;
  readonly cllr: number;
  readonly cllrMin: number;
  readonly eer: number;
  /** LRs outside of the method's bounds. */
  readonly outside: number;
  /** LRs beyond 100 to the wrong side. */
  readonly misleading: { readonly matches: number; readonly nonMatches: number };
  readonly pairs: readonly JudgedCost[];
}

/** Cost of a pair, in bits. */
interface JudgedCost {
  readonly first: string;
  readonly second: string;
  readonly cost: number;
}

export function judge({ compared }: SourceSet, rows: readonly SourceMeasurement[], { given, model, bounds }: CalibratedMethod): Judged {
  const [matches, nonMatches]: [number[], number[]] = [[], []];
  const pairs: JudgedCost[] = [];
  rows.forEach((a, i) => {
    for (const b of rows.slice(i + 1)) {
      if (!compared(a, b)) continue;
      const log = given(a, b);
      const match = a.source === b.source;
      (match ? matches : nonMatches).push(log);
      pairs.push({ first: a.source, second: b.source, cost: lostBits((match ? 1 : -1) * Math.LN10 * log) });
    }
  });
  const scores = { matches: Float64Array.from(matches).sort(), nonMatches: Float64Array.from(nonMatches).sort(), unscored: 0 };
  const outside = [...matches, ...nonMatches].filter((log) => log > bounds.high || log < bounds.low).length;
  return { model, cllr: costOf(scores), cllrMin: minimumCost(scores), eer: equalErrorRate(scores).rate, outside, misleading: misleading(scores, 100), pairs };
}

/** Mean over halves, and the least and most. */
interface OverHalves {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

export interface MethodFigures {
  readonly name: MethodName;
  readonly cllr: OverHalves & { /** 95 %, whole sources of the judged pairs drawn. */ readonly interval: Interval | null };
  readonly cllrMin: OverHalves;
  readonly eer: OverHalves;
  /** All halves together. */
  readonly counts: { readonly matches: number; readonly nonMatches: number; readonly outside: number; readonly misleadingMatches: number; readonly misleadingNonMatches: number };
  /** How often each model was chosen. */
  readonly chosen: Readonly<Record<string, number>>;
}

export function summary(name: MethodName, judged: readonly Judged[]): MethodFigures {
  const over = (of: (j: Judged) => number): OverHalves => {
    const all = judged.map(of);
    return { mean: all.reduce((sum, v) => sum + v, 0) / all.length, least: Math.min(...all), most: Math.max(...all) };
  };
  const sum = (of: (j: Judged) => number): number => judged.reduce((total, j) => total + of(j), 0);
  const matches = sum((j) => j.pairs.filter(({ first, second }) => first === second).length);
  return {
    name, cllr: { ...over((j) => j.cllr), interval: intervalOf(judged) }, cllrMin: over((j) => j.cllrMin), eer: over((j) => j.eer),
    counts: { matches, nonMatches: sum((j) => j.pairs.length) - matches, outside: sum((j) => j.outside), misleadingMatches: sum((j) => j.misleading.matches), misleadingNonMatches: sum((j) => j.misleading.nonMatches) },
    chosen: Object.fromEntries([...Map.groupBy(judged, (j) => j.model)].map(([model, own]) => [model, own.length])),
  };
}

/** Sources are drawn; the costs of a pair of sources count together, over all halves that judged it. */
function intervalOf(judged: readonly Judged[]): Interval | null {
  const place = new Map<string, number>();
  const placeOf = (source: string): number => place.get(source) ?? (place.set(source, place.size), place.size - 1);
  const sums = new Map<number, { first: number; second: number; cost: number; count: number }>();
  for (const { pairs } of judged) for (const { first, second, cost } of pairs) {
    const [a, b] = [placeOf(first), placeOf(second)].sort((x, y) => x - y) as [number, number];
    const own = sums.get(a * 65536 + b);
    if (own) (own.cost += cost), (own.count += 1);
    else sums.set(a * 65536 + b, { first: a, second: b, cost, count: 1 });
  }
  const cells = [...sums.values()];
  return clusterBootstrap(place.size, (times) => {
    const [cost, count] = [[0, 0], [0, 0]];
    for (const cell of cells) {
      const match = Number(cell.first === cell.second);
      const drawn = match ? times[cell.first]! : times[cell.first]! * times[cell.second]!;
      cost[match]! += drawn * cell.cost;
      count[match]! += drawn * cell.count;
    }
    return (cost[0]! / count[0]! + cost[1]! / count[1]!) / 2;
  });
}

export interface RankFigures {
  readonly name: MethodName;
  readonly probes: number;
  readonly first: { readonly count: number; readonly interval: Interval };
  readonly firstFive: { readonly count: number; readonly interval: Interval };
}

export function rankFigures(name: MethodName, table: ScoreTable, labels: readonly string[]): RankFigures {
  const outcomes = identify(table, labels);
  const share = cumulativeMatch(outcomes, 5);
  const at = (place: number): RankFigures['first'] => {
    const count = Math.round(share[place - 1]! * outcomes.length);
    return { count, interval: wilson(count, outcomes.length) };
  };
  return { name, probes: outcomes.length, first: at(1), firstFive: at(5) };
}

export interface ErrorFigures {
  readonly errors: EntryErrors;
  readonly where: 'the half that is judged' | 'both halves';
  readonly methods: readonly MethodFigures[];
}

export interface SetFigures {
  readonly name: string;
  readonly about: string;
  readonly splits: number;
  readonly counts: { readonly sources: number; readonly measurements: number; readonly analytes: number };
  readonly methods: readonly MethodFigures[];
  readonly errors: readonly ErrorFigures[];
  readonly ranks: readonly RankFigures[] | null;
}
