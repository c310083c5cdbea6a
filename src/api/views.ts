/** Records as the API shows them. */
import { FACE_PICTURES, picturesOf, type AnsweredPlan, type Candidate, type Casework, type Comparison, type Face, type Photograph, type Search, type ToolEvidence } from '../casework/index.ts';
import { PROBLEMS, countryName, problem, type Problem, type ProblemCode, type ProblemParameters } from '../domain/index.ts';
import type { SealedImage } from '../evidence/index.ts';
import { inWords, TOOL_HYPOTHESES, VERBAL_SCALE } from '../likelihood/index.ts';
import type { Clock } from '../platform/clock/index.ts';
import type { Job } from '../platform/jobs/index.ts';
import { problemDocument } from './problems.ts';

/** What each score is about; printed wherever one is shown. */
export const DESIGN_STATEMENT = 'The score speaks of the logo design only: tools of one design share it. It is no evidence that one tool made both.';
export const TOOL_STATEMENT = 'The score orders pairs by how far their fine marks agree; it is no probability. What it is worth as evidence of one tool, only the likelihood ratio says, as far as its calibration fits. Same tool is not same batch.';

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
  const { id, kind, subject, status, phase, done, total, attempts, createdAt, startedAt, finishedAt } = job;
  return { id, kind, subject, status, phase, done, total, attempts, etaSeconds, problem: problemView(job.problem), resultUrl: job.status === 'done' ? resultUrl(job) : null, createdAt, startedAt, finishedAt };
}

function resultUrl({ result }: Job): string | null {
  const { searchId, photographId, profileSearchId, evaluationId, linkSearchId } = (result ?? {}) as { searchId?: string; photographId?: string; profileSearchId?: string; evaluationId?: string; linkSearchId?: string };
  if (linkSearchId) return `/v1/link-searches/${linkSearchId}`;
  if (evaluationId) return `/v1/evaluations/${evaluationId}`;
  if (profileSearchId) return `/v1/profile-searches/${profileSearchId}`;
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
    statement: plan && statementOf(plan),
    provenance: search.provenance && { ...search.provenance, parameters: { ...search.provenance.parameters } },
    candidateCount,
    candidatesUrl: `/v1/searches/${id}/candidates`,
    jobId,
    createdAt,
    finishedAt,
  };
}

const comparisonPictures = (id: string, tool: ToolEvidence) => picturesOf(tool).map(({ key, title }) => ({ key, title, url: `/v1/comparisons/${id}/pictures/${key}` }));

/** One line on one tool: apart from the design's, and never mixed with it. */
function toolView(tool: ToolEvidence) {
  const compared = 'comparison' in tool && tool.outcome === 'compared' ? tool : undefined;
  const ratio = compared?.evaluation && 'ratio' in compared.evaluation ? compared.evaluation.ratio : null;
  return {
    outcome: tool.outcome,
    toolScore: compared ? compared.comparison.toolScore : null,
    areaMm2: 'comparison' in tool ? tool.comparison.areaMm2 : null,
    log10Lr: ratio && { value: ratio.log10Lr, low: ratio.low, high: ratio.high, bounded: ratio.bounded, simulated: ratio.calibration.simulated, calibration: ratio.calibration.id },
    words: ratio && inWords(ratio.log10Lr, ...TOOL_HYPOTHESES),
    uncalibrated: compared?.evaluation && 'uncalibrated' in compared.evaluation ? compared.evaluation.uncalibrated : null,
  };
}

export const candidateView = ({ rank, comparisonId, comparison, tool, face, specimen, seizure }: Candidate) => ({
  rank,
  comparisonId,
  comparisonUrl: `/v1/comparisons/${comparisonId}`,
  designScore: comparison.designScore,
  partial: { ...comparison.partial },
  tool: toolView(tool),
  face: faceView(face),
  specimen,
  seizure,
  countryName: countryName(seizure.country),
  pictures: comparisonPictures(comparisonId, tool),
});

export const comparisonView = ({ id, searchId, rank, probe, candidate, comparison, tool, provenance }: Comparison, { calibration }: Casework) => ({
  id,
  searchId,
  rank,
  probe: faceView(probe),
  candidate: faceView(candidate),
  class: { statement: DESIGN_STATEMENT, designScore: comparison.designScore, partial: { ...comparison.partial }, pose: { ...comparison.pose, shift: [...comparison.pose.shift] } },
  individual: {
    statement: TOOL_STATEMENT,
    ...toolView(tool),
    hypotheses: [...TOOL_HYPOTHESES],
    scale: VERBAL_SCALE.name,
    // of another calibration than today's, only the id is known
    calibration: provenance.parameters['calibration'] === calibration.id ? { ...calibration } : null,
    partial: 'comparison' in tool ? { ...tool.comparison.partial } : null,
    pose: 'comparison' in tool && tool.comparison.pose ? { ...tool.comparison.pose, shift: [...tool.comparison.pose.shift] } : null,
    cells: 'comparison' in tool ? tool.comparison.cells.map((cell) => ({ ...cell, shiftMm: [...cell.shiftMm] })) : [],
  },
  provenance: { ...provenance, parameters: { ...provenance.parameters } },
  explanationUrl: `/v1/comparisons/${id}/explanation`,
});

export const explanationView = ({ id, tool }: Comparison) => ({ comparisonId: id, pictures: comparisonPictures(id, tool) });

/** How much was searched, in one sentence. */
function statementOf({ searched, of, plan, compared, ofDesign, scanned, toolsCompared }: AnsweredPlan): string {
  const designs = `Searched ${searched} of ${of} faces (${plan}), compared the designs of ${compared}`;
  if (ofDesign === undefined) return `${designs}.`;
  return `${designs}, and the tools of ${toolsCompared} of the ${ofDesign} that may have the probe's design${scanned ? `, of which ${scanned} were scanned` : ''}.`;
}
