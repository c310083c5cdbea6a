/** Profile searches as people ask for them: stored, citable, done by a leased job. They speak of one batch only. */
import { parametersDigestOf, Problem, problem } from '../../domain/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Job, JobHandler, JobStore } from '../../platform/jobs/index.ts';
import { findDistance, profilingDigest, readProfiles, recipeFor, samePanel, settingsDigest, settingsFor, type PanelReference, type Profile, type ProfileSettings } from '../../profiling/index.ts';
import { reservedId } from '../access/requests.ts';
import type { Progress } from '../intake/examine.ts';
import { missing, type Records } from '../records/records.ts';
import type { Page, Principal, Provenance } from '../types.ts';
import type { BatchCalibrationList } from './batch-calibrations.ts';
import type { Panels } from './panels.ts';
import { PROFILE_SEARCH_PARAMETERS } from './parameters.ts';
import type { Profiles } from './profiles.ts';
import { type ProfileProbe, type ProfileRunOptions, runProfileSearch } from './run.ts';
import { ProfileSearchStore } from './searches.store.ts';
import { comparable, Spaces, type OpenSpace } from './spaces.ts';
import { ProfileStore } from './store.ts';
import type { ExcludedCandidate, ProfileCandidate, ProfilePlan, ProfileSearch, ProfileSearchRequest, StoredProfile } from './types.ts';
import { windowsFor } from './windows.ts';

export const PROFILE_SEARCH = 'profile-search';

interface ProfileSearchPayload {
  readonly profileSearchId: string;
}

/** A search as it is asked for: what is left out is the panel's default. */
export interface AskedProfileSearch extends Omit<ProfileSearchRequest, 'probe' | 'panel' | 'recipe' | 'distance'> {
  readonly probe: { readonly profileId?: string; readonly profile?: Readonly<Record<string, unknown>> };
  readonly panel?: { readonly id: string; readonly version?: number };
  readonly recipe?: string;
  readonly distance?: string;
}

export interface ProfileSearchDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly provenance: Pick<Provenance, 'engineVersion'>;
  readonly records: Records;
  readonly panels: Panels;
  readonly profiles: Profiles;
  readonly openSpace: OpenSpace;
  readonly batchCalibrations: BatchCalibrationList;
}

export class ProfileSearches {
  readonly #store: ProfileSearchStore;
  readonly #profiles: ProfileStore;
  readonly #with: ProfileSearchDependencies;
  readonly #spaces: Spaces;

  constructor(dependencies: ProfileSearchDependencies) {
    this.#store = new ProfileSearchStore(dependencies.db);
    this.#profiles = new ProfileStore(dependencies.db);
    this.#with = dependencies;
    this.#spaces = new Spaces(this.#profiles, dependencies.openSpace);
  }

  /**
   * Stores the search and queues its work in one transaction.
   * @throws Problem not-found, invalid-request, profile-invalid, profile-settings-invalid
   */
  create(principal: Principal, asked: AskedProfileSearch, reserved?: string): { readonly search: ProfileSearch; readonly job: Job } {
    const { db, clock, jobs } = this.#with;
    const { request, stored } = this.#understood(asked);
    const homeCountry = asked.homeCountry ?? (stored && this.#with.records.seizure(stored.seizureId).country) ?? principal.country;
    if (asked.scope === 'other-countries' && homeCountry === null) throw problem('invalid-request', {}, [{ pointer: '/homeCountry', detail: 'Say which country the probe belongs to: neither its seizure nor the key tells.' }]);
    return db.transaction(() => {
      const id = reservedId('ps', reserved, clock);
      const known = this.#store.search(id);
      if (known) return { search: known, job: jobs.find(known.jobId) ?? missing('the job', known.jobId) };
      const job = jobs.enqueue(PROFILE_SEARCH, { profileSearchId: id } satisfies ProfileSearchPayload, id);
      this.#store.add({ id, keyId: principal.keyId, request, homeCountry, jobId: job.id, createdAt: clock.timestamp() });
      return { search: this.search(id), job };
    });
  }

  search(id: string): ProfileSearch {
    return this.#store.search(id) ?? missing('the profile search', id);
  }

  /** @throws Problem search-unfinished; the search's own problem is on the search */
  candidates(id: string, { limit, cursor }: { limit: number; cursor?: string }): Page<ProfileCandidate> {
    const search = this.search(id);
    if (search.status !== 'done') throw problem('search-unfinished', { job: `/v1/jobs/${search.jobId}`, status: search.status });
    const after = cursor === undefined ? 0 : Number(cursor);
    if (!Number.isInteger(after) || after < 0) throw problem('invalid-request', {}, [{ pointer: '/query/cursor', detail: 'This is no cursor of this list.' }]);
    const rows = this.#store.candidates(search.id, after, limit + 1);
    const items = rows.slice(0, limit).map(({ rank, serial, comparison, evaluation }): ProfileCandidate => ({ rank, comparison, evaluation: evaluation ?? BEFORE, ...this.#found(serial) }));
    return { items, nextCursor: rows.length > limit ? String(items.at(-1)!.rank) : null, count: search.candidateCount };
  }

  /** Those that windows left out, as they are shown. */
  excluded({ serial, ...rest }: ExcludedCandidate): Omit<ExcludedCandidate, 'serial'> & Pick<ProfileCandidate, 'profile' | 'specimen' | 'seizure'> {
    return { ...rest, ...this.#found(serial) };
  }

  storedCount(): number {
    return this.#profiles.count();
  }

  close(): Promise<void> {
    return this.#spaces.close();
  }

  /** The worker's side of `profile-search`. */
  readonly handler: JobHandler<ProfileSearchPayload> = async ({ profileSearchId }, { progress }) => {
    const { clock, records, batchCalibrations, provenance: { engineVersion } } = this.#with;
    const { request, homeCountry } = this.search(profileSearchId);
    const { scope, filter, windows = {}, limit } = request;
    const settings = this.#settings(request.panel, request);
    const probe = this.#probe(request);
    const answer = await runProfileSearch(
      probe,
      { settings, scope: { ...filter, ...(scope === 'other-countries' ? { notCountry: homeCountry! } : {}) }, windows: windowsFor(windows, probe.profile, probe.specimenId, this.#profiles), limit },
      { store: this.#profiles, spaces: this.#spaces, progress },
    );
    const { panel, recipe, distance } = settings;
    const named = ({ id, version }: PanelReference): PanelReference => ({ id, version });
    const digest = settingsDigest(settings);
    const evaluate = batchCalibrations.evaluator(settings, probe.profile, probe.seizureId, { store: this.#profiles, records });
    const candidates = answer.ranked.map(({ serial, comparison }, i) => ({ rank: i + 1, serial, comparison, evaluation: evaluate(serial) }));
    const used = batchCalibrations.find(settings);
    const calibration = used ? { id: used.id, simulated: used.simulated } : null;
    return () => {
      for (const candidate of candidates) this.#store.addCandidate(profileSearchId, candidate);
      this.#store.finish(
        profileSearchId,
        { settings: { panel: named(panel), recipe: named(recipe), distance: named(distance), digest, calibration }, plan: answer.plan, excluded: answer.excluded },
        { engineVersion, parameters: { profiling: profilingDigest, profileSettings: digest, profileSearch: parametersDigestOf('profile-search', PROFILE_SEARCH_PARAMETERS), ...(calibration && { batchCalibration: calibration.id }) } },
        clock.timestamp(),
      );
      return { profileSearchId };
    };
  };

  /** Specimens nearest to a stored profile by its panel's own recipe and distance; nothing is kept of it. @throws Problem profile-settings-invalid, invalid-request for a control sample */
  async nearest(profileId: string, { scope, limit }: Pick<ProfileRunOptions, 'scope' | 'limit'>, progress: Progress): Promise<{ readonly specimenIds: readonly string[]; readonly plan: ProfilePlan }> {
    const { request } = this.#understood({ probe: { profileId }, scope: 'all', limit });
    const { ranked, plan } = await runProfileSearch(this.#probe(request), { settings: this.#settings(request.panel, request), scope, windows: [], limit }, { store: this.#profiles, spaces: this.#spaces, progress: (phase, done, total) => progress(phase, done, total) });
    return { specimenIds: ranked.map(({ serial }) => this.#profiles.specimenOf(serial)), plan };
  }

  /** What is asked, with the panel's defaults written out; what cannot be searched is refused now. */
  #understood({ probe, panel: named, recipe, distance, ...rest }: AskedProfileSearch): { readonly request: ProfileSearchRequest; readonly stored: StoredProfile | undefined } {
    const stored = probe.profileId === undefined ? undefined : this.#with.profiles.profile(probe.profileId);
    const profile = stored?.profile ?? this.#inline(probe.profile!, named);
    const { panel } = this.#with.panels.panel(named?.id ?? profile.panel.id, named === undefined ? profile.panel.version : named.version);
    if (!samePanel(panel, profile.panel)) throw problem('invalid-request', {}, [{ pointer: '/panel', detail: `The probe is of panel ${profile.panel.id}, version ${profile.panel.version}; profiles of two panels are not compared.` }]);
    if (profile.control) throw problem('invalid-request', {}, [{ pointer: '/probe', detail: 'The probe is a control sample; control samples are no evidence.' }]);
    const settings = this.#settings(panel, { recipe, distance });
    const request = { ...rest, probe: stored ? { profileId: stored.id } : { profile }, panel: { id: panel.id, version: panel.version }, recipe: settings.recipe.id, distance: settings.distance.id };
    return { request, stored };
  }

  /** A probe that is no casework. Where only the panel of the search is named, it is of that one. */
  #inline(given: Readonly<Record<string, unknown>>, panel: AskedProfileSearch['panel']): Profile {
    try {
      return readProfiles([{ id: 'probe', ...(panel && { panel }), ...given }], this.#with.panels.known())[0]!;
    } catch (error) {
      throw atProbe(error);
    }
  }

  /** With the figures of a calibration, where there is one of these settings. */
  #settings({ id, version }: PanelReference, { recipe, distance }: { readonly recipe?: string; readonly distance?: string }): ProfileSettings {
    const { panel } = this.#with.panels.panel(id, version);
    const [treatment, measure] = [recipeFor(panel, recipe), findDistance(distance ?? panel.distance)];
    const population = measure && this.#with.batchCalibrations.find({ panel, recipe: treatment, distance: measure })?.population;
    return settingsFor(panel, { recipe, distance, ...(population && { population }) });
  }

  #probe({ probe }: ProfileSearchRequest): ProfileProbe & { readonly seizureId: string | null } {
    if ('profile' in probe) return { profile: probe.profile, specimenId: null, seizureId: null };
    const stored = this.#with.profiles.profile(probe.profileId);
    return { profile: comparable(stored), specimenId: stored.specimenId, seizureId: stored.seizureId };
  }

  #found(serial: number): Pick<ProfileCandidate, 'profile' | 'specimen' | 'seizure'> {
    const { records } = this.#with;
    const profile = this.#profiles.profileBySerial(serial)!;
    return { profile, specimen: records.specimen(profile.specimenId), seizure: records.seizure(profile.seizureId) };
  }
}

/** The pointers of a profile-invalid, moved to where the probe stands in a search. */
function atProbe(error: unknown): unknown {
  if (!(error instanceof Problem) || error.code !== 'profile-invalid') return error;
  return problem('profile-invalid', {}, error.errors.map(({ pointer, detail }) => ({ pointer: `/probe/profile${pointer.replace(/^\/0/, '')}`, detail })));
}

const BEFORE = { uncalibrated: 'The search was made before there were calibrations of batches; search again.' };
