import type { ExactIndex } from './exact.ts';
import { GraphClient } from './hnsw-client.ts';
import type { GraphAnswers, GraphShape } from './hnsw-protocol.ts';
import { RETRIEVAL_PARAMETERS } from './parameters.ts';
import { firstFetch, scanMicros, STANDARD_COSTS, widthFor, type SearchCosts } from './planner.ts';
import type { IndexEntry, KeyFilter, Neighbour, ProbeVectors, VectorIndex } from './types.ts';
import { checkEntries, checkLimit, probeVectors } from './validate.ts';

/** Vectors a message to the worker: so many are added in some 30 ms, and a search waits no longer. */
const BATCH = 64;

export interface GraphOptions {
  readonly shape?: GraphShape;
  readonly ef?: number;
  /** Vectors to make room for at first. */
  readonly capacity?: number;
  readonly costs?: SearchCosts;
}

/** A graph on disk, with what is stated about it. */
export interface GraphFile {
  readonly path: string;
  readonly sha256: string;
  readonly count: number;
  readonly removed: readonly number[];
}

const withDefaults = ({ dimension }: ExactIndex, { shape = defaultShape(dimension), ef = RETRIEVAL_PARAMETERS.ef.value, costs = STANDARD_COSTS }: GraphOptions): Required<Omit<GraphOptions, 'capacity'>> => ({ shape, ef, costs });

/**
 * The graph index. It stands beside an exact index of the same vectors, which completes what the graph
 * cannot give: k neighbours for a filter that few or far vectors pass.
 */
export class HnswIndex implements VectorIndex {
  readonly kind = 'hnsw';
  readonly shape: GraphShape;
  readonly costs: SearchCosts;
  /** Width of the search for k up to 100; `calibrateEf` measures what a recall needs. */
  ef: number;
  readonly #client = new GraphClient();
  readonly #exact: ExactIndex;
  readonly #ready: Promise<unknown>;
  #count = 0;
  #removed = 0;

  private constructor(exact: ExactIndex, { shape, ef, costs }: Required<Omit<GraphOptions, 'capacity'>>, start: (client: GraphClient) => Promise<unknown>) {
    this.shape = shape;
    this.ef = ef;
    this.costs = costs;
    this.#exact = exact;
    this.#ready = start(this.#client);
    this.#ready.catch(() => undefined);
  }

  /** An empty graph beside `exact`. */
  static async create(exact: ExactIndex, options: GraphOptions = {}): Promise<HnswIndex> {
    const settled = withDefaults(exact, options);
    const index = new HnswIndex(exact, settled, (client) => client.call('create', { shape: settled.shape, capacity: options.capacity ?? exact.size }));
    await index.#ready;
    return index;
  }

  /** The graph in a file, or why it cannot be trusted. */
  static async load(exact: ExactIndex, file: GraphFile, options: GraphOptions = {}): Promise<HnswIndex | { readonly refused: string }> {
    const settled = withDefaults(exact, options);
    const loading: { answer?: GraphAnswers['load'] } = {};
    const index = new HnswIndex(exact, settled, async (client) => void (loading.answer = await client.call('load', { shape: settled.shape, path: file.path, sha256: file.sha256, removed: file.removed })));
    const failure = await index.#ready.then(() => undefined, (error: Error) => error.message);
    const { answer } = loading;
    const refused = failure ?? (answer && 'refused' in answer ? answer.refused : answer?.count !== file.count ? `the file holds ${answer?.count} vectors, stated are ${file.count}` : undefined);
    if (refused !== undefined || !answer || 'refused' in answer) {
      await index.close();
      return { refused: refused ?? 'the file could not be read' };
    }
    index.#count = answer.count;
    index.#removed = file.removed.length;
    return index;
  }

  get dimension(): number {
    return this.shape.dimension;
  }

  /** Share of the graph's nodes that only lead the way to others. */
  get removedShare(): number {
    return this.#removed / Math.max(1, this.#count + this.#removed);
  }

  async count(): Promise<number> {
    return this.#count;
  }

  async add(entries: readonly IndexEntry[]): Promise<void> {
    checkEntries(entries, this.dimension);
    for (let i = 0; i < entries.length; i += BATCH) {
      const batch = entries.slice(i, i + BATCH);
      const vectors = new Int8Array(batch.length * this.dimension);
      batch.forEach((entry, row) => void vectors.set(entry.vector, row * this.dimension));
      this.#counted(await this.#client.call('add', { keys: Uint32Array.from(batch, (entry) => entry.key), vectors }));
    }
  }

  async remove(keys: readonly number[]): Promise<void> {
    if (keys.length) this.#counted(await this.#client.call('remove', { keys }));
  }

  async search(query: ProbeVectors, k: number, filter?: KeyFilter): Promise<Neighbour[]> {
    return (await this.fetch(query, k, filter)) ?? this.#exact.search(query, k, filter);
  }

  /**
   * What the graph alone finds: the number of neighbours fetched grows until k of them pass the filter.
   * @param patience how often the expected time of a scan a search may take
   * @returns undefined when it would take longer, or there are no k to be found
   */
  async fetch(query: ProbeVectors, k: number, filter?: KeyFilter, patience = 1): Promise<Neighbour[] | undefined> {
    const queries = probeVectors(query, this.dimension);
    checkLimit(k);
    const passing = this.#exact.passing(filter);
    const wanted = Math.min(k, passing);
    if (wanted === 0) return [];
    for (let fetch = filter ? firstFetch(wanted, this.#count, passing) : wanted; ; fetch *= 4) {
      fetch = Math.min(fetch, this.#count);
      const width = widthFor(this.ef, fetch);
      if (filter && width * this.costs.graphMicros > patience * scanMicros(this.costs, this.#exact.size, passing)) return undefined;
      const found = pooled(await this.#client.call('search', { queries, fetch, ef: width }), filter);
      if (found.length >= wanted) return found.slice(0, wanted);
      if (!filter || fetch >= this.#count) return undefined;
    }
  }

  async save(path: string): Promise<GraphAnswers['save']> {
    return this.#client.call('save', { path });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #counted({ count, removed }: GraphAnswers['add']): void {
    this.#count = count;
    this.#removed = removed;
  }
}

export function defaultShape(dimension: number): GraphShape {
  return { dimension, m: RETRIEVAL_PARAMETERS.m.value, efConstruction: RETRIEVAL_PARAMETERS.efConstruction.value };
}

/** One list of all queries' results: each key once with its largest score, best first, ties by key. */
function pooled({ keys, scores }: GraphAnswers['search'], filter?: KeyFilter): Neighbour[] {
  const best = new Map<number, number>();
  keys.forEach((key, i) => {
    if (filter && !filter.has(key)) return;
    const known = best.get(key);
    if (known === undefined || scores[i]! > known) best.set(key, scores[i]!);
  });
  return [...best].map(([key, score]) => ({ key, score })).sort((a, b) => b.score - a.score || a.key - b.key);
}
