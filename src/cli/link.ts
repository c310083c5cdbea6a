/** `relievo link`: what the evidence says of two specimens or two seizures: one design, one tool, one batch, and of a link. */
import type { Command } from 'commander';
import { ratioText } from '../casework/index.ts';
import { isId, problem } from '../domain/index.ts';
import { asProblemOf, connect, withConnection, type Client, type ConnectionOptions, type JobView, type ProblemView } from './client.ts';
import { downloadPictures } from './search.ts';
import { table } from './table.ts';

export interface FigureView {
  readonly hypotheses: readonly [string, string];
  readonly log10Lr: { readonly value: number; readonly low: number; readonly high: number; readonly bounded: boolean; readonly simulated: boolean } | null;
  readonly words: string | null;
  readonly uncalibrated: string | null;
}

interface CalibrationView {
  readonly id: string;
  readonly text: string;
}

export interface LineView extends FigureView {
  readonly calibrations: readonly CalibrationView[];
  readonly pairs: { readonly of: number; readonly evaluated: number; readonly without: readonly { readonly reason: string; readonly pairs: number }[] };
  readonly loudest: { readonly first: string; readonly second: string; readonly log10Lr: number; readonly comparisonUrl: string | null } | null;
  readonly groups: { readonly first: readonly (readonly string[])[]; readonly second: readonly (readonly string[])[] };
}

export interface EvaluationView {
  readonly id: string;
  readonly status: 'waiting' | 'done' | 'refused';
  readonly problem: ProblemView | null;
  readonly statement: string | null;
  readonly pictures: readonly { readonly line: string; readonly key: string; readonly url: string }[];
  readonly lines: { readonly design: LineView; readonly tool: LineView; readonly batch: LineView & { readonly panels: readonly (LineView & { readonly panel: string })[] } } | null;
  readonly link: (FigureView & { readonly groups: LineView['groups'] | null; readonly assumption: string; readonly statement: string; readonly missing: readonly { readonly line: string; readonly reason: string }[]; readonly calibration: CalibrationView }) | null;
}

interface LinkFlags extends ConnectionOptions {
  readonly json?: boolean;
  readonly pictures?: string;
}

export function registerLink(program: Command): void {
  const command = program
    .command('link')
    .description('evaluate two specimens or two seizures of the service: three lines (one design, one tool, one batch) and the likelihood ratio of a link')
    .argument('<first>', 'id of a specimen (sp_...) or a seizure (sz_...)')
    .argument('<second>', 'id of the other');
  withConnection(command)
    .option('--pictures <folder>', 'write the pictures of the faces that speak loudest for one design and one tool there')
    .option('--json', 'print the evaluation as one JSON document')
    .action((first: string, second: string, options: LinkFlags) => link(first, second, options));
}

async function link(first: string, second: string, options: LinkFlags): Promise<void> {
  const errors = [['first', first] as const, ['second', second] as const].filter(([, id]) => !isId(id, 'sp') && !isId(id, 'sz')).map(([name, id]) => ({ pointer: `/${name}`, detail: `${id} is no id of a specimen (sp_...) or a seizure (sz_...)` }));
  if (errors.length > 0) throw problem('invalid-request', {}, errors);
  // Somebody is waiting at the terminal: a service that is not there is told soon.
  const client = connect(options, { retries: 2 });
  const evaluation = await evaluatePairOf(client, first, second);
  const files = options.pictures === undefined ? [] : await downloadPictures(client, evaluation.pictures.map(({ line, key, url }) => ({ file: `${line}-${key}.png`, url })), options.pictures);
  if (options.json) return void process.stdout.write(`${JSON.stringify(evaluation, null, 2)}\n`);
  const names = [await nameOf(client, first), await nameOf(client, second)] as const;
  if (files.length > 0) process.stdout.write(`${files.length} pictures are in ${options.pictures}\n`);
  process.stdout.write(`${evaluationText(evaluation, names)}\nEvaluation ${evaluation.id} is kept at ${client.url}/v1/evaluations/${evaluation.id}\n`);
}

const sideOf = (id: string): object => (isId(id, 'sp') ? { specimenId: id } : { seizureId: id });

/** @throws Problem why it was refused */
export async function evaluatePairOf(client: Client, first: string, second: string): Promise<EvaluationView> {
  const { body } = await client.post<{ evaluation: EvaluationView; job: JobView }>('/v1/evaluations', { json: { first: sideOf(first), second: sideOf(second) }, waitSeconds: 30 });
  if (body.evaluation.status === 'waiting') await client.finished(body.job.id);
  const { body: evaluation } = await client.get<EvaluationView>(`/v1/evaluations/${body.evaluation.id}`);
  if (evaluation.status === 'refused') throw asProblemOf(evaluation.problem!);
  return evaluation;
}

async function nameOf(client: Client, id: string): Promise<string> {
  const isSpecimen = isId(id, 'sp');
  const { body } = await client.get<{ reference: string | null }>(`/v1/${isSpecimen ? 'specimens' : 'seizures'}/${id}`);
  return `${isSpecimen ? 'specimen' : 'seizure'} ${body.reference === null ? id : `${body.reference} (${id})`}`;
}

/** The lines as a table, then what they rest on, then the link with its assumption. */
function evaluationText({ statement, lines, link: ofLink }: EvaluationView, [first, second]: readonly [string, string]): string {
  const { design, tool, batch } = lines!;
  const named: readonly (readonly [string, LineView])[] = [['design', design], ['tool', tool], ['batch', batch], ...batch.panels.map((panel) => [`  ${panel.panel}`, panel] as const)];
  const rows = [...named, ['link', ofLink!] as const].map(([name, figure]) => [name, figure.hypotheses.join(' / '), ...ratioColumns(figure), 'pairs' in figure ? `${figure.pairs.evaluated} of ${figure.pairs.of}` : '']);
  const calibrations = new Map([design, tool, batch].flatMap((line) => line.calibrations).map(({ id, text }) => [id, text]));
  calibrations.set(ofLink!.calibration.id, ofLink!.calibration.text);
  return [
    `${first} and ${second}`,
    statement ?? '',
    '',
    table(['line', 'hypotheses', 'LR', 'from', 'to', 'words', 'pairs with an LR'], rows),
    '(bound): the calibrations behind all of its pairs carry no more. SIMULATED: it is of rendered or drawn specimens and not for casework.',
    '',
    ...[['design', design], ['tool', tool], ['batch', batch]].map(([name, line]) => restText(name as string, line as LineView)),
    ofLink!.groups && `link: groups of specimens by all lines together ${sizesOf(ofLink!.groups.first)} and ${sizesOf(ofLink!.groups.second)}.`,
    ...ofLink!.missing.map(({ line, reason }) => `${line}: no LR, which counts as 1 in the link: ${reason}.`),
    '',
    `Link: ${ofLink!.uncalibrated ? `no likelihood ratio: ${ofLink!.uncalibrated}.` : ofLink!.assumption}`,
    ofLink!.statement,
    '',
    ...calibrations.values(),
  ].filter((text) => text !== null).join('\n');
}

/** An LR as a table shows it. */
export const ratioCell = ({ value, bounded }: NonNullable<FigureView['log10Lr']>): string => `${ratioText(value)}${bounded ? ' (bound)' : ''}`;

function ratioColumns({ hypotheses: [one, two], log10Lr, words, uncalibrated }: FigureView): [string, string, string, string] {
  if (!log10Lr) return ['-', '-', '-', `none: ${uncalibrated}`];
  return [`${ratioCell(log10Lr)}${log10Lr.simulated ? ' SIMULATED' : ''}`, ratioText(log10Lr.low), ratioText(log10Lr.high), words!.replace(`for ${one} over ${two}`, 'for the first').replace(`for ${two} over ${one}`, 'for the second')];
}

const sizesOf = (groups: readonly (readonly string[])[]): string => groups.map((group) => group.length).join(' + ') || '0';

/** What a line rests on: groups, loudest pair, why pairs have no LR. */
function restText(name: string, { groups, loudest, pairs: { without } }: LineView): string {
  return [
    `${name}: groups of one source among themselves ${sizesOf(groups.first)} and ${sizesOf(groups.second)}`,
    loudest && `loudest pair ${loudest.first} and ${loudest.second}, LR ${ratioText(loudest.log10Lr)}${loudest.comparisonUrl ? ` (pictures: ${loudest.comparisonUrl}/explanation)` : ''}`,
    without.length > 0 && `without an LR: ${without.map(({ reason, pairs }) => `${pairs} x ${reason}`).join('; ')}`,
  ].filter(Boolean).join('; ') + '.';
}
