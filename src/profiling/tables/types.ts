/** What is given to the reading of a table, and what comes out. */
import type { FieldError } from '../../domain/index.ts';
import type { Panel, PanelReference, Profile, ReadingFlag } from '../types.ts';
import type { Decimal } from './cells.ts';

/** A table as bytes, as text, or as JSON that was parsed already. */
export type TableInput = Uint8Array | string | readonly unknown[] | Readonly<Record<string, unknown>>;

/** What the caller knows of every row that has no such column, or an empty cell. */
export type TableDefaults = Partial<Pick<Profile, 'batch' | 'specimen' | 'laboratory' | 'method' | 'methodFamily' | 'instrument' | 'date' | 'control'>>;

export interface TableOptions {
  /** Panels whose analytes are looked for; the bundled ones when none are given. */
  readonly panels?: readonly Panel[];
  /** Columns of readings that no single panel knows make a panel of the table's own, instead of being left out. */
  readonly ownPanel?: boolean;
  readonly defaults?: TableDefaults;
  /** Column as the table writes it -> name that it is read as, where its own says nothing or something else: `Muster-Nr` -> `specimen`. */
  readonly names?: Readonly<Record<string, string>>;
}

export type ColumnRole = 'analyte' | 'profile' | 'specimen' | 'batch' | 'replicate' | 'laboratory' | 'method' | 'methodFamily' | 'instrument' | 'date' | 'control' | 'analyteName' | 'value' | 'unit' | 'lod' | 'loq' | 'ignored';

/** How one column was understood. */
export interface ColumnPreview {
  /** As the table writes it. */
  readonly name: string;
  readonly role: ColumnRole;
  /** Where the role is `analyte`. */
  readonly panel?: PanelReference;
  /** Other panels of the table that list it: it is read for them in rows that have a reading of their own of them. */
  readonly alsoOf?: readonly PanelReference[];
  readonly analyte?: string;
  /** Unit that its values are in, and the one they are stored in. */
  readonly unit?: string;
  readonly storedUnit?: string;
  /** Values are moved by so many decimal places. */
  readonly shift?: number;
  /** A sentence: what was assumed, or why the column is ignored. */
  readonly note: string;
  /** Its first filled cells. */
  readonly examples: readonly string[];
  readonly filled: number;
}

/** A failure, with the row and column it is in. */
export interface TableFault extends FieldError {
  /** Data row, from 0; null where the column itself is at fault. */
  readonly row: number | null;
  /** As the table writes it; null where the whole row is at fault. */
  readonly column: string | null;
}

export interface TablePreview {
  readonly form: 'csv' | 'json';
  /** One row a replicate, or one row a reading. */
  readonly layout: 'wide' | 'long';
  readonly delimiter: string | null;
  readonly decimal: Decimal;
  readonly rows: number;
  /** Rows that have a fault. */
  readonly bad: number;
  readonly panels: readonly Panel[];
  readonly columns: readonly ColumnPreview[];
  readonly profiles: number;
  readonly flags: readonly ReadingFlag[];
  readonly faults: readonly TableFault[];
}

export interface ReadTable extends Omit<TablePreview, 'profiles'> {
  /** In the order of the table, one list for all panels. */
  readonly profiles: readonly Profile[];
}
