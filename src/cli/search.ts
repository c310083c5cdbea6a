/** `relievo search`: searches with a photograph, prints the candidate list, writes the pictures. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { ratioText } from '../casework/index.ts';
import { countryName, isCountryCode } from '../domain/index.ts';
import { asProblemOf, connect, withConnection, type Client, type ConnectionOptions, type JobView, type ProblemView } from './client.ts';
import { table } from './table.ts';

interface SearchOptions extends ConnectionOptions {
  readonly country?: string[];
  readonly home?: string;
  readonly scope: 'all' | 'other-countries';
  readonly drug?: string;
  readonly from?: string;
  readonly to?: string;
  readonly kind?: 'tablet' | 'brick';
  readonly mode: 'auto' | 'exact';
  readonly limit: number;
  readonly mmPerPx?: number;
  readonly pictures?: string;
  readonly json?: boolean;
}

interface PictureView {
  readonly key: string;
  readonly title: string;
  readonly url: string;
}

/** The parts of a candidate that are printed. */
export interface CandidateView {
  readonly rank: number;
  readonly comparisonId: string;
  readonly designScore: number;
  readonly partial: { readonly logo: number; readonly outline: number | null; readonly size: number | null };
  readonly tool: { readonly outcome: string; readonly toolScore: number | null; readonly log10Lr: { readonly value: number; readonly simulated: boolean } | null; readonly words: string | null; readonly uncalibrated: string | null };
  readonly face: { readonly id: string; readonly lengthMm: number | null };
  readonly specimen: { readonly id: string; readonly reference: string | null; readonly kind: string };
  readonly seizure: { readonly id: string; readonly country: string; readonly agency: string; readonly reference: string | null; readonly seizedOn: string; readonly place: string | null; readonly drugType: string | null };
  readonly pictures: readonly PictureView[];
}

export interface SearchView {
  readonly id: string;
  readonly status: 'waiting' | 'done' | 'refused';
  readonly problem: ProblemView | null;
  readonly probe: { readonly faceId: string | null; readonly specimenId: string | null; readonly faceIds: readonly string[] };
  readonly statement: string | null;
  readonly plan: { readonly why: string } | null;
}

/** Pictures of a candidate that are written; the rest are a click away in the API. */
const WRITTEN = new Set(['side-by-side', 'overlay', 'agreement', 'tool-aligned', 'tool-marks-shared', 'tool-cells']);

export function registerSearch(program: Command): void {
  const command = program
    .command('search')
    .description('search with a photograph that is not stored as casework: prints candidates, writes their pictures')
    .argument('<photo>', 'a JPEG, PNG, TIFF or WebP photograph');
  withConnection(command)
    .option('--country <codes...>', 'only seizures of these countries', countries)
    .option('--home <code>', 'the country the photograph belongs to (for --scope other-countries)', country)
    .addOption(new Option('--scope <scope>', 'which seizures to search').choices(['all', 'other-countries']).default('all'))
    .option('--drug <type>', 'only seizures of this drug')
    .option('--from <day>', 'only seizures since this day, YYYY-MM-DD')
    .option('--to <day>', 'only seizures up to this day, YYYY-MM-DD')
    .addOption(new Option('--kind <kind>', 'only tablets or only bricks').choices(['tablet', 'brick']))
    .addOption(new Option('--mode <mode>', 'exact: compare the embedding with every stored one').choices(['auto', 'exact']).default('auto'))
    .option('--limit <number>', 'candidates wanted', positive, 10)
    .option('--mm-per-px <number>', 'millimetres per pixel at the face, when known', Number)
    .option('--pictures <folder>', 'write the pictures of the candidates there')
    .option('--json', 'print one JSON document instead of a table')
    .action((photo: string, options: SearchOptions) => search(photo, options));
}

async function search(photo: string, options: SearchOptions): Promise<void> {
  // Somebody is waiting at the terminal: a service that is not there is told soon.
  const client = connect(options, { retries: 2 });
  const found = await searchByPhoto(client, await readFile(photo), basename(photo), requestOf(options));
  const { body } = await client.get<{ items: CandidateView[] }>(`/v1/searches/${found.id}/candidates?limit=${options.limit}`);
  const files = options.pictures === undefined ? [] : await writePictures(client, found, body.items, options.pictures);
  if (options.json) return void process.stdout.write(JSON.stringify({ search: found, candidates: body.items, pictures: files }, null, 2) + '\n');
  process.stdout.write(candidateTable(body.items) + '\n\n');
  process.stdout.write(`${found.statement} ${found.plan?.why}\n`);
  if (found.probe.specimenId !== null) process.stdout.write(`The photograph is stored already: its own specimen ${found.probe.specimenId} is left out.\n`);
  if (found.probe.faceIds.length > 1) process.stdout.write(`The photograph shows ${found.probe.faceIds.length} faces; the largest was searched with.\n`);
  process.stdout.write(`The design score speaks of the logo design only; it is no evidence of one tool.\n${TOOL_NOTE}\n`);
  process.stdout.write(`Search ${found.id} is kept at ${client.url}/v1/searches/${found.id}\n`);
  if (files.length > 0) process.stdout.write(`${files.length} pictures are in ${options.pictures}\n`);
}

/** Uploads the photograph as a probe and waits for the result. @throws Problem why the photograph or the search was refused */
export async function searchByPhoto(client: Client, bytes: Uint8Array, name: string, request: object): Promise<SearchView> {
  const form = new FormData();
  form.append('request', JSON.stringify(request));
  form.append('photo', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
  // The same photograph and request is the same search: repeating after a lost answer makes no second one.
  const idempotencyKey = createHash('sha256').update(bytes).update(JSON.stringify(request)).update(process.pid.toString()).digest('hex');
  const { body } = await client.post<{ search: SearchView; job: JobView }>('/v1/searches', { form, waitSeconds: 30, idempotencyKey });
  if (body.search.status === 'waiting') await client.finished(body.job.id);
  const result = body.search.status === 'waiting' ? (await client.get<SearchView>(`/v1/searches/${body.search.id}`)).body : body.search;
  if (result.status === 'refused') throw asProblemOf(result.problem!);
  return result;
}

/** Candidates as lines for people. */
export function candidateTable(candidates: readonly CandidateView[]): string {
  const score = (value: number | null): string => (value === null ? '-' : value.toFixed(3));
  return table(
    ['rank', 'country', 'seizure', 'seized on', 'drug', 'specimen', 'design score', 'logo', 'outline', 'size', 'tool score', 'LR of one tool'],
    candidates.map(({ rank, seizure, specimen, designScore, partial, tool }) => [
      String(rank),
      `${seizure.country} ${countryName(seizure.country)}`,
      seizure.reference ?? seizure.id,
      seizure.seizedOn,
      seizure.drugType ?? '-',
      specimen.reference ?? specimen.id,
      score(designScore),
      score(partial.logo),
      score(partial.outline),
      score(partial.size),
      ...toolColumns(tool),
    ]),
  );
}

/** Tool score and LR as a table shows them; where there is none, why. */
export function toolColumns({ outcome, toolScore, log10Lr }: CandidateView['tool']): [string, string] {
  if (toolScore === null) return [outcome.replaceAll('-', ' '), '-'];
  return [toolScore.toFixed(3), log10Lr ? `${ratioText(log10Lr.value)}${log10Lr.simulated ? ' (SIMULATED)' : ''}` : 'uncalibrated'];
}

/** Printed below every table with LRs. */
export const TOOL_NOTE = 'The tool score says how far fine marks agree; it is no probability. The LR is of one tool over two\ntools with this design; SIMULATED: its calibration is of rendered photographs and not for casework. Candidates stand in the\norder of design and tool score together.';

async function writePictures(client: Client, { probe }: SearchView, candidates: readonly CandidateView[], folder: string): Promise<string[]> {
  const wanted = [
    ...['outline', 'crop'].map((key) => ({ file: `probe-${key}.png`, url: `/v1/faces/${probe.faceId}/pictures/${key}` })),
    ...candidates.flatMap(({ rank, pictures }) => pictures.filter(({ key }) => WRITTEN.has(key)).map(({ key, url }) => ({ file: `${String(rank).padStart(2, '0')}-${key}.png`, url }))),
  ];
  return downloadPictures(client, wanted, folder);
}

/** @returns the files written */
export async function downloadPictures(client: Client, pictures: readonly { readonly file: string; readonly url: string }[], folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const { file, url } of pictures) {
    await writeFile(join(folder, file), await client.bytes(url));
    files.push(join(folder, file));
  }
  return files;
}

function requestOf({ country: codes, home, scope, drug, from, to, kind, mode, limit, mmPerPx }: SearchOptions): object {
  const filter = { countries: codes, drugType: drug, dateFrom: from, dateTo: to, kind };
  return { scope, mode, limit, homeCountry: home, mmPerPx, ...(Object.values(filter).some((value) => value !== undefined) ? { filter } : {}) };
}

function country(code: string): string {
  const upper = code.toUpperCase();
  if (!isCountryCode(upper)) throw new InvalidArgumentError('a country is an ISO 3166-1 alpha-2 code, such as NL');
  return upper;
}

const countries = (text: string, before: string[] = []): string[] => [...before, ...text.split(',').map(country)];

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 200) throw new InvalidArgumentError('a whole number from 1 to 200');
  return number;
}
