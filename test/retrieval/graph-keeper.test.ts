/** The graph behind the candidate index: built, kept on disk, distrusted, followed. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CandidateIndex, keyFilter, type CandidateIndexOptions, type IndexEntry } from '../../src/retrieval/index.ts';
import { MemorySource, entries, expected, vectors } from './support.ts';

const DIMENSION = 16;
const COUNT = 600;
/** A machine on which scanning is dear, so that few vectors make a graph worth having. */
const COSTS = { scanNanos: 1e6, skipNanos: 0, graphMicros: 0.1 };
const stored: IndexEntry[] = entries(vectors(COUNT, DIMENSION, 31));
const probes = vectors(10, DIMENSION, 32);

const root = mkdtempSync(join(tmpdir(), 'relievo-graph-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const freshFolder = (): string => join(root, `index-${folders++}`);

async function opened(source: MemorySource, options: Partial<CandidateIndexOptions> = {}): Promise<{ index: CandidateIndex; said: string[] }> {
  const said: string[] = [];
  const index = await CandidateIndex.open({ source, graphFrom: 500, costs: COSTS, log: (sentence) => said.push(sentence), ...options });
  await index.settled();
  return { index, said };
}

function sourceOf(list: readonly IndexEntry[] = stored): MemorySource {
  const source = new MemorySource(DIMENSION);
  source.add(list);
  return source;
}

describe('the graph of a candidate index', () => {
  it('answers with its plan once it is built, and not when an exact search is asked for', async () => {
    const seen: number[] = [];
    const { index, said } = await opened(sourceOf(), { progress: (phase, done, total) => void (phase === 'graph' && seen.push(done / total)) });
    expect(index.graph).toMatchObject({ state: 'ready', ef: expect.any(Number) });
    expect(said.join()).toMatch(/has a recall of (1|0\.99)/);
    expect(seen.at(-1)).toBe(1);
    for (const probe of probes) {
      const { neighbours, plan } = await index.search(probe, 20);
      expect(plan).toMatchObject({ plan: 'hnsw', searched: COUNT, of: COUNT, scored: null, watermark: COUNT });
      expect(neighbours).toEqual(expected(stored, [probe], 20));
    }
    expect((await index.search(probes[0]!, 20, { mode: 'exact' })).plan).toMatchObject({ plan: 'exact', scored: COUNT });
    expect(await index.audit(50, 100)).toMatchObject({ queries: 50, expected: 5000, recall: { value: expect.closeTo(1, 2) } });
    await index.close();
  });

  it('is not built for few vectors, and says so', async () => {
    const { index } = await opened(sourceOf(stored.slice(0, 100)));
    expect((await index.search(probes[0]!, 5)).plan).toMatchObject({ plan: 'exact', why: 'There are too few vectors for a graph index to be faster.' });
    expect(await index.audit(10, 5)).toBeUndefined();
    await index.close();
  });

  it('is not asked where no width of its search is faster than a scan', async () => {
    const { index } = await opened(sourceOf(), { costs: { ...COSTS, scanNanos: 1 } });
    expect((await index.search(probes[0]!, 5)).plan).toMatchObject({ plan: 'exact', why: expect.stringMatching(/faster than a scan/) });
    await index.close();
  });

  it('returns k for any filter, in the graph or by a scan', async () => {
    const { index } = await opened(sourceOf());
    for (const keys of [stored.filter((e) => e.key % 2 === 0).map((e) => e.key), expected(stored, [probes[0]!], COUNT).slice(-40).map((n) => n.key), [3]]) {
      const filter = keyFilter(keys);
      const { neighbours, plan } = await index.search(probes[0]!, 30, { filter });
      expect(neighbours).toEqual(expected(stored, [probes[0]!], 30, filter));
      expect(plan.searched).toBe(keys.length);
    }
    await index.close();
  });

  it('follows additions, replacements and removals', async () => {
    const source = sourceOf();
    const { index } = await opened(source);
    source.add(entries(vectors(40, DIMENSION, 33), 1001));
    source.add(entries(vectors(10, DIMENSION, 34)));
    source.remove([50, 51, 52]);
    await index.catchUp();
    await index.settled();
    const answer = await index.search(probes[1]!, 25);
    expect(answer.plan).toMatchObject({ plan: 'hnsw', of: COUNT + 37, watermark: source.watermark() });
    expect(answer.neighbours).toEqual(expected(source.entries(), [probes[1]!], 25));
    await index.close();
  });

  it('is built anew when a quarter of it was removed', async () => {
    const source = sourceOf();
    const { index, said } = await opened(source, { graphFrom: 300 });
    source.remove(stored.slice(0, 250).map((e) => e.key));
    await index.catchUp();
    await index.settled();
    expect(said.join()).toMatch(/too many of its vectors were removed/);
    const answer = await index.search(probes[1]!, 25);
    expect(answer.plan.plan).toBe('hnsw');
    expect(answer.neighbours).toEqual(expected(source.entries(), [probes[1]!], 25));
    await index.close();
  });

  it('reads everything again when the index and the database differ, once', async () => {
    const source = sourceOf();
    source.excess = 1;
    const { index, said } = await opened(source, { graphFrom: 1e9 });
    expect(source.fullReads).toBe(2);
    await index.catchUp();
    expect(source.fullReads).toBe(2);
    expect(said).toContain('The database states 601 vectors and gives 600.');
    await index.close();
  });

  it('is closed in the middle of a build without a word', async () => {
    const index = await CandidateIndex.open({ source: sourceOf(), graphFrom: 1, costs: COSTS, folder: freshFolder() });
    expect((await index.search(probes[0]!, 5)).plan.plan).toBe('exact');
    await index.close();
  });
});

describe('the worker of a graph', () => {
  it('can be ended at any moment of its start without taking the process with it', () => {
    const program = `
      const { GraphClient } = await import(process.argv[1]);
      for (let i = 0; i < 60; i++) {
        const client = new GraphClient();
        await new Promise((resolve) => setTimeout(resolve, 20 + i));
        await client.close();
      }`;
    const client = new URL('../../src/retrieval/hnsw-client.ts', import.meta.url).href;
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', program, client], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  }, 60_000);
});

describe('the file of a graph', () => {
  const kept = freshFolder();
  beforeAll(async () => {
    const { index } = await opened(sourceOf(), { folder: kept });
    await index.close();
  });

  /** Opens a changed copy of the kept folder; says what was logged, and answers a search. */
  async function reopened(change: (folder: string, source: MemorySource) => void): Promise<{ said: string; fullReads: number; folder: string }> {
    const folder = freshFolder();
    cpSync(kept, folder, { recursive: true });
    const source = sourceOf();
    change(folder, source);
    const { index, said } = await opened(source, { folder });
    const { neighbours, plan } = await index.search(probes[2]!, 20);
    expect(plan).toMatchObject({ plan: 'hnsw', watermark: source.watermark() });
    expect(neighbours).toEqual(expected(source.entries(), [probes[2]!], 20));
    await index.close();
    return { said: said.join(' '), fullReads: source.fullReads, folder };
  }

  const graphFile = (folder: string): string => join(folder, readdirSync(folder).find((name) => name.endsWith('.hnsw'))!);
  const editSide = (folder: string, change: Record<string, unknown>): void => writeFileSync(join(folder, 'graph.json'), JSON.stringify({ ...JSON.parse(readFileSync(join(folder, 'graph.json'), 'utf8')), ...change }));
  const editPart = (folder: string, change: Record<string, unknown>): void => {
    const { parts } = JSON.parse(readFileSync(join(folder, 'graph.json'), 'utf8')) as { parts: object[] };
    editSide(folder, { parts: [{ ...parts[0], ...change }, ...parts.slice(1)] });
  };
  const flip = (at: (bytes: Buffer) => number) => (folder: string): void => {
    const bytes = readFileSync(graphFile(folder));
    bytes[at(bytes)]! ^= 0x40;
    writeFileSync(graphFile(folder), bytes);
  };

  it('is a file for each part and one that names them', () => {
    expect(readdirSync(kept).sort()).toEqual([`graph-${COUNT}-0.hnsw`, `graph-${COUNT}-1.hnsw`, 'graph.json']);
  });

  it('is loaded, not built, when everything agrees', async () => {
    const { said, fullReads } = await reopened(() => undefined);
    expect(said).toBe(`The graph index was loaded at change ${COUNT}.`);
    // The exact index reads the database; the graph does not.
    expect(fullReads).toBe(1);
  });

  it('is brought up to date when the database went on', async () => {
    const { said, fullReads, folder } = await reopened((_, source) => {
      source.add(entries(vectors(30, DIMENSION, 35), 2001));
      source.remove([7, 8]);
    });
    expect(said).toMatch(/loaded at change 600/);
    expect(fullReads).toBe(1);
    expect(readdirSync(folder).every((name) => name === 'graph.json' || /^graph-(600|632)-[01].hnsw$/.test(name))).toBe(true);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it.each<[string, (folder: string, source: MemorySource) => void, RegExp]>([
    ['a bit flipped in its header', flip(() => 20), /SHA-256/],
    ['a bit flipped in the middle', flip((bytes) => bytes.length >> 1), /SHA-256/],
    ['its last bit flipped', flip((bytes) => bytes.length - 1), /SHA-256/],
    ['its end cut off', (folder) => truncateSync(graphFile(folder), 1000), /in bytes is 1000/],
    ['nothing left of it', (folder) => truncateSync(graphFile(folder), 0), /in bytes is 0/],
    ['no file', (folder) => rmSync(graphFile(folder)), /in bytes is -1/],
    ['no side file', (folder) => rmSync(join(folder, 'graph.json')), /there is none/],
    ['a side file that is no JSON', (folder) => writeFileSync(join(folder, 'graph.json'), '{"format":1,'), /cannot be read/],
    ['a side file of another format', (folder) => editSide(folder, { format: 2 }), /not of this format/],
    ['a side file that names another path', (folder) => editPart(folder, { file: '../graph-1-1.hnsw' }), /not of this format/],
    ['another dimension', (folder) => editSide(folder, { dimension: 32 }), /dimension is 32, not 16/],
    ['another count', (folder) => editPart(folder, { count: 299 }), /holds \d+ vectors, stated are 299/],
    ['a count that removals explain', (folder) => editPart(folder, { removed: [1] }), /holds \d+ vectors, stated are \d+/],
    ['other parameters', (folder) => editSide(folder, { parameters: { m: 8, efConstruction: 100 } }), /m is 8/],
    ['another feature version', (_, source) => void (source.featureVersion = 2), /feature version is 1, not 2/],
    ['another history of the database', (_, source) => void (source.generation = 'restored'), /database generation is test-1, not restored/],
    ['a later watermark than the database', (folder) => editSide(folder, { watermark: 601 }), /newer/],
  ])('is not loaded with %s: the graph is built from the database', async (_, change, why) => {
    const { said, fullReads } = await reopened(change);
    expect(said).toMatch(why);
    expect(fullReads).toBe(2);
  });
});
