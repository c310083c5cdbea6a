/** Evaluations of pairs as people ask for them: stored, citable, done by a leased job, stamped with what made the answer. */
import { parametersDigestOf, problem } from '../../domain/index.ts';
import { likelihoodDigest } from '../../likelihood/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Job, JobHandler, JobStore } from '../../platform/jobs/index.ts';
import { type Profile, profilingDigest } from '../../profiling/index.ts';
import { reservedId } from '../access/requests.ts';
import type { Engine } from '../engine.ts';
import type { Progress } from '../intake/examine.ts';
import { IntakeStore } from '../intake/store.ts';
import { ProfileStore } from '../profiles/store.ts';
import { missing, type Records } from '../records/records.ts';
import type { Refresh } from '../refresh/refresh.ts';
import { StoredFaces } from '../stored-face.ts';
import type { Face, Principal, Provenance } from '../types.ts';
import { EVALUATION_PARAMETERS } from './parameters.ts';
import { type EvaluationCalibrations, runEvaluation } from './run.ts';
import { checkCommonEvidence, itemsOf, type SideItems, type SideStores } from './sides.ts';
import { EvaluationStore } from './store.ts';
import type { EvaluationAnswer, EvaluationRequest, EvaluationSide, StoredEvaluation } from './types.ts';

export const EVALUATION = 'evaluation';

interface EvaluationPayload {
  readonly evaluationId: string;
}

export interface EvaluationDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly engine: Engine;
  readonly provenance: Provenance;
  readonly records: Records;
  readonly refresh: Pick<Refresh, 'now'>;
  readonly calibrations: EvaluationCalibrations;
}

export class Evaluations {
  readonly #stores: SideStores;
  readonly #faces: StoredFaces;
  readonly #with: EvaluationDependencies;

  constructor(dependencies: EvaluationDependencies) {
    const { db, engine } = dependencies;
    this.#stores = { evaluations: new EvaluationStore(db), intake: new IntakeStore(db), profiles: new ProfileStore(db) };
    this.#faces = new StoredFaces(this.#stores.intake, engine);
    this.#with = dependencies;
  }

  /**
   * Stores the evaluation and queues its work in one transaction.
   * @throws Problem not-found, invalid-request, nothing-to-compare
   */
  create(principal: Principal, request: EvaluationRequest, reserved?: string): { readonly evaluation: StoredEvaluation; readonly job: Job } {
    const { db, clock, jobs } = this.#with;
    const [first, second] = [this.#seizureOf(request.first), this.#seizureOf(request.second)];
    if (isOnePart(request, first, second)) throw problem('invalid-request', {}, [{ pointer: '/second', detail: 'It is the first again, or a part of it: two specimens or two seizures are compared, or a specimen with another seizure.' }]);
    checkCommonEvidence(request, this.#stores);
    return db.transaction(() => {
      const id = reservedId('el', reserved, clock);
      const known = this.#stores.evaluations.evaluation(id);
      if (known) return { evaluation: known, job: jobs.find(known.jobId) ?? missing('the job', known.jobId) };
      const job = jobs.enqueue(EVALUATION, { evaluationId: id } satisfies EvaluationPayload, id);
      this.#stores.evaluations.add({ id, keyId: principal.keyId, request, jobId: job.id, createdAt: clock.timestamp() });
      return { evaluation: this.evaluation(id), job };
    });
  }

  evaluation(id: string): StoredEvaluation {
    return this.#stores.evaluations.evaluation(id) ?? missing('the evaluation', id);
  }

  /**
   * The two faces that speak loudest in a line, for pictures of them.
   * @throws Problem not-found where the line has none, or was made by other parameters than the running ones: pictures of today would not show what it rests on
   */
  loudestFaces(id: string, line: 'design' | 'tool'): readonly [Face, Face] {
    const { answer, provenance } = this.evaluation(id);
    const loudest = answer?.lines[line].loudest;
    const { parameters } = this.#with.engine;
    if (!loudest || ['features', 'marks', 'comparison', 'tools'].some((stage) => provenance?.parameters[stage] !== parameters[stage])) return missing('pictures of the evaluation', id);
    const face = (faceId: string): Face => this.#stores.intake.face(faceId) ?? missing('the face', faceId);
    return [face(loudest.first), face(loudest.second)];
  }

  /** The worker's side of `evaluation`. */
  readonly handler: JobHandler<EvaluationPayload> = async ({ evaluationId }, { progress, signal }) => {
    const { clock } = this.#with;
    const answer = await this.evaluate(this.evaluation(evaluationId).request, progress, signal);
    return () => {
      this.#stores.evaluations.finish(evaluationId, answer, this.provenanceOf([answer]), clock.timestamp());
      return { evaluationId };
    };
  };

  /** What the evidence says of a pair now. Nothing is written but features that were stale. */
  async evaluate(request: EvaluationRequest, progress: Progress, signal: AbortSignal): Promise<EvaluationAnswer> {
    const { engine, calibrations } = this.#with;
    const [first, second] = [await this.#items(request.first, progress, signal), await this.#items(request.second, progress, signal)];
    const sides = { ofOneSeizure: this.#seizureOf(request.first) === this.#seizureOf(request.second) };
    return runEvaluation(first, second, sides, { engine, stored: this.#faces, calibrations, comparisonOf: (one, other) => this.#stores.evaluations.comparisonOf(one, other), progress, signal });
  }

  /** Ids of a specimen's faces, and its profiles, in the order in which they came. */
  evidenceOf(specimenId: string): { readonly faces: readonly string[]; readonly profiles: readonly Profile[] } {
    const { faces, powders } = this.#itemsOf({ specimenId });
    return { faces: faces.map(({ id }) => id), profiles: powders.flatMap(({ profiles }) => profiles) };
  }

  /** What made answers: parameters of every stage, and ids of all calibrations behind them. */
  provenanceOf(answers: readonly Pick<EvaluationAnswer, 'lines' | 'link'>[]): Provenance {
    const { engineVersion, parameters } = this.#with.provenance;
    const ids = answers.flatMap(({ lines, link }) => [
      ...lines.design.calibrations.map(({ id }) => ['designCalibration', id]),
      ...lines.batch.panels.flatMap(({ panel, calibrations }) => calibrations.map(({ id }) => [`batchCalibration:${panel}`, id])),
      ['linkCalibration', link.calibration.id],
    ]);
    return { engineVersion, parameters: { ...parameters, profiling: profilingDigest, likelihood: likelihoodDigest, evaluation: parametersDigestOf('evaluation', EVALUATION_PARAMETERS), ...Object.fromEntries(ids) } };
  }

  /** A stale face cannot be compared, and its turn in the background may be days away. */
  async #items(side: EvaluationSide, progress: Progress, signal: AbortSignal): Promise<SideItems> {
    for (const photographId of new Set(this.#itemsOf(side).faces.map((face) => face.photographId))) {
      signal.throwIfAborted();
      await this.#with.refresh.now(photographId, progress);
    }
    return this.#itemsOf(side);
  }

  #itemsOf(side: EvaluationSide): SideItems {
    return itemsOf(side, this.#with.records.seizure(this.#seizureOf(side)).agency, this.#stores);
  }

  #seizureOf(side: EvaluationSide): string {
    const { records } = this.#with;
    return 'specimenId' in side ? records.specimen(side.specimenId).seizureId : records.seizure(side.seizureId).id;
  }
}

/** One is the other, or holds it. */
function isOnePart({ first, second }: EvaluationRequest, firstSeizure: string, secondSeizure: string): boolean {
  if ('specimenId' in first && 'specimenId' in second) return first.specimenId === second.specimenId;
  return firstSeizure === secondSeizure;
}
