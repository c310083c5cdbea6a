/** One stored vector: `key` is the face's serial number in the database. */
export interface IndexEntry {
  readonly key: number;
  readonly vector: Int8Array;
}

export interface Neighbour {
  readonly key: number;
  /** Inner product of the two int8 vectors. */
  readonly score: number;
}

/** The keys a search may return. */
export interface KeyFilter {
  has(key: number): boolean;
  readonly size: number;
  /** One bit a key, little-endian within bytes. */
  readonly bitmap: Uint8Array;
}

/** One interface, two implementations: exact (the reference) and hnsw (for size). */
export interface VectorIndex {
  readonly kind: 'exact' | 'hnsw';
  readonly dimension: number;
  count(): Promise<number>;
  add(entries: readonly IndexEntry[]): Promise<void>;
  remove(keys: readonly number[]): Promise<void>;
  /** At most k neighbours, best first, ties by key; k of them whenever k keys pass the filter. */
  search(query: Int8Array, k: number, filter?: KeyFilter): Promise<Neighbour[]>;
  close(): Promise<void>;
}
