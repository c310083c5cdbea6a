/** Whose readings a row holds: laboratory, batch, specimen, replicate. */
import { TABLE_LIMITS } from '../parameters.ts';
import type { Panel, Profile } from '../types.ts';
import type { TableColumn } from './columns.ts';
import type { TableDefaults } from './types.ts';

export type ProfileFacts = Omit<Profile, 'id' | 'panel' | 'replicates'>;

export interface RowOwner {
  readonly facts: ProfileFacts;
  /** As the table names them; undefined where it does not. */
  readonly profile: string | undefined;
  readonly replicate: string | undefined;
}

type Say = (column: string, detail: string) => void;

const WORDS = ['batch', 'specimen', 'laboratory', 'method', 'methodFamily', 'instrument'] as const;
const YES = new Set(['yes', 'y', 'true', '1', 'x']);
const NO = new Set(['', 'no', 'n', 'false', '0']);

/** How rows of these columns are read. `say` is told what is wrong with a row. */
export function ownerReader(columns: readonly TableColumn[], panels: readonly Panel[], defaults: TableDefaults): (row: readonly string[], say: Say) => RowOwner {
  const at = (role: string): TableColumn | undefined => columns.find((column) => column.role === role);
  const words = WORDS.map((role) => ({ role, column: at(role) }));
  const [dateColumn, controlColumn, profileColumn, replicateColumn] = [at('date'), at('control'), at('profile'), at('replicate')];
  const text = (row: readonly string[], column: TableColumn | undefined, say: Say): string | undefined => {
    const cell = column ? row[column.index]! : '';
    if (cell.length > TABLE_LIMITS.text) say(column!.name, `${cell.length} letters; at most ${TABLE_LIMITS.text} are kept`);
    return cell || undefined;
  };
  return (row, say) => {
    const facts: { -readonly [K in keyof ProfileFacts]: ProfileFacts[K] } = { control: defaults.control ?? false };
    for (const { role, column } of words) {
      const word = text(row, column, say) ?? defaults[role];
      if (word !== undefined) facts[role] = word;
    }
    if (facts.methodFamily !== undefined) checkFamily(facts.methodFamily, panels, (detail) => say(words[4]!.column?.name ?? 'methodFamily', detail));
    const date = text(row, dateColumn, say) ?? defaults.date;
    if (date !== undefined) {
      if (!isDay(date)) say(dateColumn?.name ?? 'date', `${date} is no day; write it as 2026-03-14`);
      facts.date = date;
    }
    const control = controlColumn ? row[controlColumn.index]!.toLowerCase() : '';
    if (control !== '') {
      if (!YES.has(control) && !NO.has(control)) say(controlColumn!.name, `${control} is neither yes nor no`);
      facts.control = YES.has(control);
    }
    return { facts, profile: text(row, profileColumn, say), replicate: text(row, replicateColumn, say) };
  };
}

function checkFamily(family: string, panels: readonly Panel[], say: (detail: string) => void): void {
  const panel = panels.find(({ methodFamilies }) => methodFamilies.length > 0 && !methodFamilies.some(({ id }) => id === family));
  if (panel) say(`${family} is no method family of ${panel.id}; it has ${panel.methodFamilies.map(({ id }) => id).join(', ')}`);
}

/** A day of the calendar as `2026-03-14`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
