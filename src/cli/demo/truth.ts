/** What is known of the simulated seizures: truth.csv of the demonstration. */
import { readFileSync } from 'node:fs';

export type Relation = 'same-tool' | 'same-design-other-tool' | 'look-alike-design' | 'unrelated';

/** In words, as printed. */
const RELATION_WORDS: Readonly<Record<Relation, string>> = {
  'same-tool': 'same tool',
  'same-design-other-tool': 'same design, other tool',
  'look-alike-design': 'look-alike design',
  unrelated: 'unrelated tools',
};

export interface Truth {
  /** Seizures that have something in common, or nearly so; by their references. */
  readonly pairs: readonly (readonly [string, string])[];
  /** The nearest relation of two seizures' tools, by their references. */
  relation(one: string, other: string): Relation;
  /** Whether two seizures hold one batch of powder. */
  sameBatch(one: string, other: string): boolean;
}

/** Tool and batch in words: one may be the same without the other. */
export function relationText(truth: Truth, one: string, other: string): string {
  const relation = truth.relation(one, other);
  if (truth.sameBatch(one, other)) return `${RELATION_WORDS[relation]}, same batch`;
  return relation === 'unrelated' ? 'unrelated' : `${RELATION_WORDS[relation]}, other batch`;
}

/** @param path truth.csv: seizure_id, other_seizure_id, relation, their tools, the batch they share; a stranger has no other */
export function readTruth(path: string): Truth {
  const known = new Map<string, Relation>();
  const batches = new Map<string, string>();
  const pairs: (readonly [string, string])[] = [];
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n').slice(1)) {
    const [one, other, relation, , , batch] = line.split(',') as [string, string, Relation, string, string, string];
    if (!other) continue;
    pairs.push([one, other]);
    known.set(`${one} ${other}`, relation).set(`${other} ${one}`, relation);
    batches.set(`${one} ${other}`, batch).set(`${other} ${one}`, batch);
  }
  return { pairs, relation: (one, other) => known.get(`${one} ${other}`) ?? 'unrelated', sameBatch: (one, other) => Boolean(batches.get(`${one} ${other}`)) };
}
