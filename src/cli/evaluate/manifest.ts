/**
 * The list of photographs of a labelled set: manifest.csv. Only `file` is needed. Rows with one `capture_id` show one
 * unmoved specimen under several lamps: one face, named by the first of them.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { problem, type SpecimenKind } from '../../domain/index.ts';
import { MOST_PHOTOGRAPHS } from '../../features/index.ts';

/** What the engine may see of a row. */
export interface ManifestPhoto {
  /** As written in the manifest, relative to the folder. */
  readonly file: string;
  readonly kind?: SpecimenKind;
  /** Millimetres per pixel at the face, when the manifest tells. */
  readonly mmPerPx?: number | undefined;
  /** Where its lamp stands, when the manifest tells; asked for only where there are further photographs. */
  readonly azimuthDeg?: number | undefined;
  /** Of the unmoved specimen under other lamps. */
  readonly further: readonly { readonly file: string; readonly azimuthDeg?: number | undefined }[];
}

/** What the engine is not told, though the manifest may know it. */
export interface ManifestOptions {
  readonly ignoreScale?: boolean | undefined;
  readonly ignoreAzimuth?: boolean | undefined;
}

export interface Manifest {
  readonly folder: string;
  readonly photos: readonly ManifestPhoto[];
  /** Twin tools: tool_id -> the tool_id of the other tool cut from the same drawing. */
  readonly twins: ReadonlyMap<string, string>;
  /** Labels, one a photograph; a column that is not there is undefined. They never reach the engine. */
  readonly label: (column: 'design_id' | 'tool_id' | 'specimen_id' | 'seizure_id' | 'batch_id' | 'light' | 'kind' | 'wear') => readonly string[] | undefined;
}

/** @throws Problem not-found, invalid-request with one entry a bad row */
export async function readManifest(folder: string, { ignoreScale = false, ignoreAzimuth = false }: ManifestOptions = {}): Promise<Manifest> {
  const path = join(folder, 'manifest.csv');
  if (!existsSync(path)) throw problem('not-found', { what: path });
  let rows: Record<string, string>[];
  try {
    rows = parse(await readFile(path, 'utf8'), { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    throw problem('invalid-request', {}, [{ pointer: '/manifest.csv', detail: (error as Error).message }]);
  }
  const errors = rows.flatMap((row, i) => {
    const detail = !row['file'] ? 'has no file' : row['kind'] && row['kind'] !== 'tablet' && row['kind'] !== 'brick' ? `kind is tablet or brick, not ${row['kind']}` : !existsSync(join(folder, row['file'])) ? `${row['file']} is not there` : row['capture_id'] && row['file'].toLowerCase().endsWith('.x3p') ? 'a surface is no photograph of a capture' : row['lamp_azimuth_deg'] && !(Math.abs(Number(row['lamp_azimuth_deg'])) <= 360) ? `lamp_azimuth_deg is a number of degrees, not ${row['lamp_azimuth_deg']}` : undefined;
    return detail ? [{ pointer: `/manifest.csv/${i + 1}`, detail }] : [];
  });
  // A photograph of several specimens has a row for each; it is evaluated once, by its first.
  rows = [...new Map(rows.toReversed().map((row) => [row['file'], row])).values()].toReversed();
  const captures = capturesOf(rows);
  for (const capture of captures) {
    const [{ capture_id: id }] = capture as [Record<string, string>];
    if (capture.length > MOST_PHOTOGRAPHS) errors.push({ pointer: '/manifest.csv', detail: `capture ${id} has ${capture.length} photographs, at most ${MOST_PHOTOGRAPHS} are combined` });
    for (const label of ONE_FACE) if (new Set(capture.map((row) => row[label])).size > 1) errors.push({ pointer: '/manifest.csv', detail: `the photographs of capture ${id} differ in ${label}` });
  }
  if (captures.length < 2) errors.push({ pointer: '/manifest.csv', detail: 'at least two faces are needed' });
  if (errors.length > 0) throw problem('invalid-request', {}, errors);
  rows = captures.map((capture) => capture[0]!);
  const azimuth = (row: Record<string, string>): number | undefined => (!ignoreAzimuth && row['lamp_azimuth_deg'] ? Number(row['lamp_azimuth_deg']) : undefined);
  const scale = (row: Record<string, string>): number | undefined => (!ignoreScale && Number(row['mm_per_px']) > 0 ? Number(row['mm_per_px']) : undefined);
  return {
    folder,
    photos: captures.map(([row, ...further]) => ({
      file: row!['file']!, kind: (row!['kind'] || undefined) as SpecimenKind | undefined, mmPerPx: scale(row!),
      azimuthDeg: further.length > 0 ? azimuth(row!) : undefined,
      further: further.map((other) => ({ file: other['file']!, azimuthDeg: azimuth(other) })),
    })),
    twins: new Map(rows.flatMap((row) => (row['tool_id'] && row['twin_tool_id'] ? [[row['tool_id'], row['twin_tool_id']] as const] : []))),
    label: (column) => (rows.every((row) => row[column]) ? rows.map((row) => row[column]!) : undefined),
  };
}

/** What photographs of one unmoved face share. */
const ONE_FACE = ['kind', 'design_id', 'tool_id', 'specimen_id'] as const;

/** Rows of one capture together, in the manifest's order; a row without `capture_id` stands alone. */
function capturesOf(rows: readonly Record<string, string>[]): Record<string, string>[][] {
  const captures = new Map<string, Record<string, string>[]>();
  for (const row of rows) {
    const id = row['capture_id'] ? `capture ${row['capture_id']}` : `file ${row['file']}`;
    captures.set(id, [...(captures.get(id) ?? []), row]);
  }
  return [...captures.values()];
}
