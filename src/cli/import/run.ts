/**
 * One import, as a client of the REST API. Everything it does can be done again without harm, so a run that was
 * cut off is resumed by running it once more.
 *
 * 1 read     manifest.csv
 * 2 digest   the SHA-256 of every file
 * 3 look up  which digests the service has; those are not sent again
 * 4 send     seizure, exhibit and specimen by reference, the file by its digest, then attach it
 * 5 examine  wait for the job of each photograph
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { asProblem, Problem } from '../../domain/index.ts';
import type { Client } from '../client.ts';
import { eachOf } from './each.ts';
import { readManifest, type ManifestDefaults, type ManifestEntry } from './manifest.ts';
import { importRecords, type ImportRecords } from './records.ts';
import { importReport, problemOf, type FileReport, type ImportReport } from './report.ts';

export interface ImportOptions {
  readonly folder: string;
  readonly client: Client;
  readonly defaults?: ManifestDefaults;
  /** Files that are sent at the same time. */
  readonly concurrency: number;
  readonly dryRun: boolean;
  /** Different for every run: visible ASCII, at most 100 characters. */
  readonly runKey: string;
  readonly onProgress: (phase: 'digest' | 'send' | 'examine', done: number, total: number) => void;
}

interface Upload {
  readonly photograph: { readonly id: string; readonly status: string };
  readonly job: { readonly id: string };
}
interface PhotographView {
  readonly faceIds: readonly string[];
}
interface Digested {
  readonly entry: ManifestEntry;
  readonly sha256: string;
}
interface Sent extends Digested {
  readonly upload: Upload;
  readonly isNew: boolean;
}

const LOOKUP_AT_ONCE = 1_000;
const WAITING_AT_ONCE = 4;

/** @throws Error when there is no manifest, ServiceError when there is no service; what is wrong with a file is in the report */
export async function importFolder({ folder, client, defaults, concurrency, dryRun, runKey, onProgress }: ImportOptions): Promise<ImportReport> {
  const reports = new Map<string, FileReport>();
  const done = (report: FileReport): void => void reports.set(report.file, report);
  // 1
  const { entries, faults } = readManifest(folder, defaults);
  for (const { file, line, reason } of faults) done({ file: file || `line ${line}`, outcome: 'failed', reason: `manifest.csv, line ${line}: ${reason}` });
  const wanted = entries.filter(({ file }) => !reports.has(file));
  // 2
  const digested: Digested[] = [];
  await eachOf(wanted, concurrency, async (entry) => {
    const sha256 = await digestOf(entry.path).catch((error: unknown) => done(failed(entry, error)));
    if (sha256) digested.push({ entry, sha256 });
  }, (count) => onProgress('digest', count, wanted.length));
  // 3
  const sealed = await lookUp(client, digested, runKey);
  if (dryRun) {
    for (const { entry, sha256 } of digested) done({ file: entry.file, outcome: sealed.has(sha256) ? 'sealed' : 'new', sha256 });
  } else {
    // 4
    const records = importRecords(client, runKey);
    const sent: Sent[] = [];
    // In the manifest's order, so that an import of the same folder into an empty service gives the same order of records.
    await eachOf(digested.sort((a, b) => wanted.indexOf(a.entry) - wanted.indexOf(b.entry)), concurrency, async (one) => {
      try {
        sent.push(await send(client, records, one, sealed.has(one.sha256), runKey));
      } catch (error) {
        done(failed(one.entry, error, one.sha256));
      }
    }, (count) => onProgress('send', count, digested.length));
    // 5
    await eachOf(sent, WAITING_AT_ONCE, async (one) => done(await examined(client, one)), (count) => onProgress('examine', count, sent.length));
  }
  const order = new Map(entries.map(({ file }, i) => [file, i]));
  return importReport(folder, client.url, dryRun, [...reports.values()].sort((a, b) => (order.get(a.file) ?? -1) - (order.get(b.file) ?? -1)));
}

async function lookUp(client: Client, digested: readonly Digested[], runKey: string): Promise<Set<string>> {
  const digests = [...new Set(digested.map(({ sha256 }) => sha256))];
  const known = new Set<string>();
  for (let at = 0; at < digests.length; at += LOOKUP_AT_ONCE) {
    // A question: asking it twice is safe, which the key tells the client.
    const { body } = await client.post<{ known: string[] }>('/v1/images/lookup', { json: { sha256: digests.slice(at, at + LOOKUP_AT_ONCE) }, idempotencyKey: `${runKey}-lookup-${at}` });
    for (const sha256 of body.known) known.add(sha256);
  }
  return known;
}

async function send(client: Client, records: ImportRecords, { entry, sha256 }: Digested, isSealed: boolean, runKey: string): Promise<Sent> {
  const specimen = await records.specimenOf(entry);
  // The bytes tell their type; a file's ending is often wrong.
  if (!isSealed) await client.put(`/v1/images/${sha256}`, { bytes: { data: await readFile(entry.path), type: 'application/octet-stream' } });
  const { side, mmPerPx } = entry;
  const { status, body } = await client.post<Upload>(`/v1/specimens/${specimen}/images`, { json: { sha256, side, mmPerPx }, idempotencyKey: `${runKey}-${sha256}` });
  return { entry, sha256, upload: body, isNew: status !== 200 };
}

async function examined(client: Client, { entry, sha256, upload, isNew }: Sent): Promise<FileReport> {
  const { id } = upload.photograph;
  try {
    await client.finished(upload.job.id);
    const { body } = await client.get<PhotographView>(`/v1/photographs/${id}`);
    const shared = entry.specimens > 1 ? { reason: `shows ${entry.specimens} specimens; attached to the first` } : {};
    return { file: entry.file, outcome: isNew ? 'imported' : 'known', sha256, photographId: id, faces: body.faceIds.length, ...shared };
  } catch (error) {
    return { ...failed(entry, error, sha256), photographId: id };
  }
}

/** A Problem the sender can mend is a refusal; anything else may go better the next time. */
function failed({ file }: ManifestEntry, error: unknown, sha256?: string): FileReport {
  const found = asProblem(error);
  if (error instanceof Problem && found.status < 500 && found.status !== 429) return { file, outcome: 'refused', ...(sha256 ? { sha256 } : {}), problem: problemOf(found) };
  const reason = error instanceof Problem ? `${found.title}. ${found.detail}` : error instanceof Error ? error.message : String(error);
  return { file, outcome: 'failed', ...(sha256 ? { sha256 } : {}), reason };
}

async function digestOf(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new Error('it is no file');
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
