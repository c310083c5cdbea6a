/** Designs as they were found, the places of faces on their frames, and the faces that wait for one. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SpecimenKind } from '../../domain/index.ts';
import type { Database } from '../../platform/database/index.ts';

export interface DesignRow {
  readonly id: number;
  readonly kind: SpecimenKind;
  /** Serial of the first face. */
  readonly reference: number;
  /** Faces whose strokes the frame is the mean of. */
  readonly grown: number;
}

export interface PlaceRow {
  readonly place: number;
  readonly serial: number;
  readonly vector: Uint8Array | null;
}

export class DesignStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Forgets designs of other parameters; every face with marks of `marksDigest` then waits for a place. */
  forgetOthers(digest: string, marksDigest: string): void {
    this.#db.transaction(() => {
      if (!this.#db.prepare('SELECT 1 FROM designs WHERE digest <> ? LIMIT 1').get([digest]) && this.#db.prepare('SELECT 1 FROM face_places LIMIT 1').get()) return;
      for (const table of ['face_places', 'designs', 'unplaced_faces']) this.#db.prepare(`DELETE FROM ${table}`).run();
      this.#db.prepare('INSERT INTO unplaced_faces SELECT serial FROM face_marks JOIN faces USING (serial) WHERE digest = ? AND specimen_id IS NOT NULL').run([marksDigest]);
    });
  }

  /** Those founded after a design, 0 for all. */
  designs(after: number): DesignRow[] {
    return this.#db.prepare<DesignRow>('SELECT id, kind, reference, grown FROM designs WHERE id > ? ORDER BY id').all([after]);
  }

  design(id: number): DesignRow | undefined {
    return this.#db.prepare<DesignRow>('SELECT id, kind, reference, grown FROM designs WHERE id = ?').get([id]);
  }

  frame(id: number): Uint8Array {
    return inflateRawSync(this.#db.prepare<{ frame: Uint8Array }>('SELECT frame FROM designs WHERE id = ?').get([id])!.frame);
  }

  embedding(serial: number): Int8Array {
    const { embedding } = this.#db.prepare<{ embedding: Uint8Array }>('SELECT embedding FROM face_features WHERE serial = ?').get([serial])!;
    return new Int8Array(embedding.buffer, embedding.byteOffset, embedding.byteLength);
  }

  /** @returns the id */
  addDesign(digest: string, kind: SpecimenKind, reference: number, frame: Uint8Array): number {
    return this.#db
      .prepare<{ id: number }>('INSERT INTO designs (digest, kind, reference, frame, grown) VALUES (?, ?, ?, ?, 1) RETURNING id')
      .get([digest, kind, reference, deflateRawSync(frame, { level: 1 })])!.id;
  }

  grow(id: number, frame: Uint8Array, grown: number): void {
    this.#db.prepare('UPDATE designs SET frame = ?, grown = ? WHERE id = ?').run([deflateRawSync(frame, { level: 1 }), grown, id]);
  }

  unplaced(limit: number): number[] {
    return this.#db.prepare<{ serial: number }>('SELECT serial FROM unplaced_faces ORDER BY serial LIMIT ?').all([limit]).map(({ serial }) => serial);
  }

  unplacedCount(): number {
    return this.#db.prepare<{ n: number }>('SELECT count(*) AS n FROM unplaced_faces').get()!.n;
  }

  /** Gives a face a place, or a new one. */
  put(serial: number, design: number, vector: Int8Array | null): void {
    this.#db.prepare('DELETE FROM face_places WHERE serial = ?').run([serial]);
    this.#db.prepare('INSERT INTO face_places (serial, design, vector) VALUES (?, ?, ?)').run([serial, design, vector && new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)]);
    this.drop(serial);
  }

  /** The face waits no longer. */
  drop(serial: number): void {
    this.#db.prepare('DELETE FROM unplaced_faces WHERE serial = ?').run([serial]);
  }

  membersOf(design: number): number[] {
    return this.#db.prepare<{ serial: number }>('SELECT serial FROM face_places WHERE design = ? ORDER BY serial').all([design]).map(({ serial }) => serial);
  }

  memberCount(design: number): number {
    return this.#db.prepare<{ n: number }>('SELECT count(*) AS n FROM face_places WHERE design = ?').get([design])!.n;
  }

  /** Of a face that a scan can find; undefined where it has no place, or could not be registered. */
  designOf(serial: number): number | undefined {
    return this.#db.prepare<{ design: number }>('SELECT design FROM face_places WHERE serial = ? AND vector IS NOT NULL').get([serial])?.design;
  }

  places(design: number, after: number, limit: number): PlaceRow[] {
    return this.#db.prepare<PlaceRow>('SELECT place, serial, vector FROM face_places WHERE design = ? AND place > ? ORDER BY place LIMIT ?').all([design, after, limit]);
  }
}
