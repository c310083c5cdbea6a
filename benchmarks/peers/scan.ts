/** Brute force as a first draft would write it, in C++ and in JavaScript: rows best first. */
import { callPeer } from './binding.ts';

/** One loop in C++ over int8 rows, all scores kept, a partial sort; off the main thread. */
export async function scanPlain(vectors: Int8Array, query: Int8Array, k: number): Promise<number[]> {
  const { rows } = await callPeer<{ rows: Uint32Array }>('scanPlain', { vectors, query, k });
  return [...rows];
}

/** The same in JavaScript on typed arrays. */
export function scanJavaScript(vectors: Int8Array, query: Int8Array, k: number): number[] {
  const dimension = query.length;
  const scores = new Int32Array(vectors.length / dimension);
  for (let row = 0; row < scores.length; row++) {
    let sum = 0;
    for (let d = 0; d < dimension; d++) sum += vectors[row * dimension + d]! * query[d]!;
    scores[row] = sum;
  }
  return Array.from(scores.keys())
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, k);
}
