/**
 * How long does a search among 100,000 faces take, when 10,000 have the probe's design, and does it find the tool?
 *   node benchmarks/speed/search.ts [--tools 400] [--photos 25] [--others 90000] [--probes 100] [--whole 5] [--seed search-benchmark-2] [--work DIR]
 *
 * 1. sets      simulated photographs under one raking lamp: one design, of many tools; and other designs
 * 2. casework  both imported into a real service, which measures them, and gives every face its place
 * 3. copies    faces of the other designs are copied, with changed embeddings, until there are as many as wanted
 * 4. searches  one after another by stored faces, each of another tool as far as there are; the time of each as the service
 *              took it, and the rank of the first candidate of the probe's tool
 * 5. whole     for a few probes every face of the design compared in full: what the scan is measured against
 * A run that was cut off goes on in the same --work folder. With the defaults the sets take an hour and a half of two cores.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { simulate } from '../../fixtures/press-simulator/index.ts';
import { productionEngine } from '../../src/casework/index.ts';
import { Client, type JobView } from '../../src/cli/client.ts';
import type { CandidateView, SearchView } from '../../src/cli/search.ts';
import { compareTools } from '../../src/comparison/index.ts';
import { systemClock as clock } from '../../src/platform/clock/index.ts';
import { openDatabase, type Database } from '../../src/platform/database/index.ts';
import { wilson } from '../../src/retrieval/index.ts';
import { StoredFaces } from '../../src/casework/stored-face.ts';
import { IntakeStore } from '../../src/casework/intake/store.ts';

const { values } = parseArgs({
  options: {
    tools: { type: 'string', default: '400' },
    photos: { type: 'string', default: '25' },
    others: { type: 'string', default: '90000' },
    probes: { type: 'string', default: '100' },
    whole: { type: 'string', default: '5' },
    seed: { type: 'string', default: 'search-benchmark-2' },
    work: { type: 'string', default: join(tmpdir(), 'relievo-search') },
  },
});

const [AIM_SECONDS, AIM_SHARE, FIRST] = [2, 0.9, 10];
const OTHER_DESIGNS = 40;
/** Standard deviation of what is added to each number of a copied embedding, which run from -127 to 127. */
const COPY_NOISE = 6;
const RELIEVO = fileURLToPath(new URL('../../relievo.mjs', import.meta.url));
const data = join(values.work, 'data');
const say = (text: string): void => void process.stderr.write(`${text}\n`);

// 1 sets
const rowsOf = async (set: string): Promise<{ readonly head: string[]; readonly rows: string[][] }> => {
  const [head, ...rows] = (await readFile(join(set, 'manifest.csv'), 'utf8')).trim().split('\n').map((row) => row.split(','));
  return { head: head!, rows };
};

async function setOf(name: string, options: { readonly designs: number; readonly tools: number; readonly photos: number; readonly seed: string }): Promise<string> {
  const out = join(values.work, `${name}-${options.seed}-${options.tools}x${options.photos}`);
  if (existsSync(join(out, 'manifest.csv'))) return out;
  say(`1 ${name}: ${options.designs * options.tools * options.photos} photographs`);
  await simulate({ ...options, light: 'raking', library: 'unseen', sizePx: 480, out });
  return out;
}

/** Takes the rows of one design out of a set, and gives its seizures other names: it comes beside a set that has the design. */
async function without(set: string, design: string): Promise<void> {
  const { head, rows } = await rowsOf(set);
  const [column, seizure] = [head.indexOf('design_id'), head.indexOf('seizure_id')];
  const kept = rows.filter((row) => row[column] !== design).map((row) => row.with(seizure, `O${row[seizure]!.replace(/^O/, '')}`));
  await writeFile(join(set, 'manifest.next'), `${[head, ...kept].map((row) => row.join(',')).join('\n')}\n`);
  await rename(join(set, 'manifest.next'), join(set, 'manifest.csv'));
}

// 2 casework
interface Service {
  readonly client: Client;
  stop(): Promise<void>;
}

async function serve(): Promise<Service> {
  const child: ChildProcess = spawn(process.execPath, [RELIEVO, 'serve', '--data', data, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, RELIEVO_RATE_LIMIT: '1000000', RELIEVO_LOG_LEVEL: 'error' } });
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    const url = /serves (http:\S+)\/v1/.exec(text)?.[1];
    if (!url) continue;
    const key = (await readFile(join(data, 'operator-key'), 'utf8')).trim();
    return {
      client: new Client({ url, key }),
      async stop() {
        child.kill('SIGTERM');
        await once(child, 'exit');
      },
    };
  }
  throw new Error(`the service did not start: ${text}`);
}

async function bring(set: string, { client }: Service): Promise<void> {
  say(`2 import of ${set}`);
  const child = spawn(process.execPath, [RELIEVO, 'import', set, '--data', data, '--url', client.url, '--drug-type', 'mdma', '--quiet'], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number];
  if (code === 1) throw new Error('some files failed: run it again');
}

/** Until every job is done. */
async function settle({ client }: Service): Promise<void> {
  for (;;) {
    const open = await Promise.all(['queued', 'running'].map(async (status) => (await client.get<{ items: JobView[] }>(`/v1/jobs?status=${status}&limit=1`)).body.items));
    if (open.flat().length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

// 3 copies
function copyFaces(db: Database, design: string, wanted: number): void {
  const serials = db.prepare<{ serial: number }>("SELECT serial FROM faces JOIN specimens ON specimens.id = faces.specimen_id WHERE specimens.reference IS NOT NULL AND specimens.reference NOT LIKE ? || '-T%'").all([design]).map((row) => row.serial);
  const there = db.prepare<{ n: number }>('SELECT count(*) AS n FROM faces JOIN specimens ON specimens.id = faces.specimen_id WHERE specimens.reference IS NULL').get()!.n + serials.length;
  say(`3 copies: ${Math.max(0, wanted - there)}`);
  let state = 1;
  const uniform = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const noise = (): number => COPY_NOISE * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  for (let made = there; made < wanted; ) {
    db.transaction(() => {
      for (const end = Math.min(wanted, made + 1000); made < end; made++) {
        const serial = serials[made % serials.length]!;
        const specimen = clock.newId('sp');
        db.prepare("INSERT INTO specimens (id, seizure_id, kind, created_at) SELECT ?, seizure_id, kind, created_at FROM faces WHERE serial = ?").run([specimen, serial]);
        const { copy } = db.prepare<{ copy: number }>('INSERT INTO faces (id, photograph_id, image_sha256, specimen_id, seizure_id, kind, measurement, outline, crop, provenance, created_at) SELECT ?, photograph_id, image_sha256, ?, seizure_id, kind, measurement, outline, crop, provenance, created_at FROM faces WHERE serial = ? RETURNING serial AS copy').get([clock.newId('fa'), specimen, serial])!;
        const { version, embedding, features } = db.prepare<{ version: number; embedding: Uint8Array; features: Uint8Array }>('SELECT version, embedding, features FROM face_features WHERE serial = ?').get([serial])!;
        const changed = Int8Array.from(new Int8Array(Uint8Array.from(embedding).buffer), (v) => Math.max(-127, Math.min(127, Math.round(v + noise()))));
        db.prepare('INSERT INTO face_features (serial, version, embedding, features) VALUES (?, ?, ?, ?)').run([copy, version, new Uint8Array(changed.buffer), features]);
        db.prepare('INSERT INTO index_changes (serial) VALUES (?)').run([copy]);
        db.prepare('UPDATE index_counts SET vectors = vectors + 1 WHERE version = ?').run([version]);
      }
    });
  }
}

// 4 searches
interface Probe {
  readonly serial: number;
  readonly id: string;
  readonly tool: string;
}

const toolOf = (reference: string | null): string => (reference ?? '').replace(/-S\d+[a-z]?$/, '');

/** Faces of as many tools as there are probes, spread over their specimens. */
function probesOf(db: Database, design: string): Probe[] {
  const all = db.prepare<{ serial: number; id: string; reference: string }>("SELECT serial, faces.id AS id, specimens.reference AS reference FROM faces JOIN specimens ON specimens.id = faces.specimen_id WHERE specimens.reference LIKE ? || '-T%' ORDER BY serial").all([design]);
  const byTool = Map.groupBy(all, ({ reference }) => toolOf(reference));
  const tools = [...byTool.keys()].sort();
  return Array.from({ length: Number(values.probes) }, (_, i) => {
    const tool = tools[Math.floor((i * tools.length) / Number(values.probes))]!;
    const faces = byTool.get(tool)!;
    const { serial, id } = faces[i % faces.length]!;
    return { serial, id, tool };
  });
}

interface Found {
  readonly seconds: number;
  /** Of the first candidate of the probe's tool; 0 where there is none. */
  readonly rank: number;
  readonly statement: string;
}

interface TimedJob extends JobView {
  readonly startedAt: string;
  readonly finishedAt: string;
}

async function search({ client }: Service, { id, tool }: Probe): Promise<Found> {
  const { body } = await client.post<{ search: SearchView; job: JobView }>('/v1/searches', { json: { probe: { faceId: id } }, waitSeconds: 60 });
  const { body: job } = await client.get<TimedJob>(`/v1/jobs/${body.job.id}`);
  const { body: done } = await client.get<SearchView & { readonly candidatesUrl: string }>(`/v1/searches/${body.search.id}`);
  const { body: list } = await client.get<{ items: CandidateView[] }>(`${done.candidatesUrl}?limit=${FIRST * 2}`);
  return { seconds: (Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1e3, rank: list.items.findIndex(({ specimen }) => toolOf(specimen.reference) === tool) + 1, statement: done.statement! };
}

// 5 whole
async function wholeRank(db: Database, design: string, probe: Probe): Promise<Found> {
  const stored = new StoredFaces(new IntakeStore(db), productionEngine);
  const rows = db.prepare<{ serial: number; reference: string }>("SELECT serial, specimens.reference AS reference FROM faces JOIN specimens ON specimens.id = faces.specimen_id WHERE specimens.reference LIKE ? || '-T%' AND serial <> ?").all([design, probe.serial]);
  const own = (await stored.both(probe.serial))!;
  const before = performance.now();
  const scores: { readonly score: number; readonly tool: string }[] = [];
  for (let at = 0; at < rows.length; at += 128) {
    const lanes = [rows.slice(at, at + 64), rows.slice(at + 64, at + 128)].filter((lane) => lane.length > 0);
    await Promise.all(lanes.map(async (lane) => {
      const read = await Promise.all(lane.map(({ serial }) => stored.both(serial)));
      const faces = lane.flatMap(({ reference }, i) => (read[i] ? [{ face: read[i], tool: toolOf(reference) }] : []));
      const results = await compareTools(own, faces.map(({ face }) => face));
      results.forEach((result, i) => scores.push({ score: result.toolScore, tool: faces[i]!.tool }));
    }));
  }
  scores.sort((a, b) => b.score - a.score);
  return { seconds: (performance.now() - before) / 1e3, rank: scores.findIndex(({ tool }) => tool === probe.tool) + 1, statement: `${scores.length} compared` };
}

await mkdir(values.work, { recursive: true });
const [tools, photos, others] = [Number(values.tools), Number(values.photos), Number(values.others)];
const main = await setOf('design', { designs: 1, tools, photos, seed: values.seed });
const { head, rows } = await rowsOf(main);
const design = rows[0]![head.indexOf('design_id')]!;
const beside = others > 0 ? await setOf('others', { designs: OTHER_DESIGNS, tools: 2, photos: 2, seed: `${values.seed}-others` }) : undefined;
let service = await serve();
await bring(main, service);
if (beside) {
  await without(beside, design);
  await bring(beside, service);
}
await settle(service);
await service.stop();
const db = openDatabase(join(data, 'relievo.db'), { timestamp: clock.timestamp() });
if (beside) copyFaces(db, design, others);
const probes = probesOf(db, design);
service = await serve();
say('4 searches');
const first = await search(service, probes.at(-1)!);
const found: Found[] = [];
for (const probe of probes) found.push(await search(service, probe));
await service.stop();
say('5 whole');
const whole: { readonly alone: Found; readonly scanned: Found }[] = [];
for (let i = 0; i < Math.min(Number(values.whole), probes.length); i++) {
  const at = Math.floor((i * probes.length) / Number(values.whole));
  whole.push({ alone: await wholeRank(db, design, probes[at]!), scanned: found[at]! });
}
const counts = db.prepare<{ faces: number; placed: number; designs: number }>('SELECT (SELECT count(*) FROM faces WHERE specimen_id IS NOT NULL) AS faces, (SELECT count(*) FROM face_places WHERE vector IS NOT NULL) AS placed, (SELECT count(*) FROM designs) AS designs').get()!;
db.close();

const seconds = found.map((f) => f.seconds).sort((a, b) => a - b);
const at = (p: number): string => seconds[Math.min(seconds.length - 1, Math.floor(p * seconds.length))]!.toFixed(2);
const within = (n: number): string => {
  const hits = found.filter(({ rank }) => rank > 0 && rank <= n).length;
  const { value, low, high } = wilson(hits, found.length);
  return `${(100 * value).toFixed(1)} % (${hits}/${found.length}; ${(100 * low).toFixed(1)}-${(100 * high).toFixed(1)})`;
};
const page = `# A search among many faces

\`node benchmarks/speed/search.ts --tools ${tools} --photos ${photos} --others ${others} --probes ${values.probes} --whole ${values.whole} --seed ${values.seed}\`; simulated, one raking lamp somewhere around every specimen, specimens turned at random. ${counts.faces} faces, of ${rows.length} photographs of the design ${design} (${tools} tools, ${photos} specimens each, every one photographed once; what was refused is no face) and of ${OTHER_DESIGNS} other designs, most of these copies without marks. ${counts.placed} faces had a place, on the frames of ${counts.designs} designs as they were found. ${found.length} probes, stored faces of as many tools; a probe's own specimen is left out. Time is that of the job, from the probe's features to the stored list of 20 candidates; ${cpus().length} cores, ${cpus()[0]!.model.trim()}, node ${process.versions.node}.

| | | aim |
|---|---:|---:|
| search, seconds: median | ${at(0.5)} | ${AIM_SECONDS} |
| 95th of 100 | ${at(0.95)} | ${AIM_SECONDS} |
| longest | ${at(1)} | |
| the first search after a start, which reads the vectors from disk | ${first.seconds.toFixed(2)} | |
| the probe's tool is the first candidate | ${within(1)} | |
| among the first ${FIRST} candidates | ${within(FIRST)} | ${100 * AIM_SHARE} % |
| among the first ${2 * FIRST} | ${within(2 * FIRST)} | |

${found[0]!.statement}

The same probe against every face of the design in full, two at a time, and the rank of the first face of its tool:

| all compared, seconds | rank | by the search, seconds | rank | seconds, all / search |
|---:|---:|---:|---:|---:|
${whole.map(({ alone, scanned }) => `| ${alone.seconds.toFixed(1)} | ${alone.rank} | ${scanned.seconds.toFixed(2)} | ${scanned.rank || 'not among 20'} | ${(alone.seconds / scanned.seconds).toFixed(1)} |`).join('\n')}
`;
process.stdout.write(page);
const results = join(dirname(fileURLToPath(import.meta.url)), '..', 'results');
await writeFile(join(results, 'search.md'), page);
