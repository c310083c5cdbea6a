import { ExactIndex, HnswIndex, type GraphOptions, type IndexEntry, type VectorIndex } from '../../src/retrieval/index.ts';
import { vectorIndexContract } from './contract.ts';

/** As the candidate index keeps them: both indexes get every change. */
async function graphBesideExact(dimension: number, options: GraphOptions = {}): Promise<VectorIndex> {
  const exact = new ExactIndex(dimension);
  const graph = await HnswIndex.create(exact, options);
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

vectorIndexContract('the graph index', (dimension) => graphBesideExact(dimension));
vectorIndexContract('the graph index in many parts', (dimension) => graphBesideExact(dimension, { partVectors: 70, workers: 2 }));
vectorIndexContract('the graph index of one worker', (dimension) => graphBesideExact(dimension, { partVectors: 150, workers: 1 }));
