/** A copy of a set's manifest without its labels, so that they cannot help. */
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';

/** Makes `to`/manifest.csv with the named columns only, and a link to the photographs. */
export async function blindCopy(from: string, to: string, columns: readonly string[] = ['file', 'kind']): Promise<void> {
  const rows: Record<string, string>[] = parse(await readFile(join(from, 'manifest.csv'), 'utf8'), { columns: true });
  await mkdir(to, { recursive: true });
  await writeFile(join(to, 'manifest.csv'), `${columns.join(',')}\n${rows.map((row) => `${columns.map((c) => row[c]).join(',')}\n`).join('')}`);
  const folders = new Set(rows.map((row) => row['file']!.split('/')[0]!));
  for (const folder of folders) {
    // one left from a run with another set would put these rows beside the photographs of that one
    await rm(join(to, folder), { force: true });
    await symlink(resolve(from, folder), join(to, folder));
  }
}
