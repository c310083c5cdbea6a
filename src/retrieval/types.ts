/** One stored vector: `key` is the face's serial number in the database, 0 to 1,073,741,823: bitmaps are dense. */
export interface IndexEntry {
  readonly key: number;
  readonly vector: Int8Array;
}

export interface Neighbour {
  readonly key: number;
  /** Inner product of the two int8 vectors; the largest one when several query vectors were given. */
  readonly score: number;
}

/** The keys a search may return; `keyFilter(keys)` makes one. */
export interface KeyFilter {
  has(key: number): boolean;
  readonly size: number;
  /** One bit a key, little-endian within bytes. */
  readonly bitmap: Uint8Array;
}

/** One probe: its vector, or several (for example of several rotations) pooled by their largest score. */
export type ProbeVectors = Int8Array | readonly Int8Array[];

/** One interface, two implementations: exact (the reference) and hnsw (for size). */
export interface VectorIndex {
  readonly kind: 'exact' | 'hnsw';
  readonly dimension: number;
  count(): Promise<number>;
  /** Adds vectors; a key that is already there gets the new vector. */
  add(entries: readonly IndexEntry[]): Promise<void>;
  /** Removes keys; those that are not there are ignored. */
  remove(keys: readonly number[]): Promise<void>;
  /** At most k neighbours, best first, ties by key; k of them whenever k keys pass the filter. */
  search(query: ProbeVectors, k: number, filter?: KeyFilter): Promise<Neighbour[]>;
  close(): Promise<void>;
}

/** One batch of changes. A key is in one of the two lists at most. */
export interface VectorChanges {
  /** Number of the last change in this batch. */
  readonly watermark: number;
  readonly added: readonly IndexEntry[];
  readonly removed: readonly number[];
}

/** Where the vectors come from. The database is the truth; an index is a cache of it. */
export interface VectorSource {
  /** Names the history that the watermarks count in; a restored or new database has another one. */
  readonly generation: string;
  readonly dimension: number;
  /** Version of the feature extraction that made the vectors. */
  readonly featureVersion: number;
  /** Number of stored vectors. */
  count(): number;
  /** Number of the latest change; grows with every vector that is stored or removed. */
  watermark(): number;
  /**
   * The changes after `after` in their order, in batches of a few thousand at most; what is said last of a
   * key holds; from 0 these are all vectors. Time passes between batches (building a graph takes
   * minutes), so that no statement may stay open from one to the next.
   */
  changes(after: number): Iterable<VectorChanges> | AsyncIterable<VectorChanges>;
}

/** How a search was answered; part of every answer. */
export interface SearchPlan {
  readonly plan: 'exact' | 'hnsw';
  /** Why this way, in one sentence. */
  readonly why: string;
  /** Vectors the answer speaks about: those in the index that pass the filter. */
  readonly searched: number;
  /** Vectors in the index. */
  readonly of: number;
  /** Vectors whose score was computed; null for hnsw, which visits a part whose recall the audit measures. */
  readonly scored: number | null;
  /** Number of the latest database change the index holds. */
  readonly watermark: number;
}
