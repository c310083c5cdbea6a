/**
 * The conditional logit: of several alternatives, the probability that one is chosen is its share of the
 * sum of exp(weights . terms) over all of them (McFadden, Conditional logit analysis of qualitative choice
 * behavior, 1974). Here more than one alternative may be right; the likelihood is that of choosing any of them.
 */

/** One choice: the terms of every alternative, and which of them are right. */
export interface Choice {
  readonly terms: readonly (readonly number[])[];
  readonly right: readonly boolean[];
}

/** Solves a x = b for a symmetric positive definite matrix (Cholesky). */
function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = b.length;
  const l = a.map(() => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i]![j]!;
      for (let k = 0; k < j; k++) sum -= l[i]![k]! * l[j]![k]!;
      l[i]![j] = i === j ? Math.sqrt(sum) : sum / l[j]![j]!;
    }
  const x = [...b];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i]![k]! * x[k]!;
    x[i]! /= l[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= l[k]![i]! * x[k]!;
    x[i]! /= l[i]![i]!;
  }
  return x;
}

function spread(rows: readonly (readonly number[])[]): number[] {
  return rows[0]!.map((_, i) => {
    const mean = rows.reduce((sum, r) => sum + r[i]!, 0) / rows.length;
    return Math.sqrt(rows.reduce((sum, r) => sum + (r[i]! - mean) ** 2, 0) / rows.length) + 1e-6;
  });
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Shares of the alternatives by exp(score); only of those in `among`, if given. */
function shares(score: readonly number[], among?: readonly boolean[]): number[] {
  const most = Math.max(...score.filter((_, i) => among?.[i] ?? true));
  const e = score.map((s, i) => ((among?.[i] ?? true) ? Math.exp(s - most) : 0));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / sum);
}

/**
 * Weights of the terms, by penalised maximum likelihood: `penalty` times half the sum of their squares, each
 * in units of its term's spread. Steps are Newton's with the curvature of the denominator alone, which bounds
 * the whole: the likelihood rises with every step.
 */
export function fitConditionalLogit(choices: readonly Choice[], penalty: number): number[] {
  const useful = choices.filter((c) => c.right.some(Boolean) && !c.right.every(Boolean));
  const scale = spread(useful.flatMap((c) => c.terms));
  const n = scale.length;
  const scaled = useful.map((c) => ({ terms: c.terms.map((t) => t.map((x, i) => x / scale[i]!)), right: c.right }));
  let w = new Array<number>(n).fill(0);
  for (let round = 0; round < 60; round++) {
    const slope = w.map((x) => -penalty * x);
    const curve = w.map((_, i) => w.map((_, j) => (i === j ? penalty : 0)));
    for (const { terms, right } of scaled) {
      const score = terms.map((t) => dot(t, w));
      const all = shares(score);
      const good = shares(score, right);
      const mean = w.map((_, i) => terms.reduce((sum, t, k) => sum + all[k]! * t[i]!, 0));
      terms.forEach((t, k) => {
        for (let i = 0; i < n; i++) {
          slope[i]! += (good[k]! - all[k]!) * t[i]!;
          const d = all[k]! * (t[i]! - mean[i]!);
          for (let j = 0; j <= i; j++) curve[i]![j]! += d * (t[j]! - mean[j]!);
        }
      });
    }
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) curve[j]![i] = curve[i]![j]!;
    const step = solve(curve, slope);
    w = w.map((x, i) => x + step[i]!);
    if (Math.max(...step.map(Math.abs)) < 1e-4) break;
  }
  return w.map((x, i) => x / scale[i]!);
}

/** Logistic regression: an intercept and weights, as the choice between a case and nothing. */
export function fitLogistic(cases: readonly { readonly terms: readonly number[]; readonly right: boolean }[], penalty: number): number[] {
  return fitConditionalLogit(cases.map(({ terms, right }) => ({ terms: [[1, ...terms], [0, ...terms.map(() => 0)]], right: [right, !right] })), penalty);
}
