/** What is known of the simulated seizures: truth.csv of the demonstration. */
import { readFileSync } from 'node:fs';

export type Relation = 'same-tool' | 'same-design-other-tool' | 'look-alike-design' | 'unrelated';

/** In words, as printed. */
export const RELATION_WORDS: Readonly<Record<Relation, string>> = {
  'same-tool': 'same tool',
  'same-design-other-tool': 'same design, other tool',
  'look-alike-design': 'look-alike design',
  unrelated: 'unrelated',
};

export interface Truth {
  /** The nearest relation of two seizures, by their references. */
  relation(one: string, other: string): Relation;
}

/** @param path truth.csv: seizure_id, other_seizure_id, relation; a stranger has no other */
export function readTruth(path: string): Truth {
  const known = new Map<string, Relation>();
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n').slice(1)) {
    const [one, other, relation] = line.split(',') as [string, string, Relation];
    if (!other) continue;
    known.set(`${one} ${other}`, relation).set(`${other} ${one}`, relation);
  }
  return { relation: (one, other) => known.get(`${one} ${other}`) ?? 'unrelated' };
}
