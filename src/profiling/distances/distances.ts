/**
 * Distances between two treated vectors. Labels that either lacks are left out, and no distance grows with their number:
 * sums are weighted means. Every distance is symmetric, 0 for a vector and itself, and NaN where it is not defined.
 */
import type { RecipeReference } from '../types.ts';
import { mahalanobis } from './mahalanobis.ts';

/** Figures of the population for the labels of both vectors, in their order. */
export interface DistanceFigures {
  /** SD within a batch; 0: the label never varied and is left out. */
  readonly within: Float64Array;
  /** Covariance within a batch, row by row. */
  readonly covariance: Float64Array;
}

/**
 * @param contributions when given, filled with what each label adds; they sum to the distance
 */
export type DistanceMeasure = (x: Float64Array, y: Float64Array, weights: Float64Array, figures: DistanceFigures | undefined, contributions?: Float64Array) => number;

export interface Distance extends RecipeReference {
  readonly title: string;
  readonly needsPopulation: boolean;
  /** Fewer labels say nothing. */
  readonly leastLabels: number;
  readonly source: string;
  readonly measure: DistanceMeasure;
}

const both = (x: number, y: number): boolean => !Number.isNaN(x) && !Number.isNaN(y);

/** Weighted mean of a term a label; `root` takes its square root. */
function meanOf(term: (x: number, y: number, i: number, figures: DistanceFigures | undefined) => number, root = false): DistanceMeasure {
  return (x, y, weights, figures, contributions) => {
    let sum = 0;
    let weight = 0;
    for (let i = 0; i < x.length; i++) {
      if (contributions) contributions[i] = 0;
      if (!both(x[i]!, y[i]!)) continue;
      const value = term(x[i]!, y[i]!, i, figures);
      if (Number.isNaN(value)) continue;
      sum += weights[i]! * value;
      weight += weights[i]!;
      if (contributions) contributions[i] = weights[i]! * value;
    }
    const distance = root ? Math.sqrt(sum / weight) : sum / weight;
    if (contributions) for (let i = 0; i < x.length; i++) contributions[i] = sum > 0 ? (contributions[i]! * distance) / sum : 0;
    return distance;
  };
}

/**
 * Half of the squared length between two vectors of length one is 1 - their cosine: so it is 0 exactly for a vector and
 * itself, and each label has its part.
 */
function angular(centred: boolean, scale: (cosine: number) => number): DistanceMeasure {
  return (x, y, weights, _, contributions) => {
    let [weight, sumX, sumY] = [0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      if (!both(x[i]!, y[i]!)) continue;
      weight += weights[i]!;
      sumX += weights[i]! * x[i]!;
      sumY += weights[i]! * y[i]!;
    }
    const [meanX, meanY] = centred ? [sumX / weight, sumY / weight] : [0, 0];
    let [squaresX, squaresY, sizeX, sizeY] = [0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      if (!both(x[i]!, y[i]!)) continue;
      squaresX += weights[i]! * (x[i]! - meanX) ** 2;
      squaresY += weights[i]! * (y[i]! - meanY) ** 2;
      sizeX += weights[i]! * x[i]! ** 2;
      sizeY += weights[i]! * y[i]! ** 2;
    }
    // What is left of a constant vector is rounding.
    if (!(squaresX > 1e-24 * sizeX && squaresY > 1e-24 * sizeY)) return Number.NaN;
    const [lengthX, lengthY] = [Math.sqrt(squaresX), Math.sqrt(squaresY)];
    let half = 0;
    for (let i = 0; i < x.length; i++) {
      const part = both(x[i]!, y[i]!) ? 0.5 * weights[i]! * ((x[i]! - meanX) / lengthX - (y[i]! - meanY) / lengthY) ** 2 : 0;
      half += part;
      if (contributions) contributions[i] = part;
    }
    const factor = scale(1 - half);
    if (contributions) for (let i = 0; i < x.length; i++) contributions[i]! *= factor;
    return Math.max(0, factor * half);
  };
}

const canberraTerm = (x: number, y: number): number => (x === y ? 0 : Math.abs(x - y) / (Math.abs(x) + Math.abs(y)));
const deviationTerm = (x: number, y: number, i: number, figures: DistanceFigures | undefined): number => (figures!.within[i]! > 0 ? Math.log1p(Math.abs(x - y) / figures!.within[i]!) : Number.NaN);

const distance = (id: string, title: string, source: string, measure: DistanceMeasure, { needsPopulation = false, leastLabels = 1 } = {}): Distance => Object.freeze({ id, version: 1, title, source, measure, needsPopulation, leastLabels });

export const DISTANCES: readonly Distance[] = Object.freeze([
  distance('pearson', 'Pearson: (1 - r) / 2 in percent, 0 to 100', 'Usual for drug profiles; of the harmonised amphetamine method', angular(true, () => 50), { leastLabels: 3 }),
  distance('cosine', 'Cosine: (1 - cos) / 2 in percent, 0 to 100', 'Common for cocaine profiles', angular(false, () => 50), { leastLabels: 2 }),
  distance('squared-cosine', 'Squared cosine: (1 - cos²) in percent, 0 to 100', 'Common for cocaine and heroin profiles', angular(false, (cosine) => 100 * (1 + cosine)), { leastLabels: 2 }),
  distance('euclid', 'Euclid: root of the mean squared difference', 'Elementary', meanOf((x, y) => (x - y) ** 2, true)),
  distance('manhattan', 'Manhattan: mean absolute difference', 'Elementary', meanOf((x, y) => Math.abs(x - y))),
  distance('canberra', 'Canberra: mean of |x - y| / (|x| + |y|), 0 to 1', 'Lance and Williams 1967', meanOf(canberraTerm)),
  distance('log-deviations', 'Mean of log(1 + |x - y| / SD within a batch)', 'Grows slowly, so that one entry error does not decide; a baseline for physical measurements', meanOf(deviationTerm), { needsPopulation: true }),
  distance('robust-mahalanobis', 'Mahalanobis by the robust covariance within a batch, over the root of the number of labels', 'Mahalanobis 1936; covariance from robust SDs and rank correlations', mahalanobis, { needsPopulation: true }),
]);

export const findDistance = (id: string): Distance | undefined => DISTANCES.find((known) => known.id === id);
