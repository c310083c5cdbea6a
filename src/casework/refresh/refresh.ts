/**
 * Features and marks of stored faces, made again from the sealed original after their parameters have changed.
 *
 * 1. read     the original from the vault, its digest checked
 * 2. decode   to upright pixels
 * 3. cut      every stale face by its stored geometry: nothing is measured again (docs/adr/0013)
 * 4. extract  features and marks by the running parameters
 * 5. write    in the transaction that ends the job; ids, serials, outline and scale stay
 * 6. follow   after the commit the index reads the changes; a crash in between is made good at the next start
 */
import { problem } from '../../domain/index.ts';
import type { MeasuredFace, Photograph as Picture } from '../../imaging/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { JobHandler, JobStore } from '../../platform/jobs/index.ts';
import type { Vault } from '../../platform/vault/index.ts';
import type { Engine } from '../engine.ts';
import { extractedRow, type Follower, type Progress } from '../intake/examine.ts';
import { type ExtractedRow, IntakeStore } from '../intake/store.ts';
import type { Face, Provenance } from '../types.ts';
import { RefreshStore } from './store.ts';

export const REFRESH = 'refresh';

interface RefreshPayload {
  readonly photographId: string;
}

export interface RefreshDependencies {
  readonly db: Database;
  readonly jobs: JobStore;
  readonly vault: Vault;
  readonly engine: Engine;
  readonly provenance: Provenance;
  readonly follower: Follower;
  /** Told when the index could not follow; the next commit tries again. */
  readonly complain: (error: unknown) => void;
}

export class Refresh {
  readonly #store: RefreshStore;
  readonly #intake: IntakeStore;
  readonly #with: RefreshDependencies;

  constructor(dependencies: RefreshDependencies) {
    this.#store = new RefreshStore(dependencies.db, dependencies.engine);
    this.#intake = new IntakeStore(dependencies.db);
    this.#with = dependencies;
  }

  /** Gives every photograph with stale faces a background job, unless it has one. @returns how many */
  queue(): number {
    const { db, jobs } = this.#with;
    return db.transaction(() => {
      const photographs = this.#store.photographs(REFRESH);
      for (const photographId of photographs) jobs.enqueue(REFRESH, { photographId } satisfies RefreshPayload, photographId, { background: true });
      return photographs.length;
    });
  }

  staleFaces(): number {
    return this.#store.count();
  }

  /** Out of turn, for whoever cannot wait: afterwards no face of the photograph is stale. @throws Problem original-unreadable, image-corrupt */
  async now(photographId: string, progress: Progress): Promise<void> {
    const write = await this.#prepare(photographId, progress);
    this.#with.db.transaction(write);
  }

  /** The worker's side of `refresh`. */
  readonly handler: JobHandler<RefreshPayload> = async ({ photographId }, { progress }) => {
    const write = await this.#prepare(photographId, progress);
    return () => ({ photographId, faceIds: write() });
  };

  /** Steps 1 to 4. @returns steps 5 and 6, to be called in a transaction: gives the ids of the faces */
  async #prepare(photographId: string, progress: Progress): Promise<() => string[]> {
    const { engine } = this.#with;
    const serials = new Set(this.#store.ofPhotograph(photographId));
    const faces = this.#intake.facesOfPhotograph(photographId).filter(({ serial }) => serials.has(serial));
    if (faces.length === 0) return () => [];
    // 1. read
    progress('decode', 0, 1);
    const bytes = await this.#original(faces[0]!.imageSha256);
    // 2. decode
    const picture = await engine.decode(bytes);
    const made: { readonly face: Face; readonly extracted: ExtractedRow }[] = [];
    for (const face of faces) {
      progress('extract', made.length, faces.length);
      // 3. cut, 4. extract
      made.push({ face, extracted: extractedRow(engine, await engine.extract(await this.#cut(face, picture))) });
    }
    return () => this.#write(made);
  }

  async #original(sha256: string): Promise<Uint8Array> {
    const reasons: Readonly<Record<string, string>> = { 'not-found': 'it is not in the vault', 'digest-mismatch': 'its bytes are not those that were sealed' };
    return this.#with.vault.read(sha256, { verify: true }).catch((error: { code?: string }) => {
      const code = error.code ?? 'no reason';
      throw problem('original-unreadable', { sha256, reason: reasons[code] ?? `the disk says ${code}` });
    });
  }

  async #cut({ serial, kind, bboxPx, scale, partial, lengthMm, widthMm, diameterMm, tiltDeg, quality }: Face, picture: Picture): Promise<MeasuredFace> {
    const geometry = this.#intake.geometry(serial)!;
    const crop = await this.#with.engine.cut(picture, geometry);
    return { kind, bboxPx, scale, partial, lengthMm, widthMm, diameterMm, tiltDeg, quality, outlinePx: geometry.outlinePx, crop };
  }

  #write(made: readonly { readonly face: Face; readonly extracted: ExtractedRow }[]): string[] {
    const { db, provenance, follower, complain } = this.#with;
    // 5. write
    for (const { face, extracted } of made) {
      const parameters = { ...provenance.parameters, imaging: face.provenance.parameters['imaging']! };
      this.#intake.replaceExtracted(face.serial, extracted, { ...provenance, parameters });
    }
    // 6. follow
    db.bumpGeneration();
    db.afterCommit(() => void follower.catchUp().catch(complain));
    return made.map(({ face }) => face.id);
  }
}
