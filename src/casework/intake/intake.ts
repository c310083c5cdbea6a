/** Takes images in: seals them, attaches them to specimens, has them examined. Answers only after everything is durable. */
import type { FaceSide } from '../../domain/index.ts';
import type { Admitted, Evidence, SealedImage } from '../../evidence/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Job, JobHandler, JobStore } from '../../platform/jobs/index.ts';
import type { ByteSource } from '../../platform/vault/index.ts';
import { reservedId } from '../access/requests.ts';
import { missing, type Records } from '../records/records.ts';
import type { Face, Photograph, Principal } from '../types.ts';
import type { Examiner } from './examine.ts';
import { IntakeStore } from './store.ts';

/** How an image shows its specimen; everything is optional. */
export interface AttachHints {
  readonly side?: FaceSide;
  readonly mmPerPx?: number;
}

export interface IncomingImage {
  readonly source: ByteSource;
  readonly declaredType?: string;
  readonly expectedSha256?: string;
}

export interface Attached {
  /** False when the specimen already had this image. */
  readonly isNew: boolean;
  readonly image: SealedImage;
  readonly photograph: Photograph;
  readonly job: Job;
}

export const EXAMINE = 'examine';

interface ExaminePayload {
  readonly photographId: string;
}

export interface IntakeDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly evidence: Evidence;
  readonly records: Records;
  readonly examiner: Examiner;
}

export class Intake {
  readonly #store: IntakeStore;
  readonly #with: IntakeDependencies;

  constructor(dependencies: IntakeDependencies) {
    this.#store = new IntakeStore(dependencies.db);
    this.#with = dependencies;
  }

  /** Seals the bytes as an image without a role. @throws Problem for anything that is no image within the limits; nothing is kept then */
  async seal({ source, declaredType, expectedSha256 }: IncomingImage): Promise<Admitted<undefined>> {
    return this.#with.evidence.admit(source, { declaredType, expectedSha256 });
  }

  image(sha256: string): SealedImage {
    return this.#with.evidence.images.find(sha256) ?? missing('the image', sha256);
  }

  lookup(digests: readonly string[]): { readonly known: string[]; readonly unknown: string[] } {
    const found = new Set(this.#with.evidence.images.known(digests).map(({ sha256 }) => sha256));
    return { known: digests.filter((sha256) => found.has(sha256)), unknown: digests.filter((sha256) => !found.has(sha256)) };
  }

  /** Seals the bytes and attaches them; image, photograph and job are durable together or not at all. */
  async upload(principal: Principal, specimenId: string, { source, declaredType, expectedSha256 }: IncomingImage, hints: AttachHints, reserved?: string): Promise<Attached> {
    this.#with.records.ownedSpecimen(principal, specimenId);
    const { written } = await this.#with.evidence.admit(source, { declaredType, expectedSha256, within: (image) => this.attach(principal, specimenId, image.sha256, hints, reserved) });
    return written!;
  }

  /** Makes a sealed image a photograph of the specimen and queues its examination, both in one transaction. */
  attach(principal: Principal, specimenId: string, sha256: string, hints: AttachHints, reserved?: string): Attached {
    const { db, records, clock } = this.#with;
    const specimen = records.ownedSpecimen(principal, specimenId);
    const image = this.image(sha256);
    return db.transaction(() => {
      const known = this.#store.photographOf(sha256, specimen.id);
      if (known && known.status !== 'refused') return { isNew: false, image, photograph: known, job: this.#job(known.jobId) };
      const id = known?.id ?? reservedId('ph', reserved, clock);
      const job = this.#enqueue(id);
      const [side, mmPerPx] = [hints.side ?? null, hints.mmPerPx ?? null];
      if (known) this.#store.examineAgain(id, job.id, side, mmPerPx);
      else this.#store.addPhotograph({ id, imageSha256: sha256, specimenId: specimen.id, side, mmPerPx, status: 'waiting', problem: null, jobId: job.id, faceIds: [], createdAt: clock.timestamp() });
      return { isNew: !known, image, photograph: this.photograph(id), job };
    });
  }

  photograph(id: string): Photograph {
    return this.#store.photograph(id) ?? missing('the photograph', id);
  }

  photographsOfSpecimen(specimenId: string): Photograph[] {
    return this.#store.photographsOfSpecimen(this.#with.records.specimen(specimenId).id);
  }

  photographsOfImage(sha256: string): Photograph[] {
    return this.#store.photographsOfImage(sha256);
  }

  face(id: string): Face {
    return this.#store.face(id) ?? missing('the face', id);
  }

  facesOfPhotograph(id: string): Face[] {
    return this.#store.facesOfPhotograph(this.photograph(id).id);
  }

  /** The worker's side of `examine`. */
  readonly handler: JobHandler<ExaminePayload> = async ({ photographId }, { progress }) => {
    const found = await this.#with.examiner.look(this.photograph(photographId), progress);
    return () => ({ photographId, faceIds: this.#with.examiner.write(photographId, found) });
  };

  #enqueue(photographId: string): Job {
    return this.#with.jobs.enqueue(EXAMINE, { photographId } satisfies ExaminePayload, photographId);
  }

  #job(id: string): Job {
    return this.#with.jobs.find(id) ?? missing('the job', id);
  }
}
