/** Rates of labelled pairs, against the rates of sorted lists and by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptedAt, areaUnderCurve, equalErrorRate, trueAcceptRate, verifyPairs, type LabelledPairs } from '../../src/likelihood/index.ts';

interface Pair {
  readonly score: number;
  readonly a: number;
  readonly b: number;
}

const of = (pairs: readonly Pair[]): LabelledPairs => ({ score: Float64Array.from(pairs, ({ score }) => score), sourceA: Uint32Array.from(pairs, ({ a }) => a), sourceB: Uint32Array.from(pairs, ({ b }) => b) });
const SOURCES = 6;
const pair = fc.record({ score: fc.integer({ min: -20, max: 20 }), a: fc.nat(SOURCES - 1), b: fc.nat(SOURCES - 1) });

describe('verifyPairs', () => {
  it('has the AUC, equal error rate and true accepts of the sorted lists', () => {
    fc.assert(fc.property(fc.array(pair, { minLength: 2, maxLength: 60 }), fc.constantFrom(0.005, 0.1, 0.5), (pairs, falseAccepts) => {
      const sorted = (match: boolean): Float64Array => Float64Array.from(pairs.filter(({ a, b }) => (a === b) === match), ({ score }) => score).sort();
      const lists = { matches: sorted(true), nonMatches: sorted(false), unscored: 0 };
      const found = verifyPairs(of(pairs), SOURCES, falseAccepts, 0);
      if (lists.matches.length === 0 || lists.nonMatches.length === 0) {
        expect(found).toBeNull();
        return;
      }
      expect(found!.areaUnderCurve.value).toBeCloseTo(areaUnderCurve(lists), 12);
      const { rate, threshold } = equalErrorRate(lists);
      const gapOf = (at: number): number => Math.abs(lists.matches.filter((v) => v < at).length / lists.matches.length - lists.nonMatches.filter((v) => v >= at).length / lists.nonMatches.length);
      // where two thresholds are equally even, either may be named
      expect(gapOf(found!.equalErrorRate.threshold)).toBeCloseTo(gapOf(threshold), 12);
      if (found!.equalErrorRate.threshold === threshold) expect(found!.equalErrorRate.value).toBeCloseTo(rate, 12);
      expect(found!.trueAccepts.value).toBeCloseTo(trueAcceptRate(lists, falseAccepts), 12);
      expect([found!.counts.matches, found!.counts.nonMatches]).toEqual([lists.matches.length, lists.nonMatches.length]);
    }));
  });

  it('counts pairs without a score and leaves them out', () => {
    const pairs = [{ score: 3, a: 0, b: 0 }, { score: 1, a: 0, b: 1 }];
    const none = [{ score: Number.NaN, a: 1, b: 1 }, { score: Number.NaN, a: 0, b: 2 }, { score: Number.NaN, a: 1, b: 2 }];
    const [plain, more] = [verifyPairs(of(pairs), 3), verifyPairs(of([...none, ...pairs]), 3)];
    expect(more!.counts).toEqual({ matches: 1, nonMatches: 1, matchesWithout: 1, nonMatchesWithout: 2, sources: 3 });
    expect({ ...more!, counts: 0 }).toEqual({ ...plain!, counts: 0 });
    expect(verifyPairs(of(none), 3)).toBeNull();
  });

  it('draws whole sources: a share that one source decides has a wide interval', () => {
    // source 0 has 60 pairs and all are missed; five others have four each and all are found
    const pairs = [...Array.from({ length: 60 }, () => ({ score: -5, a: 0, b: 0 })), ...Array.from({ length: 20 }, (_, i) => ({ score: 5, a: 1 + (i % 5), b: 1 + (i % 5) })), ...Array.from({ length: 400 }, (_, i) => ({ score: -(i % 4), a: i % 6, b: (i + 1 + (i % 5)) % 6 })).filter(({ a, b }) => a !== b)];
    const { value, interval } = verifyPairs(of(pairs), SOURCES)!.trueAccepts;
    expect(value).toBe(0.25);
    expect(interval!.low).toBeLessThan(0.12);
    expect(interval!.high).toBe(1);
  });

  it('takes a threshold to other pairs', () => {
    const { matches, nonMatches } = acceptedAt(of([{ score: 3, a: 0, b: 0 }, { score: 1, a: 1, b: 1 }, { score: 2, a: 0, b: 1 }, { score: 1.5, a: 1, b: 0 }, { score: Number.NaN, a: 1, b: 1 }]), 2);
    expect([matches.count, matches.of, nonMatches.count, nonMatches.of]).toEqual([1, 2, 1, 2]);
  });
});
