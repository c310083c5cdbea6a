/** Bytes, text or JSON -> names of columns and rows of trimmed cells. Nothing is understood yet. */
import { parse } from 'csv-parse/sync';
import { escapePointer, problem } from '../../domain/index.ts';
import { TABLE_LIMITS } from '../parameters.ts';
import type { TableFault, TableInput } from './types.ts';

export interface TableGrid {
  readonly form: 'csv' | 'json';
  readonly delimiter: string | null;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a person calls row i: `line 5`. */
  readonly place: (row: number) => string;
  /** Rows that are no rows of this table, as cells of nothing in `rows`. */
  readonly faults: readonly TableFault[];
}

/** @throws Problem table-unreadable, table-too-large */
export function readGrid(input: TableInput): TableGrid {
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) return jsonGrid(input);
  const text = textOf(input);
  if (!/^\s*[[{]/.test(text)) return csvGrid(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(`it begins like JSON and is none (${(error as Error).message})`);
  }
  return jsonGrid(value);
}

const unreadable = (reason: string, errors: readonly TableFault[] = []): Error => problem('table-unreadable', { reason }, errors);

function textOf(input: Uint8Array | string): string {
  const text = typeof input === 'string' ? input : decoded(input);
  if (text.startsWith('PK\u0003\u0004')) throw unreadable('this is a spreadsheet file; export the sheet as CSV');
  if (text.includes('\0')) throw unreadable('it holds bytes of nought, so it is no text');
  const plain = text.replace(/^\ufeff/, '');
  if (plain.trim() === '') throw unreadable('it is empty');
  return plain;
}

function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  if (first === 0x50 && second === 0x4b) throw unreadable('this is a spreadsheet file; export the sheet as CSV');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('its letters are not in UTF-8; choose that encoding when it is exported');
  }
}

/** Tab, else semicolon, else comma, whichever stands outside of quotes in the first line. */
function delimiterOf(firstLine: string): string {
  const bare = firstLine.replaceAll(/"[^"]*"/g, '');
  return ['\t', ';'].find((delimiter) => bare.includes(delimiter)) ?? ',';
}

function csvGrid(text: string): TableGrid {
  // Excel names the delimiter in a line of its own.
  const named = /^sep=(.)\r?\n/i.exec(text);
  const body = named ? text.slice(named[0].length) : text;
  const before = named ? 1 : 0;
  const delimiter = named?.[1] ?? delimiterOf(/^[^\r\n]*/.exec(body.trimStart())![0]);
  const lines: number[] = [];
  const records: string[][] = [];
  try {
    parse(body, {
      delimiter, relax_column_count: true, skip_empty_lines: true, skip_records_with_empty_values: true, record_delimiter: ['\r\n', '\n', '\r'],
      on_record: (record: string[], { lines: line }: { lines: number }) => {
        records.push(record);
        lines.push(line + before);
        return null;
      },
    });
  } catch (error) {
    throw badQuotes(error as Error & { lines?: number; column?: number | string }, records.length - 1, before);
  }
  const header = (records.shift() ?? []).map((name) => name.trim());
  lines.shift();
  checkSize(records.length);
  const place = (row: number): string => `line ${lines[row]!}`;
  const faults: TableFault[] = [];
  const rows = records.map((record, row) => {
    while (record.length > header.length && record.at(-1)!.trim() === '') record.pop();
    if (record.length === header.length) return record.map((cell) => cell.trim());
    faults.push({ row, column: null, pointer: `/rows/${row}`, detail: `${place(row)}: ${record.length} cells where the names of columns are ${header.length}; a decimal comma needs another delimiter, or quotes` });
    return [];
  });
  return { form: 'csv', delimiter, header, rows, place, faults };
}

function badQuotes(error: Error & { lines?: number; column?: number | string }, row: number, before: number): Error {
  const line = (error.lines ?? 1) + before;
  const column = typeof error.column === 'number' ? `, cell ${error.column + 1}` : '';
  const detail = `line ${line}${column}: ${error.message}`;
  return unreadable(detail, [{ row: Math.max(0, row), column: null, pointer: `/rows/${Math.max(0, row)}`, detail }]);
}

function jsonGrid(value: unknown): TableGrid {
  const list: unknown = Array.isArray(value) ? value : typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['rows'] : undefined;
  if (!Array.isArray(list)) throw unreadable('its JSON is neither a list of rows nor an object with the list `rows`');
  checkSize(list.length);
  const place = (row: number): string => `row ${row}`;
  const faults: TableFault[] = [];
  const columns = new Map<string, number>();
  for (const record of list) if (isRecord(record)) for (const key of Object.keys(record)) if (!columns.has(key)) columns.set(key, columns.size);
  if (columns.size === 0) throw unreadable('it has no row');
  const header = [...columns.keys()];
  const rows = list.map((record: unknown, row) => {
    if (!isRecord(record)) {
      faults.push({ row, column: null, pointer: `/rows/${row}`, detail: `${place(row)}: a row is an object of columns` });
      return [];
    }
    return header.map((column) => jsonCell(record[column], () => faults.push({ row, column, pointer: `/rows/${row}/${escapePointer(column)}`, detail: `${place(row)}, column ${column}: a cell is a number, a text, true, false or null` })));
  });
  return { form: 'json', delimiter: null, header: header.map((name) => name.trim()), rows, place, faults };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonCell(cell: unknown, fault: () => void): string {
  if (cell === undefined || cell === null) return '';
  if (typeof cell === 'string') return cell.trim();
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  fault();
  return '';
}

function checkSize(rows: number): void {
  if (rows === 0) throw unreadable('it has no row below the names of columns');
  if (rows > TABLE_LIMITS.rows) throw problem('table-too-large', { limit: TABLE_LIMITS.rows, what: 'rows', found: rows });
}
