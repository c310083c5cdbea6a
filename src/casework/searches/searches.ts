/** Searches as people ask for them: stored, citable, done by a leased job, stamped with what made the answer. */
import { problem, type CountryCode } from '../../domain/index.ts';
import type { Evidence } from '../../evidence/index.ts';
import type { ToolComparison } from '../../comparison/index.ts';
import { largestFace } from '../../imaging/index.ts';
import type { Calibration, Evaluation } from '../../likelihood/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Job, JobHandler, JobStore } from '../../platform/jobs/index.ts';
import type { CandidateIndex } from '../../retrieval/index.ts';
import { reservedId } from '../access/requests.ts';
import type { Designs } from '../designs/designs.ts';
import type { Engine } from '../engine.ts';
import { evidenceOfFace, toolRatio } from '../face-ratios.ts';
import type { Examiner, FoundFace, Progress } from '../intake/examine.ts';
import type { IncomingImage, Intake } from '../intake/intake.ts';
import { IntakeStore } from '../intake/store.ts';
import { missing, type Records } from '../records/records.ts';
import type { Refresh } from '../refresh/refresh.ts';
import { StoredFaces } from '../stored-face.ts';
import type { Page, Photograph, Principal, Provenance } from '../types.ts';
import { Filters } from './filters.ts';
import { type ProbeFace, type RunAnswer, type RunOptions, runSearch } from './run.ts';
import { SearchStore, type CandidateRow } from './store.ts';
import type { AnsweredPlan, Candidate, Comparison, Search, SearchRequest } from './types.ts';

export const SEARCH = 'search';

interface SearchPayload {
  readonly searchId: string;
}

export interface SearchDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly engine: Engine;
  readonly provenance: Provenance;
  readonly index: CandidateIndex;
  readonly records: Records;
  readonly intake: Intake;
  readonly examiner: Examiner;
  readonly refresh: Refresh;
  readonly designs: Designs;
  readonly evidence: Evidence;
  /** What turns tool scores into likelihood ratios. */
  readonly calibration: Calibration;
}

/** A probe that is ready to be searched with; `found` are faces that still have to be written. */
interface ReadyProbe extends ProbeFace {
  readonly faceId: string;
  readonly found?: { readonly photographId: string; readonly faces: readonly FoundFace[] };
}

export class Searches {
  readonly #store: SearchStore;
  readonly #intake: IntakeStore;
  readonly #with: SearchDependencies;
  readonly #filters: Filters;
  readonly #faces: StoredFaces;

  constructor(dependencies: SearchDependencies) {
    this.#store = new SearchStore(dependencies.db);
    this.#intake = new IntakeStore(dependencies.db);
    this.#with = dependencies;
    this.#faces = new StoredFaces(this.#intake, dependencies.engine);
    this.#filters = new Filters(this.#store, () => this.#intake.latestChange());
  }

  /** Stores the search and queues its work in one transaction. @throws Problem not-found, invalid-request */
  create(principal: Principal, request: SearchRequest, reserved?: string): { readonly search: Search; readonly job: Job } {
    const { db, clock, jobs, intake } = this.#with;
    const { faceId, imageSha256 } = request.probe;
    const face = faceId === undefined ? undefined : intake.face(faceId);
    if (imageSha256 !== undefined) intake.image(imageSha256);
    const homeCountry = request.homeCountry ?? this.#countryOf(face?.seizureId ?? null) ?? principal.country;
    if (request.scope === 'other-countries' && homeCountry === null) throw problem('invalid-request', {}, [{ pointer: '/homeCountry', detail: 'Say which country the probe belongs to: neither its seizure nor the key tells.' }]);
    return db.transaction(() => {
      const id = reservedId('se', reserved, clock);
      const known = this.#store.search(id);
      if (known) return { search: known, job: this.#job(known) };
      const job = jobs.enqueue(SEARCH, { searchId: id } satisfies SearchPayload, id);
      const photograph = imageSha256 === undefined ? undefined : this.#probePhotograph(imageSha256, request.probe.mmPerPx ?? null, job.id);
      this.#store.add({ id, keyId: principal.keyId, request, homeCountry, photographId: photograph?.id ?? face?.photographId ?? null, probeFaceId: face?.id ?? null, status: 'waiting', problem: null, plan: null, provenance: null, candidateCount: 0, jobId: job.id, createdAt: clock.timestamp(), finishedAt: null });
      return { search: this.search(id), job };
    });
  }

  /** Seals the photograph, without a specimen, and searches with it; image, search and job are durable together. */
  async createWithPhoto(principal: Principal, photo: IncomingImage, { mmPerPx, ...request }: Omit<SearchRequest, 'probe'> & { readonly mmPerPx?: number }, reserved?: string): Promise<{ readonly search: Search; readonly job: Job }> {
    const { written } = await this.#with.evidence.admit(photo.source, {
      declaredType: photo.declaredType,
      within: ({ sha256 }) => this.create(principal, { ...request, probe: { imageSha256: sha256, mmPerPx } }, reserved),
    });
    return written!;
  }

  search(id: string): Search {
    return this.#store.search(id) ?? missing('the search', id);
  }

  /** @throws Problem search-unfinished; the search's own problem is on the search */
  candidates(id: string, { limit, cursor }: { limit: number; cursor?: string }): Page<Candidate> {
    const search = this.search(id);
    if (search.status !== 'done') throw problem('search-unfinished', { job: `/v1/jobs/${search.jobId}`, status: search.status });
    const after = cursor === undefined ? 0 : Number(cursor);
    if (!Number.isInteger(after) || after < 0) throw problem('invalid-request', {}, [{ pointer: '/query/cursor', detail: 'This is no cursor of this list.' }]);
    const rows = this.#store.candidates(search.id, after, limit + 1);
    const items = rows.slice(0, limit).map((row) => this.#candidate(row));
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)!.rank) : null, count: search.candidateCount };
  }

  comparison(id: string): Comparison {
    const row = this.#store.comparison(id) ?? missing('the comparison', id);
    const search = this.search(row.searchId);
    return { id: row.comparisonId, searchId: row.searchId, rank: row.rank, comparison: row.comparison, tool: row.tool, probe: this.#with.intake.face(search.probeFaceId!), candidate: this.#intake.faceBySerial(row.serial)!, provenance: search.provenance! };
  }

  /** The worker's side of `search`. */
  readonly handler: JobHandler<SearchPayload> = async ({ searchId }, { progress }) => {
    const { clock, provenance, examiner } = this.#with;
    const search = this.search(searchId);
    const probe = await this.#probe(search, progress);
    const { scope, limit, mode, filter } = search.request;
    const answer = await this.#run(probe, { scope: { ...filter, ...(scope === 'other-countries' ? { notCountry: search.homeCountry! } : {}) }, limit, mode }, progress);
    return () => {
      if (probe.found) examiner.write(probe.found.photographId, probe.found.faces);
      answer.ranked.forEach((ranked, i) => void this.#store.addCandidate({ ...ranked, searchId, rank: i + 1, comparisonId: clock.newId('cm') }));
      this.#store.finish(searchId, { probeFaceId: probe.faceId, plan: answer.plan, provenance, finishedAt: clock.timestamp() });
      return { searchId };
    };
  };

  /** Specimens a search by a stored face finds, best first; nothing is kept of it. @throws Problem not-found; those of an original that cannot be read */
  async nearest(faceId: string, options: RunOptions, progress: Progress): Promise<{ readonly specimenIds: readonly string[]; readonly plan: AnsweredPlan }> {
    const { ranked, plan } = await this.#run(await this.#storedProbe(faceId, progress), options, progress);
    return { specimenIds: ranked.map(({ serial }) => this.#store.place(serial)!.specimenId), plan };
  }

  async #run(probe: ProbeFace, options: RunOptions, progress: Progress): Promise<RunAnswer> {
    const { engine, index, designs } = this.#with;
    // Whoever uploaded before searching finds what was uploaded.
    await index.catchUp();
    return runSearch(probe, options, { store: this.#store, filters: this.#filters, index, engine, designs, features: (serial) => this.#faces.features(serial), marks: (serial) => this.#faces.marks(serial), evaluate: (...pair) => this.#evaluate(...pair), progress });
  }

  async #probe(search: Search, progress: Progress): Promise<ReadyProbe> {
    const { intake, examiner, engine } = this.#with;
    if (search.probeFaceId !== null) return this.#storedProbe(search.probeFaceId, progress);
    const photograph = intake.photograph(search.photographId!);
    if (photograph.status === 'done') return this.#storedProbe(largestFace(intake.facesOfPhotograph(photograph.id)).id, progress);
    const faces = await examiner.look(photograph, progress);
    const { id, features, marks, face } = largestFace(faces.map((found) => ({ ...found, bboxPx: found.face.bboxPx })));
    return { faceId: id, features, marks, pxPerMm: face.quality.pxPerMm, madeWith: engine.parameters, imageSha256: photograph.imageSha256, specimenId: null, found: { photographId: photograph.id, faces } };
  }

  async #storedProbe(faceId: string, progress: Progress): Promise<ReadyProbe> {
    // A stale face cannot be searched with, and its turn in the background may be days away.
    await this.#with.refresh.now(this.#with.intake.face(faceId).photographId, progress);
    const face = this.#with.intake.face(faceId);
    return { faceId, features: this.#faces.features(face.serial) ?? missing('the features of the face', faceId), marks: (await this.#faces.marks(face.serial)) ?? null, pxPerMm: face.quality.pxPerMm, madeWith: face.provenance.parameters, imageSha256: face.imageSha256, specimenId: face.specimenId };
  }

  async #evaluate(probe: ProbeFace, serial: number, tool: ToolComparison): Promise<Evaluation> {
    const { engine, calibration } = this.#with;
    const face = this.#intake.faceBySerial(serial)!;
    const candidate = { features: this.#faces.features(serial)!, marks: (await this.#faces.marks(serial))!, pxPerMm: face.quality.pxPerMm, madeWith: face.provenance.parameters };
    return toolRatio(engine, calibration, [probe, candidate], [evidenceOfFace({ ...probe, marks: probe.marks! }), evidenceOfFace(candidate)], tool.toolScore);
  }

  /** The photograph of casework that shows this image, or the probe of an earlier search, or a new probe. */
  #probePhotograph(sha256: string, mmPerPx: number | null, jobId: string): Photograph {
    const known = this.#intake.probeOf(sha256, mmPerPx);
    if (known) return known;
    const id = this.#with.clock.newId('ph');
    this.#intake.addPhotograph({ id, imageSha256: sha256, specimenId: null, side: null, mmPerPx, status: 'waiting', problem: null, jobId, faceIds: [], createdAt: this.#with.clock.timestamp() });
    return this.#intake.photograph(id)!;
  }

  #candidate({ rank, comparisonId, serial, comparison, tool }: CandidateRow): Candidate {
    const { records } = this.#with;
    const face = this.#intake.faceBySerial(serial)!;
    return { rank, comparisonId, comparison, tool, face, specimen: records.specimen(face.specimenId!), seizure: records.seizure(face.seizureId!) };
  }

  #countryOf(seizureId: string | null): CountryCode | undefined {
    return seizureId === null ? undefined : this.#with.records.seizure(seizureId).country;
  }

  #job(search: Search): Job {
    return this.#with.jobs.find(search.jobId) ?? missing('the job', search.jobId);
  }
}
