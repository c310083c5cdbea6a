/** The graph of one vector set, built once and kept in a folder outside the repository. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExactIndex, HnswIndex, loadGraph, saveGraph, type VectorSource } from '../../src/retrieval/index.ts';
import { vectorAt, type VectorSet } from './vectors.ts';

/** Time and processor time of a build; the machine may have been busy with other work. */
interface BuildTimes {
  readonly buildSeconds: number;
  readonly buildCpuSeconds: number;
}

export type BuiltGraph = BuildTimes & { readonly graph: HnswIndex };

const STEP = 4096;
/** A build that is stopped goes on from the last multiple of this. */
const CHECKPOINT = 61 * STEP;

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
  await mkdir(folder, { recursive: true });
  const timing = join(folder, 'build.json');
  const loaded = await loadGraph(folder, source, exact);
  const known = 'refused' in loaded ? undefined : await readFile(timing, 'utf8').then((text) => JSON.parse(text) as BuildTimes, () => undefined);
  const graph = 'refused' in loaded ? await HnswIndex.create(exact) : loaded.graph;
  const total = { buildSeconds: known?.buildSeconds ?? 0, buildCpuSeconds: known?.buildCpuSeconds ?? 0 };
  let [wall, cpu] = [performance.now(), process.cpuUsage()];
  for await (const { added, watermark } of source.changes('refused' in loaded ? 0 : loaded.watermark)) {
    await graph.add(added);
    progress(watermark);
    if (watermark % CHECKPOINT !== 0 && watermark !== source.watermark()) continue;
    const used = process.cpuUsage(cpu);
    total.buildSeconds += (performance.now() - wall) / 1000;
    total.buildCpuSeconds += (used.user + used.system) / 1e6;
    await saveGraph(folder, source, { graph, watermark, ef: null, calibratedAt: 0 });
    await writeFile(timing, JSON.stringify(total));
    [wall, cpu] = [performance.now(), process.cpuUsage()];
  }
  return { graph, ...total };
}
