import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import hnswlib from 'hnswlib-node';
import type { GraphAnswers, GraphRequests, GraphShape } from './hnsw-protocol.ts';

const SEED = 1;

/**
 * One part of the graph as hnswlib-node keeps it; runs inside the worker, because adding and searching block.
 *
 * Vectors are given as plain arrays of the int8 values. Their inner products stay below 2^24 for up to
 * 1,023 dimensions, so that the library's 32-bit floats hold them exactly and a score is the very
 * number that the exact index computes.
 */
export class Graph {
  readonly #shape: GraphShape;
  readonly #graph: InstanceType<typeof hnswlib.HierarchicalNSW>;
  #capacity: number;
  /** Keys that the library still holds, marked as deleted. */
  readonly #removed: Set<number>;
  readonly #known: Set<number>;
  readonly #row: number[];

  private constructor(shape: GraphShape, graph: InstanceType<typeof hnswlib.HierarchicalNSW>, capacity: number, known: Iterable<number>, removed: Iterable<number>) {
    this.#shape = shape;
    this.#graph = graph;
    this.#capacity = capacity;
    this.#known = new Set(known);
    this.#removed = new Set(removed);
    this.#row = new Array<number>(shape.dimension).fill(0);
  }

  static create({ shape, capacity }: GraphRequests['create']): Graph {
    const graph = new hnswlib.HierarchicalNSW('ip', shape.dimension);
    const room = Math.max(capacity, 1024);
    graph.initIndex({ maxElements: room, m: shape.m, efConstruction: shape.efConstruction, randomSeed: SEED });
    return new Graph(shape, graph, room, [], []);
  }

  /** The graph in a file, or why it is not used. The bytes are trusted only when their digest is the stated one. */
  static async load({ shape, path, sha256, removed }: GraphRequests['load']): Promise<Graph | { refused: string }> {
    const found = await digest(path).catch(() => 'no readable file');
    if (found !== sha256) return { refused: `the file's SHA-256 is ${found}, stated is ${sha256}` };
    const graph = new hnswlib.HierarchicalNSW('ip', shape.dimension);
    graph.readIndexSync(path);
    return new Graph(shape, graph, graph.getMaxElements(), graph.getIdsList(), removed);
  }

  get keys(): Uint32Array {
    return Uint32Array.from(this.#known);
  }

  get count(): number {
    return this.#known.size - this.#removed.size;
  }

  get removed(): number {
    return this.#removed.size;
  }

  add({ keys, vectors }: GraphRequests['add']): GraphAnswers['add'] {
    const needed = this.#known.size + keys.length;
    if (needed > this.#capacity) {
      this.#capacity = Math.max(needed, Math.ceil(this.#capacity * 1.5));
      this.#graph.resizeIndex(this.#capacity);
    }
    keys.forEach((key, i) => {
      // A known key gets the new vector in place; the library takes its deletion mark off itself.
      this.#graph.addPoint(this.#plain(vectors, i), key);
      this.#known.add(key);
      this.#removed.delete(key);
    });
    return { count: this.count, removed: this.removed };
  }

  remove({ keys }: GraphRequests['remove']): GraphAnswers['remove'] {
    for (const key of keys) {
      if (!this.#known.has(key) || this.#removed.has(key)) continue;
      this.#graph.markDelete(key);
      this.#removed.add(key);
    }
    return { count: this.count, removed: this.removed };
  }

  search({ queries, fetch, ef }: GraphRequests['search']): GraphAnswers['search'] {
    // The library does not save ef (it is 10 after loading), so that every search sets it.
    this.#graph.setEf(ef);
    const most = Math.min(fetch, this.count);
    const keys: number[] = [];
    const scores: number[] = [];
    let hidden = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < queries.length / this.#shape.dimension && most > 0; i++) {
      const { neighbors, distances } = this.#graph.searchKnn(this.#plain(queries, i), most);
      keys.push(...neighbors);
      scores.push(...distances.map((distance) => 1 - distance));
      if (neighbors.length < this.count) hidden = Math.max(hidden, 1 - distances[distances.length - 1]!);
    }
    return { keys: Uint32Array.from(keys), scores: Int32Array.from(scores), hidden };
  }

  /** Writes, syncs and renames. The file goes into memory of the operating system, its digest is taken from what was written. */
  async save({ path }: GraphRequests['save']): Promise<GraphAnswers['save']> {
    const temporary = `${path}.tmp`;
    const [count, removed] = [this.count, [...this.#removed]];
    try {
      await this.#graph.writeIndex(temporary);
      const file = await open(temporary, 'r+');
      await file.sync().finally(() => file.close());
      const sha256 = await digest(temporary);
      const { size } = await stat(temporary);
      await rename(temporary, path);
      return { sha256, bytes: size, count, removed };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  #plain(packed: Int8Array, i: number): number[] {
    const { dimension } = this.#shape;
    for (let d = 0; d < dimension; d++) this.#row[d] = packed[i * dimension + d]!;
    return this.#row;
  }
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
