/**
 * Time and randomness, in one place: the only file that asks the machine for either, so that
 * everything above can be run again with a clock that a test holds.
 */
import { randomBytes } from 'node:crypto';
import { ID_ENTROPY_BYTES, makeId, type IdPrefix } from '../../domain/index.ts';

export interface Clock {
  now(): Date;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** RFC 3339, UTC, milliseconds: `2026-11-23T21:40:00.000Z`. */
  timestamp(): string;
  /** Milliseconds that only grow; for durations, not for dates. */
  monotonicMs(): number;
  /** Cryptographically random bytes. */
  randomBytes(count: number): Uint8Array;
  /** A new id; ids of one clock are strictly increasing, also within one millisecond. */
  newId(prefix: IdPrefix): string;
}

interface Sources {
  nowMs(): number;
  monotonicMs(): number;
  randomBytes(count: number): Uint8Array;
}

function clockFrom(sources: Sources): Clock {
  let lastMs = -1;
  let last: Uint8Array = new Uint8Array(ID_ENTROPY_BYTES);
  return {
    ...sources,
    now: () => new Date(sources.nowMs()),
    timestamp: () => new Date(sources.nowMs()).toISOString(),
    newId(prefix) {
      const ms = Math.max(sources.nowMs(), lastMs);
      // Within one millisecond the entropy counts up, so that ids keep their order.
      const entropy = ms === lastMs ? increment(last) : Uint8Array.from(sources.randomBytes(ID_ENTROPY_BYTES));
      // A zero first bit leaves room to count up.
      if (ms !== lastMs) entropy[0]! &= 0x7f;
      lastMs = ms;
      last = entropy;
      return makeId(prefix, ms, entropy);
    },
  };
}

function increment(bytes: Uint8Array): Uint8Array {
  const next = Uint8Array.from(bytes);
  for (let i = next.length - 1; i >= 0; i--) {
    next[i] = (next[i]! + 1) & 0xff;
    if (next[i] !== 0) break;
  }
  return next;
}

/** The machine's clock and its cryptographic random source. */
export const systemClock: Clock = clockFrom({
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  randomBytes: (count) => randomBytes(count),
});

export interface HeldClock extends Clock {
  /** Moves the time on by this many milliseconds. */
  advance(ms: number): void;
}

/** A clock that stands still until it is moved, with repeatable "random" bytes: for tests only, never for keys. */
export function heldClock(startMs = Date.UTC(2026, 0, 1), seed = 1): HeldClock {
  let ms = startMs;
  let state = seed >>> 0;
  const nextByte = (): number => {
    // Mulberry32: small, repeatable, and not secret.
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) & 0xff;
  };
  const clock = clockFrom({ nowMs: () => ms, monotonicMs: () => ms - startMs, randomBytes: (count) => Uint8Array.from({ length: count }, nextByte) });
  return { ...clock, advance: (by) => void (ms += by) };
}
