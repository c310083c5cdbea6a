/** A bad table gives a typed problem that names rows and columns; its good rows are read only when that is asked for. */
import fc from 'fast-check';
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

describe('whatever is sent', () => {
  const pieces = fc.constantFrom('batch_id', 'replicate', 'mass_mg', 'Mass (g)', 'purity', 'analyte', 'value', 'lod', 'date', 'control', 'constructor', '__proto__', ',', ',', ';', '\t', '\n', '\n', '\r\n', '"', '""', '<', '<LOD', 'n.d.', '27.1', '27,1', '-3', '1e400', '2026-01-01', 'yes', '{', '[', '}', ']', ':', ' ', 'é', '\ufeff', '\0');
  const outcome = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof Problem && error.code.startsWith('table-')) return error.code;
      throw error;
    }
    return 'read';
  };

  it('is read, or refused by a problem of tables', () => {
    const seen = new Set<string>();
    const options = fc.record({ ownPanel: fc.boolean(), keepGoing: fc.boolean() });
    fc.assert(fc.property(fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')), options, (text, settings) => void seen.add(outcome(() => readTable(text, settings)))), { numRuns: 1500 });
    fc.assert(fc.property(fc.array(fc.array(pieces.filter((piece) => !/[,\n\r"\0]/.test(piece)), { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 6 }), options, (rows, settings) => void seen.add(outcome(() => readTable(rows.map((row) => row.join(',')).join('\n'), settings)))), { numRuns: 1500 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), options, (bytes, settings) => void seen.add(outcome(() => readTable(bytes, settings)))), { numRuns: 500 });
    fc.assert(fc.property(fc.json(), options, (json, settings) => void seen.add(outcome(() => readTable(json, settings)))), { numRuns: 500 });
    expect([...seen].sort()).toEqual(['read', 'table-invalid', 'table-unreadable']);
  });
});
