import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactIndex, keyFilter } from '../../src/retrieval/index.ts';
import { vectorIndexContract } from './contract.ts';
import { entries, expected, vectors } from './support.ts';

vectorIndexContract('the exact index', async (dimension) => new ExactIndex(dimension));
vectorIndexContract('the exact index of many segments', async (dimension) => new ExactIndex(dimension, { segmentRows: 16 }));

// Small values make ties frequent; the dimension is no multiple of a register's width.
const vector = (dimension: number) => fc.array(fc.integer({ min: -3, max: 3 }), { minLength: dimension, maxLength: dimension }).map((v) => Int8Array.from(v));
const someEntries = (dimension: number) => fc.uniqueArray(fc.record({ key: fc.integer({ min: 0, max: 200 }), vector: vector(dimension) }), { selector: (e) => e.key, maxLength: 60 });

describe('the exact index', () => {
  it('is what a plain loop finds, after any adds and removals, in any order of insertion', async () => {
    await fc.assert(
      fc.asyncProperty(someEntries(7), fc.array(vector(7), { minLength: 1, maxLength: 3 }), fc.nat(20), fc.array(fc.nat(200)), fc.option(fc.array(fc.nat(200))), fc.nat(), async (stored, probes, k, removed, kept, turn) => {
        const index = new ExactIndex(7, { segmentRows: 8 });
        const start = stored.length ? turn % stored.length : 0;
        await index.add([...stored.slice(start), ...stored.slice(0, start)]);
        await index.remove(removed);
        const filter = kept ? keyFilter(kept) : undefined;
        const rest = stored.filter((e) => !removed.includes(e.key));
        expect(await index.search(probes, k, filter)).toEqual(expected(rest, probes, k, filter));
        expect(await index.count()).toBe(rest.length);
      }),
      { numRuns: 200 },
    );
  });

  it('pools shifted probes by how far the best stands out of the middle one', async () => {
    await fc.assert(
      fc.asyncProperty(someEntries(7), fc.array(vector(7), { minLength: 1, maxLength: 9 }), fc.nat(20), async (stored, probes, k) => {
        const index = new ExactIndex(7, { segmentRows: 8, prominence: true });
        await index.add(stored);
        const prominence = (row: Int8Array): number => {
          const scores = probes.map((probe) => probe.reduce((sum, value, i) => sum + value * row[i]!, 0)).sort((a, b) => a - b);
          return scores.at(-1)! - scores[scores.length >> 1]!;
        };
        const wanted = stored.map(({ key, vector: row }) => ({ key, score: prominence(row) })).sort((a, b) => b.score - a.score || a.key - b.key);
        expect(await index.search(probes, k)).toEqual(wanted.slice(0, k));
      }),
      { numRuns: 200 },
    );
  });

  it('scores the extremes of int8 without overflow', async () => {
    const index = new ExactIndex(256);
    const lowest = new Int8Array(256).fill(-128);
    const highest = new Int8Array(256).fill(127);
    await index.add([{ key: 1, vector: lowest }, { key: 2, vector: highest }]);
    expect(await index.search(lowest, 2)).toEqual([{ key: 1, score: 256 * 16384 }, { key: 2, score: -256 * 16256 }]);
  });

  it('answers the same on one thread and on several, and says how many it scored', async () => {
    const stored = entries(vectors(100_000, 16, 5, 4));
    const [one, two] = [new ExactIndex(16, { threads: 1 }), new ExactIndex(16, { threads: 3 })];
    await Promise.all([one.add(stored), two.add(stored)]);
    const [probe] = vectors(1, 16, 6, 4);
    const third = keyFilter(stored.filter((e) => e.key % 3 === 0).map((e) => e.key));
    expect(await two.scan(probe!, 500)).toEqual(await one.scan(probe!, 500));
    expect((await two.scan(probe!, 500, third)).scored).toBe(third.size);
    expect(await two.search(probe!, 100, third)).toEqual(expected(stored, [probe!], 100, third));
  });

  it('takes large keys, and refuses what is no key', async () => {
    const index = new ExactIndex(4);
    const [a] = vectors(1, 4, 7);
    await index.add([{ key: 5_000_001, vector: a! }, { key: 0, vector: a! }]);
    expect((await index.search(a!, 5)).map((n) => n.key)).toEqual([0, 5_000_001]);
    expect((await index.search(a!, 5, keyFilter([5_000_001]))).map((n) => n.key)).toEqual([5_000_001]);
    for (const key of [2 ** 30, -1, 0.5, Number.NaN]) await expect(index.add([{ key, vector: a! }])).rejects.toThrow(RangeError);
  });

  it('knows how many of its keys pass a filter', async () => {
    const index = new ExactIndex(4, { segmentRows: 16 });
    await index.add(entries(vectors(50, 4, 11), 10));
    await index.remove([12, 13]);
    expect(index.passing(keyFilter([1, 10, 11, 12, 59, 60, 5_000]))).toBe(3);
    expect(index.passing()).toBe(48);
  });

  it('gives a running scan the vectors it started with', async () => {
    const index = new ExactIndex(16);
    const stored = entries(vectors(60_000, 16, 8, 5));
    await index.add(stored);
    const [probe] = vectors(1, 16, 9, 5);
    const before = expected(stored, [probe!], 20);
    const running = index.search(probe!, 20);
    await index.remove(before.map((n) => n.key));
    await index.add(entries(vectors(10_000, 16, 10, 5), 100_000));
    expect(await running).toEqual(before);
  });
});
