/** 95 % intervals: Wilson's for a proportion, a cluster bootstrap for what depends on shared sources. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const Z95 = 1.959963984540054;

/** Wilson's score interval of k successes in n. Source: Wilson 1927. */
export function wilson(k: number, n: number): Interval {
  if (!(n > 0) || k < 0 || k > n) throw new RangeError(`no proportion: ${k} of ${n}`);
  const p = k / n;
  const centre = p + (Z95 * Z95) / (2 * n);
  const half = Z95 * Math.sqrt((p * (1 - p)) / n + (Z95 * Z95) / (4 * n * n));
  const whole = 1 + (Z95 * Z95) / n;
  return { low: k === 0 ? 0 : (centre - half) / whole, high: k === n ? 1 : (centre + half) / whole };
}

/** A fixed sequence of numbers in 0..1 (mulberry32): intervals are the same on every machine. */
export function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const BOOTSTRAP_DRAWS = 500;
const BOOTSTRAP_SEED = 1;

/** How often each of `sources` was drawn, with replacement, as many as there are; the same draws every time. */
export function* drawSources(sources: number, draws: number): Generator<Uint16Array> {
  const random = sequence(BOOTSTRAP_SEED);
  for (let d = 0; d < draws; d++) {
    const times = new Uint16Array(sources);
    for (let s = 0; s < sources; s++) times[Math.floor(random() * sources)]! += 1;
    yield times;
  }
}

/**
 * Percentile interval of a statistic when whole sources (designs, tools) are drawn with replacement:
 * photographs of one source are no independent trials.
 * @param statistic value for how often each source was drawn; NaN draws are left out
 * @returns null with fewer than two sources
 */
export function clusterBootstrap(sources: number, statistic: (times: Uint16Array) => number, draws = BOOTSTRAP_DRAWS): Interval | null {
  if (sources < 2) return null;
  const values = [...drawSources(sources, draws)].map(statistic).filter((value) => !Number.isNaN(value));
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}

/** Between two values of an ascending list where the share falls between them. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}
