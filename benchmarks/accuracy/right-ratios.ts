/**
 * What Cllr - Cllr_min would be if every LR were right: the minimum is fitted to the very pairs it is measured on, and with
 * few of them it is too low, whoever made the LRs.
 */
import { Random } from '../../fixtures/press-simulator/random.ts';
import { costOf, type LabelledScores, minimumCost, quantile } from '../../src/likelihood/index.ts';

export interface RightGap {
  readonly median: number;
  /** 95 of 100 sets of so many pairs have less. */
  readonly high: number;
}

const DRAWS = 200;

/**
 * Who is of one tool is drawn: with equal priors a pair with the LR r is of one tool with the probability r / (1 + r). So many
 * pairs of either kind are drawn as there are; where one kind was likelier over all than the other, each LR is moved by how
 * much, or it would not be right. All are drawn apart: pairs that share photographs would scatter more.
 * @param scores log10 LRs
 */
export function rightGap({ matches, nonMatches }: LabelledScores): RightGap {
  const all = [...[...matches].map((log) => ({ log, weight: 1 / matches.length })), ...[...nonMatches].map((log) => ({ log, weight: 1 / nonMatches.length }))];
  const random = new Random('right-ratios');
  const kinds = [(log: number) => 1 / (1 + 10 ** -log), (log: number) => 1 / (1 + 10 ** log)].map((share) => {
    const sums: number[] = [];
    for (const { log, weight } of all) sums.push((sums.at(-1) ?? 0) + weight * share(log));
    return sums;
  }) as [number[], number[]];
  const moved = Math.log10(kinds[1].at(-1)! / kinds[0].at(-1)!);
  const drawn = (sums: readonly number[], count: number): Float64Array => Float64Array.from({ length: count }, () => all[firstAbove(sums, random.next() * sums.at(-1)!)]!.log + moved).sort();
  const gaps = Array.from({ length: DRAWS }, () => {
    const scores = { matches: drawn(kinds[0], matches.length), nonMatches: drawn(kinds[1], nonMatches.length), unscored: 0 };
    return costOf(scores) - minimumCost(scores);
  }).sort((a, b) => a - b);
  return { median: quantile(gaps, 0.5), high: quantile(gaps, 0.95) };
}

function firstAbove(sums: readonly number[], value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
