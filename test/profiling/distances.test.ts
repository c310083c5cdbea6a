/** What every distance holds to, and what each does by itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISTANCES, findDistance, type Distance, type DistanceFigures } from '../../src/profiling/index.ts';

const LABELS = 6;
const value = fc.integer({ min: 0, max: 1_000_000 }).map((thousandths) => thousandths / 1000);
const vector = fc.array(value, { minLength: LABELS, maxLength: LABELS }).map((values) => Float64Array.from(values));
const sparse = fc.tuple(vector, fc.array(fc.integer({ min: 0, max: 4 }), { minLength: LABELS, maxLength: LABELS })).map(([values, gaps]) => values.map((number, i) => (gaps[i] === 0 ? Number.NaN : number)));
const weightsOf = fc.array(fc.constantFrom(0.25, 0.5, 1), { minLength: LABELS, maxLength: LABELS }).map((values) => Float64Array.from(values));

/** SDs and correlations of a matrix that is positive definite: all labels share a part of their errors. */
function figuresOf(within: readonly number[], shared = 0.4): DistanceFigures {
  const covariance = new Float64Array(within.length ** 2);
  within.forEach((a, i) => within.forEach((b, j) => void (covariance[i * within.length + j] = (i === j ? 1 : shared) * a * b)));
  return { within: Float64Array.from(within), covariance };
}
const FIGURES = figuresOf([1, 2, 0.5, 10, 3, 7]);
const ONES = new Float64Array(LABELS).fill(1);
const of = (id: string): Distance['measure'] => findDistance(id)!.measure;
const pick = <T>(values: ArrayLike<T>, order: readonly number[]): T[] => order.map((i) => values[i]!);

describe.each(DISTANCES.map((distance) => [distance.id, distance] as const))('%s', (_, { measure, leastLabels }) => {
  it('is symmetric, at least 0, and 0 for a vector and itself', () => {
    let defined = 0;
    fc.assert(fc.property(sparse, sparse, weightsOf, (x, y, weights) => {
      const distance = measure(x, y, weights, FIGURES);
      expect(measure(y, x, weights, FIGURES)).toBe(distance);
      const own = measure(x, x, weights, FIGURES);
      if (!Number.isNaN(own)) expect(own).toBe(0);
      if (Number.isNaN(distance)) return;
      defined++;
      expect(distance).toBeGreaterThanOrEqual(0);
    }));
    expect(defined).toBeGreaterThan(50);
  });

  it('is the sum of the parts of its labels', () => {
    fc.assert(fc.property(sparse, sparse, weightsOf, (x, y, weights) => {
      const parts = new Float64Array(LABELS).fill(99);
      const distance = measure(x, y, weights, FIGURES, parts);
      if (Number.isNaN(distance)) return;
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(distance, 8);
      x.forEach((number, i) => (Number.isNaN(number) || Number.isNaN(y[i]!)) && expect(parts[i]).toBe(0));
    }));
  });

  it('leaves out what either lacks, in whatever order the labels stand', () => {
    fc.assert(fc.property(sparse, sparse, weightsOf, fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: LABELS }), (x, y, weights, order) => {
      const kept = order.filter((i) => !Number.isNaN(x[i]!) && !Number.isNaN(y[i]!));
      if (kept.length < leastLabels) return;
      const figures = figuresOf(pick(FIGURES.within, kept));
      const distance = measure(Float64Array.from(pick(x, kept)), Float64Array.from(pick(y, kept)), Float64Array.from(pick(weights, kept)), figures);
      const whole = measure(x, y, weights, FIGURES);
      if (Number.isNaN(whole)) expect(distance).toBeNaN();
      else expect(distance).toBeCloseTo(whole, 8);
    }));
  });

  it('does not change when all weights double, or when every label stands twice', () => {
    fc.assert(fc.property(vector, vector, weightsOf, (x, y, weights) => {
      const distance = measure(x, y, weights, FIGURES);
      if (Number.isNaN(distance)) return;
      expect(measure(x, y, weights.map((weight) => 2 * weight), FIGURES)).toBeCloseTo(distance, 8);
      const twice = (values: Float64Array): Float64Array => Float64Array.from([...values, ...values]);
      const apart = figuresOf([...twice(FIGURES.within)], 0);
      expect(measure(twice(x), twice(y), twice(weights), apart)).toBeCloseTo(measure(x, y, weights, figuresOf([...FIGURES.within], 0)), 8);
    }));
  });

  it('hears less of a label with less weight', () => {
    const x = Float64Array.of(1, 2, 3, 4, 5, 6);
    const y = Float64Array.of(1, 2, 3, 4, 5, 1);
    const light = Float64Array.of(1, 1, 1, 1, 1, 0.25);
    expect(measure(x, y, light, FIGURES)).toBeLessThan(measure(x, y, ONES, FIGURES));
  });

  it('is not defined where nothing is shared', () => {
    expect(measure(Float64Array.of(1, Number.NaN), Float64Array.of(Number.NaN, 1), Float64Array.of(1, 1), figuresOf([1, 1]))).toBeNaN();
  });
});

describe('single distances', () => {
  const factor = fc.double({ min: 0.01, max: 100, noNaN: true });
  const near = (a: number, b: number): void => void (Number.isNaN(a) ? expect(b).toBeNaN() : expect(b).toBeCloseTo(a, 6));

  it('Pearson is (1 - r) / 2 in percent, and blind to scale and shift', () => {
    fc.assert(fc.property(vector, vector, factor, factor, (x, y, scale, shift) => {
      const mean = (v: Float64Array): number => v.reduce((sum, number) => sum + number, 0) / v.length;
      const [mx, my] = [mean(x), mean(y)];
      const cross = x.reduce((sum, number, i) => sum + (number - mx) * (y[i]! - my), 0);
      const r = cross / Math.sqrt(x.reduce((sum, number) => sum + (number - mx) ** 2, 0) * y.reduce((sum, number) => sum + (number - my) ** 2, 0));
      near(of('pearson')(x, y, ONES, undefined), 50 * (1 - r));
      near(of('pearson')(x, y, ONES, undefined), of('pearson')(x.map((number) => number * scale + shift), y, ONES, undefined));
    }));
    expect(of('pearson')(Float64Array.of(1, 2, 3), Float64Array.of(3, 2, 1), Float64Array.of(1, 1, 1), undefined)).toBeCloseTo(100, 10);
    expect(of('pearson')(Float64Array.of(2, 2, 2), Float64Array.of(3, 2, 1), Float64Array.of(1, 1, 1), undefined)).toBeNaN();
  });

  it('cosine and squared cosine are what they say, and blind to scale', () => {
    fc.assert(fc.property(vector, vector, factor, (x, y, scale) => {
      const cosine = x.reduce((sum, number, i) => sum + number * y[i]!, 0) / Math.sqrt(x.reduce((sum, number) => sum + number ** 2, 0) * y.reduce((sum, number) => sum + number ** 2, 0));
      near(50 * (1 - cosine), of('cosine')(x, y, ONES, undefined));
      near(100 * (1 - cosine ** 2), of('squared-cosine')(x, y, ONES, undefined));
      near(of('cosine')(x, y, ONES, undefined), of('cosine')(x.map((number) => number * scale), y, ONES, undefined));
    }));
    expect(of('cosine')(Float64Array.of(1, 0), Float64Array.of(0, 1), Float64Array.of(1, 1), undefined)).toBe(50);
    expect(of('squared-cosine')(Float64Array.of(1, 0), Float64Array.of(0, 1), Float64Array.of(1, 1), undefined)).toBeCloseTo(100, 10);
  });

  it('Euclid and Manhattan only see differences, and grow with them', () => {
    const [x, y, one] = [Float64Array.of(0, 0, 10, 4), Float64Array.of(3, 4, 10, 4), Float64Array.of(1, 1, 1, 1)];
    expect(of('euclid')(x, y, one, undefined)).toBeCloseTo(2.5, 12);
    expect(of('manhattan')(x, y, one, undefined)).toBeCloseTo(7 / 4, 12);
    fc.assert(fc.property(vector, vector, factor, (a, b, shift) => {
      for (const id of ['euclid', 'manhattan']) {
        near(of(id)(a, b, ONES, undefined), of(id)(a.map((number) => number + shift), b.map((number) => number + shift), ONES, undefined));
        near(3 * of(id)(a, b, ONES, undefined), of(id)(a.map((number) => 3 * number), b.map((number) => 3 * number), ONES, undefined));
      }
    }));
  });

  it('Canberra is blind to the unit of each label', () => {
    expect(of('canberra')(Float64Array.of(1, 0, 5), Float64Array.of(3, 0, 0), Float64Array.of(1, 1, 1), undefined)).toBeCloseTo((0.5 + 0 + 1) / 3, 12);
    fc.assert(fc.property(vector, vector, fc.array(factor, { minLength: LABELS, maxLength: LABELS }), (x, y, units) => {
      near(of('canberra')(x, y, ONES, undefined), of('canberra')(x.map((number, i) => number * units[i]!), y.map((number, i) => number * units[i]!), ONES, undefined));
    }));
  });

  it('those by figures are blind to the unit of each label, figures and all, and leave out what never varied', () => {
    fc.assert(fc.property(vector, vector, fc.array(factor, { minLength: LABELS, maxLength: LABELS }), (x, y, units) => {
      const scaled = figuresOf([...FIGURES.within].map((sd, i) => sd * units[i]!));
      for (const id of ['log-deviations', 'robust-mahalanobis']) near(of(id)(x, y, ONES, FIGURES), of(id)(x.map((number, i) => number * units[i]!), y.map((number, i) => number * units[i]!), ONES, scaled));
    }));
    for (const id of ['log-deviations', 'robust-mahalanobis']) expect(of(id)(Float64Array.of(1, 2), Float64Array.of(2, 50), Float64Array.of(1, 1), figuresOf([1, 0]))).toBe(of(id)(Float64Array.of(1), Float64Array.of(2), Float64Array.of(1), figuresOf([1])));
  });

  it('Mahalanobis is Euclid where errors are independent and alike, and hears correlated errors less', () => {
    const [x, y] = [Float64Array.of(1, 2, 3), Float64Array.of(2, 3, 4)];
    const one = Float64Array.of(1, 1, 1);
    expect(of('robust-mahalanobis')(x, y, one, figuresOf([1, 1, 1], 0))).toBeCloseTo(of('euclid')(x, y, one, undefined), 12);
    // x' C⁻¹ x of (1, 1, 1) with correlations of 0.5 is 3 / (1 + 2 · 0.5)
    expect(of('robust-mahalanobis')(x, y, one, figuresOf([1, 1, 1], 0.5))).toBeCloseTo(Math.sqrt(1.5 / 3), 12);
    expect(of('robust-mahalanobis')(x, Float64Array.of(2, 1, 4), one, figuresOf([1, 1, 1], 0.5))).toBeGreaterThan(1);
  });

  it('log deviations do not let one entry error decide', () => {
    const one = Float64Array.of(1, 1);
    const distance = of('log-deviations')(Float64Array.of(290, 5), Float64Array.of(29_000, 5), one, figuresOf([4, 1]));
    expect(distance).toBeCloseTo(Math.log1p(28_710 / 4) / 2, 12);
    expect(distance).toBeLessThan(5);
  });
});
