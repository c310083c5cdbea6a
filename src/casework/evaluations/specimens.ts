/** LRs of pairs of faces -> those of the specimens that the faces are of: a link is of specimens. */
import { setImmediate } from 'node:timers/promises';
import { seizureRatio } from '../../likelihood/index.ts';
import { type PairRatio, PairStore, type PairTable, pairTable, type RatioEnd, valueOf } from './pairs.ts';

export interface SpecimenFaces {
  readonly specimenId: string;
  /** Places of its faces among the items of the table. */
  readonly faces: readonly number[];
}

/** @param specimens of the first side, then of the second @param first how many are the first's */
export async function bySpecimens(table: PairTable, specimens: readonly SpecimenFaces[], first: number): Promise<PairTable> {
  const kept = new PairStore<PairRatio>(specimens.length, { without: 'a specimen has no faces' });
  for (const [i, one] of specimens.entries()) {
    for (const [j, other] of specimens.entries()) if (j > i && one.faces.length > 0 && other.faces.length > 0) kept.set(i, j, ratioOf(table, one.faces, other.faces));
    // Two full seizures have thousands of pairs: other work gets its turn.
    await setImmediate();
  }
  return pairTable(specimens.map(({ specimenId }) => specimenId), first, (i, j) => kept.get(i, j));
}

/** Faces of one tool are one voice, as in a line. */
function ratioOf({ at }: PairTable, left: readonly number[], right: readonly number[]): PairRatio {
  if (left.length === 1 && right.length === 1) return at(left[0]!, right[0]!);
  const ratioAt = (end: RatioEnd): number => seizureRatio({
    first: left.length, second: right.length,
    withinFirst: (i, j) => valueOf(at(left[i]!, left[j]!)), withinSecond: (i, j) => valueOf(at(right[i]!, right[j]!)), between: (i, j) => valueOf(at(left[i]!, right[j]!), end),
  }).log10Lr;
  const log10Lr = ratioAt('log10Lr');
  if (Number.isNaN(log10Lr)) return { without: 'no pair of their faces has an LR' };
  const bounded = left.every((i) => right.every((j) => {
    const pair = at(i, j);
    return 'without' in pair || pair.bounded;
  }));
  return { log10Lr, low: Math.min(log10Lr, ratioAt('low')), high: Math.max(log10Lr, ratioAt('high')), bounded };
}
