/** Puts the services of casework together on one database, vault, queue and engine. */
import { join } from 'node:path';
import { parametersDigestOf } from '../domain/index.ts';
import type { Evidence } from '../evidence/index.ts';
import type { Clock } from '../platform/clock/index.ts';
import type { Configuration } from '../platform/config/index.ts';
import type { Database } from '../platform/database/index.ts';
import type { JobHandlers, JobStore } from '../platform/jobs/index.ts';
import type { Log } from '../platform/log/index.ts';
import type { Vault } from '../platform/vault/index.ts';
import { CandidateIndex, IndexedProfiles } from '../retrieval/index.ts';
import { AccessKeys } from './access/keys.ts';
import { RememberedRequests } from './access/requests.ts';
import type { Calibration } from '../likelihood/index.ts';
import { calibrationText } from './calibrations/tools.ts';
import type { Engine } from './engine.ts';
import { EVALUATION, Evaluations } from './evaluations/evaluations.ts';
import { panelCalibrations } from './evaluations/panel-calibrations.ts';
import { DESIGN_PARAMETERS } from './designs/parameters.ts';
import { Designs, PLACE } from './designs/designs.ts';
import { Examiner, type Follower } from './intake/examine.ts';
import { vectorSource } from './intake/index-source.ts';
import { EXAMINE, Intake } from './intake/intake.ts';
import { IntakeStore } from './intake/store.ts';
import { LINK_SEARCH, LinkSearches } from './link-searches/link-searches.ts';
import type { LoadedCalibrations } from './calibrations/loaded.ts';
import { Pictures } from './pictures.ts';
import { BatchCalibrationList } from './profiles/batch-calibrations.ts';
import { Panels } from './profiles/panels.ts';
import { Profiles } from './profiles/profiles.ts';
import { PROFILE_SEARCH, ProfileSearches } from './profiles/searches.ts';
import { Records } from './records/records.ts';
import { REFRESH, Refresh } from './refresh/refresh.ts';
import { StoredFaces } from './stored-face.ts';
import { SEARCH_PARAMETERS } from './searches/parameters.ts';
import { SEARCH, Searches } from './searches/searches.ts';

export interface CaseworkOptions extends LoadedCalibrations {
  readonly db: Database;
  readonly vault: Vault;
  readonly evidence: Evidence;
  readonly jobs: JobStore;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly log: Log;
  readonly configuration: Pick<Configuration, 'dataFolder' | 'keySecretFile'>;
  readonly version: string;
  readonly calibration: Calibration;
}

export interface Casework {
  readonly keys: AccessKeys;
  readonly requests: RememberedRequests;
  readonly records: Records;
  readonly intake: Intake;
  readonly searches: Searches;
  readonly panels: Panels;
  readonly profiles: Profiles;
  readonly profileSearches: ProfileSearches;
  readonly evaluations: Evaluations;
  readonly linkSearches: LinkSearches;
  readonly batchCalibrations: BatchCalibrationList;
  readonly pictures: Pictures;
  readonly jobs: JobStore;
  readonly vault: Vault;
  readonly index: CandidateIndex;
  /** What stands behind every likelihood ratio, in one sentence. */
  readonly calibration: { readonly id: string; readonly simulated: boolean; readonly text: string };
  /** What the workers do. */
  readonly handlers: JobHandlers;
  /** What must be there for the service to be ready. */
  readonly checks: readonly { readonly name: string; readonly check: () => string | undefined }[];
  /** Numbers an operator watches: name, help, label text -> value. */
  readonly gauges: readonly { readonly name: string; readonly help: string; readonly values: () => Readonly<Record<string, number>> }[];
  close(): Promise<void>;
}

export async function openCasework({ db, vault, evidence, jobs, clock, engine, log, configuration, version, calibration, designCalibration, batchCalibrations: known, linkCalibration }: CaseworkOptions): Promise<Casework> {
  const provenance = { engineVersion: version, parameters: { ...engine.parameters, search: parametersDigestOf('search', SEARCH_PARAMETERS), designs: parametersDigestOf('designs', DESIGN_PARAMETERS), calibration: calibration.id } };
  const source = vectorSource(db, engine);
  const index = await CandidateIndex.open({ source, folder: join(configuration.dataFolder, 'index'), log: (sentence) => log.info(sentence) });
  const records = new Records(db, clock);
  const complain = (error: unknown): void => log.error({ err: error }, 'the index could not follow the database');
  const faces = new StoredFaces(new IntakeStore(db), engine);
  const designs = new Designs({ db, jobs, engine, faces, complain: (error) => log.error({ err: error }, 'a stored face cannot be read: it gets no place on the frame of its design') });
  const follower: Follower = {
    catchUp() {
      designs.queue();
      return index.catchUp();
    },
  };
  const examiner = new Examiner({ db, vault, clock, engine, provenance, follower, complain });
  const intake = new Intake({ db, clock, jobs, evidence, records, examiner });
  const refresh = new Refresh({ db, jobs, vault, engine, provenance, follower, complain });
  const searches = new Searches({ db, clock, jobs, engine, provenance, index, records, intake, examiner, refresh, designs, evidence, calibration });
  const panels = new Panels(db, clock);
  const profiles = new Profiles({ db, clock, records, panels });
  const batchCalibrations = new BatchCalibrationList(known, panels);
  const profileSearches = new ProfileSearches({ db, clock, jobs, provenance, records, panels, profiles, batchCalibrations, openSpace: (settings) => new IndexedProfiles(settings) });
  const ofPanels = panelCalibrations(batchCalibrations.list().map((loaded) => loaded.calibration), () => panels.known());
  const evaluations = new Evaluations({ db, clock, jobs, engine, provenance, records, refresh, calibrations: { designs: designCalibration, tools: calibration, batches: ofPanels, links: linkCalibration } });
  const linkSearches = new LinkSearches({ db, clock, jobs, records, searches, profileSearches, evaluations });
  const photographs = refresh.queue();
  if (photographs > 0) log.info({ photographs }, 'parameters have changed: features and marks of stored faces are made again in the background');
  designs.queue();
  return {
    keys: new AccessKeys(db, clock, configuration),
    requests: new RememberedRequests(db, clock),
    records,
    intake,
    searches,
    panels,
    profiles,
    profileSearches,
    evaluations,
    linkSearches,
    batchCalibrations,
    pictures: new Pictures(db, vault, engine),
    jobs,
    vault,
    index,
    calibration: { id: calibration.id, simulated: calibration.simulated, text: calibrationText(calibration) },
    handlers: { [EXAMINE]: intake.handler, [SEARCH]: searches.handler, [REFRESH]: refresh.handler, [PLACE]: designs.handler, [PROFILE_SEARCH]: profileSearches.handler, [EVALUATION]: evaluations.handler, [LINK_SEARCH]: linkSearches.handler },
    checks: [
      { name: 'database', check: () => (db.isOpen ? undefined : 'the database is closed') },
      { name: 'index', check: () => (index.watermark === source.watermark() ? undefined : 'the index follows the database') },
    ],
    gauges: [
      { name: 'relievo_jobs', help: 'Jobs by status.', values: () => Object.fromEntries(Object.entries<number>(jobs.counts()).map(([status, n]) => [`status="${status}"`, n])) },
      { name: 'relievo_index_faces', help: 'Faces in the index.', values: () => ({ '': index.count }) },
      { name: 'relievo_index_lag', help: 'Database changes the index does not hold yet.', values: () => ({ '': source.watermark() - index.watermark }) },
      { name: 'relievo_stale_faces', help: 'Faces whose features or marks are of other parameters than the running ones.', values: () => ({ '': refresh.staleFaces() }) },
      { name: 'relievo_unplaced_faces', help: 'Faces that wait for a place on the frame of their design.', values: () => ({ '': designs.unplacedCount() }) },
      { name: 'relievo_profiles', help: 'Stored profiles.', values: () => ({ '': profileSearches.storedCount() }) },
      { name: 'relievo_images', help: 'Sealed originals.', values: () => ({ '': evidence.images.count() }) },
    ],
    async close() {
      await profileSearches.close();
      await index.close();
    },
  };
}
