/** Profiles of specimens: read, kept as they were read, given back. */
import { createHash } from 'node:crypto';
import { Problem, problem, type FieldError } from '../../domain/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { findPanel, flagReadings, PANELS, previewTable, readProfiles, readTable, samePanel, type Panel, type PanelReference, type Profile, type ReadingFlag, type ReadTable, type TableDefaults } from '../../profiling/index.ts';
import { missing, type Records } from '../records/records.ts';
import type { Page, Principal, Specimen } from '../types.ts';
import type { Panels } from './panels.ts';
import { ProfileStore } from './store.ts';
import type { ProfileIntake, ProfilePreview, StoredProfile } from './types.ts';
import { comparable } from './spaces.ts';
import { measurementsIn } from './windows.ts';

/** What is sent: a table as it is, or profiles as JSON. */
export type SentProfiles = { readonly table: Uint8Array } | { readonly profiles: readonly unknown[] };

export interface ProfileOptions {
  readonly dryRun: boolean;
  /** Takes what can be read of a table or list that is partly faulty. */
  readonly keepGoing: boolean;
  /** Only this panel is looked for in a table; the bundled ones when none is named: a laboratory's own may know a column by a name that others use for something else. */
  readonly panel?: Partial<PanelReference>;
  readonly defaults: TableDefaults;
}

/** Profiles of a seizure that new ones are looked at beside, at most: the newest. */
const FELLOWS = 200;

interface Read {
  readonly profiles: readonly Profile[];
  readonly preview: ProfilePreview;
}

export class Profiles {
  readonly #store: ProfileStore;
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #records: Records;
  readonly #panels: Panels;

  constructor({ db, clock, records, panels }: { readonly db: Database; readonly clock: Clock; readonly records: Records; readonly panels: Panels }) {
    this.#store = new ProfileStore(db);
    this.#db = db;
    this.#clock = clock;
    this.#records = records;
    this.#panels = panels;
  }

  /**
   * Keeps profiles of one specimen, all in one transaction. The same readings sent again are the profile that is there.
   * @throws Problem not-found, not-allowed; table-unreadable, table-too-large, table-invalid, profile-invalid
   */
  add(principal: Principal, specimenId: string, sent: SentProfiles, options: ProfileOptions): ProfileIntake {
    const specimen = this.#records.ownedSpecimen(principal, specimenId);
    // Rows that name no specimen are of this one, so that they are replicates where nothing else tells them apart.
    const defaults = { ...options.defaults, specimen: specimen.reference ?? specimen.id };
    const { profiles, preview } = this.#read(sent, { ...options, defaults });
    checkOwner(profiles, specimen, 'profiles' in sent);
    if (options.dryRun) return { profiles: [], added: 0, preview };
    return this.#db.transaction(() => {
      const flags = this.#flags(specimen, profiles);
      const kept = profiles.map((profile, i) => this.#keep(principal, specimen, profile, flags[i]!));
      return { profiles: kept.map(({ stored }) => stored), added: kept.filter(({ isNew }) => isNew).length, preview };
    });
  }

  profile(id: string): StoredProfile {
    return this.#store.profile(id) ?? missing('the profile', id);
  }

  /** In the order in which they came; the cursor is the last id of the page before. */
  profilesOfSpecimen(specimenId: string, { limit, cursor }: { limit: number; cursor?: string }): Page<StoredProfile> {
    const { id } = this.#records.specimen(specimenId);
    const after = cursor === undefined ? 0 : this.#store.profile(cursor)?.serial;
    if (after === undefined) throw problem('invalid-request', {}, [{ pointer: '/query/cursor', detail: 'This is no cursor of this list.' }]);
    const found = this.#store.profilesOfSpecimen(id, after, limit + 1);
    const items = found.slice(0, limit);
    return { items, nextCursor: found.length > limit ? items.at(-1)!.id : null };
  }

  #read(sent: SentProfiles, options: ProfileOptions): Read {
    if ('profiles' in sent) return readList(withDefaults(sent.profiles, options.defaults), this.#panels.known(), options);
    const { panel, defaults, dryRun, keepGoing } = options;
    const panels = panel?.id === undefined ? PANELS : [this.#panels.panel(panel.id, panel.version).panel];
    if (dryRun) {
      const preview = previewTable(sent.table, { panels, defaults });
      return { profiles: preview.profiles > 0 ? readTable(sent.table, { panels, defaults, keepGoing: true }).profiles : [], preview: previewOf(preview) };
    }
    const { profiles, ...table } = readTable(sent.table, { panels, defaults, keepGoing });
    return { profiles, preview: previewOf({ ...table, profiles: profiles.length }) };
  }

  /** Flags of each, beside its fellows: what is sent with it, and what its seizure has of its batch already. */
  #flags(specimen: Specimen, profiles: readonly Profile[]): ReadingFlag[][] {
    const flags = profiles.map((): ReadingFlag[] => []);
    for (const panel of panelsOf(profiles, this.#panels.known())) {
      const ours = profiles.flatMap((profile, i) => (samePanel(profile.panel, panel) ? [{ ...profile, id: String(i) }] : []));
      const batches = new Set(ours.flatMap(({ batch }) => batch ?? []));
      const fellows = batches.size === 0 ? [] : this.#store.profilesOfSeizure(specimen.seizureId, panel, FELLOWS).map(comparable).filter(({ batch }) => batch !== undefined && batches.has(batch));
      for (const flag of flagReadings([...ours, ...fellows], panel)) flags[Number(flag.profile)]?.push({ ...flag, profile: profiles[Number(flag.profile)]!.id });
    }
    return flags;
  }

  #keep(principal: Principal, specimen: Specimen, profile: Profile, flags: readonly ReadingFlag[]): { readonly stored: StoredProfile; readonly isNew: boolean } {
    const digest = digestOf(profile);
    const known = this.#store.profileByDigest(specimen.id, digest);
    if (known) return { stored: known, isNew: false };
    const id = this.#clock.newId('pr');
    const serial = this.#store.addProfile({ id, specimenId: specimen.id, seizureId: specimen.seizureId, profile, flags, digest, keyId: principal.keyId, createdAt: this.#clock.timestamp() });
    for (const [measurement, value] of Object.entries(measurementsIn(profile))) this.#store.addMeasurement(serial, specimen.id, measurement as keyof ReturnType<typeof measurementsIn>, value);
    return { stored: this.#store.profile(id)!, isNew: true };
  }
}

/** What the request says of all; the specimen's name is for rows of a table, which have to be told apart. */
function withDefaults(list: readonly unknown[], { specimen: _, ...defaults }: TableDefaults): unknown[] {
  const given = Object.fromEntries(Object.entries(defaults).filter(([, value]) => value !== undefined));
  return list.map((one) => (one !== null && typeof one === 'object' && !Array.isArray(one) ? { ...given, ...one } : one));
}

function previewOf({ form, rows, bad, profiles, flags, panels, layout, delimiter, decimal, columns, faults }: Omit<ReadTable, 'profiles'> & { readonly profiles: number }): ProfilePreview {
  return { form, rows, bad, profiles, flags, panels: panels.map(({ id, version }) => ({ id, version })), table: { layout, delimiter, decimal }, columns, faults };
}

/** Profiles as JSON; with `keepGoing` or in a dry run each is read by itself, so that a faulty one does not hide the others. */
function readList(list: readonly unknown[], known: readonly Panel[], { dryRun, keepGoing }: ProfileOptions): Read {
  const faults: FieldError[] = [];
  let profiles: Profile[] = [];
  try {
    profiles = readProfiles(list, known);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'profile-invalid') throw error;
    faults.push(...error.errors.map(({ pointer, detail }) => ({ pointer: `/profiles${pointer}`, detail })));
    const faulty = new Set(error.errors.map(({ pointer }) => Number(pointer.split('/')[1])));
    const good = list.filter((_, i) => !faulty.has(i));
    // What is wrong with the shape of one hides what is wrong with the readings of others: the good ones are read again.
    profiles = good.length === 0 ? [] : good.flatMap((one, i) => {
      try {
        return readProfiles([one], known);
      } catch (again) {
        if (!(again instanceof Problem)) throw again;
        faults.push(...again.errors.map(({ pointer, detail }) => ({ pointer: `/profiles/${list.indexOf(good[i])}${pointer.replace(/^\/\d+/, '')}`, detail })));
        return [];
      }
    });
    if (!dryRun && !(keepGoing && profiles.length > 0)) throw problem('profile-invalid', {}, faults);
  }
  const panels = panelsOf(profiles, known);
  const flags = panels.flatMap((panel) => flagReadings(profiles.filter((profile) => samePanel(profile.panel, panel)), panel));
  const bad = new Set(faults.map(({ pointer }) => pointer.split('/')[2])).size;
  return { profiles, preview: { form: 'json', rows: list.length, bad, profiles: profiles.length, flags, panels: panels.map(({ id, version }) => ({ id, version })), table: null, columns: [], faults } };
}

const panelsOf = (profiles: readonly Profile[], known: readonly Panel[]): Panel[] => [...new Set(profiles.map(({ panel }) => findPanel(panel, known)!))];

/** Profiles that name a specimen name this one: else somebody's readings would stand under another specimen. */
function checkOwner(profiles: readonly Profile[], specimen: Specimen, isList: boolean): void {
  const names = new Set(profiles.flatMap(({ specimen: name }) => name ?? []));
  const strange = [...names].find((name) => name !== specimen.id && (specimen.reference === null ? names.size > 1 : name !== specimen.reference));
  if (strange === undefined) return;
  const detail = specimen.reference === null ? `It names several specimens (${[...names].slice(0, 5).join(', ')}), and is sent for one.` : `It names the specimen ${strange}; this one is ${specimen.reference}. Send each specimen's own.`;
  throw problem(isList ? 'profile-invalid' : 'table-invalid', isList ? {} : { bad: profiles.filter((profile) => profile.specimen === strange).length, rows: profiles.length }, [{ pointer: isList ? '/profiles' : '/columns', detail }]);
}

/** SHA-256 of all that was stated, in whichever order. */
function digestOf(profile: Profile): string {
  const sorted = (_: string, value: unknown): unknown => (value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value);
  return createHash('sha256').update(JSON.stringify(profile, sorted)).digest('hex');
}
