import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../../src/domain/index.ts';
import { type Database, lockDataFolder, MigrationError, openDatabase, readMigrations, type Migration } from '../../src/platform/database/index.ts';

const timestamp = '2026-01-01T00:00:00.000Z';
const people: Migration = { name: '001-people', sql: 'CREATE TABLE generation (value INTEGER NOT NULL); INSERT INTO generation VALUES (0); CREATE TABLE people (name TEXT PRIMARY KEY) STRICT; CREATE TABLE pets (owner TEXT REFERENCES people (name))' };
const more: Migration = { name: '002-more', sql: 'ALTER TABLE people ADD COLUMN age INTEGER' };

let folder: string;
let file: string;
let database: Database | undefined;
const open = (migrations: Migration[] = [people]): Database => (database = openDatabase(file, { migrations, timestamp }));
const names = (db: Database): string[] => db.prepare<{ name: string }>('SELECT name FROM people ORDER BY name').all().map((row) => row.name);
const add = (db: Database, name: string): number => db.prepare('INSERT INTO people (name) VALUES (?)').run([name]);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relievo-database-'));
  file = join(folder, 'x.db');
});
afterEach(() => {
  if (database?.isOpen) database.close();
  rmSync(folder, { recursive: true });
});

describe('migrations', () => {
  it('of this version make a sound database', () => {
    const db = (database = openDatabase(file, { timestamp }));
    expect(db.faults()).toEqual([]);
    expect(db.prepare('SELECT count(*) AS n FROM migrations').get()).toEqual({ n: readMigrations().length });
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  });

  it('are applied once, in order', () => {
    const db = open();
    add(db, 'Ada');
    db.close();
    expect(names(open([people, more]))).toEqual(['Ada']);
  });

  it('that were altered are refused', () => {
    open().close();
    expect(() => open([{ ...people, sql: `${people.sql} -- and a remark` }])).toThrow(/001-people was altered/);
  });

  it('of a newer version are refused', () => {
    open([people, more]).close();
    expect(() => open([people])).toThrow(/newer version/);
  });

  it('that come too late in the order are refused', () => {
    open([people, more]).close();
    expect(() => open([people, { name: '001-straggler', sql: 'SELECT 1' }, more])).toThrow(MigrationError);
  });

  it('that fail leave the database as it was', () => {
    open().close();
    expect(() => open([people, more, { name: '003-broken', sql: 'CREATE TABLE half (x); CREATE NONSENSE' }])).toThrow();
    expect(open([people]).prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").all()).toEqual([]);
  });

  it('need a number of their own', () => {
    writeFileSync(join(folder, '001-a.sql'), '');
    writeFileSync(join(folder, '001-b.sql'), '');
    expect(() => readMigrations(folder)).toThrow(/two migrations/);
    rmSync(join(folder, '001-b.sql'));
    writeFileSync(join(folder, 'later.sql'), '');
    expect(() => readMigrations(folder)).toThrow(/later.sql/);
  });
});

describe('a transaction', () => {
  it('is kept whole or not at all', () => {
    const db = open();
    expect(() => db.transaction(() => {
      add(db, 'Ada');
      throw new Error('no');
    })).toThrow('no');
    expect(names(db)).toEqual([]);
    expect(db.transaction(() => add(db, 'Ada'))).toBe(1);
    expect(names(db)).toEqual(['Ada']);
  });

  it('inside another can fail alone', () => {
    const db = open();
    db.transaction(() => {
      add(db, 'Ada');
      expect(() => db.transaction(() => {
        add(db, 'Bob');
        throw new Error('no');
      })).toThrow('no');
      db.transaction(() => add(db, 'Cyd'));
    });
    expect(names(db)).toEqual(['Ada', 'Cyd']);
  });

  it('must not wait', () => {
    const db = open();
    expect(() => db.transaction(async () => add(db, 'Ada'))).toThrow(TypeError);
    expect(names(db)).toEqual([]);
  });

  it('tells what waits for its commit, and only after it', () => {
    const db = open();
    const heard: string[] = [];
    db.transaction(() => {
      db.afterCommit(() => heard.push(`kept ${names(db)}`));
      add(db, 'Ada');
      expect(heard).toEqual([]);
      expect(() => db.transaction(() => {
        db.afterCommit(() => heard.push('undone'));
        throw new Error('no');
      })).toThrow();
    });
    expect(heard).toEqual(['kept Ada']);
  });

  it('holds foreign keys', () => {
    const db = open();
    expect(() => db.prepare("INSERT INTO pets (owner) VALUES ('nobody')").run()).toThrow(/FOREIGN KEY/);
  });
});

it('the generation grows with its transaction', () => {
  const db = open();
  expect(db.generation()).toBe(0);
  expect(db.bumpGeneration()).toBe(1);
  expect(() => db.transaction(() => {
    db.bumpGeneration();
    throw new Error('no');
  })).toThrow();
  expect(db.generation()).toBe(1);
});

it('a copy is whole while the database stays in use', async () => {
  const db = open();
  add(db, 'Ada');
  await db.backup(join(folder, 'copy.db'));
  add(db, 'Bob');
  const copy = openDatabase(join(folder, 'copy.db'), { migrations: [people], timestamp });
  expect(names(copy)).toEqual(['Ada']);
  copy.close();
});

describe('the lock of a data folder', () => {
  it('is held by one at a time', () => {
    const lock = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(Problem);
    lock.release();
    lockDataFolder(folder).release();
  });

  it('ends with its process, also when that is killed', async () => {
    const door = new URL('../../src/platform/database/index.ts', import.meta.url).href;
    const script = `const { lockDataFolder } = await import(${JSON.stringify(door)}); globalThis.lock = lockDataFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(() => lockDataFolder(folder)).toThrow(Problem);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    lockDataFolder(folder).release();
  });
});
