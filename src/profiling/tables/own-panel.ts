/** The panel that a table makes of its own columns, where no panel knows them. */
import { createHash } from 'node:crypto';
import { columnNames, kebab } from '../names.ts';
import { PROFILE_PARAMETERS } from '../parameters.ts';
import type { Analyte, Panel } from '../types.ts';
import { readCell, type Decimal } from './cells.ts';

/** True where so many of the filled cells are readings that the column is meant to hold them. */
export function holdsReadings(cells: readonly string[], decimal: Decimal): boolean {
  let filled = 0;
  let readings = 0;
  for (const cell of cells) {
    if (cell === '') continue;
    filled++;
    const result = readCell(cell, decimal, 0);
    if ('reading' in result && result.reading) readings++;
  }
  return filled > 0 && readings >= PROFILE_PARAMETERS.dataShare.value * filled;
}

/**
 * Analytes by the names of the columns alone, so that two tables with the same columns have the same panel, whatever they
 * hold. Values with a known unit are amounts; of a number without unit only differences are taken to mean something.
 * @param columns names of columns, each another kebab
 */
export function ownPanel(columns: readonly string[]): Panel {
  const analytes = columns.map(ownAnalyte);
  const digest = createHash('sha256').update(JSON.stringify(analytes.map(({ id, unit }) => [id, unit]).sort())).digest('hex');
  return Object.freeze({
    id: `table-${digest.slice(0, 12)}`, version: 1, title: `Columns of a table: ${analytes.slice(0, 4).map(({ name }) => name).join(', ')}${analytes.length > 4 ? ' ...' : ''}`,
    kind: 'table', substance: 'any', analytes, recipe: 'as-measured', distance: 'log-deviations', minimumOverlap: Math.max(1, Math.ceil(analytes.length / 2)), methodFamilies: [],
    source: 'Made of the columns of a table that no panel knows.',
  });
}

export function ownAnalyte(column: string): Analyte {
  const { name, unit } = columnNames(column).find(({ unit: found }) => found) ?? { name: column, unit: undefined };
  return Object.freeze({ id: kebab(name), name, synonyms: [], scale: unit && unit.quantity !== 'delta' && unit.quantity !== 'number' ? 'amount' : 'interval', unit: unit?.id ?? '1', stability: 1 });
}
