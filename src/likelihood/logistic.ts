/**
 * Logistic regression with a penalty, by Newton's method (iteratively reweighted least squares).
 * Source: Hastie, Tibshirani and Friedman 2009, 4.4.1; for likelihood ratios Morrison 2013.
 */

export interface Example {
  readonly x: readonly number[];
  readonly match: boolean;
  readonly weight: number;
}

const STEPS = 50;
const CLOSE = 1e-9;

/**
 * When matches and non-matches have the same summed weight, the linear predictor is a natural log likelihood ratio.
 * @param penalty added to half the squared size of the weights; the intercept is free
 * @returns intercept, then one weight a number of x
 * @throws RangeError when one of the two kinds of example is missing
 */
export function fitLogistic(examples: readonly Example[], penalty: number): number[] {
  const used = examples.filter((e) => e.weight > 0);
  if (!used.some((e) => e.match) || !used.some((e) => !e.match)) throw new RangeError('a likelihood ratio needs pairs of one source and pairs of two');
  const n = used[0]!.x.length + 1;
  let w = new Array<number>(n).fill(0);
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Array<number>(n).fill(0);
    const curvature = Array.from({ length: n }, () => new Array<number>(n).fill(0));
    for (const { x, match, weight } of used) {
      const p = sigmoid(predictor(w, x));
      const at = (k: number): number => (k === 0 ? 1 : x[k - 1]!);
      for (let a = 0; a < n; a++) {
        gradient[a]! += weight * ((match ? 1 : 0) - p) * at(a);
        for (let b = 0; b <= a; b++) curvature[a]![b]! += weight * p * (1 - p) * at(a) * at(b);
      }
    }
    for (let a = 1; a < n; a++) {
      gradient[a]! -= penalty * w[a]!;
      curvature[a]![a]! += penalty;
    }
    const change = solve(curvature, gradient);
    // a step that the quadratic model cannot vouch for is cut
    const longest = Math.max(...change.map(Math.abs));
    const held = Math.min(1, 5 / Math.max(longest, CLOSE));
    w = w.map((v, k) => v + held * change[k]!);
    if (longest < CLOSE) break;
  }
  return w;
}

export const predictor = (w: readonly number[], x: readonly number[]): number => x.reduce((sum, v, k) => sum + w[k + 1]! * v, w[0]!);

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Solves a symmetric positive definite system, of which the lower triangle is given, by Cholesky's method. */
function solve(lower: number[][], right: readonly number[]): number[] {
  const n = right.length;
  const l = lower.map((row) => [...row]);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      let sum = l[a]![b]!;
      for (let k = 0; k < b; k++) sum -= l[a]![k]! * l[b]![k]!;
      l[a]![b] = a === b ? Math.sqrt(Math.max(sum, 1e-12)) : sum / l[b]![b]!;
    }
  const y: number[] = [];
  for (let a = 0; a < n; a++) y.push((right[a]! - y.reduce((sum, v, k) => sum + l[a]![k]! * v, 0)) / l[a]![a]!);
  const x = new Array<number>(n).fill(0);
  for (let a = n - 1; a >= 0; a--) {
    let sum = y[a]!;
    for (let k = a + 1; k < n; k++) sum -= l[k]![a]! * x[k]!;
    x[a] = sum / l[a]![a]!;
  }
  return x;
}
