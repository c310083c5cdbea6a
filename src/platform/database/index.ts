export { Database, openDatabase } from './database.ts';
export type { DatabaseOptions, SqlParameters, SqlValue, Statement } from './database.ts';
export { lockDataFolder } from './lock.ts';
export type { FolderLock } from './lock.ts';
export { MigrationError, readMigrations } from './migrations.ts';
export type { Migration } from './migrations.ts';
