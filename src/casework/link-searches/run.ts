/**
 * One search for links, from a specimen to its candidate list.
 *
 * 1. faces      a search by each face of the probe, to a stated depth
 * 2. profiles   one by each of its profiles, by the panel's own recipe and distance, to the same depth
 * 3. together   the specimens that any of them found; those of the probe's own seizure are left out
 * 4. evaluate   every one of them compared with the probe in full; one whose photographs cannot be read again is named
 * 5. order      by the LR of a link, then by the highest design score, then by id
 */
import { Problem } from '../../domain/index.ts';
import type { FoundPlace, LinkEvidence, LinkModality, LinkPlan, ModalitySearch, RankedLink } from './types.ts';

/** One face or profile to be searched with. */
export interface LinkProbe {
  readonly by: LinkModality;
  readonly id: string;
}

/** What one search handed on. */
export interface ModalityAnswer {
  readonly specimenIds: readonly string[];
  readonly plan: { readonly searched: number; readonly of: number };
}

export interface LinkRunDependencies {
  /** @throws Problem where this probe cannot be searched with */
  search(probe: LinkProbe, depth: number): Promise<ModalityAnswer>;
  isOfOwnSeizure(specimenId: string): boolean;
  evaluate(specimenId: string): Promise<LinkEvidence>;
  progress(phase: string, done: number, total: number): void;
  readonly signal: AbortSignal;
}

export interface LinkRunAnswer {
  readonly ranked: readonly RankedLink[];
  readonly plan: LinkPlan;
}

/** @param probes faces first, then profiles */
export async function runLinkSearch(probes: readonly LinkProbe[], { depth, limit }: { readonly depth: number; readonly limit: number }, dependencies: LinkRunDependencies): Promise<LinkRunAnswer> {
  const { isOfOwnSeizure, evaluate, progress, signal } = dependencies;
  // 1. faces, 2. profiles
  const { searches, foundBy } = await searchWithAll(probes, depth, dependencies);
  // 3. together
  const others = [...foundBy].filter(([specimenId]) => !isOfOwnSeizure(specimenId));
  // 4. evaluate
  const evaluated: RankedLink[] = [];
  const unreadable: { readonly specimenId: string; readonly thrown: Problem }[] = [];
  for (const [k, [specimenId, found]] of others.entries()) {
    signal.throwIfAborted();
    progress('evaluate', k, others.length);
    const evidence = await evaluate(specimenId).catch((thrown: unknown) => unreadableOf(thrown));
    if (evidence instanceof Problem) unreadable.push({ specimenId, thrown: evidence });
    else evaluated.push({ specimenId, foundBy: found, evidence });
  }
  // Where none can be compared it is the probe that cannot be read.
  if (unreadable[0] && evaluated.length === 0) throw unreadable[0].thrown;
  // 5. order
  return {
    ranked: evaluated.sort(byEvidence).slice(0, limit),
    plan: { depth, searches, found: foundBy.size, ofOwnSeizure: foundBy.size - others.length, evaluated: evaluated.length, unreadable: unreadable.map(({ specimenId, thrown }) => ({ specimenId, reason: `${thrown.title}. ${thrown.detail}` })) },
  };
}

async function searchWithAll(probes: readonly LinkProbe[], depth: number, { search, progress, signal }: LinkRunDependencies): Promise<{ searches: ModalitySearch[]; foundBy: Map<string, FoundPlace[]> }> {
  const searches: ModalitySearch[] = [];
  const foundBy = new Map<string, FoundPlace[]>();
  for (const probe of probes) {
    signal.throwIfAborted();
    progress('search', searches.length, probes.length);
    const named = { by: probe.by, probeId: probe.id };
    const found = await search(probe, depth).catch((error: unknown) => refusalOf(error));
    if (typeof found === 'string') {
      searches.push({ ...named, searched: 0, of: 0, found: 0, refused: found });
      continue;
    }
    searches.push({ ...named, searched: found.plan.searched, of: found.plan.of, found: found.specimenIds.length, refused: null });
    found.specimenIds.forEach((specimenId, k) => foundBy.set(specimenId, [...(foundBy.get(specimenId) ?? []), { ...named, rank: k + 1 }]));
  }
  return { searches, foundBy };
}

/** One that cannot be made says why, and the others go on. @throws what is no refusal */
function refusalOf(error: unknown): string {
  if (error instanceof Problem && error.status < 500) return `${error.title}. ${error.detail}`;
  throw error;
}

/** A candidate whose original is damaged must not end the search for all others. @throws what is anything else */
function unreadableOf(thrown: unknown): Problem {
  if (thrown instanceof Problem && thrown.code === 'original-unreadable') return thrown;
  throw thrown;
}

/** Without an LR of a link after all that have one. */
const linkOf = ({ evidence: { link: { answer } } }: RankedLink): number => ('ratio' in answer ? answer.ratio.log10Lr : Number.NEGATIVE_INFINITY);
const designOf = ({ evidence: { designScore } }: RankedLink): number => designScore ?? Number.NEGATIVE_INFINITY;
const descending = (a: number, b: number): number => (a === b ? 0 : b - a);
const byEvidence = (a: RankedLink, b: RankedLink): number => descending(linkOf(a), linkOf(b)) || descending(designOf(a), designOf(b)) || (a.specimenId < b.specimenId ? -1 : 1);
