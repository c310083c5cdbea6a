/** `relievo search-links`: a specimen of the service against all others, by its faces and its profiles together. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { ratioText } from '../casework/index.ts';
import { countryName, isId, problem } from '../domain/index.ts';
import { asProblemOf, connect, withConnection, type Client, type ConnectionOptions, type JobView, type ProblemView } from './client.ts';
import type { EvaluationView, LineView } from './link.ts';
import { table } from './table.ts';

interface LinkSearchFlags extends ConnectionOptions {
  readonly scope: 'all' | 'other-countries';
  readonly limit: number;
  readonly json?: boolean;
}

interface LinkSearchView {
  readonly id: string;
  readonly status: 'waiting' | 'done' | 'refused';
  readonly problem: ProblemView | null;
  readonly statement: string | null;
}

interface LinkCandidateView {
  readonly rank: number;
  readonly foundBy: readonly { readonly by: string; readonly rank: number }[];
  readonly designScore: number | null;
  readonly lines: NonNullable<EvaluationView['lines']>;
  readonly link: NonNullable<EvaluationView['link']>;
  readonly specimen: { readonly id: string; readonly reference: string | null };
  readonly seizure: { readonly id: string; readonly country: string; readonly reference: string | null; readonly seizedOn: string };
}

export function registerSearchLinks(program: Command): void {
  const command = program
    .command('search-links')
    .description('search with a specimen of the service by all its faces and profiles: candidates in the order of the likelihood ratio of a link')
    .argument('<specimen>', 'its id (sp_...)');
  withConnection(command)
    .addOption(new Option('--scope <scope>', 'which seizures to search').choices(['all', 'other-countries']).default('all'))
    .option('--limit <number>', 'candidates wanted', upTo200, 10)
    .option('--json', 'print one JSON document instead of a table')
    .action((specimen: string, options: LinkSearchFlags) => searchLinks(specimen, options));
}

function upTo200(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 200) throw new InvalidArgumentError('a whole number from 1 to 200');
  return number;
}

async function searchLinks(specimenId: string, options: LinkSearchFlags): Promise<void> {
  if (!isId(specimenId, 'sp')) throw problem('invalid-request', {}, [{ pointer: '/specimen', detail: `${specimenId} is no id of a specimen (sp_...)` }]);
  const client = connect(options, { retries: 2 });
  const search = await finishedSearch(client, { probe: { specimenId }, scope: options.scope, limit: options.limit });
  const { body } = await client.get<{ items: LinkCandidateView[] }>(`/v1/link-searches/${search.id}/candidates?limit=${options.limit}`);
  if (options.json) return void process.stdout.write(`${JSON.stringify({ search, candidates: body.items }, null, 2)}\n`);
  process.stdout.write(`${linkTable(body.items)}\n\n${search.statement}\n`);
  const [first] = body.items;
  if (first) process.stdout.write(`The order is by the LR of a link, then by the design score: where to look first. ${first.link.assumption}\n${first.link.statement}\nSIM: a simulated calibration stands behind it, and it is not for casework. \`relievo link\` shows a pair in full.\n`);
  process.stdout.write(`Search ${search.id} is kept at ${client.url}/v1/link-searches/${search.id}\n`);
}

/** @throws Problem why the search was refused */
async function finishedSearch(client: Client, request: object): Promise<LinkSearchView> {
  const { body } = await client.post<{ search: LinkSearchView; job: JobView }>('/v1/link-searches', { json: request, waitSeconds: 30 });
  if (body.search.status === 'waiting') await client.finished(body.job.id);
  const { body: search } = await client.get<LinkSearchView>(`/v1/link-searches/${body.search.id}`);
  if (search.status === 'refused') throw asProblemOf(search.problem!);
  return search;
}

/** Candidates as lines for people. */
function linkTable(candidates: readonly LinkCandidateView[]): string {
  return table(
    ['rank', 'country', 'seizure', 'seized on', 'specimen', 'design', 'tool', 'batch', 'LR of a link', 'design score', 'found by'],
    candidates.map(({ rank, seizure, specimen, lines, link, designScore, foundBy }) => [
      String(rank), `${seizure.country} ${countryName(seizure.country)}`, seizure.reference ?? seizure.id, seizure.seizedOn, specimen.reference ?? specimen.id,
      ...[lines.design, lines.tool, lines.batch, link].map(shortRatio), designScore === null ? '-' : designScore.toFixed(3), foundByText(foundBy),
    ]),
  );
}

const shortRatio = ({ log10Lr }: Pick<LineView, 'log10Lr'>): string => (log10Lr ? `${ratioText(log10Lr.value)}${log10Lr.simulated ? ' SIM' : ''}` : '-');

/** Each way once, at its best place. */
function foundByText(foundBy: LinkCandidateView['foundBy']): string {
  const best = new Map<string, number>();
  for (const { by, rank } of foundBy) best.set(by, Math.min(rank, best.get(by) ?? rank));
  return [...best].map(([by, rank]) => `${by} ${rank}`).join(', ');
}
