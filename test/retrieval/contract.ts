/** What every VectorIndex keeps to, whichever way it is built. */
import { afterEach, describe, expect, it } from 'vitest';
import { keyFilter, type VectorIndex } from '../../src/retrieval/index.ts';
import { entries, expected, vectors } from './support.ts';

const DIMENSION = 32;

export function vectorIndexContract(name: string, create: (dimension: number) => Promise<VectorIndex>): void {
  describe(`${name} keeps the contract`, () => {
    const open: VectorIndex[] = [];
    const fresh = async (): Promise<VectorIndex> => {
      const index = await create(DIMENSION);
      open.push(index);
      return index;
    };
    afterEach(async () => void (await Promise.all(open.splice(0).map((index) => index.close()))));

    const stored = entries(vectors(300, DIMENSION, 1));
    const probes = vectors(5, DIMENSION, 2);

    it('returns the best k, best first, ties by key', async () => {
      const index = await fresh();
      await index.add(stored);
      for (const probe of probes) expect(await index.search(probe, 10)).toEqual(expected(stored, [probe], 10));
    });

    it('orders equal scores by key', async () => {
      const index = await fresh();
      const twin = vectors(1, DIMENSION, 3)[0]!;
      await index.add([9, 4, 7, 2].map((key) => ({ key, vector: twin })));
      expect((await index.search(twin, 4)).map((n) => n.key)).toEqual([2, 4, 7, 9]);
    });

    it('pools several query vectors by their largest score', async () => {
      const index = await fresh();
      await index.add(stored);
      expect(await index.search(probes, 10)).toEqual(expected(stored, probes, 10));
    });

    it('answers from an empty index with nothing', async () => {
      const index = await fresh();
      expect(await index.search(probes[0]!, 5)).toEqual([]);
      expect(await index.count()).toBe(0);
    });

    it('returns everything when k exceeds the count, and nothing for k = 0', async () => {
      const index = await fresh();
      await index.add(stored.slice(0, 7));
      expect(await index.search(probes[0]!, 100)).toEqual(expected(stored.slice(0, 7), [probes[0]!], 100));
      expect(await index.search(probes[0]!, 0)).toEqual([]);
    });

    it('returns k whenever k keys pass the filter, be they the farthest', async () => {
      const index = await fresh();
      await index.add(stored);
      const probe = probes[0]!;
      const farthest = keyFilter(expected(stored, [probe], 300).slice(-12).map((n) => n.key));
      expect(await index.search(probe, 10, farthest)).toEqual(expected(stored, [probe], 10, farthest));
      const few = keyFilter([5, 6, 7]);
      expect(await index.search(probe, 10, few)).toEqual(expected(stored, [probe], 10, few));
      const half = keyFilter(stored.filter((e) => e.key % 2).map((e) => e.key));
      expect(await index.search(probe, 10, half)).toEqual(expected(stored, [probe], 10, half));
    });

    it('lets nothing pass an empty filter, and ignores keys it does not hold', async () => {
      const index = await fresh();
      await index.add(stored.slice(0, 20));
      expect(await index.search(probes[0]!, 5, keyFilter([]))).toEqual([]);
      expect((await index.search(probes[0]!, 5, keyFilter([3, 90_000]))).map((n) => n.key)).toEqual([3]);
    });

    it('forgets what is removed and takes it back', async () => {
      const index = await fresh();
      await index.add(stored);
      const probe = probes[1]!;
      const gone = expected(stored, [probe], 5).map((n) => n.key);
      await index.remove([...gone, 999_999]);
      await index.remove(gone);
      expect(await index.count()).toBe(295);
      const rest = stored.filter((e) => !gone.includes(e.key));
      expect(await index.search(probe, 10)).toEqual(expected(rest, [probe], 10));
      await index.add(stored.filter((e) => gone.includes(e.key)));
      expect(await index.count()).toBe(300);
      expect(await index.search(probe, 10)).toEqual(expected(stored, [probe], 10));
    });

    it('can be emptied and filled again', async () => {
      const index = await fresh();
      await index.add(stored.slice(0, 50));
      await index.remove(stored.slice(0, 50).map((e) => e.key));
      expect(await index.search(probes[0]!, 5)).toEqual([]);
      await index.add(stored.slice(10, 30));
      expect(await index.search(probes[0]!, 50)).toEqual(expected(stored.slice(10, 30), [probes[0]!], 50));
    });

    it('replaces the vector of a key that is added again', async () => {
      const index = await fresh();
      await index.add(stored.slice(0, 40));
      const changed = { key: 7, vector: vectors(1, DIMENSION, 4)[0]! };
      await index.add([changed]);
      const now = [...stored.slice(0, 40).filter((e) => e.key !== 7), changed];
      expect(await index.count()).toBe(40);
      expect(await index.search(changed.vector, 5)).toEqual(expected(now, [changed.vector], 5));
    });

    it('refuses another dimension with a typed problem and goes on', async () => {
      const index = await fresh();
      await index.add(stored.slice(0, 5));
      const wrong = new Int8Array(DIMENSION + 1);
      await expect(index.add([{ key: 6, vector: wrong }])).rejects.toMatchObject({ code: 'vector-dimension-mismatch', parameters: { found: DIMENSION + 1, required: DIMENSION } });
      await expect(index.search(wrong, 3)).rejects.toMatchObject({ code: 'vector-dimension-mismatch' });
      await expect(index.search([], 3)).rejects.toMatchObject({ code: 'vector-dimension-mismatch' });
      await expect(index.add([{ key: -1, vector: probes[0]! }])).rejects.toThrow(RangeError);
      expect(await index.count()).toBe(5);
      expect(await index.search(probes[0]!, 3)).toHaveLength(3);
    });

    it('answers searches that run while it grows', async () => {
      const index = await fresh();
      await index.add(stored.slice(0, 100));
      const running = probes.map((probe) => index.search(probe, 10));
      await index.add(stored.slice(100));
      for (const answer of await Promise.all(running)) expect(answer).toHaveLength(10);
      expect(await index.search(probes[0]!, 10)).toEqual(expected(stored, [probes[0]!], 10));
    });
  });
}
