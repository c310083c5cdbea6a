import { auditRecall, type RecallAudit } from './audit.ts';
import type { ExactIndex } from './exact.ts';
import type { HnswIndex } from './hnsw.ts';
import { RETRIEVAL_PARAMETERS } from './parameters.ts';
import { scanMicros } from './planner.ts';
import type { Neighbour } from './types.ts';

const K = 100;

export interface Calibration {
  /** The narrowest search that reaches the recall; null when none does in the time it may take. */
  readonly ef: number | null;
  /** What was measured on the way, narrowest first. */
  readonly steps: readonly { readonly ef: number; readonly audit: RecallAudit }[];
}

/**
 * Measures how wide the graph must be searched: recall@100 against the exact index for probes that are
 * stored vectors, evenly spaced over the keys, until the lower bound of its interval reaches the target.
 * It is the vectors that decide this: clustered ones need a tenth of what unclustered ones need.
 * Leaves the graph's `ef` at the result.
 * @param patience how often the expected time of a scan a search may take
 */
export async function calibrateEf(exact: ExactIndex, graph: HnswIndex, patience = 1): Promise<Calibration> {
  const { targetRecall, calibrationProbes, ef: standard } = RETRIEVAL_PARAMETERS;
  const probes = sample(exact, calibrationProbes.value);
  // The reference is the same for every width.
  const reference = new Map<unknown, Neighbour[]>();
  for (const probe of probes) reference.set(probe, await exact.search(probe, K));
  const steps: { ef: number; audit: RecallAudit }[] = [];
  for (let ef = K; graph.micros(ef) < patience * scanMicros(graph.costs, exact.size, exact.size); ef = Math.ceil(ef * 1.3)) {
    graph.ef = ef;
    const audit = await auditRecall({ search: async (probe) => reference.get(probe)! }, graph, probes, K);
    steps.push({ ef, audit });
    if (audit.recall.low >= targetRecall.value) return { ef, steps };
  }
  graph.ef = standard.value;
  return { ef: null, steps };
}

/** `count` stored vectors, evenly spaced in the order in which they were added. */
export function sample(exact: ExactIndex, count: number): Int8Array[] {
  const step = Math.max(1, exact.size / count);
  const probes: Int8Array[] = [];
  let i = 0;
  for (const key of exact.keys()) if (i++ >= probes.length * step) probes.push(exact.vector(key)!);
  return probes.slice(0, count);
}
