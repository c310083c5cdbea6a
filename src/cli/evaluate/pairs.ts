/** Every unordered pair -> its design score. Rows are appended to a file as they come, so that a run resumes. */
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareDesigns } from '../../comparison/index.ts';
import { encodeFeatureSet } from '../../features/index.ts';
import { scoreTable, type ScoredPair, type ScoreTable } from '../../likelihood/index.ts';
import { type EngineStamp, sha256 } from './engine.ts';
import { type EvaluatedFace, inLanes } from './faces.ts';

/** Candidates a native call. */
const BATCH = 64;
const HEADER = 8;

/** @param onDone told how many pairs were compared since it was last told */
export async function comparePairs(faces: readonly EvaluatedFace[], out: string, stamp: EngineStamp, onDone: (pairs: number) => void): Promise<ScoreTable> {
  const n = faces.length;
  const key = sha256(JSON.stringify(stamp), ...faces.map((f) => (f.features ? encodeFeatureSet(f.features) : ''))).slice(0, 40);
  const path = join(out, 'cache', `scores-${key}.bin`);
  await mkdir(join(out, 'cache'), { recursive: true });
  const rows = await readRows(path, n);
  for (const row of rows.values()) onDone(row.length);
  const file = await open(path, 'a');
  try {
    await inLanes(n - 1, async (i) => {
      if (rows.has(i)) return;
      const row = await compareRow(faces, i);
      rows.set(i, row);
      await file.write(Buffer.concat([header(i), new Uint8Array(row.buffer)]));
      onDone(row.length);
    });
  } finally {
    await file.close();
  }
  return scoreTable(n, scored(rows));
}

/** Scores of face i with i + 1, i + 2, ...; NaN where one of the two was not measured. */
async function compareRow(faces: readonly EvaluatedFace[], i: number): Promise<Float64Array> {
  const row = new Float64Array(faces.length - i - 1).fill(Number.NaN);
  const probe = faces[i]!.features;
  if (!probe) return row;
  const partners = faces.flatMap(({ features }, j) => (j > i && features ? [{ j, features }] : []));
  for (let at = 0; at < partners.length; at += BATCH) {
    const batch = partners.slice(at, at + BATCH);
    const found = await compareDesigns(probe, batch.map((p) => p.features));
    found.forEach((c, k) => (row[batch[k]!.j - i - 1] = c.designScore));
  }
  return row;
}

function header(i: number): Buffer {
  const b = Buffer.alloc(HEADER);
  b.writeUInt32LE(i, 0);
  return b;
}

/** The rows a former run finished; a record cut by a kill is dropped. */
async function readRows(path: string, n: number): Promise<Map<number, Float64Array>> {
  const rows = new Map<number, Float64Array>();
  if (!existsSync(path)) await writeFile(path, '');
  const bytes = await readFile(path);
  let at = 0;
  while (at + HEADER <= bytes.length) {
    const i = bytes.readUInt32LE(at);
    const end = at + HEADER + 8 * (n - i - 1);
    if (i >= n || end > bytes.length) break;
    rows.set(i, new Float64Array(new Uint8Array(bytes.subarray(at + HEADER, end)).buffer));
    at = end;
  }
  if (at < bytes.length) await truncate(path, at);
  return rows;
}

function* scored(rows: ReadonlyMap<number, Float64Array>): Iterable<ScoredPair> {
  for (const [i, row] of rows) for (let k = 0; k < row.length; k++) yield { first: i, second: i + 1 + k, score: row[k]! };
}

/** `probe,reference,design_score,tool_score,status`: every unordered pair in the manifest's order; no tool score is made yet. */
export async function writePairs(path: string, faces: readonly EvaluatedFace[], table: ScoreTable): Promise<void> {
  const file = await open(path, 'w');
  const quoted = (name: string): string => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  try {
    await file.write('probe,reference,design_score,tool_score,status\n');
    for (let i = 0; i < table.count; i++) {
      const lines: string[] = [];
      for (let j = i + 1; j < table.count; j++) {
        const score = table.scores[i * table.count + j]!;
        const status = [faces[i]!, faces[j]!].map((f) => f.record.status).find((s) => s !== 'ok') ?? 'ok';
        lines.push(`${quoted(faces[i]!.record.file)},${quoted(faces[j]!.record.file)},${Number.isNaN(score) ? '' : score},,${status}\n`);
      }
      if (lines.length > 0) await file.write(lines.join(''));
    }
  } finally {
    await file.close();
  }
}
