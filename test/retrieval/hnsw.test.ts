import { ExactIndex, HnswIndex, type IndexEntry, type VectorIndex } from '../../src/retrieval/index.ts';
import { vectorIndexContract } from './contract.ts';

/** As the candidate index keeps them: both indexes get every change. */
export async function graphBesideExact(dimension: number): Promise<VectorIndex> {
  const exact = new ExactIndex(dimension);
  const graph = await HnswIndex.create(exact);
  return {
    kind: 'hnsw',
    dimension,
    count: () => graph.count(),
    add: async (entries: readonly IndexEntry[]) => {
      await exact.add(entries);
      await graph.add(entries);
    },
    remove: async (keys: readonly number[]) => {
      await exact.remove(keys);
      await graph.remove(keys);
    },
    search: (query, k, filter) => graph.search(query, k, filter),
    close: () => graph.close(),
  };
}

vectorIndexContract('the graph index', graphBesideExact);
