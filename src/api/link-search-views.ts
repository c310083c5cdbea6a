/** Searches for links as the API shows them. */
import type { LinkCandidate, LinkPlan, LinkSearch, ModalitySearch } from '../casework/index.ts';
import { countryName } from '../domain/index.ts';
import { linesView, linkView } from './evaluation-views.ts';
import { problemView } from './views.ts';

export function linkSearchView({ id, status, problem, request, homeCountry, plan, provenance, candidateCount, jobId, createdAt, finishedAt }: LinkSearch) {
  const { probe, filter = {}, scope, limit } = request;
  return {
    id,
    status,
    problem: problemView(problem),
    probe: { ...probe },
    filter: { ...filter },
    scope,
    homeCountry,
    limit,
    plan: plan && { ...plan, searches: plan.searches.map((one) => ({ ...one })), unreadable: plan.unreadable.map((one) => ({ ...one })) },
    statement: plan && statementOf(plan),
    provenance: provenance && { ...provenance, parameters: { ...provenance.parameters } },
    candidateCount,
    candidatesUrl: `/v1/link-searches/${id}/candidates`,
    jobId,
    createdAt,
    finishedAt,
  };
}

/** How far it looked, in sentences. */
function statementOf({ depth, searches, found, ofOwnSeizure, evaluated, unreadable }: LinkPlan): string {
  const made = searches.filter(({ refused }) => refused === null);
  const one = ({ by, searched, of }: ModalitySearch): string => `${by} ${searched} of ${of}`;
  return [
    made.length > 0 && `Searched with ${made.length} faces and profiles of the probe (${made.map(one).join(', ')}), each for its ${depth} nearest specimens.`,
    `Found ${found} specimens${ofOwnSeizure > 0 ? `, ${ofOwnSeizure} of the probe's own seizure left out` : ''}; ${unreadable.length === 0 ? `all of the ${evaluated} others` : `${evaluated} of the ${evaluated + unreadable.length} others`} were compared with the probe in full.`,
    ...unreadable.map(({ specimenId, reason }) => `Not compared: ${specimenId}: ${reason}`),
    ...searches.flatMap(({ by, probeId, refused }) => (refused === null ? [] : [`Not searched by ${by} (${probeId}): ${refused}`])),
  ].filter(Boolean).join(' ');
}

export const linkCandidateView = ({ rank, foundBy, evidence, specimen, seizure }: LinkCandidate) => ({
  rank,
  foundBy: foundBy.map((one) => ({ ...one })),
  designScore: evidence.designScore,
  lines: linesView(evidence.lines),
  link: linkView(evidence),
  specimen,
  seizure,
  countryName: countryName(seizure.country),
});
