/** Every unordered pair -> its design score and its tool score. Rows are appended to a file as they come, so that a run resumes. */
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareDesigns, compareTools, TOOL_PARAMETERS, type ToolFace, type ToolOutcome } from '../../comparison/index.ts';
import { encodeFeatureSet, encodeMarkSet } from '../../features/index.ts';
import { scoreTable, type ScoredPair, type ScoreTable } from '../../likelihood/index.ts';
import { type EngineStamp, sha256 } from './engine.ts';
import { type EvaluatedFace, inLanes } from './faces.ts';
import { compareSurfaceRow } from './surfaces.ts';

/** Candidates a native call. */
const BATCH = 64;
const HEADER = 8;

/** Scores of all pairs. Tools: 0 where the designs differ or the marks were not compared, NaN where they were not asked for. */
export interface PairTables {
  readonly design: ScoreTable;
  readonly tool: ScoreTable;
  /** What came of the comparison of tools; null where there was none. */
  readonly outcome: (first: number, second: number) => ToolOutcome | null;
}

const OUTCOMES = ['compared', 'unsuitable', 'strokes-not-registered'] as const satisfies readonly ToolOutcome[];
const COLUMNS = ['design', 'tool', 'outcome'] as const;

/** Scores of face i with i + 1, i + 2, ...; NaN where one of the two was not measured. Outcome: its place in OUTCOMES, NaN for none. */
type Row = Readonly<Record<(typeof COLUMNS)[number], Float64Array>>;

/** @param onDone told how many pairs were compared since it was last told */
export async function comparePairs(faces: readonly EvaluatedFace[], out: string, stamp: EngineStamp, designsOnly: boolean, onDone: (pairs: number) => void): Promise<PairTables> {
  const n = faces.length;
  const key = sha256(JSON.stringify([stamp, designsOnly, COLUMNS]), ...faces.flatMap((f) => [f.features ? encodeFeatureSet(f.features) : '', f.marks ? encodeMarkSet(f.marks) : '', ...(f.surface ? [Buffer.from(f.surface.marks), f.surface.walls] : [])])).slice(0, 40);
  const path = join(out, 'cache', `scores-${key}.bin`);
  await mkdir(join(out, 'cache'), { recursive: true });
  const rows = await readRows(path, n);
  for (const row of rows.values()) onDone(row.design.length);
  const file = await open(path, 'a');
  try {
    await inLanes(n - 1, async (i) => {
      if (rows.has(i)) return;
      const row = await compareRow(faces, i, designsOnly);
      rows.set(i, row);
      await file.write(Buffer.concat([header(i), ...COLUMNS.map((c) => new Uint8Array(row[c].buffer))]));
      onDone(row.design.length);
    });
  } finally {
    await file.close();
  }
  const outcomes = scoreTable(n, scored(rows, 'outcome'));
  return { design: scoreTable(n, scored(rows, 'design')), tool: scoreTable(n, scored(rows, 'tool')), outcome: (a, b) => OUTCOMES[outcomes.scores[a * n + b]!] ?? null };
}

async function compareRow(faces: readonly EvaluatedFace[], i: number, designsOnly: boolean): Promise<Row> {
  const count = faces.length - i - 1;
  const empty = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  const row: Row = { design: empty(), tool: empty(), outcome: empty() };
  const { features, marks, surface } = faces[i]!;
  if (surface) {
    const found = await compareSurfaceRow(surface, faces.slice(i + 1).map((f) => f.surface));
    found.forEach((c, k) => {
      if (!c) return;
      row.tool[k] = c.toolScore;
      row.outcome[k] = OUTCOMES.indexOf(c.outcome);
    });
    return row;
  }
  if (!features) return row;
  const partners = faces.flatMap((f, j) => (j > i && f.features ? [{ at: j - i - 1, features: f.features, marks: f.marks }] : []));
  for (let from = 0; from < partners.length; from += BATCH) {
    const batch = partners.slice(from, from + BATCH);
    const designs = await compareDesigns(features, batch.map((p) => p.features));
    batch.forEach((p, k) => (row.design[p.at] = designs[k]!.designScore));
    if (designsOnly || !marks) continue;
    const same = batch.flatMap((p, k): (ToolFace & { at: number })[] => {
      if (!p.marks) return [];
      row.tool[p.at] = 0;
      return designs[k]!.designScore >= TOOL_PARAMETERS.sameDesign.value ? [{ at: p.at, features: p.features, marks: p.marks }] : [];
    });
    const tools = await compareTools({ features, marks }, same);
    tools.forEach((t, k) => {
      row.tool[same[k]!.at] = t.toolScore;
      row.outcome[same[k]!.at] = OUTCOMES.indexOf(t.outcome);
    });
  }
  return row;
}

function header(i: number): Buffer {
  const b = Buffer.alloc(HEADER);
  b.writeUInt32LE(i, 0);
  return b;
}

/** The rows a former run finished; a record cut by a kill is dropped. */
async function readRows(path: string, n: number): Promise<Map<number, Row>> {
  const rows = new Map<number, Row>();
  if (!existsSync(path)) await writeFile(path, '');
  const bytes = await readFile(path);
  let at = 0;
  while (at + HEADER <= bytes.length) {
    const i = bytes.readUInt32LE(at);
    const column = 8 * (n - i - 1);
    const end = at + HEADER + COLUMNS.length * column;
    if (i >= n || end > bytes.length) break;
    const scores = (k: number): Float64Array => new Float64Array(new Uint8Array(bytes.subarray(at + HEADER + k * column, at + HEADER + (k + 1) * column)).buffer);
    rows.set(i, { design: scores(0), tool: scores(1), outcome: scores(2) });
    at = end;
  }
  if (at < bytes.length) await truncate(path, at);
  return rows;
}

function* scored(rows: ReadonlyMap<number, Row>, which: (typeof COLUMNS)[number]): Iterable<ScoredPair> {
  for (const [i, { [which]: scores }] of rows) for (let k = 0; k < scores.length; k++) yield { first: i, second: i + 1 + k, score: scores[k]! };
}

/**
 * `probe,reference,design_score,tool_score,log10_lr_tool,calibration,status`: every unordered pair in the manifest's order.
 * The calibration is the one behind the LR, and says where it is simulated. The status is `ok`; `different-design`, `unsuitable` or `strokes-not-registered` (the tool score is 0: no marks were compared);
 * `uncalibrated` where there is a score and no LR; or the code of a photograph's problem, which may be of its marks alone.
 */
export async function writePairs(path: string, faces: readonly EvaluatedFace[], { design, tool, outcome }: PairTables, ratios: ScoreTable | null, calibration: string): Promise<void> {
  const file = await open(path, 'w');
  const quoted = (name: string): string => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  const shown = (score: number): string => (Number.isNaN(score) ? '' : String(score));
  try {
    await file.write('probe,reference,design_score,tool_score,log10_lr_tool,calibration,status\n');
    for (let i = 0; i < design.count; i++) {
      const lines: string[] = [];
      for (let j = i + 1; j < design.count; j++) {
        const [d, t, r] = [design, tool, ratios].map((table) => table?.scores[i * design.count + j] ?? Number.NaN) as [number, number, number];
        const both = [faces[i]!.record, faces[j]!.record];
        const result = outcome(i, j);
        const status = both.map((f) => f.status).find((s) => s !== 'ok') ?? both.map((f) => f.marksProblem).find((s) => s) ?? (d < TOOL_PARAMETERS.sameDesign.value ? 'different-design' : result !== null && result !== 'compared' ? result : result && Number.isNaN(r) ? 'uncalibrated' : 'ok');
        lines.push(`${quoted(both[0]!.file)},${quoted(both[1]!.file)},${shown(d)},${shown(t)},${shown(r)},${Number.isNaN(r) ? '' : calibration},${status}\n`);
      }
      if (lines.length > 0) await file.write(lines.join(''));
    }
  } finally {
    await file.close();
  }
}
