/**
 * The work of an `examine` job: sealed original -> rows.
 *
 * 1. read     the original from the vault
 * 2. decode   to upright pixels
 * 3. measure  faces and their features
 * 4. write    faces, features and index changes, in the transaction that ends the job
 * 5. follow   after the commit the index reads the changes; a crash in between is made good at the next start
 */
import { problem } from '../../domain/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Vault } from '../../platform/vault/index.ts';
import type { Engine, ExaminedFace, ExtractedFace } from '../engine.ts';
import { RecordStore } from '../records/store.ts';
import type { Photograph, Provenance } from '../types.ts';
import { type ExtractedRow, IntakeStore } from './store.ts';

export interface Follower {
  catchUp(): Promise<void>;
}

export interface ExaminerDependencies {
  readonly db: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly provenance: Provenance;
  readonly follower: Follower;
  /** Told when the index could not follow; the next commit tries again. */
  readonly complain: (error: unknown) => void;
}

export type Progress = (phase: string, done?: number, total?: number) => void;

/** A face that was examined and not written yet. */
export interface FoundFace extends ExaminedFace {
  readonly id: string;
}

export class Examiner {
  readonly #store: IntakeStore;
  readonly #records: RecordStore;
  readonly #with: ExaminerDependencies;

  constructor(dependencies: ExaminerDependencies) {
    this.#store = new IntakeStore(dependencies.db);
    this.#records = new RecordStore(dependencies.db);
    this.#with = dependencies;
  }

  /** Steps 1 to 3. @throws Problem face-not-found and the other refusals of a photograph */
  async look(photograph: Photograph, progress: Progress): Promise<FoundFace[]> {
    const { vault, engine, clock } = this.#with;
    const specimen = photograph.specimenId === null ? undefined : this.#records.specimen(photograph.specimenId);
    // 1. read
    progress('decode', 0, 1);
    const bytes = await vault.read(photograph.imageSha256);
    // 2. decode
    const photo = await engine.decode(bytes);
    // 3. measure
    progress('measure', 0, 1);
    const hints = { ...(photograph.mmPerPx === null ? {} : { mmPerPx: photograph.mmPerPx }), ...(specimen ? { kind: specimen.kind } : {}) };
    const faces = await engine.examine(photo, hints, (done, total) => progress('measure', done, total));
    return faces.map((face) => ({ ...face, id: clock.newId('fa') }));
  }

  /** Steps 4 and 5; call it inside the transaction that ends the job. @returns ids of the faces */
  write(photographId: string, found: readonly FoundFace[]): string[] {
    const { db, clock, engine, provenance, follower, complain } = this.#with;
    const photograph = this.#store.photograph(photographId);
    if (!photograph) throw problem('not-found', { what: `the photograph ${photographId}` });
    if (photograph.status === 'done') return [...photograph.faceIds];
    const specimen = photograph.specimenId === null ? undefined : this.#records.specimen(photograph.specimenId);
    // 4. write
    const createdAt = clock.timestamp();
    for (const { id, face, ...extracted } of found) {
      const { crop, outlinePx, ...measured } = face;
      this.#store.addFace({
        ...measured,
        id,
        photographId,
        imageSha256: photograph.imageSha256,
        specimenId: photograph.specimenId,
        seizureId: specimen?.seizureId ?? null,
        side: photograph.side,
        provenance,
        createdAt,
        geometry: { outlinePx, size: crop.size, pxScale: crop.pxScale, toOriginal: crop.toOriginal },
        extracted: extractedRow(engine, extracted),
      });
    }
    this.#store.markExamined(photographId, createdAt);
    // 5. follow
    if (specimen) {
      db.bumpGeneration();
      db.afterCommit(() => void follower.catchUp().catch(complain));
    }
    return found.map(({ id }) => id);
  }
}

/** What was extracted from a face, as it is stored. */
export function extractedRow(engine: Engine, { features, marks }: ExtractedFace): ExtractedRow {
  return {
    featureVersion: engine.featureVersion,
    embedding: features.embedding,
    features: engine.encodeFeatures(features),
    marks: marks && engine.encodeMarks(marks),
    marksDigest: engine.parameters['marks']!,
    colourLab: features.colour,
    scoreLine: features.scoreLine,
  };
}
