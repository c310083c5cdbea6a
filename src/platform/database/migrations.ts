/** Numbered SQL files, forward only: each is applied once, in order, and recorded with its digest. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type Sqlite from 'better-sqlite3';

export interface Migration {
  /** The file's name without its ending: `001-platform`. */
  readonly name: string;
  readonly sql: string;
}

export class MigrationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MigrationError';
  }
}

const FOLDER = fileURLToPath(new URL('./migrations/', import.meta.url));
const SHAPE = /^(\d{3})-[a-z0-9-]+\.sql$/;

/** This version's migrations in the order of their numbers. @throws MigrationError on a bad name or a number used twice */
export function readMigrations(folder: string = FOLDER): Migration[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql')).sort();
  const numbers = new Set<string>();
  for (const name of names) {
    const number = SHAPE.exec(name)?.[1];
    if (!number) throw new MigrationError(`${name} is not named like 012-what-it-does.sql`);
    if (numbers.has(number)) throw new MigrationError(`two migrations have the number ${number}`);
    numbers.add(number);
  }
  return names.map((name) => ({ name: name.slice(0, -4), sql: readFileSync(`${folder}/${name}`, 'utf8') }));
}

const digestOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');

/**
 * Applies what is missing, all in one transaction.
 * @throws MigrationError when the file was written by a newer version, or a migration it has was altered since
 */
export function migrate(sqlite: Sqlite.Database, migrations: readonly Migration[], timestamp: string): void {
  const apply = sqlite.transaction(() => {
    sqlite.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT');
    const applied = sqlite.prepare<[], { name: string; sha256: string }>('SELECT name, sha256 FROM migrations ORDER BY name').all();
    const known = new Map(migrations.map((migration) => [migration.name, digestOf(migration.sql)]));
    for (const { name, sha256 } of applied) {
      const digest = known.get(name);
      if (digest === undefined) throw new MigrationError(`the database was written by a newer version of Relievo: it has the migration ${name}, which this version does not know. Use the newer version.`);
      if (digest !== sha256) throw new MigrationError(`the migration ${name} was altered after it was applied to this database. Put the original file back and write a new migration instead.`);
    }
    const done = new Set(applied.map((row) => row.name));
    const last = applied.at(-1)?.name ?? '';
    const record = sqlite.prepare('INSERT INTO migrations (name, sha256, applied_at) VALUES (?, ?, ?)');
    for (const { name, sql } of migrations) {
      if (done.has(name)) continue;
      if (name < last) throw new MigrationError(`the migration ${name} comes before ${last}, which this database already has. Give it a higher number.`);
      sqlite.exec(sql);
      record.run(name, digestOf(sql), timestamp);
    }
  });
  apply.immediate();
}
