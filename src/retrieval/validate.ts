import { problem } from '../domain/index.ts';
import type { IndexEntry, ProbeVectors } from './types.ts';

/** Largest key an index takes. */
export const LARGEST_KEY = 2 ** 30 - 1;

/** @throws Problem `vector-dimension-mismatch`; a key outside the range is a defect of the caller */
export function checkEntries(entries: readonly IndexEntry[], dimension: number): void {
  for (const { key, vector } of entries) {
    checkKey(key);
    if (vector.length !== dimension) throw problem('vector-dimension-mismatch', { found: vector.length, required: dimension });
  }
}

/** The vectors of a probe, one after another. @throws Problem `vector-dimension-mismatch` */
export function probeVectors(probe: ProbeVectors, dimension: number): Int8Array {
  const vectors = probe instanceof Int8Array ? [probe] : probe;
  if (!vectors.length) throw problem('vector-dimension-mismatch', { found: 0, required: dimension });
  const all = new Int8Array(vectors.length * dimension);
  vectors.forEach((vector, i) => {
    if (vector.length !== dimension) throw problem('vector-dimension-mismatch', { found: vector.length, required: dimension });
    all.set(vector, i * dimension);
  });
  return all;
}

/** How many neighbours are asked for is a number the caller has already bounded. */
export function checkLimit(k: number): void {
  if (!Number.isInteger(k) || k < 0) throw new RangeError(`${k} is not a number of neighbours`);
}

export function checkKey(key: number): void {
  if (!Number.isInteger(key) || key < 0 || key > LARGEST_KEY) throw new RangeError(`${key} is not a key`);
}
