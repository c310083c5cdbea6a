/**
 * Vectors with the statistics of Relievo's embeddings, seeded.
 *
 * Measured on the embeddings of 256 rendered photographs of 18 designs (unit length, 256 numbers): the
 * mean vector has length 0.85; designs scatter round it with variance 0.16 and photographs round their
 * design with variance 0.10, over about 18 and 31 effective directions (participation ratio). Two
 * photographs of one design have cosine 0.91 (median; 90 % within 0.77-0.97), of two designs 0.72
 * (0.58-0.83). Power laws of the variances reproduce that: exponents 1.05 and 0.9.
 */

export type VectorKind = 'clustered' | 'unclustered' | 'isotropic';

export const KINDS: Readonly<Record<VectorKind, string>> = {
  clustered: 'designs of heavy-tailed sizes (Pareto 1.1, the largest 1 % of all), spread as measured',
  unclustered: 'the measured variances, but every vector a design of its own',
  isotropic: '256 independent directions: no structure that an index could use',
};

export interface VectorSet {
  readonly kind: VectorKind;
  readonly dimension: number;
  /** `count` stored vectors, then `queries` that are not stored, each `dimension` long. */
  readonly vectors: Int8Array;
  readonly count: number;
  readonly queries: number;
  /** Design of each vector, stored ones first. */
  readonly design: Uint32Array;
}

const DIMENSION = 256;
const QUANTUM = 400;
const MEAN_LENGTH = 0.85;
const BETWEEN = { variance: 0.16, exponent: 1.05 };
const WITHIN = { variance: 0.1, exponent: 0.9 };

export function makeVectors(kind: VectorKind, count: number, queries: number, seed: number): VectorSet {
  const random = seeded(seed);
  const normal = normalTable(random);
  const total = count + queries;
  const design = kind === 'clustered' ? designsOf(total, count, random) : Uint32Array.from({ length: total }, (_, i) => i);
  const mean = direction(random, MEAN_LENGTH);
  const between = deviations(BETWEEN.variance, BETWEEN.exponent, random);
  const within = deviations(WITHIN.variance, WITHIN.exponent, random);
  const designs = kind === 'clustered' ? design.reduce((most, d) => Math.max(most, d), 0) + 1 : 0;
  const centres = new Float32Array(designs * DIMENSION);
  for (let i = 0; i < centres.length; i++) centres[i] = mean[i % DIMENSION]! + between[i % DIMENSION]! * normal();
  const vectors = new Int8Array(total * DIMENSION);
  const row = new Float64Array(DIMENSION);
  for (let i = 0; i < total; i++) {
    // Some photographs lie far from their design: damage, blur, poor light.
    const spread = Math.exp(0.35 * normal());
    for (let d = 0; d < DIMENSION; d++) {
      if (kind === 'isotropic') row[d] = normal();
      else row[d] = (kind === 'clustered' ? centres[design[i]! * DIMENSION + d]! : mean[d]! + between[d]! * normal()) + spread * within[d]! * normal();
    }
    quantise(row, vectors, i * DIMENSION);
  }
  return { kind, dimension: DIMENSION, vectors, count, queries, design };
}

export const vectorAt = (set: VectorSet, i: number): Int8Array => set.vectors.subarray(i * set.dimension, (i + 1) * set.dimension);

/** Mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal numbers drawn from a table of 2^18 of them. */
function normalTable(random: () => number): () => number {
  const table = Float32Array.from({ length: 1 << 18 }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
  return () => table[(random() * table.length) | 0]!;
}

/** Design numbers in random order; sizes are Pareto distributed. */
function designsOf(total: number, count: number, random: () => number): Uint32Array {
  const design = new Uint32Array(total);
  for (let filled = 0, d = 0; filled < total; d++) {
    const size = Math.min(Math.ceil(0.01 * count), Math.floor(4 * (1 - random()) ** (-1 / 1.1)));
    design.fill(d, filled, filled + size);
    filled += size;
  }
  for (let i = total - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [design[i], design[j]] = [design[j]!, design[i]!];
  }
  return design;
}

function direction(random: () => number, length: number): Float64Array {
  const v = Float64Array.from({ length: DIMENSION }, () => random());
  const norm = Math.hypot(...v);
  return v.map((x) => (x * length) / norm);
}

/** Standard deviations a dimension that add up to `variance`, falling by a power law in random order. */
function deviations(variance: number, exponent: number, random: () => number): Float64Array {
  const lambda = Float64Array.from({ length: DIMENSION }, (_, i) => (i + 1) ** -exponent);
  const sum = lambda.reduce((a, b) => a + b, 0);
  for (let i = DIMENSION - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [lambda[i], lambda[j]] = [lambda[j]!, lambda[i]!];
  }
  return lambda.map((l) => Math.sqrt((l / sum) * variance));
}

/** Unit length, then int8 as the features stage quantises. */
function quantise(row: Float64Array, out: Int8Array, at: number): void {
  let squares = 0;
  for (let d = 0; d < DIMENSION; d++) squares += row[d]! * row[d]!;
  const factor = QUANTUM / Math.sqrt(squares);
  for (let d = 0; d < DIMENSION; d++) out[at + d] = Math.max(-127, Math.min(127, Math.round(row[d]! * factor)));
}
