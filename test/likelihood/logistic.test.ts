import { describe, expect, it } from 'vitest';
import { type Example, fitLogistic } from '../../src/likelihood/index.ts';

/** Two normal distributions with means -1 and 1 and variance 1: the log LR at x is exactly 2 x. */
const normal: Example[] = Array.from({ length: 4000 }, (_, k) => {
  const match = k % 2 === 1;
  const u = ((k >> 1) + 0.5) / 2000;
  return { x: [quantile(u) + (match ? 1 : -1)], match, weight: 1 };
});
/** Of the standard normal distribution, by bisection on its integral. */
function quantile(share: number): number {
  let [low, high] = [-6, 6];
  for (let k = 0; k < 60; k++) {
    const z = (low + high) / 2;
    if (below(z) < share) low = z;
    else high = z;
  }
  return low;
}
function below(z: number): number {
  const [steps, from] = [400, -8];
  let sum = 0;
  for (let k = 0; k < steps; k++) sum += Math.exp(-0.5 * (from + ((k + 0.5) * (z - from)) / steps) ** 2);
  return (sum * (z - from)) / steps / Math.sqrt(2 * Math.PI);
}

describe('logistic regression', () => {
  it('finds the log LR of two normal distributions', () => {
    const [intercept, slope] = fitLogistic(normal, 0);
    expect(intercept).toBeCloseTo(0, 2);
    expect(slope).toBeCloseTo(2, 1);
  });

  it('does not care how many pairs of each kind there are, where the weights make up for it', () => {
    const fewer = normal.filter((e, k) => e.match || k % 10 === 0).map((e) => ({ ...e, weight: e.match ? 1 : 5 }));
    const [a, b] = [fitLogistic(normal, 0), fitLogistic(fewer, 0)];
    expect(b[0]).toBeCloseTo(a[0]!, 1);
    expect(b[1]).toBeCloseTo(a[1]!, 1);
  });

  it('stays finite where the pairs are separated, by its penalty', () => {
    const separated = [1, 2, 3].flatMap((v) => [{ x: [v], match: true, weight: 1 }, { x: [-v], match: false, weight: 1 }]);
    const w = fitLogistic(separated, 0.1);
    expect(w.every(Number.isFinite)).toBe(true);
    expect(w[1]).toBeGreaterThan(0);
  });

  it('needs pairs of both kinds', () => {
    expect(() => fitLogistic(normal.filter((e) => e.match), 0)).toThrow(RangeError);
  });
});
