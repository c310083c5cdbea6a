/** One case of the benchmark: one kind of vectors in one number. */
import { loadavg } from 'node:os';
import { auditRecall, calibrateEf, choosePlan, ExactIndex, keyFilter, type Calibration, type HnswIndex, type KeyFilter, type PlanChoice, type RecallAudit } from '../../src/retrieval/index.ts';
import { scanJavaScript, scanPlain } from '../peers/index.ts';
import { graphOf, sourceOf } from './graph.ts';
import { makeVectors, seeded, vectorAt, type VectorKind, type VectorSet } from './vectors.ts';

export const K = 100;
export const FILTER_SHARE = 0.02;
export const SEED = 2026;

export interface Times {
  readonly searches: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

export interface FilterResult {
  readonly filter: string;
  readonly passing: number;
  readonly plan: PlanChoice;
  /** Recall and times of the answers as planned. */
  readonly planned: { readonly audit: RecallAudit; readonly times: Times };
  /** Recall and times of the graph by itself, however wide it has to search; null where it was not asked. */
  readonly graphAlone: { readonly audit: RecallAudit; readonly times: Times } | null;
  readonly scan: Times;
}

export interface CaseResult {
  readonly kind: VectorKind;
  readonly count: number;
  readonly designs: number;
  readonly buildSeconds: number;
  readonly buildCpuSeconds: number;
  /** What the product measures: null where a scan is faster. */
  readonly calibration: Calibration;
  /** The width that reaches the recall, however long it takes: the graph alone is measured with it. */
  readonly width: number;
  readonly parts: number;
  /** Recall of the graph by itself for probes that are not stored, by width of search. */
  readonly byWidth: readonly { readonly ef: number; readonly audit: RecallAudit; readonly times: Times }[];
  readonly filters: readonly FilterResult[];
  readonly peers: readonly { readonly name: string; readonly agrees: boolean; readonly times: Times }[];
  /** Runnable processes of the machine when the case began and ended: above the number of cores, times are too long. */
  readonly load: readonly [number, number];
}

export interface CaseOptions {
  readonly probes: number;
  readonly folder: string;
  readonly say: (text: string) => void;
}

export async function measureCase(kind: VectorKind, count: number, { probes, folder, say }: CaseOptions): Promise<CaseResult> {
  const began = loadavg()[0]!;
  say('making vectors');
  const set = makeVectors(kind, count, 500, SEED);
  const source = sourceOf(set, `${kind}-${count}-${SEED}`);
  const exact = new ExactIndex(set.dimension);
  for await (const { added } of source.changes(0)) await exact.add(added);
  const { graph, buildSeconds, buildCpuSeconds } = await graphOf(source, exact, folder, (done) => say(`building the graph: ${done} of ${count}`));
  const queries = Array.from({ length: probes }, (_, i) => vectorAt(set, count + i));

  say('measuring the width of search');
  const calibration = await calibrateEf(exact, graph);
  const width = calibration.ef ?? (await calibrateEf(exact, graph, 50)).ef;
  if (width === null) throw new Error('no width of search reaches the recall in 50 times the time of a scan');
  const byWidth: CaseResult['byWidth'][number][] = [];
  const widths = [...new Set([100, 200, 400, 800, 1600, width])].sort((a, b) => a - b);
  for (const ef of widths) {
    say(`recall at ef ${ef}`);
    graph.ef = ef;
    byWidth.push({ ef, ...(await recallAndTimes(exact, graph, queries)) });
  }
  graph.ef = width;

  const filters: FilterResult[] = [];
  for (const [name, filter] of filtersOf(set)) {
    say(`filter: ${name}`);
    filters.push(await measureFilter(name, filter, { exact, graph, queries, ef: calibration.ef }));
  }

  say('peers');
  const stored = set.vectors.subarray(0, count * set.dimension);
  const peers = [
    await peer('plain loop in C++, one core', queries.slice(0, 20), exact, async (query) => scanPlain(stored, query, K)),
    await peer('plain loop in JavaScript, one core', queries.slice(0, 7), exact, async (query) => scanJavaScript(stored, query, K)),
  ];
  await graph.close();
  await exact.close();
  const { parts } = graph;
  return { kind, count, designs: new Set(set.design.subarray(0, count)).size, buildSeconds, buildCpuSeconds, calibration, width, parts, byWidth, filters, peers, load: [began, loadavg()[0]!] };
}

interface Measured {
  readonly exact: ExactIndex;
  readonly graph: HnswIndex;
  readonly queries: readonly Int8Array[];
  readonly ef: number | null;
}

async function measureFilter(name: string, filter: KeyFilter | undefined, { exact, graph, queries, ef }: Measured): Promise<FilterResult> {
  const passing = exact.passing(filter);
  const state = ef === null ? ({ state: 'absent', why: 'No width of search reaches the recall faster than a scan.' } as const) : ({ state: 'ready', ef, parts: graph.parts } as const);
  const plan = choosePlan({ mode: 'auto', k: K, of: exact.size, passing, graph: state });
  const planned = await recallAndTimes(exact, plan.plan === 'hnsw' ? graph : exact, queries, filter);
  // With a filter the graph alone fetches many times more than it returns: few probes, or hours.
  const alone = plan.plan === 'hnsw' ? null : await recallAndTimes(exact, { search: async (q, k, f) => (await graph.fetch(q, k, f, Number.POSITIVE_INFINITY)) ?? [] }, filter ? queries.slice(0, 20) : queries, filter);
  return { filter: name, passing, plan, planned, graphAlone: alone, scan: (await timed(queries, (query) => exact.search(query, K, filter))).times };
}

async function recallAndTimes(exact: ExactIndex, index: Pick<HnswIndex, 'search'>, queries: readonly Int8Array[], filter?: KeyFilter): Promise<{ audit: RecallAudit; times: Times }> {
  const { answers, times } = await timed(queries, (query) => index.search(query, K, filter));
  let next = 0;
  return { audit: await auditRecall(exact, { search: async () => answers[next++]! }, queries, K, filter), times };
}

async function timed<Answer>(queries: readonly Int8Array[], search: (query: Int8Array) => Promise<Answer>): Promise<{ answers: Answer[]; times: Times }> {
  // Warm: code, caches and the worker's pages.
  for (const query of queries.slice(0, 3)) await search(query);
  const answers: Answer[] = [];
  const took: number[] = [];
  for (const query of queries) {
    const start = performance.now();
    answers.push(await search(query));
    took.push(performance.now() - start);
  }
  took.sort((a, b) => a - b);
  return { answers, times: { searches: took.length, medianMs: took[Math.floor(took.length / 2)]!, p95Ms: took[Math.min(took.length - 1, Math.floor(took.length * 0.95))]! } };
}

async function peer(name: string, queries: readonly Int8Array[], exact: ExactIndex, search: (query: Int8Array) => Promise<number[]>): Promise<CaseResult['peers'][number]> {
  const { answers, times } = await timed(queries, search);
  let agrees = true;
  for (const [i, query] of queries.entries()) {
    const keys = (await exact.search(query, K)).map(({ key }) => key);
    agrees &&= keys.every((key, rank) => key === answers[i]![rank]);
  }
  return { name, agrees, times };
}

/** No filter; 2 % at random; and 2 % that belong together: whole designs, or one side of the strongest direction. */
function filtersOf(set: VectorSet): [string, KeyFilter | undefined][] {
  const random = seeded(SEED + 1);
  const some = Array.from({ length: set.count }, (_, key) => key).filter(() => random() < FILTER_SHARE);
  return [
    ['none', undefined],
    ['2 % at random', keyFilter(some)],
    ['2 % that belong together', keyFilter(set.kind === 'clustered' ? wholeDesigns(set) : oneSide(set))],
  ];
}

function wholeDesigns(set: VectorSet): number[] {
  const random = seeded(SEED + 2);
  const keys: number[] = [];
  const chosen = new Map<number, boolean>();
  for (let key = 0; key < set.count; key++) {
    const design = set.design[key]!;
    if (!chosen.has(design)) chosen.set(design, random() < FILTER_SHARE);
    if (chosen.get(design)) keys.push(key);
  }
  return keys;
}

/** The 2 % of largest value along the dimension that varies most. */
function oneSide({ vectors, count, dimension }: VectorSet): number[] {
  const rows = Math.min(count, 2000);
  const variance = (d: number): number => {
    let [sum, squares] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const x = vectors[row * dimension + d]!;
      sum += x;
      squares += x * x;
    }
    return squares / rows - (sum / rows) ** 2;
  };
  const strongest = Array.from({ length: dimension }, (_, d) => d).reduce((best, d) => (variance(d) > variance(best) ? d : best), 0);
  const value = (key: number): number => vectors[key * dimension + strongest]!;
  return Array.from({ length: count }, (_, key) => key)
    .sort((a, b) => value(b) - value(a) || a - b)
    .slice(0, Math.round(FILTER_SHARE * count));
}
