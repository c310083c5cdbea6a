/** Real profiles of known sources, how they are split, and how errors are entered into them. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProfileMeasurement } from '../../src/likelihood/index.ts';

export interface SourceMeasurement extends ProfileMeasurement {
  /** Of its source: 1, 2, ... */
  readonly repeat: number;
}

export interface SourceSet {
  readonly name: string;
  /** What a source is, and what is measured of it. */
  readonly about: string;
  readonly analytes: readonly string[];
  readonly rows: readonly SourceMeasurement[];
  /** Whether a pair of rows, the first before the second in the table, is compared. */
  readonly compared: (first: SourceMeasurement, second: SourceMeasurement) => boolean;
  /** What a misplaced decimal point does to a value. */
  readonly misplaced: (value: number, up: boolean) => number;
}

const SETS = [
  {
    name: 'tablets', file: join('xtc-tablets', 'tablets.csv'), about: 'ecstasy tablets by batch: diameter, thickness, mass, purity (NFI)',
    source: 0, repeat: 1, first: 2, compared: () => true, misplaced: (v: number, up: boolean) => Number((up ? v * 10 : v / 10).toPrecision(12)),
  },
  {
    name: 'glass', file: join('glass', 'nfi_training.csv'), about: 'glass by pane: 10 elements, decadic logarithms of ratios to silicon, measurement 1 against measurement 2 (NFI)',
    source: 1, repeat: 2, first: 3, compared: (a: SourceMeasurement, b: SourceMeasurement) => a.repeat + b.repeat === 3, misplaced: (v: number, up: boolean) => v + (up ? 1 : -1),
  },
] as const;

/** @returns null where the table is not beside the repository, by the name of the set */
export async function readSourceSets(data: string): Promise<Map<string, SourceSet | null>> {
  const found = new Map<string, SourceSet | null>();
  for (const { name, file, about, source, repeat, first, compared, misplaced } of SETS) {
    const path = join(data, file);
    if (!existsSync(path)) {
      found.set(name, null);
      continue;
    }
    const [head, ...lines] = (await readFile(path, 'utf8')).trim().split(/\r?\n/).map((line) => line.split(',').map((cell) => cell.replaceAll('"', '')));
    const rows = lines.map((cells) => ({ source: cells[source]!, repeat: Number(cells[repeat]), values: Float64Array.from(cells.slice(first), (cell) => (cell === '' ? Number.NaN : Number(cell))) }));
    found.set(name, { name, about, analytes: head!.slice(first), rows, compared, misplaced });
  }
  return found;
}

/** How much of a set is wrongly entered: one value in so many of the rows, or so many of all values. */
export interface EntryErrors {
  readonly of: 'rows' | 'values';
  readonly share: number;
}

/** Decimal points misplaced, up or down. */
export function withErrors({ rows, misplaced }: SourceSet, { of, share }: EntryErrors, random: () => number): SourceMeasurement[] {
  return rows.map((row) => {
    const values = row.values.slice();
    const spoil = (c: number): void => void (values[c] = misplaced(values[c]!, random() < 0.5));
    if (of === 'values') values.forEach((_, c) => random() < share && spoil(c));
    else if (random() < share) spoil(Math.floor(random() * values.length));
    return { ...row, values };
  });
}

/** The sources of a set in so many parts of equal size, by chance. */
export function sourcesInParts(rows: readonly SourceMeasurement[], parts: number, random: () => number): Map<string, number> {
  const sources = [...new Set(rows.map(({ source }) => source))].sort();
  for (let k = sources.length - 1; k > 0; k--) {
    const other = Math.floor(random() * (k + 1));
    [sources[k], sources[other]] = [sources[other]!, sources[k]!];
  }
  return new Map(sources.map((source, k) => [source, k % parts]));
}
