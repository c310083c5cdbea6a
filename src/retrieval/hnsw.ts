import type { ExactIndex } from './exact.ts';
import { GraphClient } from './hnsw-client.ts';
import type { GraphAnswers, GraphShape } from './hnsw-protocol.ts';
import { RETRIEVAL_PARAMETERS } from './parameters.ts';
import { firstFetch, scanMicros, STANDARD_COSTS, widthFor, type SearchCosts } from './planner.ts';
import type { IndexEntry, KeyFilter, Neighbour, ProbeVectors, VectorIndex } from './types.ts';
import { checkEntries, checkLimit, probeVectors } from './validate.ts';

/** Vectors a message to a worker: so many are added in some 30 ms, and a search waits no longer. */
const BATCH = 64;

export interface GraphOptions {
  readonly shape?: GraphShape;
  readonly ef?: number;
  readonly costs?: SearchCosts;
  /** Vectors a part is filled with. */
  readonly partVectors?: number;
  /** Workers that build and search parts side by side. */
  readonly workers?: number;
}

/** One part on disk, with what is stated about it. */
export interface PartFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly count: number;
  /** Keys the file still holds, marked as deleted. */
  readonly removed: readonly number[];
}

interface Part {
  readonly client: GraphClient;
  count: number;
  /** Vectors marked as deleted: they only lead the way to others. */
  removed: number;
  /** What is on disk of it; undefined once it has changed. */
  file?: PartFile | undefined;
}

/**
 * The graph index: several graphs of limited size, each searched, their results merged. A graph of a
 * million vectors has to be searched far wider for the same recall than ten of a hundred thousand, and
 * cannot be built on two cores. It stands beside an exact index of the same vectors, which completes
 * what the graphs cannot give: k neighbours for a filter that few or far vectors pass.
 */
export class HnswIndex implements VectorIndex {
  readonly kind = 'hnsw';
  readonly shape: GraphShape;
  readonly costs: SearchCosts;
  /** Width of the search in each part for k up to 100; `calibrateEf` measures what a recall needs. */
  ef: number;
  readonly #exact: ExactIndex;
  readonly #partVectors: number;
  readonly #clients: readonly GraphClient[];
  readonly #parts: Part[] = [];
  /** The part that each worker is filling. */
  readonly #open: (number | undefined)[] = [];
  /** key -> part, for all keys a part still knows. */
  readonly #home = new Map<number, number>();
  /** Batches added so far: they are dealt to the workers in turn, so that a build can be repeated. */
  #dealt = 0;

  private constructor(exact: ExactIndex, options: GraphOptions) {
    const { partVectors, graphWorkers, ef } = RETRIEVAL_PARAMETERS;
    this.shape = options.shape ?? defaultShape(exact.dimension);
    this.ef = options.ef ?? ef.value;
    this.costs = options.costs ?? STANDARD_COSTS;
    this.#exact = exact;
    this.#partVectors = options.partVectors ?? partVectors.value;
    this.#clients = Array.from({ length: options.workers ?? graphWorkers.value }, () => new GraphClient());
  }

  /** An empty graph beside `exact`. */
  static async create(exact: ExactIndex, options: GraphOptions = {}): Promise<HnswIndex> {
    return new HnswIndex(exact, options);
  }

  /** The graph in some files, or why they cannot be trusted. */
  static async load(exact: ExactIndex, files: readonly PartFile[], options: GraphOptions = {}): Promise<HnswIndex | { readonly refused: string }> {
    const index = new HnswIndex(exact, options);
    try {
      for (const file of files) await index.#loadPart(file);
      return index;
    } catch (error) {
      await index.close();
      return { refused: (error as Error).message };
    }
  }

  get dimension(): number {
    return this.shape.dimension;
  }

  /** Parts that count in what a search costs: one just begun costs next to nothing. */
  get parts(): number {
    return Math.max(1, this.#parts.filter(({ count }) => count > this.#partVectors / 10).length);
  }

  get size(): number {
    return this.#parts.reduce((sum, { count }) => sum + count, 0);
  }

  /** Share of the graph's nodes that only lead the way to others. */
  get removedShare(): number {
    const removed = this.#parts.reduce((sum, part) => sum + part.removed, 0);
    return removed / Math.max(1, this.size + removed);
  }

  async count(): Promise<number> {
    return this.size;
  }

  async add(entries: readonly IndexEntry[]): Promise<void> {
    checkEntries(entries, this.dimension);
    // A key that is known goes where it was. Of a key given twice the later vector holds.
    const latest = [...new Map(entries.map((entry) => [entry.key, entry])).values()];
    const known = latest.filter(({ key }) => this.#home.has(key));
    for (const [part, list] of this.#byPart(known, ({ key }) => key)) await this.#send(part, list);
    const fresh = latest.filter(({ key }) => !this.#home.has(key));
    // Each worker gets its batches one after another, so that a search comes in between; the workers side by side.
    const lanes = this.#clients.map((): { part: number; batch: IndexEntry[] }[] => []);
    for (let i = 0; i < fresh.length; i += BATCH) {
      const batch = fresh.slice(i, i + BATCH);
      const worker = this.#dealt++ % this.#clients.length;
      const part = this.#room(worker, batch.length, lanes[worker]!);
      lanes[worker]!.push({ part, batch });
      for (const { key } of batch) this.#home.set(key, part);
    }
    await Promise.all(
      lanes.map(async (lane) => {
        for (const { part, batch } of lane) await this.#send(part, batch);
      }),
    );
  }

  async remove(keys: readonly number[]): Promise<void> {
    for (const [part, list] of this.#byPart(keys.filter((key) => this.#home.has(key)), (key) => key)) {
      this.#parts[part]!.file = undefined;
      this.#counted(part, await this.#parts[part]!.client.call('remove', { part, keys: list }));
    }
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
    // Each part is asked for its share of what is to be fetched, and for k at least.
    for (let fetch = filter ? Math.max(wanted, Math.ceil(firstFetch(wanted, this.size, passing) / this.parts)) : wanted; ; fetch *= 4) {
      const ef = widthFor(this.ef, fetch);
      if (filter && this.micros(ef) > patience * scanMicros(this.costs, this.#exact.size, passing)) return undefined;
      const answers = await Promise.all(this.#clients.map((client) => client.call('search', { queries, fetch, ef })));
      const found = pooled(answers, filter);
      // What a part left out scores no higher than the last it gave: then the best k are among what was fetched.
      const hidden = Math.max(...answers.map((answer) => answer.hidden));
      if (found.length >= wanted && (!filter || found[wanted - 1]!.score >= hidden)) return found.slice(0, wanted);
      if (!filter || hidden === Number.NEGATIVE_INFINITY) return undefined;
    }
  }

  /** Expected time of a search of width `ef` in each part, in microseconds. */
  micros(ef: number): number {
    return ef * this.parts * this.costs.graphMicros;
  }

  /** Writes the parts that have changed since they were written; `pathOf` names the file of a part. */
  async save(pathOf: (part: number) => string): Promise<PartFile[]> {
    const files: PartFile[] = [];
    for (const [number, part] of this.#parts.entries()) {
      part.file ??= { path: pathOf(number), ...(await part.client.call('save', { part: number, path: pathOf(number) })) };
      files.push(part.file);
    }
    return files;
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
  }

  async #loadPart(file: PartFile): Promise<void> {
    const part = this.#parts.length;
    const worker = part % this.#clients.length;
    const client = this.#clients[worker]!;
    const answer = await client.call('load', { part, shape: this.shape, path: file.path, sha256: file.sha256, removed: file.removed });
    if ('refused' in answer) throw new Error(answer.refused);
    const count = answer.keys.length - file.removed.length;
    if (count !== file.count) throw new Error(`a file holds ${count} vectors, stated are ${file.count}`);
    this.#parts.push({ client, count, removed: file.removed.length, file });
    for (const key of answer.keys) this.#home.set(key, part);
    this.#open[worker] = part;
  }

  /** The part that a worker is to put so many more vectors into, over those that wait in its lane. */
  #room(worker: number, vectors: number, lane: readonly { part: number; batch: readonly IndexEntry[] }[]): number {
    const open = this.#open[worker];
    if (open !== undefined) {
      const waiting = lane.reduce((sum, { part, batch }) => sum + (part === open ? batch.length : 0), 0);
      const { count, removed } = this.#parts[open]!;
      if (count + removed + waiting + vectors <= this.#partVectors) return open;
    }
    const client = this.#clients[worker]!;
    this.#parts.push({ client, count: 0, removed: 0 });
    this.#open[worker] = this.#parts.length - 1;
    // Not waited for: the worker keeps the order. A failure shows in the first addition.
    client.call('create', { part: this.#parts.length - 1, shape: this.shape, capacity: 0 }).catch(() => undefined);
    return this.#parts.length - 1;
  }

  async #send(part: number, entries: readonly IndexEntry[]): Promise<void> {
    const { client } = this.#parts[part]!;
    this.#parts[part]!.file = undefined;
    for (let i = 0; i < entries.length; i += BATCH) {
      const batch = entries.slice(i, i + BATCH);
      const vectors = new Int8Array(batch.length * this.dimension);
      batch.forEach((entry, row) => void vectors.set(entry.vector, row * this.dimension));
      this.#counted(part, await client.call('add', { part, keys: Uint32Array.from(batch, (entry) => entry.key), vectors }));
    }
  }

  #byPart<Item>(items: readonly Item[], keyOf: (item: Item) => number): Map<number, Item[]> {
    return Map.groupBy(items, (item) => this.#home.get(keyOf(item))!);
  }

  #counted(part: number, { count, removed }: GraphAnswers['add']): void {
    Object.assign(this.#parts[part]!, { count, removed });
  }
}

export function defaultShape(dimension: number): GraphShape {
  return { dimension, m: RETRIEVAL_PARAMETERS.m.value, efConstruction: RETRIEVAL_PARAMETERS.efConstruction.value };
}

/** One list of all results: each key once with its largest score, best first, ties by key. */
function pooled(answers: readonly GraphAnswers['search'][], filter?: KeyFilter): Neighbour[] {
  const best = new Map<number, number>();
  for (const { keys, scores } of answers) {
    keys.forEach((key, i) => {
      if (filter && !filter.has(key)) return;
      const known = best.get(key);
      if (known === undefined || scores[i]! > known) best.set(key, scores[i]!);
    });
  }
  return [...best].map(([key, score]) => ({ key, score })).sort((a, b) => b.score - a.score || a.key - b.key);
}
