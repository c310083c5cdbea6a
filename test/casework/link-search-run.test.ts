/** A search for links by itself: what ends it, and what does not. Evenly cut lists of faces. */
import { describe, expect, it } from 'vitest';
import { evenly } from '../../src/casework/evaluations/sides.ts';
import { runLinkSearch } from '../../src/casework/link-searches/run.ts';
import type { LinkEvidence } from '../../src/casework/link-searches/types.ts';
import { problem } from '../../src/domain/index.ts';

const evidence = { designScore: 0.5, link: { answer: { uncalibrated: 'none' } } } as unknown as LinkEvidence;
const unreadable = problem('original-unreadable', { sha256: 'ab', reason: 'gone' });

const search = (evaluate: (specimenId: string) => Promise<LinkEvidence>) => runLinkSearch([{ by: 'surface', id: 'f' }], { depth: 5, limit: 5 }, {
  search: async () => ({ specimenIds: ['a', 'own', 'b'], plan: { searched: 3, of: 3 } }),
  isOfOwnSeizure: (specimenId) => specimenId === 'own', evaluate, progress: () => undefined, signal: new AbortController().signal,
});

describe('a search for links', () => {
  it('names a candidate whose original cannot be read, and goes on', async () => {
    const { ranked, plan } = await search(async (specimenId) => (specimenId === 'a' ? Promise.reject(unreadable) : evidence));
    expect(ranked.map(({ specimenId }) => specimenId)).toEqual(['b']);
    expect(plan).toMatchObject({ found: 3, ofOwnSeizure: 1, evaluated: 1, unreadable: [{ specimenId: 'a', reason: expect.stringContaining('cannot be read') as string }] });
  });

  it('ends where the probe cannot be read, so that nothing can be compared, and on any other fault', async () => {
    await expect(search(() => Promise.reject(unreadable))).rejects.toBe(unreadable);
    const fault = new Error('disk full');
    await expect(search(async (specimenId) => (specimenId === 'a' ? evidence : Promise.reject(fault)))).rejects.toBe(fault);
  });
});

describe('faces of many specimens', () => {
  it('are cut so that every specimen keeps as many as another', () => {
    expect(evenly([['a1', 'a2', 'a3'], ['b1'], [], ['d1', 'd2', 'd3']], 5)).toEqual([['a1', 'a2'], ['b1'], [], ['d1', 'd2']]);
    expect(evenly([['a1', 'a2'], ['b1']], 9)).toEqual([['a1', 'a2'], ['b1']]);
    expect(evenly([['a1'], ['b1'], ['c1']], 2)).toEqual([['a1'], ['b1'], []]);
  });
});
