/** A benchmark that says how near to its minimum a cost can come must not flatter either. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../fixtures/press-simulator/random.ts';
import { rightGap } from '../../benchmarks/accuracy/right-ratios.ts';
import { costOf, minimumCost } from '../../src/likelihood/index.ts';

/** Normal log LRs that are right: their variance is twice the distance of the means from 0 (natural logarithms). */
function rightRatios(matches: number, nonMatches: number, variance: number, seed: number) {
  const random = new Random(`right-ratios-test-${seed}`);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const logs = (count: number, mean: number): Float64Array => Float64Array.from({ length: count }, () => (mean + Math.sqrt(variance) * normal()) / Math.LN10).sort();
  return { matches: logs(matches, variance / 2), nonMatches: logs(nonMatches, -variance / 2), unscored: 0 };
}

describe('the difference of right LRs from their minimum', () => {
  it('is what sets of right LRs have, the larger the fewer pairs there are', () => {
    for (const [matches, nonMatches] of [[63, 210], [310, 1209]] as const) {
      const gaps = Array.from({ length: 40 }, (_, seed) => rightRatios(matches, nonMatches, 3, seed)).map((scores) => costOf(scores) - minimumCost(scores)).sort((a, b) => a - b);
      const { median, high } = rightGap(rightRatios(matches, nonMatches, 3, 99));
      expect(Math.abs(median - gaps[20]!)).toBeLessThan(0.01);
      expect(high).toBeGreaterThan(median);
      // and no more where the LRs that are looked at are not right
      const { matches: m, nonMatches: n } = rightRatios(matches, nonMatches, 3, 99);
      const wrong = { matches: m.map((log) => log + Math.log10(3)), nonMatches: n.map((log) => log + Math.log10(3)), unscored: 0 };
      expect(Math.abs(rightGap(wrong).median - gaps[20]!)).toBeLessThan(0.012);
    }
    expect(rightGap(rightRatios(63, 210, 3, 1)).median).toBeGreaterThan(2 * rightGap(rightRatios(310, 1209, 3, 1)).median);
  });
});
