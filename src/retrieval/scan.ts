import { callKernel } from '../platform/native/index.ts';
import type { Neighbour } from './types.ts';

/** Rows that were added together. `keys[i]` belongs to the vector at `i * dimension`. */
export interface Segment {
  readonly vectors: Int8Array;
  readonly keys: Uint32Array;
  readonly rows: number;
}

export interface ScanRequest {
  readonly segments: readonly Segment[];
  readonly dimension: number;
  /** One or more query vectors, one after another. */
  readonly queries: Int8Array;
  readonly k: number;
  readonly filter?: Uint8Array;
  readonly threads: number;
  /** Several queries are pooled by how far their largest score stands out of the middle one, instead of by the largest. */
  readonly prominence?: boolean;
}

export interface ScanResult {
  readonly neighbours: Neighbour[];
  /** Rows whose score was computed: those present that pass the filter. */
  readonly scored: number;
}

/** Marks a row whose vector was removed; no key may have this value. */
export const REMOVED = 0xffff_ffff;

/** Scores every row that passes the filter, off the main thread, and returns the best k: score descending, then key. */
export async function scan(request: ScanRequest): Promise<ScanResult> {
  const { keys, scores, scored } = await callKernel<{ keys: Uint32Array; scores: Int32Array; scored: number }>('scan', request);
  return { scored, neighbours: Array.from(keys, (key, i) => ({ key, score: scores[i]! })) };
}
