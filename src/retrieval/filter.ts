import type { KeyFilter } from './types.ts';

const BITS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** A set of keys as one bit a key, little-endian within bytes; grows with its largest key. */
export class Bitmap {
  #bytes = new Uint8Array(0);

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  has(key: number): boolean {
    return (this.#bytes[key >>> 3]! & (1 << (key & 7))) !== 0;
  }

  set(key: number, present: boolean): void {
    const at = key >>> 3;
    if (at >= this.#bytes.length) {
      if (!present) return;
      const larger = new Uint8Array(Math.max(at + 1, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    const bit = 1 << (key & 7);
    if (present) this.#bytes[at]! |= bit;
    else this.#bytes[at]! &= ~bit;
  }

  /** Number of keys that are in both. */
  common(other: Uint8Array): number {
    const bytes = Math.min(this.#bytes.length, other.length);
    let count = 0;
    for (let i = 0; i < bytes; i++) count += BITS[this.#bytes[i]! & other[i]!]!;
    return count;
  }
}

/** The filter that lets exactly these keys pass. */
export function keyFilter(keys: Iterable<number>): KeyFilter {
  const bitmap = new Bitmap();
  let size = 0;
  for (const key of keys) {
    if (bitmap.has(key)) continue;
    bitmap.set(key, true);
    size += 1;
  }
  return { size, bitmap: bitmap.bytes, has: (key) => bitmap.has(key) };
}
