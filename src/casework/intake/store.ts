/** Photographs, their faces, and what the index has to follow. */
import { promisify } from 'node:util';
import { deflateRawSync, inflateRaw } from 'node:zlib';
import type { FaceGeometry } from '../../imaging/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { VectorChanges } from '../../retrieval/index.ts';
import type { Row } from '../rows.ts';
import type { Face, Photograph, ProblemRecord, Provenance } from '../types.ts';

/** What the engine extracted from a face, as rows hold it. */
export interface ExtractedRow {
  readonly featureVersion: number;
  readonly embedding: Int8Array;
  readonly features: Uint8Array;
  /** Null where there are none. */
  readonly marks: Uint8Array | null;
  readonly marksDigest: string;
  readonly colourLab: Face['colourLab'];
  readonly scoreLine: Face['scoreLine'];
}

/** A face as it is written: everything the API shows, and what the engine needs again. */
export interface NewFace extends Omit<Face, 'serial' | 'outlinePx' | 'colourLab' | 'scoreLine'> {
  readonly geometry: FaceGeometry;
  readonly extracted: ExtractedRow;
}

const unpacked = promisify<Uint8Array, Uint8Array>(inflateRaw);

/** Rows read at once while an index follows. */
const CHANGES_AT_ONCE = 4096;
const PHOTOGRAPH = "SELECT photographs.*, (SELECT problem FROM jobs WHERE jobs.id = job_id AND status = 'failed') AS problem FROM photographs";

export class IntakeStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  addPhotograph(p: Photograph): void {
    this.#db
      .prepare('INSERT INTO photographs (id, image_sha256, specimen_id, side, mm_per_px, job_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run([p.id, p.imageSha256, p.specimenId, p.side, p.mmPerPx, p.jobId, p.createdAt]);
  }

  photograph(id: string): Photograph | undefined {
    return this.#photograph('id = ?', [id]);
  }

  photographOf(sha256: string, specimenId: string): Photograph | undefined {
    return this.#photograph('image_sha256 = ? AND specimen_id = ?', [sha256, specimenId]);
  }

  /** A photograph of this image that has faces and the same scale: of a specimen first, else the probe of an earlier search. */
  probeOf(sha256: string, mmPerPx: number | null): Photograph | undefined {
    return this.#photograph('image_sha256 = ? AND (specimen_id IS NOT NULL OR mm_per_px IS ?) AND examined_at IS NOT NULL ORDER BY specimen_id IS NULL, id LIMIT 1', [sha256, mmPerPx]);
  }

  photographsOfSpecimen(specimenId: string): Photograph[] {
    const rows = this.#db.prepare<Row>(`${PHOTOGRAPH} WHERE specimen_id = ? ORDER BY id`).all([specimenId]);
    return rows.map((row) => this.#read(row));
  }

  photographsOfImage(sha256: string): Photograph[] {
    const rows = this.#db.prepare<Row>(`${PHOTOGRAPH} WHERE image_sha256 = ? ORDER BY id`).all([sha256]);
    return rows.map((row) => this.#read(row));
  }

  markExamined(id: string, at: string): void {
    this.#db.prepare('UPDATE photographs SET examined_at = ? WHERE id = ?').run([at, id]);
  }

  /** After a refusal: another try, perhaps with other hints. */
  examineAgain(id: string, jobId: string, side: Photograph['side'], mmPerPx: number | null): void {
    this.#db.prepare('UPDATE photographs SET job_id = ?, side = ?, mm_per_px = ? WHERE id = ? AND examined_at IS NULL').run([jobId, side, mmPerPx, id]);
  }

  /** @returns the serial */
  addFace(face: NewFace): number {
    const { geometry, extracted, id, photographId, imageSha256, specimenId, seizureId, kind, provenance, createdAt, ...measurement } = face;
    const { colourLab, scoreLine } = extracted;
    const { serial } = this.#db
      .prepare<{ serial: number }>('INSERT INTO faces (id, photograph_id, image_sha256, specimen_id, seizure_id, kind, measurement, outline, crop, provenance, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING serial')
      .get([id, photographId, imageSha256, specimenId, seizureId, kind, JSON.stringify({ ...measurement, colourLab, scoreLine }), bytesOf(geometry.outlinePx), JSON.stringify({ size: geometry.size, pxScale: geometry.pxScale, toOriginal: [...geometry.toOriginal] }), JSON.stringify(provenance), createdAt])!;
    this.#putExtracted(serial, extracted);
    if (specimenId === null) return serial;
    if (extracted.marks) this.#awaitPlace(serial);
    this.#announce(serial, extracted.featureVersion);
    return serial;
  }

  /** Other features and marks of a stored face, and what made them; all else of it stays. */
  replaceExtracted(serial: number, extracted: ExtractedRow, provenance: Provenance): void {
    const before = this.#db
      .prepare<{ measurement: string; specimen_id: string | null; version: number }>('SELECT measurement, specimen_id, version FROM faces JOIN face_features USING (serial) WHERE serial = ?')
      .get([serial])!;
    const { colourLab, scoreLine } = extracted;
    const measurement = { ...(JSON.parse(before.measurement) as object), colourLab, scoreLine };
    this.#db.prepare('UPDATE faces SET measurement = ?, provenance = ? WHERE serial = ?').run([JSON.stringify(measurement), JSON.stringify(provenance), serial]);
    this.#putExtracted(serial, extracted);
    if (before.specimen_id === null) return;
    this.#db.prepare('DELETE FROM face_places WHERE serial = ?').run([serial]);
    if (extracted.marks) this.#awaitPlace(serial);
    this.#db.prepare('UPDATE index_counts SET vectors = vectors - 1 WHERE version = ?').run([before.version]);
    this.#announce(serial, extracted.featureVersion);
  }

  face(id: string): Face | undefined {
    const row = this.#db.prepare<Row>('SELECT * FROM faces WHERE id = ?').get([id]);
    return row && faceOf(row);
  }

  faceBySerial(serial: number): Face | undefined {
    const row = this.#db.prepare<Row>('SELECT * FROM faces WHERE serial = ?').get([serial]);
    return row && faceOf(row);
  }

  facesOfPhotograph(photographId: string): Face[] {
    return this.#db.prepare<Row>('SELECT * FROM faces WHERE photograph_id = ? ORDER BY serial').all([photographId]).map(faceOf);
  }

  geometry(serial: number): FaceGeometry | undefined {
    const row = this.#db.prepare<{ outline: Uint8Array; crop: string }>('SELECT outline, crop FROM faces WHERE serial = ?').get([serial]);
    if (!row) return undefined;
    const crop = JSON.parse(row.crop) as { size: number; pxScale: number; toOriginal: number[] };
    return { outlinePx: new Float32Array(copyOf(row.outline)), size: crop.size, pxScale: crop.pxScale, toOriginal: Float64Array.from(crop.toOriginal) };
  }

  /** Features of this version; undefined where there are none. */
  features(serial: number, version: number): Uint8Array | undefined {
    return this.#db.prepare<{ features: Uint8Array }>('SELECT features FROM face_features WHERE serial = ? AND version = ?').get([serial, version])?.features;
  }

  /** Marks made by these parameters, unpacked on another thread; undefined where there are none. */
  async marks(serial: number, digest: string): Promise<Uint8Array | undefined> {
    const row = this.#db.prepare<{ marks: Uint8Array }>('SELECT marks FROM face_marks WHERE serial = ? AND digest = ?').get([serial, digest]);
    return row && unpacked(row.marks);
  }

  latestChange(): number {
    return this.#db.prepare<{ change: number | null }>('SELECT max(change) AS change FROM index_changes').get()!.change ?? 0;
  }

  history(): string {
    return this.#db.prepare<{ name: string }>('SELECT name FROM index_history').get()!.name;
  }

  vectorCount(version: number): number {
    return this.#db.prepare<{ vectors: number }>('SELECT vectors FROM index_counts WHERE version = ?').get([version])?.vectors ?? 0;
  }

  /** Changes after a number, in batches. */
  *changes(after: number, version: number): Generator<VectorChanges> {
    const next = this.#db.prepare<{ change: number; serial: number; removed: number; embedding: Uint8Array; version: number }>(
      'SELECT change, serial, removed, embedding, version FROM index_changes JOIN face_features USING (serial) WHERE change > ? ORDER BY change LIMIT ?',
    );
    for (let from = after; ; ) {
      const rows = next.all([from, CHANGES_AT_ONCE]);
      if (rows.length === 0) return;
      from = rows.at(-1)!.change;
      const last = new Map(rows.map((row) => [row.serial, row]));
      // A face of another version is as good as removed: a stored graph may hold it from when it was of this one.
      const { kept = [], gone = [] } = Object.groupBy(last.values(), (row) => (row.removed === 0 && row.version === version ? 'kept' : 'gone'));
      yield { watermark: from, added: kept.map((row) => ({ key: row.serial, vector: new Int8Array(copyOf(row.embedding)) })), removed: gone.map((row) => row.serial) };
      if (rows.length < CHANGES_AT_ONCE) return;
    }
  }

  #putExtracted(serial: number, { featureVersion, embedding, features, marks, marksDigest }: ExtractedRow): void {
    this.#db.prepare('REPLACE INTO face_features (serial, version, embedding, features) VALUES (?, ?, ?, ?)').run([serial, featureVersion, bytesOf(embedding), features]);
    if (marks) this.#db.prepare('REPLACE INTO face_marks (serial, digest, marks) VALUES (?, ?, ?)').run([serial, marksDigest, deflateRawSync(marks, { level: 1 })]);
    else this.#db.prepare('DELETE FROM face_marks WHERE serial = ?').run([serial]);
  }

  /** The marks are to be laid on the frame of their design. */
  #awaitPlace(serial: number): void {
    this.#db.prepare('INSERT OR IGNORE INTO unplaced_faces (serial) VALUES (?)').run([serial]);
  }

  /** The index has one vector more to hold. */
  #announce(serial: number, version: number): void {
    this.#db.prepare('INSERT INTO index_changes (serial) VALUES (?)').run([serial]);
    this.#db.prepare('INSERT INTO index_counts (version, vectors) VALUES (?, 1) ON CONFLICT (version) DO UPDATE SET vectors = vectors + 1').run([version]);
  }

  #photograph(where: string, values: readonly (string | number | null)[]): Photograph | undefined {
    const row = this.#db.prepare<Row>(`${PHOTOGRAPH} WHERE ${where}`).get(values);
    return row && this.#read(row);
  }

  #read(row: Row): Photograph {
    const faceIds = this.#db.prepare<{ id: string }>('SELECT id FROM faces WHERE photograph_id = ? ORDER BY serial').all([row['id'] as string]).map((face) => face.id);
    return {
      id: row['id'] as string,
      imageSha256: row['image_sha256'] as string,
      specimenId: row['specimen_id'] as string | null,
      side: row['side'] as Photograph['side'],
      mmPerPx: row['mm_per_px'] as number | null,
      status: row['examined_at'] !== null ? 'done' : row['problem'] !== null ? 'refused' : 'waiting',
      problem: row['problem'] === null ? null : (JSON.parse(row['problem'] as string) as ProblemRecord),
      jobId: row['job_id'] as string,
      faceIds,
      createdAt: row['created_at'] as string,
    };
  }
}

const bytesOf = (array: Float32Array | Int8Array): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const copyOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

function faceOf(row: Row): Face {
  const outline = new Float32Array(copyOf(row['outline'] as Uint8Array));
  const measurement = JSON.parse(row['measurement'] as string) as Face;
  const { scale } = measurement;
  return {
    ...measurement,
    // JSON has no infinity: it comes back as null
    scale: { ...scale, bounds: [scale.bounds[0], scale.bounds[1] ?? Number.POSITIVE_INFINITY] },
    id: row['id'] as string,
    serial: row['serial'] as number,
    photographId: row['photograph_id'] as string,
    imageSha256: row['image_sha256'] as string,
    specimenId: row['specimen_id'] as string | null,
    seizureId: row['seizure_id'] as string | null,
    kind: row['kind'] as Face['kind'],
    outlinePx: Array.from({ length: outline.length / 2 }, (_, i) => [outline[2 * i]!, outline[2 * i + 1]!] as const),
    provenance: JSON.parse(row['provenance'] as string) as Face['provenance'],
    createdAt: row['created_at'] as string,
  };
}
