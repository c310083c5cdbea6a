/** profiles.csv of a folder -> profiles of one panel. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../../domain/index.ts';
import { findPanel, type Panel, PANELS, previewTable, type Profile, readPanel, readTable, type ReadTable, samePanel } from '../../../profiling/index.ts';

export const PROFILES_FILE = 'profiles.csv';

/** A panel by id, a panel's file, or `own`: one made of the table's columns. */
export type PanelChoice = string | Panel | undefined;

export interface ProfileTable {
  readonly panel: Panel;
  /** Of that panel, in the table's order; control samples are left out. */
  readonly profiles: readonly Profile[];
  readonly controls: number;
  /** Other panels of the table, with their profiles. */
  readonly others: readonly { readonly panel: string; readonly profiles: number }[];
  /** Columns that no panel knows. */
  readonly ignored: readonly string[];
  readonly flags: ReadTable['flags'];
  /** Rows that were left out because of faults, of so many. */
  readonly bad: number;
  readonly rows: number;
  /** SHA-256 of the file. */
  readonly sha256: string;
}

export const holdsProfiles = (folder: string): boolean => existsSync(join(folder, PROFILES_FILE));

/** @throws Problem not-found, invalid-request; those of readTable and readPanel */
export async function readProfileTable(folder: string, choice: PanelChoice, keepGoing = false): Promise<ProfileTable> {
  const path = join(folder, PROFILES_FILE);
  if (!existsSync(path)) throw problem('not-found', { what: path });
  const bytes = await readFile(path);
  const table = read(bytes, await panelOf(choice), choice === 'own', keepGoing);
  const panel = table.panels.map((known) => ({ known, profiles: profilesOf(table, known).length })).sort((a, b) => b.profiles - a.profiles)[0]!.known;
  const all = profilesOf(table, panel);
  const profiles = all.filter(({ control }) => !control);
  if (profiles.length < 2) throw problem('invalid-request', {}, [{ pointer: `/${PROFILES_FILE}`, detail: `at least two profiles of a panel are needed, and there are ${profiles.length} of ${panel.id}` }]);
  return {
    panel, profiles, controls: all.length - profiles.length,
    others: table.panels.filter((other) => other !== panel).map((other) => ({ panel: other.id, profiles: profilesOf(table, other).length })),
    ignored: table.columns.filter(({ role, note }) => role === 'ignored' && note.startsWith('no panel')).map(({ name }) => name),
    flags: table.flags.filter(({ analyte, profile }) => panel.analytes.some(({ id }) => id === analyte) && profiles.some(({ id }) => id === profile)), bad: table.bad, rows: table.rows,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

const profilesOf = ({ profiles }: ReadTable, panel: Panel): Profile[] => profiles.filter((profile) => samePanel(profile.panel, panel));

async function panelOf(choice: PanelChoice): Promise<Panel | undefined> {
  if (typeof choice !== 'string' || choice === 'own') return choice === 'own' ? undefined : (choice as Panel | undefined);
  if (choice.endsWith('.json')) return readPanel(await readFile(choice, 'utf8'));
  return findPanel({ id: choice }) ?? refuse(`${choice} is no panel; there are ${PANELS.map(({ id }) => id).join(', ')}, own, or a panel's file (.json)`);
}

function refuse(detail: string): never {
  throw problem('invalid-request', {}, [{ pointer: '/--panel', detail }]);
}

/** A panel of the table's own, where it is asked for, or most columns of readings are of no panel. */
function read(bytes: Buffer, panel: Panel | undefined, own: boolean, keepGoing: boolean): ReadTable {
  if (panel) return readTable(bytes, panel.kind === 'table' ? { ownPanel: true, panels: [], keepGoing } : { panels: [panel], keepGoing });
  const columns = own ? undefined : countAnalytes(bytes);
  return readTable(bytes, { ...(columns && columns.known * 2 >= columns.all ? {} : { ownPanel: true, panels: [] }), keepGoing });
}

function countAnalytes(bytes: Buffer): { readonly known: number; readonly all: number } {
  const count = (options: Parameters<typeof previewTable>[1]): number => previewTable(bytes, options).columns.filter(({ role }) => role === 'analyte' || role === 'analyteName').length;
  return { known: count({}), all: count({ ownPanel: true, panels: [] }) };
}
