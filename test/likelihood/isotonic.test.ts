import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isotonicSteps, type LabelledScores, minimumCost } from '../../src/likelihood/index.ts';

const scores = (matches: readonly number[], nonMatches: readonly number[]): LabelledScores => ({ matches: Float64Array.from(matches).sort(), nonMatches: Float64Array.from(nonMatches).sort(), unscored: 0 });
const list = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 30 });

describe('pool adjacent violators', () => {
  it('pools what is out of order, by hand', () => {
    // 1 non-match, 2 match, 3 non-match, 4 match: the middle two violate
    expect(isotonicSteps(scores([2, 4], [1, 3]))).toEqual([
      { from: 1, to: 1, matches: 0, nonMatches: 1 },
      { from: 2, to: 3, matches: 1, nonMatches: 1 },
      { from: 4, to: 4, matches: 1, nonMatches: 0 },
    ]);
  });

  it('gives rising shares that hold every score once, whatever the scores', () => {
    fc.assert(fc.property(list, list, (m, n) => {
      const steps = isotonicSteps(scores(m, n));
      const shares = steps.map((s) => s.matches / (s.matches + s.nonMatches));
      for (let k = 1; k < steps.length; k++) {
        expect(shares[k]!).toBeGreaterThan(shares[k - 1]!);
        expect(steps[k]!.from).toBeGreaterThan(steps[k - 1]!.to);
      }
      expect(steps.reduce((sum, s) => sum + s.matches, 0)).toBe(m.length);
      expect(steps.reduce((sum, s) => sum + s.nonMatches, 0)).toBe(n.length);
    }));
  });
});

describe('the least Cllr', () => {
  it('is 0 for complete separation and 1 where the score tells nothing', () => {
    expect(minimumCost(scores([5, 6, 7], [1, 2]))).toBe(0);
    expect(minimumCost(scores([1, 1, 1], [1, 1]))).toBeCloseTo(1, 12);
    expect(minimumCost(scores([1, 2], [3, 4]))).toBeCloseTo(1, 12);
  });

  it('by hand: half of both kinds pooled', () => {
    // the pooled step has LR 1 and costs one bit for half of each kind
    expect(minimumCost(scores([2, 4], [1, 3]))).toBeCloseTo(0.5, 12);
  });

  it('is no higher than the cost of any monotone likelihood ratio, and does not see a monotone change of the scores', () => {
    fc.assert(fc.property(list, list, fc.double({ min: 0.05, max: 2, noNaN: true }), fc.integer({ min: 0, max: 12 }), (m, n, slope, middle) => {
      const least = minimumCost(scores(m, n));
      const lr = (s: number): number => Math.exp(slope * (s - middle));
      const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
      const cost = (mean(m.map((s) => Math.log2(1 + 1 / lr(s)))) + mean(n.map((s) => Math.log2(1 + lr(s))))) / 2;
      expect(least).toBeLessThanOrEqual(cost + 1e-9);
      expect(minimumCost(scores(m.map((s) => s ** 3 + 1), n.map((s) => s ** 3 + 1)))).toBeCloseTo(least, 12);
    }));
  });

  it('counts pairs without a score as the lowest', () => {
    expect(minimumCost(scores([-Infinity, 3], [-Infinity, 1]))).toBeGreaterThan(0);
    expect(() => minimumCost(scores([], [1]))).toThrow(RangeError);
  });
});
