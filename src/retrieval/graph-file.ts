import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { ExactIndex } from './exact.ts';
import { defaultShape, HnswIndex } from './hnsw.ts';
import type { SearchCosts } from './planner.ts';
import type { VectorSource } from './types.ts';

const SIDE = 'graph.json';

/** The side file: what the graph's files hold and what they were made of. */
const sideFile = z.object({
  format: z.literal(1),
  parts: z.array(
    z.object({
      file: z.string().regex(/^graph-\d+-\d+\.hnsw$/),
      bytes: z.number(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      count: z.number(),
      removed: z.array(z.number()),
    }),
  ),
  dimension: z.number(),
  featureVersion: z.number(),
  databaseGeneration: z.string(),
  watermark: z.number(),
  parameters: z.object({ m: z.number(), efConstruction: z.number() }),
  /** Measured width of search; null when none reached the recall at a price below a scan. */
  ef: z.number().nullable(),
  calibratedAt: z.number(),
});

type SideFile = z.infer<typeof sideFile>;

export interface LoadedGraph {
  readonly graph: HnswIndex;
  readonly watermark: number;
  readonly ef: number | null;
  /** Number of vectors when ef was measured. */
  readonly calibratedAt: number;
}

/** Loads the graph kept in `folder` if everything agrees; else says what does not, and the graph is built anew. */
export async function loadGraph(folder: string, source: VectorSource, exact: ExactIndex, costs?: SearchCosts): Promise<LoadedGraph | { readonly refused: string }> {
  const side = await readSide(folder);
  if (typeof side === 'string') return { refused: side };
  const shape = defaultShape(source.dimension);
  const expectations: [string, unknown, unknown][] = [
    ['dimension', side.dimension, source.dimension],
    ['feature version', side.featureVersion, source.featureVersion],
    ['database generation', side.databaseGeneration, source.generation],
    ['m', side.parameters.m, shape.m],
    ['efConstruction', side.parameters.efConstruction, shape.efConstruction],
  ];
  for (const [what, found, required] of expectations) if (found !== required) return { refused: `its ${what} is ${found}, not ${required}` };
  if (side.watermark > source.watermark()) return { refused: `it is newer (${side.watermark}) than the database (${source.watermark()})` };
  const files = side.parts.map(({ file, ...part }) => ({ path: join(folder, file), ...part }));
  for (const { path, bytes } of files) {
    const found = await stat(path).then((s) => s.size, () => -1);
    if (found !== bytes) return { refused: `the length of ${basename(path)} in bytes is ${found}, not ${bytes}` };
  }
  const graph = await HnswIndex.load(exact, files, { shape, ef: side.ef ?? undefined, costs });
  if (!(graph instanceof HnswIndex)) return graph;
  return { graph, watermark: side.watermark, ef: side.ef, calibratedAt: side.calibratedAt };
}

/**
 * Writes the parts that have changed under new names, then the side file that names all parts, each by
 * rename; what was there stays valid until then. What other files of ours are left in the folder is removed.
 */
export async function saveGraph(folder: string, source: VectorSource, { graph, watermark, ef, calibratedAt }: LoadedGraph): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = await graph.save((part) => join(folder, `graph-${watermark}-${part}.hnsw`));
  const side: SideFile = {
    format: 1,
    parts: files.map(({ path, bytes, sha256, count, removed }) => ({ file: basename(path), bytes, sha256, count, removed: [...removed] })),
    dimension: graph.dimension,
    featureVersion: source.featureVersion,
    databaseGeneration: source.generation,
    watermark,
    parameters: { m: graph.shape.m, efConstruction: graph.shape.efConstruction },
    ef,
    calibratedAt,
  };
  await replaceFile(join(folder, SIDE), JSON.stringify(side));
  for (const name of await readdir(folder)) {
    if (/^graph(-\d+-\d+\.hnsw|\.json)(\.tmp)?$/.test(name) && name !== SIDE && !side.parts.some(({ file }) => file === name)) await rm(join(folder, name), { force: true });
  }
}

async function readSide(folder: string): Promise<SideFile | string> {
  const text = await readFile(join(folder, SIDE), 'utf8').catch(() => undefined);
  if (text === undefined) return 'there is none';
  try {
    const parsed = sideFile.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : 'its side file is not of this format';
  } catch {
    return 'its side file cannot be read';
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const file = await open(`${path}.tmp`, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
  const folder = await open(join(path, '..'), 'r');
  await folder.sync().finally(() => folder.close());
}
