import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditRecall, choosePlan, wilson, type Neighbour } from '../../src/retrieval/index.ts';

const ready = { state: 'ready', ef: 400, parts: 1 } as const;
const costs = { scanNanos: 10, skipNanos: 1, graphMicros: 5 };

describe('the plan', () => {
  it('asks the graph for everything and scans for a narrow filter', () => {
    expect(choosePlan({ mode: 'auto', k: 100, of: 1_000_000, passing: 1_000_000, graph: ready, costs })).toEqual({ plan: 'hnsw', why: 'Expected times: a scan of 1000000 vectors takes about 10 ms, the graph about 2.0 ms.' });
    expect(choosePlan({ mode: 'auto', k: 100, of: 1_000_000, passing: 20_000, graph: ready, costs })).toMatchObject({ plan: 'exact' });
    expect(choosePlan({ mode: 'exact', k: 100, of: 1_000_000, passing: 1_000_000, graph: ready, costs })).toMatchObject({ plan: 'exact' });
  });

  it('scans whenever the graph is not ready or cannot give more than there is', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(1e7), fc.nat(1e7), (k, of, passing) => {
        const input = { mode: 'auto' as const, k, of, passing: Math.min(of, passing), costs };
        expect(choosePlan({ ...input, graph: { state: 'building', done: 1, total: 2 } }).plan).toBe('exact');
        expect(choosePlan({ ...input, graph: { state: 'absent', why: 'No.' } })).toEqual({ plan: 'exact', why: 'No.' });
        if (input.passing <= k) expect(choosePlan({ ...input, graph: ready }).plan).toBe('exact');
      }),
    );
  });

  it('never turns from the graph to a scan because more vectors pass', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1e7 }), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 2 }), (k, of, shares) => {
        const [fewer, more] = shares.map((share) => Math.floor(share * of)).sort((a, b) => a - b);
        const plan = (passing: number): string => choosePlan({ mode: 'auto', k, of, passing, graph: ready, costs }).plan;
        if (plan(fewer!) === 'hnsw') expect(plan(more!)).toBe('hnsw');
      }),
    );
  });
});

describe('the recall audit', () => {
  const index = (answers: readonly Neighbour[]) => ({ search: async () => [...answers] });
  const n = (key: number, score: number): Neighbour => ({ key, score });

  it('counts what the exact index found, and others of the same score', async () => {
    const exact = { ...index([n(1, 9), n(2, 8), n(3, 7), n(4, 7)]), kind: 'exact' as const, dimension: 1, count: async () => 9, add: async () => undefined, remove: async () => undefined, close: async () => undefined };
    const audit = await auditRecall(exact, index([n(1, 9), n(3, 7), n(5, 7), n(6, 6)]), [new Int8Array(1), new Int8Array(1)], 4);
    expect(audit).toMatchObject({ k: 4, queries: 2, expected: 8, found: 6, worst: 0.75, recall: { value: 0.75 } });
  });

  it('gives Wilson intervals as published (Newcombe 1998, table I: 81 of 263 gives 0.2553-0.3662)', () => {
    expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4);
    expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4);
    expect(wilson(0, 20)).toMatchObject({ value: 0, low: 0 });
    expect(wilson(20, 20)).toMatchObject({ value: 1, high: 1 });
    expect(wilson(0, 0)).toEqual({ value: 0, low: 0, high: 1 });
  });
});
