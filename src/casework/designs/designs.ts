/**
 * Designs as they are found: every face of casework gets a place on the frame of its design, in the background, and a search
 * looks there for the faces whose marks lie as the probe's do, however many faces have the design.
 */
import { parametersDigestOf } from '../../domain/index.ts';
import type { ToolFace } from '../../comparison/index.ts';
import type { FeatureSet } from '../../features/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { JobHandler, JobStore } from '../../platform/jobs/index.ts';
import type { KeyFilter } from '../../retrieval/index.ts';
import type { Engine } from '../engine.ts';
import type { StoredFaces } from '../stored-face.ts';
import { DESIGN_PARAMETERS, PLACING_PARAMETERS as P } from './parameters.ts';
import { type ReadFaces, Placer } from './place.ts';
import { DesignStore } from './store.ts';
import { DesignVectors } from './vectors.ts';

export const PLACE = 'place';

export interface DesignsDependencies {
  readonly db: Database;
  readonly jobs: JobStore;
  readonly engine: Engine;
  readonly faces: Pick<StoredFaces, 'both' | 'features'>;
  /** Told of a stored face that cannot be read. */
  readonly complain: (error: unknown) => void;
}

export interface ScannedDesigns {
  /** Faces whose marks lie most as the probe's do, best first. */
  readonly serials: readonly number[];
  /** Faces on the frames that pass the filter, less those left out: all of them were scanned. */
  readonly scanned: number;
}

export class Designs {
  readonly #store: DesignStore;
  readonly #placer: Placer;
  readonly #vectors: DesignVectors;
  readonly #with: DesignsDependencies;
  readonly #faces: ReadFaces;

  constructor(dependencies: DesignsDependencies) {
    const { db, engine, faces, complain } = dependencies;
    this.#with = dependencies;
    this.#store = new DesignStore(db);
    const stages = ['features', 'marks', 'comparison', 'tools', 'frames'].map((stage) => engine.parameters[stage]);
    const digest = [parametersDigestOf('designs', DESIGN_PARAMETERS), ...stages].join(' ');
    this.#store.forgetOthers(digest, engine.parameters['marks']!);
    const unreadable = (error: unknown): undefined => void complain(error);
    this.#faces = {
      both: (serial) => faces.both(serial).catch(unreadable),
      features(serial) {
        try {
          return faces.features(serial);
        } catch (error) {
          return unreadable(error);
        }
      },
    };
    this.#placer = new Placer({ store: this.#store, engine, digest, faces: this.#faces, transaction: (work) => db.transaction(work) });
    this.#vectors = new DesignVectors(this.#store);
  }

  /** Call it where faces may wait for a place: gives them a background job, unless they have one. */
  queue(): void {
    const { db, jobs } = this.#with;
    db.transaction(() => {
      const underWay = (['queued', 'running'] as const).some((status) => jobs.list({ kind: PLACE, status }, 1).length > 0);
      if (!underWay && this.#store.unplaced(1).length > 0) jobs.enqueue(PLACE, {}, undefined, { background: true });
    });
  }

  unplacedCount(): number {
    return this.#store.unplacedCount();
  }

  /** The worker's side of `place`: a bounded number of faces, so that other work gets its turn; the next job does the next ones. */
  readonly handler: JobHandler = async (_, { progress, signal }) => {
    const total = Math.min(P.perJob.value, this.#store.unplacedCount());
    let done = 0;
    while (done < total && !signal.aborted) {
      progress('place', done, total);
      const serials = this.#store.unplaced(Math.min(P.batch.value, total - done));
      if (serials.length === 0) break;
      await this.#placer.place(serials);
      done += serials.length;
    }
    return () => {
      if (this.#store.unplaced(1).length > 0) this.#with.jobs.enqueue(PLACE, {}, undefined, { background: true });
      return { faces: done };
    };
  };

  /** Designs whose first face has at least this design score with a probe, best first; of those nearest by embedding. */
  async likely(probe: FeatureSet, least: number): Promise<number[]> {
    return (await this.#placer.likely(probe, P.likely.value, least)).map(({ design }) => design.id);
  }

  /** Design of each face that a scan can find. */
  designsOf(serials: readonly number[]): Map<number, number> {
    return new Map(serials.flatMap((serial) => {
      const design = this.#store.designOf(serial);
      return design === undefined ? [] : [[serial, design] as const];
    }));
  }

  /**
   * Lays a probe on the frames of designs and scans all faces there.
   * @param most faces wanted, of all designs together
   * @param own serials that are left out
   */
  async scan(probe: ToolFace, designs: readonly number[], most: number, own: ReadonlySet<number>, filter?: KeyFilter): Promise<ScannedDesigns> {
    const { engine } = this.#with;
    let scanned = 0;
    const found: { readonly key: number; readonly agreement: number }[] = [];
    for (const id of designs) {
      const design = this.#store.design(id)!;
      const features = this.#faces.features(design.reference);
      if (!features) continue;
      const [laid] = await engine.layOnFrame({ features, marks: engine.decodeMarks(this.#store.frame(id)) }, [probe], { shifted: true });
      if (!laid || laid.vectors[0]!.length === 0) continue;
      const index = await this.#vectors.of(design, laid.vectors[0]!.length);
      scanned += index.passing(filter) - [...own].filter((serial) => index.vector(serial) && (filter?.has(serial) ?? true)).length;
      // vectors of one frame have as good as one norm, which grows with their length
      const hits = await index.search(laid.vectors, most + own.size, filter);
      found.push(...hits.filter(({ key }) => !own.has(key)).map(({ key, score }) => ({ key, agreement: score / index.dimension })));
    }
    found.sort((a, b) => b.agreement - a.agreement || a.key - b.key);
    return { serials: found.slice(0, most).map(({ key }) => key), scanned };
  }
}
