/**
 * How measurements of one source differ: heavy-tailed, with entry errors.
 *
 * Differences are told in units of each analyte's robust spread and made independent: their robust correlation, or a share
 * of it, is taken out symmetrically, so that each stays nearest to its own analyte. Every one then has the same density
 * (a - 1) / 2c (1 + |z| / c)^-a, a mixture of normal ones over scales that differ from source to source: peaked like those
 * of careful laboratories, with the tails of careless ones. What rounding and detection add widens the spread that z is told
 * in. A difference of a single analyte may also be an entry error, which lies anywhere; where analytes are correlated, the most
 * suspicious ones are tried without.
 */
import { inverseRoot, part } from './matrices.ts';
import { PROFILE_LIKELIHOOD_PARAMETERS } from './parameters.ts';

export interface SpreadModel {
  /** Robust standard deviation of a difference of two measurements. */
  readonly scale: readonly number[];
  /** Standard deviation between sources. */
  readonly between: readonly number[];
  /** Row by row; the identity where analytes are held to be independent. */
  readonly correlation: readonly number[];
  readonly independent: boolean;
  /** a and c. */
  readonly tail: number;
  readonly core: number;
  /** How likely a difference is an entry error. */
  readonly errorShare: number;
}

/** An analyte that is less likely an error than this, by its own difference, is not tried as one: natural logarithm. */
const UNSUSPICIOUS = -7;

const { errorReach, errorsOfPair } = PROFILE_LIKELIHOOD_PARAMETERS;

/** Logarithm of the density of a difference of this size. */
export const heavyDensity = (size: number, spread: number, tail: number): number => Math.log((tail - 1) / 2 / spread) - tail * Math.log1p(size / spread);

/** Of an entry error, per unit of the analyte. */
export const errorDensity = (between: number): number => -Math.log(errorReach.value * between);

/** Analytes that are known, as places. */
export function knownOf(row: Float64Array): Uint16Array {
  const found = new Uint16Array(row.length);
  let count = 0;
  for (let c = 0; c < row.length; c++) if (!Number.isNaN(row[c])) found[count++] = c;
  return found.subarray(0, count);
}

/** Keeps what was made for a set of analytes, most of all for the last one; all is forgotten where there are too many. */
export function remembered<T>(make: (analytes: Uint16Array) => T, most = 4096): (analytes: Uint16Array) => T {
  const made = new Map<string, T>();
  let last: { readonly analytes: Uint16Array; readonly value: T } | null = null;
  return (analytes) => {
    if (last && alike(last.analytes, analytes)) return last.value;
    const key = String.fromCharCode(...analytes);
    let found = made.get(key);
    if (found === undefined) {
      if (made.size >= most) made.clear();
      made.set(key, (found = make(analytes.slice())));
    }
    last = { analytes: analytes.slice(), value: found };
    return found;
  };
}

function alike(a: Uint16Array, b: Uint16Array): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

/** Takes the correlation of a set of analytes out of their differences. */
export interface Whitener {
  /** Row by row, in units of each analyte's scale. */
  readonly root: Float64Array;
  readonly logDeterminant: number;
}

/** Whiteners by set of analytes, each made once. */
export const whitenersOf = ({ scale, correlation }: SpreadModel): ((analytes: Uint16Array) => Whitener) =>
  remembered((analytes) => {
    const k = analytes.length;
    const { root, logDeterminant } = inverseRoot(part(Float64Array.from(correlation), scale.length, analytes), k);
    let sum = logDeterminant;
    analytes.forEach((c, b) => {
      sum -= Math.log(scale[c]);
      for (let a = 0; a < k; a++) root[a * k + b] /= scale[c];
    });
    return { root, logDeterminant: sum };
  });

/**
 * @returns the logarithm of the density of a difference between two sides of one source, of the analytes that are known of both
 *
 * The function takes the difference and the variance of rounding of each analyte (NaN and 0 where it is not known of both),
 * and the variance of the difference over that of two single measurements: 1 for those.
 */
export function spreadDensity(model: SpreadModel): (difference: Float64Array, noise: Float64Array, share: number) => number {
  const { scale, between, tail, core, errorShare, independent } = model;
  const whitener = whitenersOf(model);
  const [right, wrong] = [Math.log1p(-errorShare), Math.log(errorShare)];
  const own = (difference: Float64Array, noise: Float64Array, share: number, c: number): number => heavyDensity(Math.abs(difference[c]), core * Math.sqrt(share * scale[c] ** 2 + noise[c]), tail);
  const errors = between.map((sd) => errorDensity(sd));
  const whole = (difference: Float64Array, noise: Float64Array, share: number, kept: Uint16Array): number => {
    const { root, logDeterminant } = whitener(kept);
    const k = kept.length;
    let sum = logDeterminant;
    for (let a = 0; a < k; a++) {
      let [z, variance] = [0, share];
      for (let b = 0; b < k; b++) {
        const r = root[a * k + b];
        z += r * difference[kept[b]];
        variance += r * r * noise[kept[b]];
      }
      sum += heavyDensity(Math.abs(z), core * Math.sqrt(variance), tail);
    }
    return sum;
  };
  return (difference, noise, share) => {
    if (independent) {
      let sum = 0;
      for (let c = 0; c < scale.length; c++) if (!Number.isNaN(difference[c])) sum += logSum(right + own(difference, noise, share, c), wrong + errors[c]);
      return sum;
    }
    const known = knownOf(difference);
    const n = known.length;
    const tried = Math.min(errorsOfPair.value, Math.floor(n / 2));
    const suspicious = [...known].map((c) => ({ c, doubt: errors[c] - own(difference, noise, share, c) })).filter(({ doubt }) => doubt + wrong - right > UNSUSPICIOUS).sort((a, b) => b.doubt - a.doubt).slice(0, tried).map(({ c }) => c);
    let total = whole(difference, noise, share, known) + n * right;
    let [apart, kept] = [0, known];
    for (const c of suspicious) {
      apart += wrong + errors[c];
      kept = kept.filter((e) => e !== c);
      total = logSum(total, whole(difference, noise, share, kept) + kept.length * right + apart);
    }
    return total;
  };
}

/** log(exp(a) + exp(b)). */
const logSum = (a: number, b: number): number => (a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b)));
