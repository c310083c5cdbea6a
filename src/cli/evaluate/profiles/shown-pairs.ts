/** Which pairs a report shows, by a rule that it states. */
import type { Profile } from '../../../profiling/index.ts';
import { pairAt, type ProfileScores } from './scores.ts';

export interface ShownPair {
  readonly first: number;
  readonly second: number;
  readonly title: string;
  readonly why: string;
}

interface Kind {
  readonly title: string;
  readonly why: string;
  readonly wanted: (a: Profile, b: Profile) => boolean;
  /** Place among the pairs of this kind, the closest first: 0 closest, 1 furthest. */
  readonly place: number;
}

const same = (a: Profile, b: Profile): boolean => a.batch !== undefined && a.batch === b.batch;
const apart = (a: Profile, b: Profile): boolean => a.batch !== undefined && b.batch !== undefined && a.batch !== b.batch;

const KINDS: readonly Kind[] = [
  { title: 'One batch, as usual', why: 'the pair of one batch in the middle of their distances', wanted: (a, b) => same(a, b) && a.laboratory === b.laboratory, place: 0.5 },
  { title: 'One batch, furthest apart', why: 'the greatest distance within a batch: often an error of entry', wanted: same, place: 1 },
  { title: 'Two batches, closest', why: 'the smallest distance between two batches', wanted: apart, place: 0 },
  { title: 'One batch in two laboratories', why: 'the pair of one batch at two laboratories in the middle of their distances', wanted: (a, b) => same(a, b) && a.laboratory !== b.laboratory, place: 0.5 },
];

/** Each pair once; kinds that the table has no pair of are left out. Without batches: the two closest profiles. */
export function shownPairs(profiles: readonly Profile[], { count, score }: ProfileScores): ShownPair[] {
  const kinds = profiles.some(({ batch }) => batch !== undefined) ? KINDS : [{ title: 'The closest two', why: 'the smallest distance of the table', wanted: () => true, place: 0 }];
  const taken = new Set<number>();
  return kinds.flatMap(({ title, why, wanted, place }): ShownPair[] => {
    const places: [number, number][] = [];
    let [best, at]: [number, [number, number] | undefined] = [-Infinity, undefined];
    for (let i = 0; i < count; i++) for (let j = i + 1; j < count; j++) {
      const value = score[pairAt(i, j, count)]!;
      if (Number.isNaN(value) || !wanted(profiles[i]!, profiles[j]!)) continue;
      // Pairs of two batches are too many to sort for their first.
      if (place === 0) {
        if (value > best) [best, at] = [value, [i, j]];
      } else places.push([i, j]);
    }
    if (place > 0 && places.length > 0) {
      places.sort((p, q) => score[pairAt(...q, count)]! - score[pairAt(...p, count)]!);
      at = places[Math.floor(place * (places.length - 1))];
    }
    if (!at || taken.has(pairAt(...at, count))) return [];
    taken.add(pairAt(...at, count));
    return [{ first: at[0], second: at[1], title, why }];
  });
}
