/** Vectors for tests: seeded, so that a failure can be repeated. */
import type { IndexEntry, KeyFilter, Neighbour, VectorChanges, VectorSource } from '../../src/retrieval/index.ts';

/** Mulberry32: 32 bits of state are enough for test data. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function vectors(count: number, dimension: number, seed: number, amplitude = 127): Int8Array[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => Int8Array.from({ length: dimension }, () => Math.round((random() * 2 - 1) * amplitude)));
}

export const entries = (list: readonly Int8Array[], firstKey = 1): IndexEntry[] => list.map((vector, i) => ({ key: firstKey + i, vector }));

export const dot = (a: Int8Array, b: Int8Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** What any index has to answer, written as plainly as possible. */
export function expected(stored: readonly IndexEntry[], probes: readonly Int8Array[], k: number, filter?: Pick<KeyFilter, 'has'>): Neighbour[] {
  return stored
    .filter(({ key }) => !filter || filter.has(key))
    .map(({ key, vector }) => ({ key, score: Math.max(...probes.map((probe) => dot(probe, vector))) }))
    .sort((a, b) => b.score - a.score || a.key - b.key)
    .slice(0, k);
}

/** A database of vectors, as small as can be. */
export class MemorySource implements VectorSource {
  generation = 'test-1';
  featureVersion = 1;
  /** Times that all vectors were read from the start. */
  fullReads = 0;
  readonly dimension: number;
  readonly #changes: { key: number; vector: Int8Array | null }[] = [];

  constructor(dimension: number) {
    this.dimension = dimension;
  }

  add(list: readonly IndexEntry[]): void {
    this.#changes.push(...list);
  }

  remove(keys: readonly number[]): void {
    this.#changes.push(...keys.map((key) => ({ key, vector: null })));
  }

  entries(after = 0): IndexEntry[] {
    return [...this.#latest(after)].flatMap(([key, { vector }]) => (vector ? [{ key, vector }] : []));
  }

  /** Added to the count that is stated, for a source that contradicts itself. */
  excess = 0;

  count(): number {
    return this.entries().length + this.excess;
  }

  watermark(): number {
    return this.#changes.length;
  }

  *changes(after: number): Generator<VectorChanges> {
    if (after === 0) this.fullReads += 1;
    const latest = [...this.#latest(after)];
    for (let i = 0; i < latest.length; i += 64) {
      const batch = latest.slice(i, i + 64);
      yield {
        watermark: batch.at(-1)![1].change,
        added: batch.flatMap(([key, { vector }]) => (vector ? [{ key, vector }] : [])),
        removed: batch.flatMap(([key, { vector }]) => (vector ? [] : [key])),
      };
    }
  }

  /** Each key once, in the order of its latest change. */
  #latest(after: number): Map<number, { change: number; vector: Int8Array | null }> {
    const latest = new Map<number, { change: number; vector: Int8Array | null }>();
    this.#changes.slice(after).forEach(({ key, vector }, i) => {
      latest.delete(key);
      latest.set(key, { change: after + i + 1, vector });
    });
    return latest;
  }
}
