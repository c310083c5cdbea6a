/** Columns that say whose readings a row holds. */
import { nameKey } from '../names.ts';
import type { ColumnRole } from './types.ts';

const NAMES: Partial<Record<ColumnRole, readonly string[]>> = {
  profile: ['profile', 'profile id'],
  specimen: ['specimen', 'specimen id', 'sample', 'sample id', 'sample name', 'tablet', 'tablet id'],
  batch: ['batch', 'batch id', 'batch no', 'batch number', 'lot', 'lot id'],
  replicate: ['replicate', 'replicate id', 'rep', 'repeat', 'run'],
  laboratory: ['laboratory', 'laboratory id', 'lab', 'lab id', 'institute'],
  method: ['method', 'method id'],
  methodFamily: ['method family', 'family'],
  instrument: ['instrument', 'instrument type'],
  date: ['date', 'analysed on', 'analyzed on', 'analysis date', 'date of analysis', 'measured on'],
  control: ['control', 'is control', 'control sample', 'qc'],
  // Numbers of rows that programs add.
  ignored: ['id', 'index', 'row', 'row number', 'no', 'nr'],
};

/** Columns of a long table: one row a reading. */
const LONG_NAMES: Partial<Record<ColumnRole, readonly string[]>> = {
  analyteName: ['analyte', 'analyte name', 'compound', 'parameter'],
  value: ['value', 'result', 'reading'],
  unit: ['unit', 'units'],
  lod: ['lod', 'limit of detection'],
  loq: ['loq', 'limit of quantification'],
};

const byKey = (names: Partial<Record<ColumnRole, readonly string[]>>): ReadonlyMap<string, ColumnRole> => new Map(Object.entries(names).flatMap(([role, all]) => all.map((name) => [nameKey(name), role as ColumnRole] as const)));
const ROLES = byKey(NAMES);
const LONG_ROLES = byKey(LONG_NAMES);

/** The role of each column by its name; undefined where it has none. `long`: the table names an analyte a row. */
export function rolesOf(header: readonly string[]): { readonly long: boolean; readonly roles: readonly (ColumnRole | undefined)[] } {
  const keys = header.map(nameKey);
  const has = (role: ColumnRole): boolean => keys.some((key) => LONG_ROLES.get(key) === role);
  const long = has('analyteName') && has('value');
  return { long, roles: keys.map((key) => ROLES.get(key) ?? (long ? LONG_ROLES.get(key) : undefined)) };
}
