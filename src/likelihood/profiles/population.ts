/**
 * How rare a profile is: a density over the middles of the reference sources, of normal kernels in the shape of all of them.
 * How wide they are is a mixture, learnt from each source left out in turn: sharp where batches crowd, wide where there are
 * few. Source: Aitken and Lucy 2004, with one width; mixtures of widths by leaving out, Duin 1976 and Habbema et al. 1974.
 */
import { diagonalise, part } from './matrices.ts';
import { PROFILE_LIKELIHOOD_PARAMETERS } from './parameters.ts';
import type { ReferenceSet } from './reference.ts';
import { centresOf } from './reference.ts';
import { median, MIDDLE_TO_SD, robustCorrelation } from './robust.ts';
import { remembered, type SpreadModel } from './spread.ts';
import { quantile } from '../intervals.ts';

const { narrowest, kernels: KERNELS, rarest: RAREST, mostSources } = PROFILE_LIKELIHOOD_PARAMETERS;

export interface PopulationModel {
  /** Middles of the sources; an analyte that a source lacks is that of the source nearest to it. */
  readonly centres: readonly (readonly number[])[];
  /** Covariance within sources, of one measurement with its rounding, and between them: row by row. */
  readonly within: readonly number[];
  readonly between: readonly number[];
  /** Kernels: width in standard deviations between sources, and share. */
  readonly kernels: readonly { readonly width: number; readonly share: number }[];
  /** Rarer than this (natural logarithm) no profile is held to be. */
  readonly rarest: number;
}

/** Robust standard deviation of the sources' middles; the plain one where most tie. */
export function spreadOfCentres(centres: readonly Float64Array[], analytes: number): Float64Array {
  return Float64Array.from({ length: analytes }, (_, c) => {
    const own = centres.map((row) => row[c]).filter((v) => !Number.isNaN(v));
    const middle = median(own);
    const robust = MIDDLE_TO_SD * median(own.map((v) => Math.abs(v - middle)));
    const mean = own.reduce((sum, v) => sum + v, 0) / own.length;
    const plain = Math.sqrt(own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / own.length);
    return robust > 0.2 * plain ? robust : plain > 0 ? plain : 1;
  });
}

export function fitPopulation(set: ReferenceSet, spread: SpreadModel): PopulationModel {
  const n = set.analytes;
  const sd = Float64Array.from(spread.between);
  const middles = centresOf(set);
  const stride = Math.max(1, Math.ceil(middles.length / mostSources.value));
  const centres = completed(middles, sd).filter((_, k) => k % stride === 0);
  const middle = Array.from({ length: n }, (_, c) => median(centres.map((row) => row[c])));
  const correlation = robustCorrelation(centres.map((row) => row.map((v, c) => (v - middle[c]) / sd[c])), new Float64Array(centres.length).fill(1), n, centres.length, 1);
  const between = correlation.map((r, k) => r * sd[Math.floor(k / n)] * sd[k % n]);
  const within = Float64Array.from(spread.correlation, (r, k) => (r * spread.scale[Math.floor(k / n)] * spread.scale[k % n]) / 2);
  for (let c = 0; c < n; c++) within[c * n + c] += set.noise.reduce((sum, row) => sum + row[c], 0) / set.noise.length;
  const even = { centres: centres.map((row) => [...row]), within: [...within], between: [...between], rarest: Infinity, kernels: Array.from({ length: KERNELS.value }, (_, k) => ({ width: narrowest.value * 2 ** (0.75 * k), share: 1 / KERNELS.value })) };
  // each source by the others: its density under each kernel alone
  const alone = even.kernels.map(({ width }) => {
    const view = viewOf({ ...even, kernels: [{ width, share: 1 }] }, allOf(n));
    return centres.map((row, k) => logAt(view, row, k));
  });
  let shares = even.kernels.map(() => 1 / KERNELS.value);
  const mixed = (s: number): number[] => alone.map((a, k) => Math.log(shares[k]) + a[s]);
  for (let round = 0; round < 60; round++) {
    const sums = shares.map(() => 1 / KERNELS.value);
    centres.forEach((_, s) => {
      const logs = mixed(s);
      const whole = logSumOf(logs);
      logs.forEach((l, k) => (sums[k] += Math.exp(l - whole)));
    });
    shares = sums.map((v) => v / (centres.length + 1));
  }
  const rarities = centres.map((_, s) => -logSumOf(mixed(s))).sort((a, b) => a - b);
  return { ...even, kernels: even.kernels.map(({ width }, k) => ({ width, share: shares[k] })).filter(({ share }) => share > 1e-3), rarest: quantile(rarities, RAREST.value) };
}

const allOf = (n: number): Uint16Array => Uint16Array.from({ length: n }, (_, c) => c);

/** What a source lacks is taken from the source that is nearest in what both have. */
function completed(centres: readonly Float64Array[], sd: Float64Array): Float64Array[] {
  return centres.map((row) => {
    if (!row.some(Number.isNaN)) return row;
    const distances = centres.map((other) => {
      let [sum, shared] = [0, 0];
      row.forEach((v, c) => {
        const d = (v - other[c]) / sd[c];
        if (!Number.isNaN(d)) (sum += d * d), (shared += 1);
      });
      return other === row || shared === 0 ? Infinity : sum / shared;
    });
    const near = [...centres.keys()].sort((a, b) => distances[a] - distances[b]);
    return row.map((v, c) => {
      if (!Number.isNaN(v)) return v;
      const donor = near.find((k) => centres[k] !== row && !Number.isNaN(centres[k][c]));
      return donor === undefined ? 0 : centres[donor][c];
    });
  });
}

/** Densities of the sources at a profile, told from the greatest: sums of them need no logarithm. */
export interface SourceDensities {
  readonly peak: number;
  readonly over: Float64Array;
  readonly total: number;
}

/** A population as a set of analytes sees it. */
export interface PopulationView {
  /** Each once. */
  readonly all: SourceCounts;
  readonly densities: (values: ArrayLike<number>) => SourceDensities;
  readonly rarest: number;
}

function logAt(view: PopulationView, values: ArrayLike<number>, without: number): number {
  const densities = view.densities(values);
  return logDensity(densities, densities.total, view.all, without);
}

/** Views by set of analytes, each made once. */
export const populationViews = (model: PopulationModel): ((analytes: Uint16Array) => PopulationView) => remembered((analytes) => viewOf(model, analytes));

/** How many sources are asked for the rarest of a part of the analytes. */
const ASKED = 24;

function viewOf(model: PopulationModel, analytes: Uint16Array): PopulationView {
  const n = Math.round(Math.sqrt(model.within.length));
  const k = analytes.length;
  const { transform, shares, logDeterminant } = diagonalise(part(Float64Array.from(model.within), n, analytes), part(Float64Array.from(model.between), n, analytes), k);
  const lay = (values: ArrayLike<number>, to: Float64Array, at: number): void => {
    for (let a = 0; a < k; a++) {
      let sum = 0;
      for (let b = 0; b < k; b++) sum += transform[a * k + b] * values[analytes[b]];
      to[at + a] = sum;
    }
  };
  const sources = model.centres.length;
  const laid = new Float64Array(sources * k);
  model.centres.forEach((centre, s) => lay(centre, laid, s * k));
  const kernels = model.kernels.map(({ width, share }) => {
    const inverse = shares.map((v) => -0.5 / (width * width * v + 1));
    return { inverse, constant: Math.log(share) + logDeterminant + inverse.reduce((sum, v) => sum + Math.log(-2 * v) / 2, 0) - (k / 2) * Math.log(2 * Math.PI) };
  });
  const place = new Float64Array(k);
  const squares = new Float64Array(k);
  const logs = new Float64Array(sources * kernels.length);
  const densities = (values: ArrayLike<number>): SourceDensities => {
    lay(values, place, 0);
    let peak = -Infinity;
    for (let s = 0; s < sources; s++) {
      for (let a = 0; a < k; a++) squares[a] = (place[a] - laid[s * k + a]) ** 2;
      for (let h = 0; h < kernels.length; h++) {
        const { inverse, constant } = kernels[h];
        let sum = constant;
        for (let a = 0; a < k; a++) sum += inverse[a] * squares[a];
        logs[s * kernels.length + h] = sum;
        if (sum > peak) peak = sum;
      }
    }
    const over = new Float64Array(sources);
    for (let s = 0; s < sources; s++) for (let h = 0; h < kernels.length; h++) {
      const below = logs[s * kernels.length + h] - peak;
      if (below > -700) over[s] += Math.exp(below);
    }
    return { peak, over, total: over.reduce((sum, v) => sum + v, 0) };
  };
  const view = { all: { times: new Float64Array(sources).fill(1), count: sources }, densities, rarest: model.rarest };
  if (k === n) return view;
  const stride = Math.max(1, Math.floor(sources / ASKED));
  const asked = model.centres.flatMap((centre, s) => (s % stride === 0 ? [-logAt(view, centre, s)] : [])).sort((a, b) => a - b);
  return { ...view, rarest: quantile(asked, RAREST.value) };
}

/** How often each source of a population counts, and how many that are. */
export interface SourceCounts {
  readonly times: Float64Array;
  readonly count: number;
}

/** Sum of the densities over the sources, each as often as it was drawn. */
export function drawnTotal(over: Float64Array, times: Float64Array): number {
  let sum = 0;
  for (let s = 0; s < over.length; s++) sum += over[s] * times[s];
  return sum;
}

/**
 * Logarithm of the density over the sources but one or two that are left out; places that the population does not have are none.
 * @param total of the densities, over the sources as they were drawn
 */
export function logDensity({ peak, over }: SourceDensities, total: number, { times, count }: SourceCounts, first = -1, second = -1): number {
  let sum = total;
  let left = count;
  for (let k = 0; k < (first === second ? 1 : 2); k++) {
    const s = k === 0 ? first : second;
    if (s < 0) continue;
    sum -= over[s] * times[s];
    left -= times[s];
  }
  if (sum < 1e-6 * total) {
    // what is left of a sum that the left out ones made nearly alone
    sum = 0;
    for (let s = 0; s < over.length; s++) if (s !== first && s !== second) sum += over[s] * times[s];
  }
  return peak + Math.log(Math.max(sum, 1e-300)) - Math.log(Math.max(1, left));
}

/** Place of a source among the centres of its population, which of a large set holds a part; -1 where it is not there. */
export const centreOf = ({ centres }: PopulationModel, sources: number, source: number): number => {
  const stride = Math.max(1, Math.ceil(sources / mostSources.value));
  return source % stride === 0 && source / stride < centres.length ? source / stride : -1;
};

/** How often the sources of a population count in a draw of the sources of its reference set. */
export function drawnSources(model: PopulationModel, drawn: Uint16Array): SourceCounts {
  const times = new Float64Array(model.centres.length);
  drawn.forEach((t, s) => {
    const c = centreOf(model, drawn.length, s);
    if (c >= 0) times[c] = t;
  });
  return { times, count: times.reduce((sum, t) => sum + t, 0) };
}

const logSumOf = (logs: readonly number[]): number => {
  const peak = Math.max(...logs);
  return peak + Math.log(logs.reduce((sum, l) => sum + Math.exp(l - peak), 0));
};
