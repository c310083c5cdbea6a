import { describe, expect, it } from 'vitest';
import { type Choice, fitConditionalLogit, fitLogistic } from '../../benchmarks/accuracy/conditional-logit.ts';

/** Numbers from 0 to 1, always the same. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('the conditional logit', () => {
  const next = numbers(7);
  const truth = [2, -3];
  const draw = (): Choice => {
    const terms = Array.from({ length: 4 }, () => [next() * 2, next() * 2]);
    const e = terms.map((t) => Math.exp(t[0]! * truth[0]! + t[1]! * truth[1]!));
    let left = next() * e.reduce((a, b) => a + b, 0);
    const chosen = e.findIndex((x) => (left -= x) <= 0);
    return { terms, right: terms.map((_, i) => i === chosen) };
  };

  it('finds the weights that choices were drawn by', () => {
    const weights = fitConditionalLogit(Array.from({ length: 3000 }, draw), 1e-3);
    weights.forEach((w, i) => expect(Math.abs(w - truth[i]!)).toBeLessThan(0.25));
  });

  it('takes nothing from choices of which all or none are right', () => {
    const some = Array.from({ length: 300 }, draw);
    const idle = [true, false].map((right) => ({ terms: [[5, 5], [1, 2]], right: [right, right] }));
    expect(fitConditionalLogit([...some, ...idle], 1)).toEqual(fitConditionalLogit(some, 1));
  });

  it('is logistic regression where the choice is between a case and nothing', () => {
    const cases = Array.from({ length: 4000 }, () => {
      const x = next() * 6 - 3;
      return { terms: [x], right: next() < 1 / (1 + Math.exp(-(0.5 + 1.5 * x))) };
    });
    const [base, slope] = fitLogistic(cases, 1e-3);
    expect(Math.abs(base! - 0.5)).toBeLessThan(0.2);
    expect(Math.abs(slope! - 1.5)).toBeLessThan(0.2);
  });
});
