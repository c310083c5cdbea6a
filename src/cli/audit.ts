/**
 * `relievo audit`: what the graph index would miss. Reads the stored vectors of a data folder, builds both indexes
 * beside each other and compares their answers; the service may run meanwhile.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { productionEngine, vectorSource } from '../casework/index.ts';
import { systemClock } from '../platform/clock/index.ts';
import { readConfiguration } from '../platform/config/index.ts';
import { openDatabase } from '../platform/database/index.ts';
import { ExactIndex, HnswIndex, auditRecall, calibrateEf, keyFilter, type KeyFilter, type RecallAudit, type VectorIndex } from '../retrieval/index.ts';
import { table } from './table.ts';

interface AuditOptions {
  readonly data?: string;
  readonly k: number;
  readonly probes: number;
  readonly ef?: number;
  readonly json?: boolean;
}

/** Shares of the vectors that the filters of an audit let pass. */
const FILTERS = [1, 0.1, 0.02] as const;

interface AuditLine extends RecallAudit {
  /** Share of the vectors that the filter lets pass. */
  readonly passing: number;
  readonly exactMs: number;
  readonly hnswMs: number;
}

export function registerAudit(program: Command): void {
  program
    .command('audit')
    .description('recall audit: compare the graph index with the exact one over the stored vectors of a data folder')
    .option('--data <folder>', 'data folder (default: the configuration)')
    .option('--k <number>', 'neighbours asked for', positive, 100)
    .option('--probes <number>', 'stored vectors to search with, evenly spaced', positive, 200)
    .option('--ef <number>', 'width of the graph search (default: calibrated, as the service does)', positive)
    .option('--json', 'print one JSON document instead of a table')
    .action(audit);
}

async function audit({ data, k, probes, ef, json }: AuditOptions): Promise<void> {
  const { dataFolder } = readConfiguration(undefined, { RELIEVO_DATA: data }).configuration;
  const file = join(dataFolder, 'relievo.db');
  if (!existsSync(file)) throw new Error(`There is no database in ${dataFolder}; name the data folder with --data.`);
  const db = openDatabase(file, { timestamp: systemClock.timestamp() });
  const exact = new ExactIndex(productionEngine.dimension);
  const started = systemClock.monotonicMs();
  let watermark = 0;
  for await (const changes of vectorSource(db, productionEngine).changes(0)) {
    await exact.add(changes.added);
    await exact.remove(changes.removed);
    watermark = changes.watermark;
  }
  db.close();
  if (exact.size < 2) throw new Error('The data folder holds fewer than two faces; there is nothing to audit.');
  const graph = await graphOf(exact);
  try {
    const builtMs = systemClock.monotonicMs() - started;
    const calibrated = ef === undefined ? (await calibrateEf(exact, graph)).ef : null;
    if (ef !== undefined) graph.ef = ef;
    const queries = evenly(exact, Math.min(probes, exact.size));
    const lines: AuditLine[] = [];
    for (const passing of FILTERS) lines.push(await line(exact, graph, queries, k, passing));
    const report = { faces: exact.size, watermark, k, probes: queries.length, ef: graph.ef, efFrom: ef !== undefined ? 'given' : calibrated === null ? 'standard' : 'calibrated', builtMs: Math.round(builtMs), lines } as const;
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : text(report));
  } finally {
    await graph.close();
    await exact.close();
  }
}

async function graphOf(exact: ExactIndex): Promise<HnswIndex> {
  const graph = await HnswIndex.create(exact);
  await graph.add([...exact.keys()].map((key) => ({ key, vector: exact.vector(key)! })));
  return graph;
}

const evenly = (exact: ExactIndex, count: number): Int8Array[] => {
  const keys = [...exact.keys()];
  return Array.from({ length: count }, (_, i) => exact.vector(keys[Math.floor((i * keys.length) / count)]!)!);
};

async function line(exact: ExactIndex, graph: HnswIndex, queries: readonly Int8Array[], k: number, passing: number): Promise<AuditLine> {
  const filter = passing === 1 ? undefined : keyFilter([...exact.keys()].filter((_, i) => i % Math.round(1 / passing) === 0));
  const recall = await auditRecall(exact, graph, queries, k, filter);
  return { passing, ...recall, exactMs: await perQuery(exact, queries, k, filter), hnswMs: await perQuery(graph, queries, k, filter) };
}

async function perQuery(index: VectorIndex, queries: readonly Int8Array[], k: number, filter: KeyFilter | undefined): Promise<number> {
  const from = systemClock.monotonicMs();
  for (const query of queries) await index.search(query, k, filter);
  return (systemClock.monotonicMs() - from) / queries.length;
}

interface AuditReport {
  readonly faces: number;
  readonly watermark: number;
  readonly k: number;
  readonly probes: number;
  readonly ef: number;
  /** `standard`: no width reaches the recall the service asks for at a lower price than a scan, so the service scans. */
  readonly efFrom: 'given' | 'calibrated' | 'standard';
  readonly builtMs: number;
  readonly lines: readonly AuditLine[];
}

const EF_MEANING = {
  given: 'as given',
  calibrated: 'calibrated, as the service does',
  standard: 'no width of the graph search reaches the recall that the service asks for at a lower price than a scan: the service scans all vectors, and misses none',
} as const;

function text({ faces, watermark, k, probes, ef, efFrom, builtMs, lines }: AuditReport): string {
  const share = (value: number): string => value.toFixed(4);
  const rows = lines.map((l) => [share(l.passing), String(l.expected), String(l.found), share(l.recall.value), share(l.recall.low), share(l.recall.high), share(l.worst), l.exactMs.toFixed(2), l.hnswMs.toFixed(2)]);
  return [
    `${faces} faces up to change ${watermark}; ${probes} probes, ${k} neighbours each; both indexes built in ${(builtMs / 1000).toFixed(1)} s`,
    `graph width (ef) ${ef}: ${EF_MEANING[efFrom]}`,
    '',
    table(['passing', 'neighbours', 'found', 'recall', 'low', 'high', 'worst', 'exact ms', 'graph ms'], rows),
    '',
    'recall: share of the exact neighbours that the graph returns, with its Wilson 95 % interval; worst: the smallest recall of one probe',
    '',
  ].join('\n');
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1');
  return number;
}
