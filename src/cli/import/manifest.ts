/** manifest.csv of an import: which file shows which specimen of which seizure. */
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { isCountryCode, type FaceSide, type SpecimenKind } from '../../domain/index.ts';

/** What the command line gives where the manifest has no such column, or an empty cell. */
export interface ManifestDefaults {
  readonly country?: string;
  readonly date?: string;
  readonly agency?: string;
  readonly seizure?: string;
  readonly drugType?: string;
  readonly kind?: SpecimenKind;
}

export interface ManifestSeizure {
  /** The laboratory's own number. */
  readonly reference: string;
  readonly country: string;
  readonly seizedOn: string;
  readonly agency: string | undefined;
  readonly place: string | undefined;
  readonly drugType: string | undefined;
}

/** One photograph to bring in. */
export interface ManifestEntry {
  /** As the manifest names it. */
  readonly file: string;
  readonly path: string;
  readonly seizure: ManifestSeizure;
  readonly exhibit: string | undefined;
  readonly specimen: string;
  readonly kind: SpecimenKind;
  readonly side: FaceSide | undefined;
  readonly mmPerPx: number | undefined;
  /** Specimens the photograph shows, by its rows; it is attached to the first. */
  readonly specimens: number;
}

/** A line that cannot be brought in, and why. */
export interface ManifestFault {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export interface Manifest {
  readonly entries: readonly ManifestEntry[];
  readonly faults: readonly ManifestFault[];
}

interface Row {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/**
 * Reads `folder`/manifest.csv. Needed in each line: file, and (in a column or as a default) seizure_id, country, date,
 * kind. Used when present: face, specimen_id (each file its own specimen without it), exhibit_id, mm_per_px, agency,
 * place, drug_type. Every other column is left alone.
 * @throws Error when there is no manifest or it is no CSV with a `file` column; a bad line is a fault, not an error
 */
export function readManifest(folder: string, defaults: ManifestDefaults = {}): Manifest {
  const rows = readRows(folder);
  const entries = new Map<string, ManifestEntry>();
  const faults: ManifestFault[] = [];
  const seizures = new Map<string, ManifestSeizure>();
  for (const row of rows) {
    const entry = entryOf(row, folder, defaults, seizures);
    if (typeof entry === 'string') {
      faults.push({ file: row.cells.file ?? '', line: row.line, reason: entry });
      continue;
    }
    const earlier = entries.get(entry.file);
    if (earlier && earlier.seizure !== entry.seizure) faults.push({ file: entry.file, line: row.line, reason: 'another line puts this file into another seizure' });
    else entries.set(entry.file, earlier ? { ...earlier, specimens: earlier.specimens + (earlier.specimen === entry.specimen ? 0 : 1) } : entry);
  }
  return { entries: [...entries.values()], faults };
}

function readRows(folder: string): Row[] {
  const path = join(folder, 'manifest.csv');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`There is no manifest.csv in ${folder}. It needs the columns file, kind, seizure_id, country and date (or options of the command that give them).`);
  }
  let parsed: { info: { lines: number }; record: Record<string, string> }[];
  try {
    parsed = parse(text, { columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()), bom: true, trim: true, skip_empty_lines: true, info: true });
  } catch (error) {
    throw new Error(`${path} is not a CSV file that can be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (parsed.length > 0 && !('file' in parsed[0].record)) throw new Error(`${path} has no column "file"; it has ${Object.keys(parsed[0].record).join(', ')}.`);
  return parsed.map(({ info, record }) => ({ line: info.lines, cells: record }));
}

const SIDES: readonly string[] = ['obverse', 'reverse', 'edge'] satisfies FaceSide[];
const KINDS: readonly string[] = ['tablet', 'brick'] satisfies SpecimenKind[];

/** The line as an entry, or a sentence that says what is wrong with it. */
function entryOf({ cells }: Row, folder: string, defaults: ManifestDefaults, seizures: Map<string, ManifestSeizure>): ManifestEntry | string {
  const cell = (name: string): string | undefined => cells[name] || undefined;
  const file = cell('file');
  if (!file) return 'the line names no file';
  const path = resolve(folder, file);
  if (relative(folder, path).startsWith('..')) return 'the file lies outside the folder';
  const kind = cell('kind') ?? defaults.kind;
  if (kind === undefined || !KINDS.includes(kind)) return kind === undefined ? 'kind is missing' : `kind is "${kind}"; it can be ${KINDS.join(' or ')}`;
  const side = cell('face');
  if (side !== undefined && !SIDES.includes(side)) return `face is "${side}"; it can be ${SIDES.join(', ')}`;
  const mmPerPx = cell('mm_per_px');
  if (mmPerPx !== undefined && !(Number(mmPerPx) > 0)) return `mm_per_px is "${mmPerPx}"; it is a number of millimetres`;
  const seizure = seizureOf(cell, defaults, seizures);
  if (typeof seizure === 'string') return seizure;
  return { file, path, seizure, exhibit: cell('exhibit_id'), specimen: cell('specimen_id') ?? file, kind: kind as SpecimenKind, side: side as FaceSide | undefined, mmPerPx: mmPerPx === undefined ? undefined : Number(mmPerPx), specimens: 1 };
}

function seizureOf(cell: (name: string) => string | undefined, defaults: ManifestDefaults, seizures: Map<string, ManifestSeizure>): ManifestSeizure | string {
  const reference = cell('seizure_id') ?? defaults.seizure;
  const country = cell('country') ?? defaults.country;
  const seizedOn = cell('date') ?? defaults.date;
  if (!reference) return 'seizure_id is missing';
  if (!country) return 'country is missing';
  if (!isCountryCode(country)) return `country is "${country}"; it is an ISO 3166-1 alpha-2 code such as NL`;
  if (!seizedOn) return 'date is missing';
  if (!/^\d{4}-\d\d-\d\d$/.test(seizedOn) || Number.isNaN(Date.parse(seizedOn))) return `date is "${seizedOn}"; it is a day such as 2026-03-14`;
  const seizure: ManifestSeizure = { reference, country, seizedOn, agency: cell('agency') ?? defaults.agency, place: cell('place'), drugType: cell('drug_type') ?? defaults.drugType };
  // A reference belongs to one country and agency, as in the service.
  const key = JSON.stringify([reference, country, seizure.agency]);
  const earlier = seizures.get(key);
  if (earlier && earlier.seizedOn !== seizedOn) return `seizure ${reference} has the date ${seizedOn} here and ${earlier.seizedOn} in another line`;
  if (!earlier) seizures.set(key, seizure);
  return earlier ?? seizure;
}
