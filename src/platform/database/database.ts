/**
 * The embedded database: SQLite in WAL mode with synchronous=FULL, so that what a commit said is true
 * after a power cut. One connection a process; every call is synchronous and short.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { migrate, readMigrations, type Migration } from './migrations.ts';

export type SqlValue = string | number | bigint | null | Uint8Array;
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;

/** A prepared statement; `Row` is what the SQL selects. */
export interface Statement<Row = unknown> {
  get(parameters?: SqlParameters): Row | undefined;
  all(parameters?: SqlParameters): Row[];
  iterate(parameters?: SqlParameters): IterableIterator<Row>;
  /** @returns how many rows changed */
  run(parameters?: SqlParameters): number;
}

export class Database {
  readonly #sqlite: Sqlite.Database;
  readonly #prepared = new Map<string, Statement<unknown>>();
  #afterCommit: (() => void)[] = [];

  constructor(sqlite: Sqlite.Database) {
    this.#sqlite = sqlite;
  }

  /** Prepares once; the same text gives the same statement. */
  prepare<Row = unknown>(sql: string): Statement<Row> {
    const known = this.#prepared.get(sql);
    if (known) return known as Statement<Row>;
    const inner = this.#sqlite.prepare<unknown[], Row>(sql);
    const bound = (parameters: SqlParameters = []): unknown[] => (Array.isArray(parameters) ? [...parameters] : [parameters]);
    const statement: Statement<Row> = {
      get: (parameters) => inner.get(...bound(parameters)),
      all: (parameters) => inner.all(...bound(parameters)),
      iterate: (parameters) => inner.iterate(...bound(parameters)),
      run: (parameters) => inner.run(...bound(parameters)).changes,
    };
    this.#prepared.set(sql, statement as Statement<unknown>);
    return statement;
  }

  /**
   * Runs `work` in one transaction that holds the write lock from its start; inside another
   * transaction it joins that one as a savepoint. What it throws undoes what it wrote.
   * `work` must be synchronous: nothing else may get between its statements.
   */
  transaction<Result>(work: () => Result): Result {
    const outermost = !this.#sqlite.inTransaction;
    const waiting = this.#afterCommit.length;
    const once = this.#sqlite.transaction(() => {
      const result = work();
      if (result instanceof Promise) throw new TypeError('a transaction must not wait: give it a synchronous function');
      return result;
    });
    let result: Result;
    try {
      result = outermost ? once.immediate() : once();
    } catch (error) {
      this.#afterCommit.length = waiting;
      throw error;
    }
    if (outermost) {
      const calls = this.#afterCommit;
      this.#afterCommit = [];
      for (const call of calls) call();
    }
    return result;
  }

  /** Calls `then` once the running transaction is durable (at once when none is running); never when it is undone. */
  afterCommit(then: () => void): void {
    if (this.#sqlite.inTransaction) this.#afterCommit.push(then);
    else then();
  }

  /** A number that grows with every change that makes a derived index file stale. */
  generation(): number {
    return this.prepare<{ value: number }>('SELECT value FROM generation').get()!.value;
  }

  /** Call it in the transaction that changes what an index is made from. @returns the new generation */
  bumpGeneration(): number {
    return this.prepare<{ value: number }>('UPDATE generation SET value = value + 1 RETURNING value').get()!.value;
  }

  /** Names every fault SQLite finds in the file; empty when it is sound. */
  faults(): string[] {
    const checks = this.#sqlite.pragma('integrity_check') as { integrity_check: string }[];
    const orphans = this.#sqlite.pragma('foreign_key_check') as { table: string; rowid: number }[];
    return [...checks.map((row) => row.integrity_check).filter((text) => text !== 'ok'), ...orphans.map((row) => `row ${row.rowid} of ${row.table} refers to nothing`)];
  }

  /** Writes a sound copy of the whole database to `file` while it stays in use. */
  async backup(file: string): Promise<void> {
    await this.#sqlite.backup(file);
  }

  get isOpen(): boolean {
    return this.#sqlite.open;
  }

  close(): void {
    this.#sqlite.close();
  }
}

export interface DatabaseOptions {
  /** Numbered SQL to bring the file up to; the migrations of this version when absent. */
  readonly migrations?: readonly Migration[];
  /** RFC 3339 time that is written next to each migration. */
  readonly timestamp: string;
}

/**
 * Opens (and makes, when absent) the database file and brings it up to this version's tables.
 * @throws MigrationError when the file is newer than this version or a migration was altered
 */
export function openDatabase(file: string, { migrations = readMigrations(), timestamp }: DatabaseOptions): Database {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const sqlite = new Sqlite(file);
  try {
    sqlite.pragma('busy_timeout = 10000');
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('trusted_schema = OFF');
    sqlite.pragma('cache_size = -32768');
    migrate(sqlite, migrations, timestamp);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return new Database(sqlite);
}
