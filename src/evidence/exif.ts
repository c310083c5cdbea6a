/** A photograph's EXIF block as plain JSON: provenance that is kept, never trusted. */
import readExif from 'exif-reader';

/** Group (Image, Photo, Iop, GPSInfo) -> tag name -> value. Times are RFC 3339 as the camera wrote them, without a zone. */
export type ExifRecord = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const MOST_TEXT = 1_000;
const MOST_NUMBERS = 32;

/**
 * @param block what the decoder hands out as EXIF, with or without the `Exif\0\0` mark
 * @param keepGps keep the position; it is dropped otherwise
 * @returns null when there is none or it cannot be read: a broken EXIF block is no reason to refuse a photograph
 */
export function exifRecord(block: Buffer | undefined, keepGps: boolean): ExifRecord | null {
  if (!block || block.length === 0) return null;
  let groups: Record<string, unknown>;
  try {
    groups = readExif(block) as Record<string, unknown>;
  } catch {
    return null;
  }
  const record: Record<string, Record<string, unknown>> = {};
  for (const [group, tags] of Object.entries(groups)) {
    if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) continue;
    if (group === 'GPSInfo' && !keepGps) continue;
    // The thumbnail's own tags say nothing about the photograph.
    if (group === 'Thumbnail') continue;
    const kept: Record<string, unknown> = {};
    for (const [tag, value] of Object.entries(tags)) {
      // The pointer to the GPS block goes with it.
      const plain = tag === 'GPSTag' && !keepGps ? undefined : plainValue(value);
      if (plain !== undefined) kept[tag] = plain;
    }
    if (Object.keys(kept).length > 0) record[group] = kept;
  }
  return Object.keys(record).length > 0 ? record : null;
}

/** Text, numbers, times and short lists of them; maker notes and other blocks of bytes stay in the original. */
function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return printable(value).slice(0, MOST_TEXT) || undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString().replace(/(\.000)?Z$/, '');
  if (Array.isArray(value) && value.length <= MOST_NUMBERS) {
    const parts = value.map(plainValue);
    return parts.every((part) => part !== undefined) ? parts : undefined;
  }
  return undefined;
}

const printable = (text: string): string => [...text].filter((letter) => letter >= ' ' && letter !== '\u007f' && letter !== '\ufffd').join('').trim();
