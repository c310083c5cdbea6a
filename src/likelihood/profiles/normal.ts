/**
 * The two-level models of Aitken and Lucy: normal within sources with one covariance for all, normal or of normal kernels
 * between them. Kept as they are, as a baseline and for sets that are clean: a value that is far off within a source costs
 * without limit. Source: Aitken and Lucy 2004, Applied Statistics 53, 109-122.
 */
import { cholesky, inverseOfLower, part } from './matrices.ts';
import type { ReferenceSet } from './reference.ts';
import { knownOf, remembered } from './spread.ts';

export interface NormalModel {
  readonly mean: readonly number[];
  /** Pooled covariance within sources and covariance between them: row by row. */
  readonly within: readonly number[];
  readonly between: readonly number[];
  /** Means of the sources, where the density between them is of kernels; one width for all. */
  readonly kernels: { readonly centres: readonly (readonly number[])[]; readonly width: number } | null;
}

/** Means and covariances of what is known; what is not known counts as its source's mean. */
export function fitNormal(set: ReferenceSet, kernels: boolean): NormalModel {
  const n = set.analytes;
  const members = set.sources.map((): Float64Array[] => []);
  set.rows.forEach((row, k) => members[set.sourceOf[k]].push(row));
  const meanOf = (rows: readonly ArrayLike<number>[], c: number): number => {
    const known = rows.map((row) => row[c]).filter((v) => !Number.isNaN(v));
    return known.reduce((sum, v) => sum + v, 0) / known.length;
  };
  const partly = members.map((rows) => Float64Array.from({ length: n }, (_, c) => meanOf(rows, c)));
  const mean = Float64Array.from({ length: n }, (_, c) => meanOf(partly, c) || 0);
  const means = partly.map((row) => row.map((v, c) => (Number.isNaN(v) ? mean[c] : v)));
  const deviations = set.rows.map((row, k) => row.map((v, c) => (Number.isNaN(v) ? 0 : v - means[set.sourceOf[k]][c])));
  const freedom = set.rows.length - set.sources.length;
  const within = covariance(deviations, n, freedom);
  const between = covariance(means.map((row) => row.map((v, c) => v - mean[c])), n, means.length - 1);
  const each = set.rows.length / set.sources.length;
  const raw = between.map((v, k) => v - within[k] / each);
  // where few sources make a difference of covariances that is none, the covariance of the means stands in
  const proper = cholesky(firm(raw, n), n) ? raw : between;
  const width = (4 / (2 * n + 1)) ** (1 / (n + 4)) * means.length ** (-1 / (n + 4));
  return { mean: [...mean], within: [...firm(within, n)], between: [...firm(proper, n)], kernels: kernels ? { centres: means.map((row) => [...row]), width } : null };
}

function covariance(rows: readonly Float64Array[], n: number, freedom: number): Float64Array {
  const m = new Float64Array(n * n);
  for (const row of rows) for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) m[a * n + b] += (row[a] * row[b]) / Math.max(1, freedom);
  return m;
}

/** With a millionth more on the diagonal, so that few sources leave no direction without spread. */
function firm(m: Float64Array, n: number): Float64Array {
  const trace = Math.max(...Array.from({ length: n }, (_, a) => m[a * n + a]), 1e-300);
  return m.map((v, k) => (k % (n + 1) === 0 ? v * (1 + 1e-6) + 1e-9 * trace : v));
}

/** Natural logarithm of the LR of two sides, by the means of so many measurements each. */
export function normalLogRatio(model: NormalModel): (a: Float64Array, b: Float64Array, shares: readonly [number, number]) => number {
  const n = model.mean.length;
  const densities = remembered((key) => {
    // the last two numbers of the key are the shares, in thousandths
    const [sa, sb] = [key[key.length - 2] / 1000, key[key.length - 1] / 1000];
    const analytes = key.slice(0, -2);
    const [within, between] = [part(Float64Array.from(model.within), n, analytes), part(Float64Array.from(model.between), n, analytes)];
    const spread = model.kernels ? model.kernels.width ** 2 : 1;
    const centres = model.kernels ? model.kernels.centres : [model.mean];
    const wide = (share: number): ((x: Float64Array) => number) => mixtureOf(between.map((v, k) => spread * v + share * within[k]), centres, analytes);
    return { apart: mixtureOf(within.map((v) => (sa + sb) * v), [new Float64Array(n)], analytes), a: keptBySide(wide(sa)), b: keptBySide(wide(sb)), both: wide(1 / (1 / sa + 1 / sb)) };
  });
  const [difference, middle] = [new Float64Array(n), new Float64Array(n)];
  return (a, b, shares) => {
    const share = shares[1] / (shares[0] + shares[1]);
    for (let c = 0; c < n; c++) {
      difference[c] = a[c] - b[c];
      middle[c] = share * a[c] + (1 - share) * b[c];
    }
    const known = knownOf(difference);
    const key = new Uint16Array(known.length + 2);
    key.set(known);
    shares.forEach((s, k) => (key[known.length + k] = Math.max(1, Math.round(1000 * s))));
    const { apart, a: ofA, b: ofB, both } = densities(key);
    return apart(difference) + both(middle) - ofA(a) - ofB(b);
  };
}

function keptBySide(density: (x: Float64Array) => number): (x: Float64Array) => number {
  const kept = new WeakMap<Float64Array, number>();
  return (x) => {
    let found = kept.get(x);
    if (found === undefined) kept.set(x, (found = density(x)));
    return found;
  };
}

/** Logarithm of the mean of normal densities of one covariance around centres. */
function mixtureOf(covarianceOf: Float64Array, centres: readonly ArrayLike<number>[], analytes: Uint16Array): (x: Float64Array) => number {
  const k = analytes.length;
  const lower = cholesky(covarianceOf, k);
  if (!lower) throw new RangeError('a covariance of the reference set is not positive definite');
  const inverse = inverseOfLower(lower, k);
  let constant = (-k / 2) * Math.log(2 * Math.PI) - Math.log(centres.length);
  for (let a = 0; a < k; a++) constant -= Math.log(lower[a * k + a]);
  const lay = (x: ArrayLike<number>, to: Float64Array, at: number): void => {
    for (let a = 0; a < k; a++) {
      let sum = 0;
      for (let b = 0; b <= a; b++) sum += inverse[a * k + b] * x[analytes[b]];
      to[at + a] = sum;
    }
  };
  const laid = new Float64Array(centres.length * k);
  centres.forEach((centre, s) => lay(centre, laid, s * k));
  const [place, logs] = [new Float64Array(k), new Float64Array(centres.length)];
  return (x) => {
    lay(x, place, 0);
    let peak = -Infinity;
    for (let s = 0; s < logs.length; s++) {
      let sum = 0;
      for (let a = 0; a < k; a++) sum -= (place[a] - laid[s * k + a]) ** 2 / 2;
      logs[s] = sum;
      if (sum > peak) peak = sum;
    }
    let total = 0;
    for (let s = 0; s < logs.length; s++) total += Math.exp(logs[s] - peak);
    return constant + peak + Math.log(total);
  };
}

/** Whether a set has what the covariances need: more differences within sources than analytes, and more sources. */
export const carriesNormal = (set: ReferenceSet): boolean => set.rows.length - set.sources.length > set.analytes && set.sources.length > set.analytes + 1;
