/** A copy of a set's manifest with nothing but file and kind, so that labels cannot help. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';

/** Makes `to`/manifest.csv with the columns file and kind, and a link to the photographs. */
export async function blindCopy(from: string, to: string): Promise<void> {
  const rows: Record<string, string>[] = parse(await readFile(join(from, 'manifest.csv'), 'utf8'), { columns: true });
  await mkdir(to, { recursive: true });
  await writeFile(join(to, 'manifest.csv'), `file,kind\n${rows.map((row) => `${row['file']},${row['kind']}\n`).join('')}`);
  const folders = new Set(rows.map((row) => row['file']!.split('/')[0]!));
  for (const folder of folders) if (!existsSync(join(to, folder))) await symlink(resolve(from, folder), join(to, folder));
}
