/** One service per data folder: two would each think the other's running jobs abandoned. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { problem } from '../../domain/index.ts';

export interface FolderLock {
  release(): void;
}

/**
 * Holds the folder for this process. The lock is the operating system's lock on a small SQLite file:
 * it ends with the process, also with `kill -9`, so nothing stale is ever left behind.
 * @throws Problem data-folder-in-use
 */
export function lockDataFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true });
  const lock = new Sqlite(join(folder, 'service.lock'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) throw problem('data-folder-in-use', { folder });
    throw error;
  }
  return { release: () => lock.close() };
}
