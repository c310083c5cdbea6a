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
export function ownerReader(columns: readonly TableColumn[], defaults: TableDefaults): (row: readonly string[], say: Say) => RowOwner {
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

/**
 * The method of a row is that of the panels whose method families hold it. Its profiles of other panels come from the same
 * specimen by a method that the row does not name: method and family are left off them, but for panels without families,
 * for which the method does not matter. A family that is none of any panel the row has readings of is a fault.
 */
export function factsByPanel(facts: ProfileFacts, panels: readonly Panel[], found: ReadonlyMap<Panel, unknown>, say: (detail: string) => void): (panel: Panel) => ProfileFacts {
  const { methodFamily: family, method, instrument, ...others } = facts;
  if (family === undefined) return () => facts;
  const holds = ({ methodFamilies }: Panel): boolean => methodFamilies.some(({ id }) => id === family);
  const choosy = (list: readonly Panel[]): Panel[] => list.filter(({ methodFamilies }) => methodFamilies.length > 0);
  const read = choosy([...found.keys()]);
  const judges = read.length > 0 ? read : choosy(panels);
  if (judges.length > 0 && !judges.some(holds)) say(`${family} is no method family of ${judges.map(({ id, methodFamilies }) => `${id}; it has ${methodFamilies.map((known) => known.id).join(', ')}`).join('; nor of ')}`);
  return (panel) => (panel.methodFamilies.length === 0 || holds(panel) ? facts : others);
}

/** A day of the calendar as `2026-03-14`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
