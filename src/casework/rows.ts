import type { SqlValue } from '../platform/database/index.ts';

/** A row as SQLite gives it; each store's reader knows the columns. */
export type Row = Readonly<Record<string, SqlValue>>;
