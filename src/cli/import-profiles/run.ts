/**
 * One import of a table of profiles, as a client of the REST API. Profiles that the service has are known again, so a run
 * that was cut off is resumed by running it once more.
 *
 * 1 panels  bundled ones, or those that are named
 * 2 read    the table, with the reader of the service; a fault anywhere stops here unless the good rows are asked for
 * 3 find    the specimens that its rows name
 * 4 send    the profiles of each specimen
 */
import { createHash } from 'node:crypto';
import { asProblem, Problem } from '../../domain/index.ts';
import { previewTable, readTable, type Profile, type ReadTable, type TableDefaults, type TablePreview } from '../../profiling/index.ts';
import type { Client } from '../client.ts';
import { eachOf } from '../import/each.ts';
import { panelsOf, sendPanels } from './panels.ts';
import { makesSpecimens, specimenRecords, type SpecimenChoices } from './specimens.ts';

export interface ProfileImportOptions {
  readonly table: Uint8Array;
  readonly client: Client;
  readonly panels: readonly string[];
  /** Column -> what it is. */
  readonly names: Readonly<Record<string, string>>;
  readonly defaults: TableDefaults;
  readonly specimens: SpecimenChoices;
  readonly dryRun: boolean;
  readonly keepGoing: boolean;
  readonly concurrency: number;
  /** Different for every run: visible ASCII, at most 100 characters. */
  readonly runKey: string;
  readonly onProgress: (phase: 'find' | 'send', done: number, total: number) => void;
}

/** What came of one specimen's profiles. In a dry run: `found`, or `new` where the specimen would be made. */
export interface SpecimenReport {
  readonly specimen: string;
  readonly profiles: number;
  readonly outcome: 'imported' | 'known' | 'refused' | 'failed' | 'found' | 'new';
  readonly added: number;
  readonly specimenId?: string;
  readonly reason?: string;
}

export interface ProfileImportReport {
  readonly service: string;
  readonly dryRun: boolean;
  readonly preview: TablePreview;
  readonly specimens: readonly SpecimenReport[];
}

/** A request holds 1 MB at most. */
const SENT_AT_ONCE_BYTES = 500_000;

/** @throws Problem table-unreadable, table-too-large, table-invalid, panel-invalid; ServiceError when there is no service */
export async function importProfiles({ table, client, panels: wanted, names, defaults, specimens: choices, dryRun, keepGoing, concurrency, runKey, onProgress }: ProfileImportOptions): Promise<ProfileImportReport> {
  // 1
  const { panels, fresh } = await panelsOf(client, wanted);
  // 2
  const options = { panels, names, defaults };
  const preview = previewTable(table, options);
  if (dryRun && preview.faults.length > 0 && !keepGoing) return { service: client.url, dryRun, preview, specimens: [] };
  const bySpecimen = groupsOf(readTable(table, { ...options, keepGoing }), makesSpecimens(choices));
  // 3
  const finder = specimenRecords(client, choices, runKey);
  if (dryRun) return { service: client.url, dryRun, preview, specimens: await eachOf(bySpecimen, concurrency, (group) => looked(group, finder.find), (done) => onProgress('find', done, bySpecimen.length)) };
  await sendPanels(client, fresh, runKey);
  // 4
  const specimens = await eachOf(bySpecimen, concurrency, (group) => sent(group, client, finder.findOrMake, runKey), (done) => onProgress('send', done, bySpecimen.length));
  return { service: client.url, dryRun, preview, specimens };
}

interface Group {
  readonly specimen: string | undefined;
  readonly profiles: readonly Profile[];
}

/** Where specimens are made, a profile whose rows name none is of its own specimen, called as the profile: `B001/2`. */
function groupsOf({ profiles }: ReadTable, makes: boolean): Group[] {
  return [...Map.groupBy(profiles, ({ specimen, id }) => specimen ?? (makes ? id : undefined))].map(([specimen, list]) => ({ specimen, profiles: list }));
}

const UNNAMED = 'Its rows name no specimen: give --specimen, or say which column does with --map specimen=COLUMN.';

async function looked({ specimen, profiles }: Group, find: (name: string) => Promise<string | undefined>): Promise<SpecimenReport> {
  const report = { specimen: specimen ?? '-', profiles: profiles.length, added: 0 };
  if (specimen === undefined) return { ...report, outcome: 'refused', reason: UNNAMED };
  try {
    const specimenId = await find(specimen);
    return specimenId === undefined ? { ...report, outcome: 'new' } : { ...report, outcome: 'found', specimenId };
  } catch (error) {
    return { ...report, ...whyNot(error) };
  }
}

async function sent({ specimen, profiles }: Group, client: Client, findOrMake: (name: string) => Promise<string>, runKey: string): Promise<SpecimenReport> {
  const report = { specimen: specimen ?? '-', profiles: profiles.length };
  if (specimen === undefined) return { ...report, outcome: 'refused', added: 0, reason: UNNAMED };
  let added = 0;
  try {
    const specimenId = await findOrMake(specimen);
    for (const part of partsOf(profiles)) {
      const key = createHash('sha256').update(JSON.stringify([specimenId, part])).digest('base64url');
      added += (await client.post<{ added: number }>(`/v1/specimens/${specimenId}/profiles`, { json: { profiles: part }, idempotencyKey: `${runKey}-${key}` })).body.added;
    }
    return { ...report, outcome: added > 0 ? 'imported' : 'known', added, specimenId };
  } catch (error) {
    return { ...report, added, ...whyNot(error) };
  }
}

/** Lists of profiles that each fit into a request. */
function partsOf(profiles: readonly Profile[]): Profile[][] {
  const parts: Profile[][] = [[]];
  let bytes = 0;
  for (const profile of profiles) {
    const size = Buffer.byteLength(JSON.stringify(profile));
    if (parts.at(-1)!.length > 0 && bytes + size > SENT_AT_ONCE_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(profile);
    bytes += size;
  }
  return parts;
}

/** What the sender can mend is refused; anything else may go better the next time. */
function whyNot(error: unknown): { readonly outcome: 'refused' | 'failed'; readonly reason: string } {
  if (!(error instanceof Problem)) return { outcome: error instanceof Error && error.name === 'Error' ? 'refused' : 'failed', reason: error instanceof Error ? error.message : String(error) };
  const { status, title, detail, errors } = asProblem(error);
  return { outcome: status < 500 && status !== 429 ? 'refused' : 'failed', reason: `${title}. ${errors.length > 0 ? errors.map((one) => one.detail).join(' ') : detail}` };
}
