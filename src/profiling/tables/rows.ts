/** Rows of cells -> profiles, by what the columns were understood as. Linear in the cells of the table. */
import { escapePointer } from '../../domain/index.ts';
import type { Panel, Profile, Reading, Replicate } from '../types.ts';
import { readCategory, readCell, readLimit, type CellResult } from './cells.ts';
import { longKey, type ColumnReading, type ColumnReadings, type TableColumn, type TableColumns } from './columns.ts';
import type { TableGrid } from './grid.ts';
import type { TableDefaults, TableFault } from './types.ts';
import { factsByPanel, ownerReader, type ProfileFacts, type RowOwner } from './whose.ts';

export interface TableRows {
  readonly panels: readonly Panel[];
  readonly profiles: readonly Profile[];
  readonly faults: readonly TableFault[];
}

interface OpenProfile {
  readonly id: string;
  readonly panel: Panel;
  readonly facts: ProfileFacts;
  readonly replicates: Map<string, Record<string, Reading>>;
}

type Found = readonly [analytes: ColumnReadings, reading: Reading];
/** Tells of a fault in a column of the row; in the whole row where the column is null. */
type Say = (column: string | null, detail: string) => void;

export function readRows(grid: TableGrid, understood: TableColumns, defaults: TableDefaults): TableRows {
  const { columns, layout, named } = understood;
  const reads = layout === 'wide' ? columns.flatMap((column) => (column.reads ? [column.reads] : [])) : [...named.values()].filter((found) => typeof found !== 'string');
  const panels = [...new Set(reads.flat().map(({ panel }) => panel))];
  const faults: TableFault[] = [...grid.faults];
  const broken = new Set(grid.faults.map(({ row }) => row));
  const ownerOf = ownerReader(columns, defaults);
  const familyColumn = columns.find(({ role }) => role === 'methodFamily')?.name ?? 'methodFamily';
  const readingsOf = layout === 'wide' ? wideReader(understood) : longReader(understood);
  const book = new ProfileBook(panels, layout, columns);
  grid.rows.forEach((row, i) => {
    if (broken.has(i)) return;
    const before = faults.length;
    const say: Say = (column, detail) => faults.push({ row: i, column, pointer: column === null ? `/rows/${i}` : `/rows/${i}/${escapePointer(column)}`, detail: `${grid.place(i)}${column === null ? '' : `, column ${column}`}: ${detail}` });
    const owner = ownerOf(row, say);
    const found = byPanel(readingsOf(row, say));
    const facts = factsByPanel(owner.facts, panels, found, (detail) => say(familyColumn, detail));
    if (faults.length === before) book.enter(i, owner, facts, found, say);
  });
  return { panels, profiles: book.profiles(), faults: faults.sort((a, b) => a.row! - b.row!) };
}

type PanelReading = readonly [analyte: ColumnReading, reading: Reading];

/**
 * The readings of a row by panel. What several panels list is read for those that the row has a reading of their own of; where
 * there is none, for the panel that knows most of the table.
 */
function byPanel(found: readonly Found[]): Map<Panel, PanelReading[]> {
  const own = new Set(found.flatMap(([reads]) => (reads.length === 1 ? [reads[0].panel] : [])));
  const readings = new Map<Panel, PanelReading[]>();
  for (const [reads, reading] of found) {
    const meant = reads.filter(({ panel }) => own.has(panel));
    for (const read of meant.length > 0 ? meant : [reads[0]]) {
      const known = readings.get(read.panel);
      if (known) known.push([read, reading]);
      else readings.set(read.panel, [[read, reading]]);
    }
  }
  return readings;
}

function resultOf(cell: string, { analyte, shift }: ColumnReading, decimal: '.' | ','): CellResult {
  return analyte.scale === 'category' ? readCategory(cell, analyte.categories!) : readCell(cell, decimal, shift);
}

function wideReader({ columns, decimal }: TableColumns): (row: readonly string[], say: Say) => Found[] {
  const data = columns.filter((column): column is TableColumn & { reads: ColumnReadings } => column.reads !== undefined);
  return (row, say) => {
    const found: Found[] = [];
    for (const { index, name, reads } of data) {
      const cell = row[index]!;
      if (cell === '') continue;
      const result = resultOf(cell, reads[0], decimal);
      if ('fault' in result) say(name, result.fault);
      else if (result.reading) found.push([reads, result.reading]);
    }
    return found;
  };
}

function longReader({ columns, decimal, named }: TableColumns): (row: readonly string[], say: Say) => Found[] {
  const at = (role: string): TableColumn | undefined => columns.find((column) => column.role === role);
  const [nameColumn, valueColumn, unitColumn] = [at('analyteName')!, at('value')!, at('unit')];
  const limitColumns = (['lod', 'loq'] as const).flatMap((limit) => { const column = at(limit); return column ? [{ limit, column }] : []; });
  return (row, say) => {
    const [name, cell] = [row[nameColumn.index]!, row[valueColumn.index]!];
    if (name === '') {
      // A row with neither is a replicate without readings.
      if (cell !== '') say(nameColumn.name, 'the analyte is missing');
      return [];
    }
    const reads = named.get(longKey(name, unitColumn ? row[unitColumn.index]! : ''))!;
    if (typeof reads === 'string') {
      say(nameColumn.name, reads);
      return [];
    }
    const result = resultOf(cell, reads[0], decimal);
    if ('fault' in result) say(valueColumn.name, result.fault);
    const limits: { lod?: number; loq?: number } = {};
    for (const { limit, column } of limitColumns) {
      const stated = readLimit(row[column.index]!, decimal, reads[0].shift);
      if ('fault' in stated) say(column.name, stated.fault);
      else if (stated.value !== undefined) limits[limit] = stated.value;
    }
    if (!('reading' in result) || !result.reading) return [];
    const { reading } = result;
    return [[reads, reading.state === 'category' ? reading : { ...limits, ...reading }]];
  };
}

/**
 * Gathers replicates into profiles. Rows of one `profile` are its replicates; without that column rows that agree in
 * specimen and all other facts; without specimens every replicate of a batch is a profile of its own, because nothing
 * says that it was the same specimen.
 */
class ProfileBook {
  readonly #panels: readonly Panel[];
  readonly #long: boolean;
  readonly #column: (role: string) => string | null;
  readonly #open = new Map<string, OpenProfile>();
  readonly #ids = new Set<string>();
  readonly #namesakes = new Map<string, number>();

  constructor(panels: readonly Panel[], layout: 'wide' | 'long', columns: readonly TableColumn[]) {
    this.#panels = panels;
    this.#long = layout === 'long';
    this.#column = (role) => columns.find((column) => column.role === role)?.name ?? null;
  }

  enter(row: number, { profile, replicate }: RowOwner, factsOf: (panel: Panel) => ProfileFacts, found: ReadonlyMap<Panel, readonly PanelReading[]>, say: Say): void {
    for (const panel of this.#panels) {
      const readings = found.get(panel) ?? [];
      if (readings.length === 0 && this.#panels.length > 1) continue;
      const facts = factsOf(panel);
      const open = this.#profileOf(panel, row, facts, profile, replicate);
      if (profile !== undefined && JSON.stringify(open.facts) !== JSON.stringify(facts)) return say(this.#column('profile'), `profile ${profile} has other facts in an earlier row; give one batch, specimen, laboratory, method, date to a profile`);
      this.#add(open, replicate, readings, say);
    }
  }

  #profileOf(panel: Panel, row: number, facts: ProfileFacts, profile: string | undefined, replicate: string | undefined): OpenProfile {
    const alone = facts.batch === undefined && replicate === undefined ? `row-${row + 1}` : [facts.batch, replicate ?? (this.#long ? undefined : `row-${row + 1}`)].filter((part) => part !== undefined).join('/');
    const name = profile ?? facts.specimen ?? alone;
    const key = JSON.stringify(profile === undefined ? [panel.id, name, facts] : [panel.id, name]);
    const known = this.#open.get(key);
    if (known) return known;
    const made: OpenProfile = { id: this.#freeId(panel, name), panel, facts, replicates: new Map() };
    this.#open.set(key, made);
    return made;
  }

  #freeId(panel: Panel, name: string): string {
    const named = `${panel.id} ${name}`;
    let count = (this.#namesakes.get(named) ?? 0) + 1;
    const numbered = (): string => (count === 1 ? name : `${name} (${count})`);
    while (this.#ids.has(`${panel.id} ${numbered()}`)) count++;
    this.#namesakes.set(named, count);
    this.#ids.add(`${panel.id} ${numbered()}`);
    return numbered();
  }

  #add({ id, replicates }: OpenProfile, replicate: string | undefined, readings: readonly PanelReading[], say: Say): void {
    const name = replicate ?? (this.#long ? '1' : String(replicates.size + 1));
    const known = replicates.get(name);
    if (known && !this.#long) return say(this.#column('replicate'), `profile ${id} has replicate ${name} in an earlier row`);
    const into = known ?? {};
    for (const [{ analyte }, reading] of readings) {
      if (Object.hasOwn(into, analyte.id)) return say(this.#column('analyteName'), `${analyte.id} stands in an earlier row of replicate ${name} of profile ${id}`);
      into[analyte.id] = reading;
    }
    replicates.set(name, into);
  }

  profiles(): Profile[] {
    return [...this.#open.values()].map(({ id, panel, facts, replicates }) => ({
      id, panel: { id: panel.id, version: panel.version }, ...facts,
      replicates: [...replicates].map(([name, readings]): Replicate => ({ id: name, readings })),
    }));
  }
}
