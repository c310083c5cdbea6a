/** Panels, profiles and the sizes of specimens in the database. */
import type { Database } from '../../platform/database/index.ts';
import type { Panel, PanelReference, Profile, ReadingFlag } from '../../profiling/index.ts';
import type { Row } from '../rows.ts';
import { scopeConditions, type FaceScope } from '../searches/store.ts';
import type { Measurement, StoredPanel, StoredProfile } from './types.ts';

export interface NewStoredProfile extends Omit<StoredProfile, 'serial'> {
  readonly digest: string;
  readonly keyId: string;
}

export class ProfileStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  addPanel({ panel, owner, keyId }: StoredPanel & { readonly owner: NonNullable<StoredPanel['owner']>; readonly keyId: string }): void {
    this.#db.prepare('INSERT INTO panels (id, version, panel, agency, country, key_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)').run([panel.id, panel.version, JSON.stringify(panel), owner.agency, owner.country, keyId, owner.createdAt]);
  }

  panels(): StoredPanel[] {
    return this.#db.prepare<Row>('SELECT * FROM panels ORDER BY id, version').all().map((row) => ({
      panel: JSON.parse(row['panel'] as string) as Panel,
      owner: { agency: row['agency'] as string, country: row['country'] as string | null, createdAt: row['created_at'] as string },
    }));
  }

  /** @returns its serial */
  addProfile(p: NewStoredProfile): number {
    const { panel } = p.profile;
    const row = this.#db
      .prepare<{ serial: number }>('INSERT INTO profiles (id, specimen_id, seizure_id, panel_id, panel_version, digest, profile, flags, key_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING serial')
      .get([p.id, p.specimenId, p.seizureId, panel.id, panel.version, p.digest, JSON.stringify(p.profile), JSON.stringify(p.flags), p.keyId, p.createdAt]);
    return row!.serial;
  }

  addMeasurement(serial: number, specimenId: string, measurement: Measurement, value: number): void {
    this.#db.prepare('INSERT INTO specimen_measurements (profile_serial, specimen_id, measurement, value) VALUES (?, ?, ?, ?)').run([serial, specimenId, measurement, value]);
  }

  profile(id: string): StoredProfile | undefined {
    const row = this.#db.prepare<Row>('SELECT * FROM profiles WHERE id = ?').get([id]);
    return row && profileOf(row);
  }

  profileBySerial(serial: number): StoredProfile | undefined {
    const row = this.#db.prepare<Row>('SELECT * FROM profiles WHERE serial = ?').get([serial]);
    return row && profileOf(row);
  }

  profileByDigest(specimenId: string, digest: string): StoredProfile | undefined {
    const row = this.#db.prepare<Row>('SELECT * FROM profiles WHERE specimen_id = ? AND digest = ?').get([specimenId, digest]);
    return row && profileOf(row);
  }

  /** In the order in which they came. */
  profilesOfSpecimen(specimenId: string, afterSerial: number, limit: number): StoredProfile[] {
    return this.#db.prepare<Row>('SELECT * FROM profiles WHERE specimen_id = ? AND serial > ? ORDER BY serial LIMIT ?').all([specimenId, afterSerial, limit]).map(profileOf);
  }

  /** The newest profiles of a seizure and panel. */
  profilesOfSeizure(seizureId: string, { id, version }: PanelReference, limit: number): StoredProfile[] {
    return this.#db.prepare<Row>('SELECT * FROM profiles WHERE seizure_id = ? AND panel_id = ? AND panel_version = ? ORDER BY serial DESC LIMIT ?').all([seizureId, id, version, limit]).map(profileOf);
  }

  /** The next profiles of a panel, in the order of their serials. */
  profilesAfter({ id, version }: PanelReference, serial: number, limit: number): StoredProfile[] {
    return this.#db.prepare<Row>('SELECT * FROM profiles WHERE panel_id = ? AND panel_version = ? AND serial > ? ORDER BY serial LIMIT ?').all([id, version, serial, limit]).map(profileOf);
  }

  count(): number {
    return this.#db.prepare<{ n: number }>('SELECT count(*) AS n FROM profiles').get()!.n;
  }

  ownSerials(specimenId: string, { id, version }: PanelReference): number[] {
    return this.#db.prepare<{ serial: number }>('SELECT serial FROM profiles WHERE specimen_id = ? AND panel_id = ? AND panel_version = ?').all([specimenId, id, version]).map(({ serial }) => serial);
  }

  specimenOf(serial: number): string {
    return this.#db.prepare<{ specimen_id: string }>('SELECT specimen_id FROM profiles WHERE serial = ?').get([serial])!.specimen_id;
  }

  /** Serials of the panel's profiles that a scope lets pass; undefined when it lets all pass. */
  serialsIn({ id, version }: PanelReference, scope: FaceScope): number[] | undefined {
    const conditions = scopeConditions(scope, 'specimens.kind');
    if (conditions.length === 0) return undefined;
    const clauses = ['panel_id = ?', 'panel_version = ?', ...conditions.map(([clause]) => clause)];
    const sql = `SELECT profiles.serial FROM profiles JOIN seizures ON seizures.id = profiles.seizure_id JOIN specimens ON specimens.id = profiles.specimen_id WHERE ${clauses.join(' AND ')}`;
    return this.#db.prepare<{ serial: number }>(sql).all([id, version, ...conditions.flatMap(([, values]) => values)]).map(({ serial }) => serial);
  }

  serialsOf({ id, version }: PanelReference): number[] {
    return this.#db.prepare<{ serial: number }>('SELECT serial FROM profiles WHERE panel_id = ? AND panel_version = ?').all([id, version]).map(({ serial }) => serial);
  }

  /** Serials of the panel's profiles of specimens whose measurement is known and all further than `largest` from `probe`. */
  serialsOutside({ id, version }: PanelReference, measurement: Measurement, probe: number, largest: number): number[] {
    return this.#db
      .prepare<{ serial: number }>('SELECT serial FROM profiles WHERE panel_id = ? AND panel_version = ? AND specimen_id IN (SELECT specimen_id FROM specimen_measurements WHERE measurement = ? GROUP BY specimen_id HAVING min(abs(value - ?)) > ?)')
      .all([id, version, measurement, probe, largest])
      .map(({ serial }) => serial);
  }

  /** Of a specimen, in the order in which they came. */
  measurementsOf(specimenId: string, measurement: Measurement): number[] {
    return this.#db.prepare<{ value: number }>('SELECT value FROM specimen_measurements WHERE measurement = ? AND specimen_id = ? ORDER BY profile_serial').all([measurement, specimenId]).map(({ value }) => value);
  }
}

const profileOf = (row: Row): StoredProfile => ({
  id: row['id'] as string,
  serial: row['serial'] as number,
  specimenId: row['specimen_id'] as string,
  seizureId: row['seizure_id'] as string,
  profile: JSON.parse(row['profile'] as string) as Profile,
  flags: JSON.parse(row['flags'] as string) as ReadingFlag[],
  createdAt: row['created_at'] as string,
});
