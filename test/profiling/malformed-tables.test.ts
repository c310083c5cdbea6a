/** A bad table gives a typed problem that names rows and columns; its good rows are read only when that is asked for. */
import { describe, expect, it } from 'vitest';
import { Problem, PROBLEMS } from '../../src/domain/index.ts';
import { readTable } from '../../src/profiling/index.ts';
import { MALFORMED, type MalformedTable } from './malformed-tables.ts';

function refusalOf({ input, options }: MalformedTable, keepGoing: boolean): Problem {
  try {
    readTable(input, { ...options, keepGoing });
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the table was read');
}

describe('malformed tables', () => {
  it('are sixty and more, each another', () => {
    expect(MALFORMED.length).toBeGreaterThanOrEqual(60);
    expect(new Set(MALFORMED.map(({ what }) => what)).size).toBe(MALFORMED.length);
    expect(new Set(MALFORMED.map(({ input }) => (input instanceof Uint8Array ? input.join() : JSON.stringify(input)))).size).toBe(MALFORMED.length);
  });

  it.each(MALFORMED.map((table) => [table.what, table] as const))('%s', (_, table) => {
    const refused = refusalOf(table, false);
    expect(refused.code).toBe(table.code ?? 'table-invalid');
    expect(refused.errors.map(({ pointer }) => pointer)).toEqual(table.pointers);
    const told = [refused.detail, ...refused.errors.map(({ detail }) => detail)].join('\n');
    for (const said of table.says) typeof said === 'string' ? expect(told).toContain(said) : expect(told).toMatch(said);
    expect(refused.detail).not.toContain('?');
    expect(PROBLEMS[refused.code].status).toBe(422);
  });

  it.each(MALFORMED.filter(({ good }) => good).map((table) => [table.what, table] as const))('%s: the good rows, when asked', (_, table) => {
    const { profiles, faults } = readTable(table.input, { ...table.options, keepGoing: true });
    expect(profiles.map(({ id }) => id)).toEqual(table.good);
    expect(faults.map(({ pointer }) => pointer)).toEqual(table.pointers);
    for (const { row, column, pointer } of faults) expect(pointer).toBe(row === null ? `/columns${column === null ? '' : `/${column.replaceAll('/', '~1')}`}` : `/rows/${row}${column === null ? '' : `/${column}`}`);
  });

  it.each(MALFORMED.filter(({ good }) => !good).map((table) => [table.what, table] as const))('%s: nothing is left of it, even when asked', (_, table) => {
    expect(refusalOf(table, true).code).toBe(table.code ?? 'table-invalid');
  });
});
