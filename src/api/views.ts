/** Records as the API shows them. */
import { COMPARISON_PICTURES, FACE_PICTURES, type Candidate, type Casework, type Comparison, type Face, type Photograph, type Search } from '../casework/index.ts';
import { PROBLEMS, countryName, problem, type Problem, type ProblemCode, type ProblemParameters } from '../domain/index.ts';
import type { SealedImage } from '../evidence/index.ts';
import type { Clock } from '../platform/clock/index.ts';
import type { Job } from '../platform/jobs/index.ts';
import { problemDocument } from './problems.ts';

/** What every score of this version is about; printed wherever one is shown. */
export const DESIGN_STATEMENT = 'The score speaks of the logo design only: tools of one design share it. It is no evidence that one tool made both.';

interface StoredProblem {
  readonly code: string;
  readonly parameters: ProblemParameters;
}

export const problemView = (stored: StoredProblem | null) => stored && problemDocument(asThrown(stored));
/** A code that this version no longer has was written by another one. */
const asThrown = ({ code, parameters }: StoredProblem): Problem => (code in PROBLEMS ? problem(code as ProblemCode, parameters) : problem('internal'));

export const imageView = (image: SealedImage) => ({
  sha256: image.sha256,
  mediaType: image.mime,
  sizeBytes: image.bytes,
  widthPx: image.width,
  heightPx: image.height,
  bitDepth: image.bitDepth,
  exif: image.exif as Record<string, Record<string, unknown>> | null,
  receivedAt: image.receivedAt,
});

export const photographView = (photograph: Photograph) => ({ ...photograph, faceIds: [...photograph.faceIds], problem: problemView(photograph.problem) });

export const faceView = (face: Face) => ({
  ...face,
  bboxPx: [...face.bboxPx],
  outlinePx: face.outlinePx.map((point) => [...point]),
  scale: { ...face.scale, bounds: face.scale.mmPerPx === null ? null : [...face.scale.bounds] },
  colourLab: [...face.colourLab],
  provenance: { ...face.provenance, parameters: { ...face.provenance.parameters } },
  pictures: FACE_PICTURES.map(({ key, title }) => ({ key, title, url: `/v1/faces/${face.id}/pictures/${key}` })),
});

export function jobView(job: Job, clock: Clock) {
  const elapsed = job.startedAt === null ? 0 : (clock.nowMs() - Date.parse(job.startedAt)) / 1000;
  const etaSeconds = job.status === 'running' && job.done > 0 && job.total > job.done ? Math.ceil((elapsed / job.done) * (job.total - job.done)) : null;
  const { id, kind, status, phase, done, total, attempts, createdAt, startedAt, finishedAt } = job;
  return { id, kind, status, phase, done, total, attempts, etaSeconds, problem: problemView(job.problem), resultUrl: job.status === 'done' ? resultUrl(job) : null, createdAt, startedAt, finishedAt };
}

function resultUrl({ result }: Job): string | null {
  const { searchId, photographId } = (result ?? {}) as { searchId?: string; photographId?: string };
  return searchId ? `/v1/searches/${searchId}` : photographId ? `/v1/photographs/${photographId}` : null;
}

export function searchView(search: Search, casework: Casework) {
  const { id, status, homeCountry, plan, candidateCount, jobId, createdAt, finishedAt, probeFaceId, photographId } = search;
  const { probe, filter = {}, scope, limit, mode } = search.request;
  const photograph = photographId === null ? undefined : casework.intake.photograph(photographId);
  return {
    id,
    status,
    problem: problemView(search.problem),
    probe: { faceId: probeFaceId, photographId, imageSha256: probe.imageSha256 ?? photograph?.imageSha256 ?? null, specimenId: photograph?.specimenId ?? null, faceIds: [...(photograph?.faceIds ?? [])] },
    filter: { ...filter },
    scope,
    homeCountry,
    limit,
    mode,
    plan,
    statement: plan && `Searched ${plan.searched} of ${plan.of} faces (${plan.plan}), compared the designs of ${plan.compared}.`,
    provenance: search.provenance && { ...search.provenance, parameters: { ...search.provenance.parameters } },
    candidateCount,
    candidatesUrl: `/v1/searches/${id}/candidates`,
    jobId,
    createdAt,
    finishedAt,
  };
}

const comparisonPictures = (id: string) => COMPARISON_PICTURES.map(({ key, title }) => ({ key, title, url: `/v1/comparisons/${id}/pictures/${key}` }));

export const candidateView = ({ rank, comparisonId, comparison, face, specimen, seizure }: Candidate) => ({
  rank,
  comparisonId,
  comparisonUrl: `/v1/comparisons/${comparisonId}`,
  designScore: comparison.designScore,
  partial: { ...comparison.partial },
  face: faceView(face),
  specimen,
  seizure,
  countryName: countryName(seizure.country),
  pictures: comparisonPictures(comparisonId),
});

export const comparisonView = ({ id, searchId, rank, probe, candidate, comparison, provenance }: Comparison) => ({
  id,
  searchId,
  rank,
  probe: faceView(probe),
  candidate: faceView(candidate),
  class: { statement: DESIGN_STATEMENT, designScore: comparison.designScore, partial: { ...comparison.partial }, pose: { ...comparison.pose, shift: [...comparison.pose.shift] } },
  provenance: { ...provenance, parameters: { ...provenance.parameters } },
  explanationUrl: `/v1/comparisons/${id}/explanation`,
});

export const explanationView = (id: string) => ({ comparisonId: id, pictures: comparisonPictures(id) });
