/** LRs of all pairs of items of two sides, those of one side among themselves included: the first side's items come first. */
import type { SeizureRatio } from '../../likelihood/index.ts';
import type { LineRatio } from './types.ts';

/** What one pair says, or why it says nothing. */
export type PairRatio = LineRatio | { readonly without: string };

/** The value of a pair, or an end of its interval. */
export type RatioEnd = 'log10Lr' | 'low' | 'high';

/** NaN where there is none. */
export const valueOf = (pair: PairRatio, end: RatioEnd = 'log10Lr'): number => ('without' in pair ? Number.NaN : pair[end]);

export interface PairTable {
  /** Ids of all items. */
  readonly items: readonly string[];
  /** How many of them are the first side's. */
  readonly first: number;
  /** Of two items, in either order. */
  readonly at: (i: number, j: number) => PairRatio;
}

/** @param ratio of items i < j */
export function pairTable(items: readonly string[], first: number, ratio: (i: number, j: number) => PairRatio): PairTable {
  return { items, first, at: (i, j) => ratio(Math.min(i, j), Math.max(i, j)) };
}

/** Pairs between the two sides. */
export function* pairsBetween({ items, first }: Pick<PairTable, 'items' | 'first'>): Generator<readonly [number, number]> {
  for (let i = 0; i < first; i++) for (let j = first; j < items.length; j++) yield [i, j];
}

/** Groups of either side by place -> by id. */
export function groupsById({ items, first }: Pick<PairTable, 'items' | 'first'>, [left, right]: SeizureRatio['groups']): { readonly first: string[][]; readonly second: string[][] } {
  const named = (groups: readonly (readonly number[])[], from: number): string[][] => groups.map((group) => group.map((k) => items[from + k]!));
  return { first: named(left, 0), second: named(right, first) };
}

/** Room for something of every pair of so many items; of i < j. */
export class PairStore<Kept> {
  readonly #kept: Kept[];
  readonly #count: number;

  constructor(count: number, empty: Kept) {
    this.#count = count;
    this.#kept = new Array<Kept>((count * (count - 1)) / 2).fill(empty);
  }

  get(i: number, j: number): Kept {
    return this.#kept[this.#place(i, j)]!;
  }

  set(i: number, j: number, kept: Kept): void {
    this.#kept[this.#place(i, j)] = kept;
  }

  #place(i: number, j: number): number {
    return i * this.#count - (i * (i + 1)) / 2 + j - i - 1;
  }
}
