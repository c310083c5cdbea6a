import { describe, expect, it } from 'vitest';
import { CandidateIndex, keyFilter, type IndexEntry } from '../../src/retrieval/index.ts';
import { MemorySource, entries, expected, vectors } from './support.ts';

const DIMENSION = 24;
const [probe] = vectors(1, DIMENSION, 21);

const stored = (count: number, seed = 20): IndexEntry[] => entries(vectors(count, DIMENSION, seed));

describe('the candidate index', () => {
  it('answers with neighbours and with how they were found', async () => {
    const source = new MemorySource(DIMENSION);
    source.add(stored(500));
    const index = await CandidateIndex.open({ source });
    const filter = keyFilter([3, 4, 5, 6, 7, 9_999]);
    const answer = await index.search(probe!, 3, { filter });
    expect(answer.neighbours).toEqual(expected(stored(500), [probe!], 3, filter));
    expect(answer.plan).toMatchObject({ plan: 'exact', searched: 5, of: 500, scored: 5, watermark: source.watermark() });
    expect(answer.plan.why).toMatch(/^[A-Z0-9].*\.$/);
    expect((await index.search(probe!, 3, { mode: 'exact' })).plan).toMatchObject({ plan: 'exact', why: 'An exact search was asked for.', searched: 500 });
    await index.close();
  });

  it('follows the source: additions, removals, replacements', async () => {
    const source = new MemorySource(DIMENSION);
    const index = await CandidateIndex.open({ source });
    expect((await index.search(probe!, 3)).plan).toMatchObject({ searched: 0, of: 0, watermark: 0 });
    source.add(stored(100));
    expect((await index.search(probe!, 3)).plan.of).toBe(0);
    await index.catchUp();
    source.remove([1, 2, 3]);
    source.add(stored(5, 22));
    await Promise.all([index.catchUp(), index.catchUp()]);
    expect((await index.search(probe!, 200)).neighbours).toEqual(expected(source.entries(), [probe!], 200));
    expect(index.watermark).toBe(source.watermark());
    await index.close();
  });
});
