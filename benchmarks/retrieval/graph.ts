/** The graph of one vector set, built once and kept in a folder outside the repository. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExactIndex, HnswIndex, loadGraph, saveGraph, type VectorSource } from '../../src/retrieval/index.ts';
import { vectorAt, type VectorSet } from './vectors.ts';

export interface BuiltGraph {
  readonly graph: HnswIndex;
  /** Time and processor time of the build; the machine may have been busy with other work. */
  readonly buildSeconds: number;
  readonly buildCpuSeconds: number;
}

const STEP = 4096;

export function sourceOf(set: VectorSet, generation: string): VectorSource {
  return {
    generation,
    dimension: set.dimension,
    featureVersion: 1,
    count: () => set.count,
    watermark: () => set.count,
    *changes(after) {
      for (let i = after; i < set.count; i += STEP) {
        const end = Math.min(i + STEP, set.count);
        yield { watermark: end, removed: [], added: Array.from({ length: end - i }, (_, j) => ({ key: i + j, vector: vectorAt(set, i + j) })) };
      }
    },
  };
}

export async function graphOf(source: VectorSource, exact: ExactIndex, folder: string, progress: (done: number) => void): Promise<BuiltGraph> {
  const timing = join(folder, 'build.json');
  const loaded = await loadGraph(folder, source, exact);
  if (!('refused' in loaded)) return { graph: loaded.graph, ...(JSON.parse(await readFile(timing, 'utf8')) as Omit<BuiltGraph, 'graph'>) };
  const start = performance.now();
  const cpu = process.cpuUsage();
  const graph = await HnswIndex.create(exact, { capacity: source.count() });
  for await (const { added, watermark } of source.changes(0)) {
    await graph.add(added);
    progress(watermark);
  }
  const used = process.cpuUsage(cpu);
  const times = { buildSeconds: (performance.now() - start) / 1000, buildCpuSeconds: (used.user + used.system) / 1e6 };
  await saveGraph(folder, source, { graph, watermark: source.watermark(), ef: null, calibratedAt: 0 });
  await writeFile(timing, JSON.stringify(times));
  return { graph, ...times };
}
