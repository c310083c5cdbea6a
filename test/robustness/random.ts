/** A small repeatable random source: the same seed gives the same mutations on every machine. */
export interface Random {
  /** Whole number, low .. high - 1. */
  whole(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  bytes(count: number): Buffer;
}

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low));
  return { whole, pick: (list) => list[whole(0, list.length)], bytes: (count) => Buffer.from(Array.from({ length: count }, () => whole(0, 256))) };
}
