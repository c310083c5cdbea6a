import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, empiricalBounds, inWords, type LabelledScores, minimumCost, misleading, VERBAL_SCALE } from '../../src/likelihood/index.ts';

const logs = (matches: readonly number[], nonMatches: readonly number[]): LabelledScores => ({ matches: Float64Array.from(matches).sort(), nonMatches: Float64Array.from(nonMatches).sort(), unscored: 0 });
const list = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('Cllr', () => {
  it('by hand: LRs of 1 cost a bit, LRs of 3 and 1/3 log2(4/3)', () => {
    expect(costOf(logs([0, 0], [0]))).toBeCloseTo(1, 12);
    expect(costOf(logs([Math.log10(3)], [-Math.log10(3)]))).toBeCloseTo(Math.log2(4 / 3), 12);
  });
  it('is more than a bit for LRs that mislead, and never less than its minimum', () => {
    expect(costOf(logs([-2], [2]))).toBeGreaterThan(6);
    fc.assert(fc.property(list, list, (m, n) => {
      expect(costOf(logs(m, n))).toBeGreaterThanOrEqual(minimumCost(logs(m, n)) - 1e-9);
    }));
  });
  it('needs pairs of both kinds', () => expect(() => costOf(logs([1], []))).toThrow(RangeError));
});

describe('misleading LRs', () => {
  it('are counted beyond the limit only', () => expect(misleading(logs([-3, -2, 1], [2, 2.1, 5, 0]), 100)).toEqual({ matches: 1, nonMatches: 2 }));
});

describe('empirical bounds', () => {
  it('lie at about the number of pairs seen where all are told apart, whatever the LRs claim', () => {
    const { low, high } = empiricalBounds(logs(new Array<number>(50).fill(8), new Array<number>(400).fill(-8)));
    // accepted by one misleading pair of 401, missed by one of 51: (1/51) + t (1/401) < 1, and the mirror image
    expect(high).toBeCloseTo(Math.log10(401 * (50 / 51)), 1);
    expect(low).toBeCloseTo(-Math.log10(51 * (400 / 401)), 1);
  });
  it('leave nothing to say where the LRs tell nothing or mislead', () => {
    const { low, high } = empiricalBounds(logs([-1, -1, -1], [1, 1, 1]));
    expect(low).toBeCloseTo(0, 12);
    expect(high).toBeCloseTo(0, 12);
  });
  it('hold 0', () => {
    fc.assert(fc.property(list, list, (m, n) => {
      const { low, high } = empiricalBounds(logs(m, n));
      expect(low <= 0 && high >= 0).toBe(true);
    }));
  });
});

describe('the verbal scale', () => {
  it('is that of ENFSI 2015, the reciprocal for the other proposition', () => {
    expect(VERBAL_SCALE.name).toBe('ENFSI 2015');
    const words = (ratio: number): string => inWords(Math.log10(ratio), 'A', 'B');
    expect([1, 1.9, 1 / 1.9].map(words)).toEqual(new Array(3).fill('no support for either proposition'));
    expect([2, 10, 100, 1000, 1e4, 1e6].map(words)).toEqual(['weak', 'moderate', 'moderately strong', 'strong', 'very strong', 'extremely strong'].map((w) => `${w} support for A over B`));
    expect(words(1 / 50)).toBe('moderate support for B over A');
  });
});
