/** The rows of the sealed originals. */
import type { Database } from '../platform/database/index.ts';
import type { ExifRecord } from './exif.ts';
import type { ImageType } from './sniff.ts';

/** What is known of one sealed original. */
export interface SealedImage {
  readonly sha256: string;
  readonly id: string;
  readonly mime: ImageType;
  readonly bytes: number;
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly bitDepth: 8 | 16;
  /** EXIF orientation as stored in the file, 1 .. 8. */
  readonly orientation: number;
  readonly exif: ExifRecord | null;
  readonly receivedAt: string;
}

interface ImageRow {
  sha256: string; id: string; mime: ImageType; bytes: number; width: number; height: number;
  bit_depth: 8 | 16; orientation: number; exif: string | null; received_at: string;
}

const imageOf = (row: ImageRow): SealedImage => ({
  sha256: row.sha256, id: row.id, mime: row.mime, bytes: row.bytes, width: row.width, height: row.height, bitDepth: row.bit_depth,
  orientation: row.orientation, exif: row.exif === null ? null : (JSON.parse(row.exif) as ExifRecord), receivedAt: row.received_at,
});

export interface ImageStore {
  insert(image: SealedImage): void;
  find(sha256: string): SealedImage | undefined;
  findById(id: string): SealedImage | undefined;
  /** Those of the digests that are known. */
  known(digests: readonly string[]): SealedImage[];
  count(): number;
  /** Digests of all rows, in order. */
  digests(): string[];
}

export function createImageStore(database: Database): ImageStore {
  return {
    insert: (i) =>
      void database.prepare('INSERT INTO images (sha256, id, mime, bytes, width, height, bit_depth, orientation, exif, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .run([i.sha256, i.id, i.mime, i.bytes, i.width, i.height, i.bitDepth, i.orientation, i.exif && JSON.stringify(i.exif), i.receivedAt]),
    find(sha256) {
      const row = database.prepare<ImageRow>('SELECT * FROM images WHERE sha256 = ?').get([sha256]);
      return row && imageOf(row);
    },
    findById(id) {
      const row = database.prepare<ImageRow>('SELECT * FROM images WHERE id = ?').get([id]);
      return row && imageOf(row);
    },
    known: (digests) => database.prepare<ImageRow>('SELECT * FROM images WHERE sha256 IN (SELECT value FROM json_each(?))').all([JSON.stringify(digests)]).map(imageOf),
    count: () => database.prepare<{ n: number }>('SELECT count(*) AS n FROM images').get()!.n,
    digests: () => database.prepare<{ sha256: string }>('SELECT sha256 FROM images ORDER BY sha256').all().map((row) => row.sha256),
  };
}
