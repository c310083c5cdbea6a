/**
 * Table -> profiles.
 *
 * 1. grid: bytes are text, text is rows of cells.
 * 2. columns: each name is an analyte with a unit, a fact about the row, or ignored, with the reason.
 * 3. rows: cells become readings, rows become replicates, replicates profiles; what cannot be read is a fault with row and
 *    column, and its row is left out.
 * 4. flags: values that are hard to believe are kept and named.
 */
import { problem } from '../../domain/index.ts';
import { flagReadings } from '../flags.ts';
import { samePanel } from '../registry.ts';
import { understandColumns, type TableColumn, type TableColumns } from './columns.ts';
import { readGrid, type TableGrid } from './grid.ts';
import { readRows } from './rows.ts';
import type { Panel, PanelReference } from '../types.ts';
import type { ColumnPreview, ReadTable, TableInput, TableOptions, TablePreview } from './types.ts';

const EXAMPLES = 3;

/** How a table is understood, before anything is kept of it. @throws Problem table-unreadable, table-too-large */
export function previewTable(input: TableInput, options: TableOptions = {}): TablePreview {
  const { profiles, ...preview } = interpret(input, options);
  return { ...preview, profiles: profiles.length };
}

/**
 * Profiles of a table.
 * @param keepGoing takes the rows without a fault, and lists the faults; otherwise a fault anywhere refuses the table
 * @throws Problem table-unreadable, table-too-large; table-invalid with every fault, each with row and column
 */
export function readTable(input: TableInput, options: TableOptions & { readonly keepGoing?: boolean } = {}): ReadTable {
  const table = interpret(input, options);
  if (table.faults.length > 0 && !(options.keepGoing && table.profiles.length > 0)) throw problem('table-invalid', { bad: table.bad, rows: table.rows }, table.faults);
  return table;
}

function interpret(input: TableInput, options: TableOptions): ReadTable {
  // 1 grid
  const grid = readGrid(input);
  // 2 columns
  const understood = understandColumns(grid, options);
  // 3 rows
  const { panels, profiles, faults } = readRows(grid, understood, options.defaults ?? {});
  // 4 flags
  const flags = panels.flatMap((panel) => flagReadings(profiles.filter((profile) => samePanel(profile.panel, panel)), panel));
  return {
    form: grid.form, layout: understood.layout, delimiter: grid.delimiter, decimal: understood.decimal, rows: grid.rows.length,
    bad: new Set(faults.flatMap(({ row }) => (row === null ? [] : [row]))).size,
    panels, columns: columnPreviews(grid, understood), profiles, flags, faults: [...understood.faults, ...faults],
  };
}

function columnPreviews(grid: TableGrid, { columns }: TableColumns): ColumnPreview[] {
  return columns.map((column) => ({ name: column.name, role: column.role, ...readingPreview(column), note: column.note, ...cellsOf(grid, column.index) }));
}

function readingPreview({ reads }: TableColumn): Partial<ColumnPreview> {
  if (!reads) return {};
  const [{ panel, analyte, unit, shift }, ...others] = reads;
  const named = ({ id, version }: Panel): PanelReference => ({ id, version });
  return { panel: named(panel), ...(others.length > 0 && { alsoOf: others.map((other) => named(other.panel)) }), analyte: analyte.id, unit, storedUnit: analyte.unit, shift };
}

function cellsOf(grid: TableGrid, index: number): Pick<ColumnPreview, 'examples' | 'filled'> {
  const examples: string[] = [];
  let filled = 0;
  for (const row of grid.rows) {
    if (!row[index]) continue;
    filled++;
    if (examples.length < EXAMPLES) examples.push(row[index]);
  }
  return { examples, filled };
}
