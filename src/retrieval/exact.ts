import { availableParallelism } from 'node:os';
import { Bitmap } from './filter.ts';
import { RETRIEVAL_PARAMETERS } from './parameters.ts';
import { REMOVED, scan, type ScanResult, type Segment } from './scan.ts';
import type { IndexEntry, KeyFilter, Neighbour, ProbeVectors, VectorIndex } from './types.ts';
import { checkEntries, checkLimit, probeVectors } from './validate.ts';

type OpenSegment = { -readonly [K in keyof Segment]: Segment[K] };

/**
 * Every vector in memory, every search a scan over all that pass the filter: the reference for recall.
 *
 * Scans run on other threads while the index changes, so nothing a running scan may read is ever
 * overwritten: rows are appended behind the stated count, and a removal replaces the key column of
 * its segment by a changed copy.
 */
export class ExactIndex implements VectorIndex {
  readonly kind = 'exact';
  readonly dimension: number;
  readonly #segmentRows: number;
  readonly #threads: number;
  readonly #prominence: boolean;
  #segments: OpenSegment[] = [];
  /** key -> position counted over all segments. */
  #positions = new Map<number, number>();
  readonly #present = new Bitmap();
  #rows = 0;

  constructor(dimension: number, options: { readonly segmentRows?: number; readonly threads?: number; readonly prominence?: boolean } = {}) {
    this.dimension = dimension;
    this.#segmentRows = options.segmentRows ?? RETRIEVAL_PARAMETERS.segmentRows.value;
    this.#threads = options.threads ?? Math.min(RETRIEVAL_PARAMETERS.scanThreads.value, availableParallelism());
    this.#prominence = options.prominence ?? false;
  }

  get size(): number {
    return this.#positions.size;
  }

  async count(): Promise<number> {
    return this.size;
  }

  async add(entries: readonly IndexEntry[]): Promise<void> {
    checkEntries(entries, this.dimension);
    const replaced = entries.filter((entry) => this.#positions.has(entry.key)).map((entry) => entry.key);
    if (replaced.length) this.#removeRows(replaced);
    for (const { key, vector } of entries) {
      // A key twice in one batch: the later vector holds.
      if (this.#positions.has(key)) this.#removeRows([key]);
      this.#append(key, vector);
    }
    this.#compact();
  }

  async remove(keys: readonly number[]): Promise<void> {
    this.#removeRows(keys);
    this.#compact();
  }

  async search(query: ProbeVectors, k: number, filter?: KeyFilter): Promise<Neighbour[]> {
    return (await this.scan(query, k, filter)).neighbours;
  }

  /** As `search`, with the number of vectors that were scored. */
  async scan(query: ProbeVectors, k: number, filter?: KeyFilter): Promise<ScanResult> {
    const queries = probeVectors(query, this.dimension);
    checkLimit(k);
    return scan({
      segments: this.#segments.map((segment) => ({ ...segment })),
      dimension: this.dimension,
      queries,
      k: Math.min(k, this.size),
      filter: filter?.bitmap,
      threads: this.#threads,
      prominence: this.#prominence,
    });
  }

  /** Number of stored keys that pass the filter. */
  passing(filter?: KeyFilter): number {
    return filter ? this.#present.common(filter.bitmap) : this.size;
  }

  /** The stored vector of a key (a view that must not be changed), or undefined. */
  vector(key: number): Int8Array | undefined {
    const position = this.#positions.get(key);
    if (position === undefined) return undefined;
    const row = position % this.#segmentRows;
    return this.#segments[Math.floor(position / this.#segmentRows)]!.vectors.subarray(row * this.dimension, (row + 1) * this.dimension);
  }

  /** All keys, in the order in which they were added. */
  keys(): IterableIterator<number> {
    return this.#positions.keys();
  }

  async close(): Promise<void> {
    this.#segments = [];
    this.#positions = new Map();
    this.#rows = 0;
  }

  #append(key: number, vector: Int8Array): void {
    const row = this.#rows % this.#segmentRows;
    if (row === 0) this.#segments.push({ vectors: new Int8Array(this.#segmentRows * this.dimension), keys: new Uint32Array(this.#segmentRows), rows: 0 });
    const segment = this.#segments[this.#segments.length - 1]!;
    segment.vectors.set(vector, row * this.dimension);
    segment.keys[row] = key;
    segment.rows = row + 1;
    this.#positions.set(key, this.#rows);
    this.#present.set(key, true);
    this.#rows += 1;
  }

  #removeRows(keys: readonly number[]): void {
    const copied = new Set<OpenSegment>();
    for (const key of keys) {
      const position = this.#positions.get(key);
      if (position === undefined) continue;
      const segment = this.#segments[Math.floor(position / this.#segmentRows)]!;
      if (!copied.has(segment)) {
        segment.keys = segment.keys.slice();
        copied.add(segment);
      }
      segment.keys[position % this.#segmentRows] = REMOVED;
      this.#positions.delete(key);
      this.#present.set(key, false);
    }
  }

  #compact(): void {
    const removed = this.#rows - this.#positions.size;
    if (removed <= RETRIEVAL_PARAMETERS.compactAbove.value * this.#rows) return;
    const old = this.#segments;
    const positions = this.#positions;
    this.#segments = [];
    this.#positions = new Map();
    this.#rows = 0;
    for (const [key, position] of positions) {
      const row = position % this.#segmentRows;
      this.#append(key, old[Math.floor(position / this.#segmentRows)]!.vectors.subarray(row * this.dimension, (row + 1) * this.dimension));
    }
  }
}
