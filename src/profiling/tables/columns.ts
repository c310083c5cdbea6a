/** Names of columns -> what each is taken for. */
import { escapePointer } from '../../domain/index.ts';
import { nameKey } from '../names.ts';
import { TABLE_LIMITS } from '../parameters.ts';
import { PANELS } from '../registry.ts';
import type { Analyte, Panel } from '../types.ts';
import { decimalOf, readCell, type Decimal } from './cells.ts';
import { choosePanels, chooseUnit, type NamedAnalyte, type PlausibleShare } from './choose-panels.ts';
import type { TableGrid } from './grid.ts';
import { holdsReadings, ownAnalyte, ownPanel } from './own-panel.ts';
import { rolesOf } from './roles.ts';
import type { ColumnRole, TableFault, TableOptions } from './types.ts';

export interface TableColumn {
  readonly index: number;
  readonly name: string;
  readonly role: ColumnRole;
  readonly note: string;
  /** Where the role is `analyte`: of the panel it was given to, then of the others of the table that list it. */
  readonly reads?: ColumnReadings;
}

/** One reading a panel; all of one unit and shift. */
export type ColumnReadings = readonly [ColumnReading, ...ColumnReading[]];

/** How cells become readings of one analyte. */
export interface ColumnReading {
  readonly panel: Panel;
  readonly analyte: Analyte;
  readonly unit: string;
  readonly shift: number;
}

export interface TableColumns {
  readonly layout: 'wide' | 'long';
  readonly decimal: Decimal;
  readonly columns: readonly TableColumn[];
  /** Long tables: name and unit as written (joined by a line break) -> what they mean, or why not. */
  readonly named: ReadonlyMap<string, ColumnReadings | string>;
  readonly faults: readonly TableFault[];
}

const fault = (name: string, detail: string): TableFault => ({ row: null, column: name, pointer: `/columns/${escapePointer(name)}`, detail: `column ${name}: ${detail}` });

export function understandColumns(grid: TableGrid, { panels = PANELS, ownPanel: own = false, names = {} }: TableOptions): TableColumns {
  const given = (name: string): string | undefined => (Object.hasOwn(names, name) ? names[name] : undefined);
  const header = grid.header.map((name) => given(name) ?? name);
  const { long, roles: found } = rolesOf(header);
  // A column that was named for something takes it from the one whose own name says it.
  const taken = (index: number): boolean => found[index] !== undefined && given(grid.header[index]!) === undefined && found.some((role, other) => role === found[index] && given(grid.header[other]!) !== undefined);
  const roles = found.map((role, index) => (taken(index) ? 'ignored' : role));
  const faults: TableFault[] = Object.keys(names).filter((name) => !grid.header.includes(name)).map((name) => fault(name, `there is no such column; there are ${grid.header.join(', ')}`));
  const columns = grid.header.map((name, index): TableColumn => {
    const role = roles[index];
    if (role === 'ignored') return { index, name, role, note: taken(index) ? 'another column was named for it' : 'the number of a row' };
    if (role && roles.indexOf(role) < index) faults.push(fault(name, `${grid.header[roles.indexOf(role)]!} says the same; leave one of them out`));
    return { index, name, role: role ?? 'ignored', note: role ? '' : long ? 'a table of one reading a row has its values in one column' : name === '' ? 'the column has no name' : 'no panel has an analyte of this name' };
  });
  const open = columns.filter(({ role, name, index }) => role === 'ignored' && roles[index] === undefined && name !== '');
  const cellsOf = (index: number): string[] => grid.rows.flatMap((row) => (row.length > 0 ? [row[index]!] : []));
  const numbers = long ? columns.filter(({ role }) => role === 'value' || role === 'lod' || role === 'loq') : open;
  const decimal = decimalOf(cellsOfAll(grid, numbers.map(({ index }) => index)), grid.delimiter === ',');
  if (long) return { layout: 'long', decimal, columns, named: namedAnalytes(grid, columns, panels, own, faults), faults };
  const isData = own ? new Set(open.filter(({ index }) => holdsReadings(cellsOf(index), decimal)).map(({ index }) => index)) : new Set<number>();
  const readings = readingsOf(open.map(({ index }) => ({ name: header[index]!, data: isData.has(index) })), panels, own, (i, named) => plausibleShare(grid, open[i]!.index, named, decimal));
  const seen = new Map<Analyte, string>();
  open.forEach((column, i) => {
    const found = readings[i];
    if (found === undefined) return void (own && (columns[column.index] = { ...column, note: 'most of its cells are no readings' }));
    if (typeof found === 'string') {
      faults.push(fault(column.name, found));
      columns[column.index] = { ...column, note: found };
      return;
    }
    const rival = found.reads.find(({ analyte }) => seen.has(analyte));
    if (rival) {
      faults.push(fault(column.name, `${seen.get(rival.analyte)!} is ${rival.analyte.name} as well; leave one of them out`));
    } else {
      for (const { analyte } of found.reads) seen.set(analyte, column.name);
      columns[column.index] = { ...column, role: 'analyte', ...found };
    }
  });
  if (seen.size === 0 && faults.length === 0) faults.push({ row: null, column: null, pointer: '/columns', detail: `no column is an analyte that is known (${grid.header.join(', ')}); name columns by analyte and unit, such as mass_mg, or give the panel` });
  if (seen.size > TABLE_LIMITS.analytes) faults.push({ row: null, column: null, pointer: '/columns', detail: `${seen.size} analytes; at most ${TABLE_LIMITS.analytes} are read` });
  return { layout: 'wide', decimal, columns, named: new Map(), faults };
}

function* cellsOfAll(grid: TableGrid, indices: readonly number[]): Iterable<string> {
  for (const row of grid.rows) if (row.length > 0) for (const index of indices) yield row[index]!;
}

interface OpenColumn {
  readonly name: string;
  /** Its cells are readings; only looked at where a table may have its own panel. */
  readonly data: boolean;
}

/** Cells that are looked at where two panels know a table equally well. */
const SAMPLE = 200;

/** The share of the first cells whose value is plausible for the analyte. */
const plausibleShare = (grid: TableGrid, index: number, { analyte, name }: NamedAnalyte, decimal: Decimal): number => {
  const choice = chooseUnit(analyte, name.unit, name.strangeUnit);
  if ('fault' in choice || !analyte.plausible) return Number.NaN;
  const [least, most] = analyte.plausible;
  const values = grid.rows.slice(0, SAMPLE).flatMap((row) => {
    const cell = row.length > 0 ? readCell(row[index]!, decimal, choice.shift) : { reading: undefined };
    return 'reading' in cell && cell.reading?.state === 'measured' ? [cell.reading.value] : [];
  });
  return values.filter((value) => value >= least && value <= most).length / values.length;
};

type FoundReadings = { readonly reads: ColumnReadings; readonly note: string };

/** What each column reads; a string says what is wrong with it, undefined that it reads nothing. */
function readingsOf(columns: readonly OpenColumn[], panels: readonly Panel[], own: boolean, plausible?: PlausibleShare): (FoundReadings | string | undefined)[] {
  const chosen = choosePanels(columns.map(({ name }) => name), panels, plausible);
  const used = new Set(chosen.flatMap(([found]) => (found ? [found.panel] : [])));
  const allKnown = used.size === 1 && columns.every(({ data }, i) => !data || chosen[i]!.length > 0);
  if (own && !allKnown) return ownReadings(columns);
  return chosen.map(([first, ...others]) => {
    if (!first) return undefined;
    const choice = chooseUnit(first.analyte, first.name.unit, first.name.strangeUnit);
    if ('fault' in choice) return choice.fault;
    const reads = ({ panel, analyte }: NamedAnalyte): ColumnReading => ({ panel, analyte, unit: choice.unit, shift: choice.shift });
    const also = others.length > 0 ? `; of ${others.map(({ panel }) => panel.id).join(' and ')} too, in rows that have more of it` : '';
    return { reads: [reads(first), ...others.map(reads)], note: `${choice.note}${also}` };
  });
}

function ownReadings(columns: readonly OpenColumn[]): (FoundReadings | string | undefined)[] {
  const keys = columns.map(({ name, data }) => (data ? nameKey(ownAnalyte(name).name) : undefined));
  const kept = columns.filter((_, i) => keys[i] && keys.indexOf(keys[i]) === i);
  const panel = ownPanel(kept.map(({ name }) => name));
  return columns.map((column, i) => {
    const key = keys[i];
    if (key === undefined) return undefined;
    if (key === '') return 'its name holds no letter or digit';
    const first = keys.indexOf(key);
    if (first !== i) return `${columns[first]!.name} has the same name`;
    const analyte = panel.analytes[kept.indexOf(column)]!;
    return { reads: [{ panel, analyte, unit: analyte.unit, shift: 0 }], note: `an analyte of this table alone, ${analyte.unit === '1' ? 'a number without unit' : `in ${analyte.unit}`}` };
  });
}

/** Long tables: the names of analytes are cells. */
function namedAnalytes(grid: TableGrid, columns: readonly TableColumn[], panels: readonly Panel[], own: boolean, faults: TableFault[]): Map<string, ColumnReadings | string> {
  const at = (role: ColumnRole): number => columns.findIndex((column) => column.role === role);
  const [nameAt, unitAt] = [at('analyteName'), at('unit')];
  const keys = new Set<string>();
  for (const row of grid.rows) if (row.length > 0 && row[nameAt] !== '') keys.add(longKey(row[nameAt]!, unitAt < 0 ? '' : row[unitAt]!));
  const all = [...keys];
  // A unit of its own column stands where a header would have it in brackets.
  const names = all.map((key) => key.replace(/\n(.+)$/, ' ($1)').replace(/\n$/, ''));
  const readings = readingsOf(names.map((name) => ({ name, data: true })), panels, own);
  if (readings.every((found) => found === undefined)) faults.push({ row: null, column: columns[nameAt]!.name, pointer: `/columns/${escapePointer(columns[nameAt]!.name)}`, detail: `column ${columns[nameAt]!.name}: none of its names is an analyte that is known; give the panel` });
  return new Map(all.map((key, i) => {
    const found = readings[i];
    return [key, found === undefined ? `${names[i]!} is no analyte of the panels asked for` : typeof found === 'string' ? found : found.reads] as const;
  }));
}

export const longKey = (name: string, unit: string): string => `${name}\n${unit}`;
