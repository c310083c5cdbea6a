/** Searches for links as people ask for them: stored, citable, done by a leased job, stamped with what made the answer. */
import { parametersDigestOf, problem } from '../../domain/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Job, JobHandler, JobStore } from '../../platform/jobs/index.ts';
import { reservedId } from '../access/requests.ts';
import type { Evaluations } from '../evaluations/evaluations.ts';
import { PROFILE_SEARCH_PARAMETERS } from '../profiles/parameters.ts';
import type { ProfileSearches } from '../profiles/searches.ts';
import { missing, type Records } from '../records/records.ts';
import type { Searches } from '../searches/searches.ts';
import type { Page, Principal, Provenance } from '../types.ts';
import { LINK_SEARCH_PARAMETERS } from './parameters.ts';
import { type LinkProbe, runLinkSearch } from './run.ts';
import { LinkSearchStore } from './store.ts';
import type { LinkCandidate, LinkEvidence, LinkSearch, LinkSearchRequest } from './types.ts';

export const LINK_SEARCH = 'link-search';

interface LinkSearchPayload {
  readonly linkSearchId: string;
}

export interface LinkSearchDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly records: Records;
  readonly searches: Searches;
  readonly profileSearches: ProfileSearches;
  readonly evaluations: Evaluations;
}

export class LinkSearches {
  readonly #store: LinkSearchStore;
  readonly #with: LinkSearchDependencies;

  constructor(dependencies: LinkSearchDependencies) {
    this.#store = new LinkSearchStore(dependencies.db);
    this.#with = dependencies;
  }

  /**
   * Stores the search and queues its work in one transaction.
   * @throws Problem not-found; nothing-to-compare where the specimen has neither faces nor profiles
   */
  create(principal: Principal, request: LinkSearchRequest, reserved?: string): { readonly search: LinkSearch; readonly job: Job } {
    const { db, clock, jobs, records } = this.#with;
    const specimen = records.specimen(request.probe.specimenId);
    if (this.#probesOf(specimen.id).length === 0) throw problem('nothing-to-compare', { reason: 'the specimen has no faces and no profiles' });
    return db.transaction(() => {
      const id = reservedId('ls', reserved, clock);
      const known = this.#store.search(id);
      if (known) return { search: known, job: jobs.find(known.jobId) ?? missing('the job', known.jobId) };
      const job = jobs.enqueue(LINK_SEARCH, { linkSearchId: id } satisfies LinkSearchPayload, id);
      this.#store.add({ id, keyId: principal.keyId, request, homeCountry: records.seizure(specimen.seizureId).country, jobId: job.id, createdAt: clock.timestamp() });
      return { search: this.search(id), job };
    });
  }

  search(id: string): LinkSearch {
    return this.#store.search(id) ?? missing('the search for links', id);
  }

  /** @throws Problem search-unfinished; the search's own problem is on the search */
  candidates(id: string, { limit, cursor }: { limit: number; cursor?: string }): Page<LinkCandidate> {
    const search = this.search(id);
    if (search.status !== 'done') throw problem('search-unfinished', { job: `/v1/jobs/${search.jobId}`, status: search.status });
    const after = cursor === undefined ? 0 : Number(cursor);
    if (!Number.isInteger(after) || after < 0) throw problem('invalid-request', {}, [{ pointer: '/query/cursor', detail: 'This is no cursor of this list.' }]);
    const rows = this.#store.candidates(search.id, after, limit + 1);
    const items = rows.slice(0, limit).map((row): LinkCandidate => {
      const specimen = this.#with.records.specimen(row.specimenId);
      return { ...row, specimen, seizure: this.#with.records.seizure(specimen.seizureId) };
    });
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)!.rank) : null, count: search.candidateCount };
  }

  /** The worker's side of `link-search`. */
  readonly handler: JobHandler<LinkSearchPayload> = async ({ linkSearchId }, { progress, signal }) => {
    const { clock, records, searches, profileSearches, evaluations } = this.#with;
    const { request: { probe: { specimenId }, scope: reach, filter, limit }, homeCountry } = this.search(linkSearchId);
    const scope = { ...filter, ...(reach === 'other-countries' ? { notCountry: homeCountry } : {}) };
    const own = records.specimen(specimenId).seizureId;
    const silent = (): void => undefined;
    const { ranked, plan } = await runLinkSearch(this.#probesOf(specimenId), { depth: Math.max(LINK_SEARCH_PARAMETERS.depth.value, limit), limit }, {
      search: ({ by, id }, depth) => (by === 'surface' ? searches.nearest(id, { scope, limit: depth, mode: 'auto' }, silent) : profileSearches.nearest(id, { scope, limit: depth }, silent)),
      isOfOwnSeizure: (candidate) => records.specimen(candidate).seizureId === own,
      evaluate: async (candidate) => {
        const { designScore, lines, link } = await evaluations.evaluate({ first: { specimenId }, second: { specimenId: candidate } }, silent, signal);
        return { designScore, lines, link };
      },
      progress,
      signal,
    });
    return () => {
      ranked.forEach((candidate, k) => void this.#store.addCandidate(linkSearchId, { ...candidate, rank: k + 1 }));
      this.#store.finish(linkSearchId, plan, this.#provenanceOf(ranked.map(({ evidence }) => evidence)), clock.timestamp());
      return { linkSearchId };
    };
  };

  /** Faces, then profiles; control samples are none of the specimen's own. */
  #probesOf(specimenId: string): LinkProbe[] {
    const { faces, profiles } = this.#with.evaluations.evidenceOf(specimenId);
    return [...faces.map((id): LinkProbe => ({ by: 'surface', id })), ...profiles.map(({ id, panel }): LinkProbe => ({ by: `profile:${panel.id}`, id }))];
  }

  #provenanceOf(answers: readonly LinkEvidence[]): Provenance {
    const { engineVersion, parameters } = this.#with.evaluations.provenanceOf(answers);
    return { engineVersion, parameters: { ...parameters, profileSearch: parametersDigestOf('profile-search', PROFILE_SEARCH_PARAMETERS), linkSearch: parametersDigestOf('link-search', LINK_SEARCH_PARAMETERS) } };
  }
}
