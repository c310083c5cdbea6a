/** Measurements of known sources -> the reference set that a calibration is made of. */
import { problem } from '../../domain/index.ts';
import { noiseOf, type Resolution, resolutionOf } from './resolution.ts';
import { median } from './robust.ts';

/** One measurement after its pre-treatment: a number an analyte of the panel, NaN where it was not analysed. */
export interface ProfileVector {
  readonly values: Float64Array;
  /**
   * What each value was rounded to, in its own unit, or how far up it may lie where it was not detected. NaN, or not given: it is read from
   * the decimals, which only values as they were written have.
   */
  readonly steps?: Float64Array | undefined;
}

/** A measurement of a known source: of a batch, of a pane. */
export interface ProfileMeasurement extends ProfileVector {
  readonly source: string;
}

/** Which pairs are of the kind that a calibration is for: those within a laboratory, say. Symmetric. */
export type PairRule = (a: ProfileMeasurement, b: ProfileMeasurement) => boolean;

export interface ReferenceSet {
  readonly analytes: number;
  readonly rows: readonly Float64Array[];
  /** Variance of rounding and detection. */
  readonly noise: readonly Float64Array[];
  /** Source of each row: 0, 1, ... in the order of their names. */
  readonly sourceOf: Uint32Array;
  readonly sources: readonly string[];
  readonly resolution: Resolution;
  /** Whether a pair of rows counts. */
  readonly admits: (first: number, second: number) => boolean;
}

/** Two rows of a reference set. */
export interface RowPair {
  readonly first: number;
  readonly second: number;
}

/** @throws Problem profiles-unequal, when the measurements do not all have the same analytes */
export function referenceSet(measurements: readonly ProfileMeasurement[], rule: PairRule = () => true): ReferenceSet {
  const analytes = measurements[0]?.values.length ?? 0;
  measurements.forEach(({ values, steps }, k) => {
    if (values.length !== analytes || (steps && steps.length !== analytes)) throw problem('profiles-unequal', { row: k + 1, found: Math.min(values.length, steps?.length ?? Infinity), required: analytes });
    const wrong = values.findIndex((v) => v === Infinity || v === -Infinity);
    if (wrong >= 0) throw problem('profile-not-finite', { row: k + 1, analyte: wrong + 1 });
  });
  const known = measurements.filter(({ values }) => values.some((v) => !Number.isNaN(v)));
  const sources = [...new Set(known.map((m) => m.source))].sort();
  const place = new Map(sources.map((s, k) => [s, k]));
  const resolution = resolutionOf(Array.from({ length: analytes }, (_, c) => Float64Array.from(known, (m) => m.values[c])));
  return { analytes, rows: known.map((m) => m.values), noise: known.map((m) => noiseOf(m, resolution)), sourceOf: Uint32Array.from(known, (m) => place.get(m.source)!), sources, resolution, admits: (first, second) => rule(known[first], known[second]) };
}

/** The part of a reference set whose sources are kept; floors and steps stay those of the whole. */
export function partOfSet(set: ReferenceSet, kept: (source: number) => boolean): ReferenceSet {
  const order = set.sources.map((_, s) => s).filter(kept);
  const place = new Map(order.map((s, k) => [s, k]));
  const rows = [...set.rows.keys()].filter((k) => place.has(set.sourceOf[k]));
  return { ...set, rows: rows.map((k) => set.rows[k]), noise: rows.map((k) => set.noise[k]), sourceOf: Uint32Array.from(rows, (k) => place.get(set.sourceOf[k])!), sources: order.map((s) => set.sources[s]), admits: (first, second) => set.admits(rows[first], rows[second]) };
}

/** All pairs of one source that count. */
export function pairsWithin({ rows, sourceOf, admits }: ReferenceSet): RowPair[] {
  const members = new Map<number, number[]>();
  rows.forEach((_, k) => members.set(sourceOf[k], [...(members.get(sourceOf[k]) ?? []), k]));
  return [...members.values()].flatMap((own) => own.flatMap((first, k) => own.slice(k + 1).filter((second) => admits(first, second)).map((second) => ({ first, second }))));
}

/** Pairs of two sources that count: all, or at most so many evenly spread over them. */
export function pairsBetween({ rows, sourceOf, admits }: ReferenceSet, most: number): RowPair[] {
  const n = rows.length;
  const stride = Math.max(1, Math.ceil((n * (n - 1)) / 2 / most));
  const found: RowPair[] = [];
  let k = 0;
  for (let first = 0; first < n; first++)
    for (let second = first + 1; second < n; second++) {
      if (sourceOf[first] === sourceOf[second] || !admits(first, second)) continue;
      if (k++ % stride === 0) found.push({ first, second });
    }
  return found;
}

/** Middle of each source's measurements, analyte by analyte; NaN where the source has none. */
export function centresOf({ analytes, rows, sourceOf, sources }: ReferenceSet): Float64Array[] {
  const members = sources.map((): Float64Array[] => []);
  rows.forEach((row, k) => members[sourceOf[k]].push(row));
  return members.map((own) => Float64Array.from({ length: analytes }, (_, c) => median(own.map((row) => row[c]))));
}

/** Replicates of one side of a comparison taken together. */
export interface Combined {
  readonly values: Float64Array;
  readonly noise: Float64Array;
  /** Variance of the whole over that of one measurement: 1 / n, and more where a middle value guards against errors. */
  readonly share: number;
}

/** Means of two, middle values of more: one erroneous replicate of three must not count. */
export function combine(replicates: readonly ProfileVector[], resolution: Resolution): Combined {
  if (replicates.length === 1) return { values: replicates[0].values, noise: noiseOf(replicates[0], resolution), share: 1 };
  const noises = replicates.map((r) => noiseOf(r, resolution));
  const n = replicates[0]?.values.length ?? 0;
  let counted = 0;
  let analysed = 0;
  const noise = new Float64Array(n);
  const values = Float64Array.from({ length: n }, (_, c) => {
    const own = replicates.map((r) => r.values[c]);
    const count = own.filter((v) => !Number.isNaN(v)).length;
    if (count === 0) return Number.NaN;
    counted += count;
    analysed += 1;
    noise[c] = noises.reduce((sum, r) => sum + r[c], 0) / count ** 2;
    return median(own);
  });
  const each = counted / Math.max(1, analysed);
  return { values, noise, share: each < 2.5 ? 1 / Math.max(1, each) : MIDDLE_LOSS / each };
}

/** Variance of the middle of three to ten normal values, times their number, is 1.2 to 1.5. */
const MIDDLE_LOSS = 1.35;
