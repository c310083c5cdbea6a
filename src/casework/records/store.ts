/** Seizures, exhibits and specimens in the database. */
import { isId, problem } from '../../domain/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Row } from '../rows.ts';
import type { Exhibit, Page, Seizure, Specimen } from '../types.ts';

export interface ListRequest {
  readonly limit: number;
  readonly cursor?: string;
  readonly count?: 'exact';
}

export interface SeizureFilter {
  readonly country?: string;
  readonly drugType?: string;
  readonly reference?: string;
  readonly dateFrom?: string;
  readonly dateTo?: string;
}

/** Conditions joined by AND; null where a value was not given. */
type Conditions = readonly (readonly [clause: string, value: string | undefined])[];

const encodeCursor = (id: string): string => Buffer.from(id).toString('base64url');

function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!isId(id)) throw problem('invalid-request', {}, [{ pointer: '/query/cursor', detail: 'This is no cursor of this list.' }]);
  return id;
}

export class RecordStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  addSeizure(s: Seizure): void {
    this.#db
      .prepare('INSERT INTO seizures (id, country, agency, seized_on, place, drug_type, reference, case_reference, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run([s.id, s.country, s.agency, s.seizedOn, s.place, s.drugType, s.reference, s.caseReference, s.createdAt]);
  }

  seizure(id: string): Seizure | undefined {
    const row = this.#db.prepare<Row>('SELECT * FROM seizures WHERE id = ?').get([id]);
    return row && seizureOf(row);
  }

  seizureByReference(country: string, agency: string, reference: string): Seizure | undefined {
    const row = this.#db.prepare<Row>('SELECT * FROM seizures WHERE country = ? AND agency = ? AND reference = ?').get([country, agency, reference]);
    return row && seizureOf(row);
  }

  seizures(filter: SeizureFilter, request: ListRequest): Page<Seizure> {
    const conditions: Conditions = [
      ['country = ?', filter.country],
      ['drug_type = ?', filter.drugType],
      ['reference = ?', filter.reference],
      ['seized_on >= ?', filter.dateFrom],
      ['seized_on <= ?', filter.dateTo],
    ];
    return this.#page('seizures', conditions, request, seizureOf);
  }

  addExhibit(e: Exhibit): void {
    this.#db.prepare('INSERT INTO exhibits (id, seizure_id, reference, description, created_at) VALUES (?, ?, ?, ?, ?)').run([e.id, e.seizureId, e.reference, e.description, e.createdAt]);
  }

  exhibit(id: string): Exhibit | undefined {
    const row = this.#db.prepare<Row>('SELECT * FROM exhibits WHERE id = ?').get([id]);
    return row && exhibitOf(row);
  }

  exhibits(seizureId: string | undefined, request: ListRequest): Page<Exhibit> {
    return this.#page('exhibits', [['seizure_id = ?', seizureId]], request, exhibitOf);
  }

  addSpecimen(s: Specimen): void {
    this.#db.prepare('INSERT INTO specimens (id, seizure_id, exhibit_id, kind, reference, created_at) VALUES (?, ?, ?, ?, ?, ?)').run([s.id, s.seizureId, s.exhibitId, s.kind, s.reference, s.createdAt]);
  }

  specimen(id: string): Specimen | undefined {
    const row = this.#db.prepare<Row>('SELECT * FROM specimens WHERE id = ?').get([id]);
    return row && specimenOf(row);
  }

  specimenByReference(seizureId: string, reference: string): Specimen | undefined {
    const row = this.#db.prepare<Row>('SELECT * FROM specimens WHERE seizure_id = ? AND reference = ?').get([seizureId, reference]);
    return row && specimenOf(row);
  }

  specimens(filter: { seizureId?: string; exhibitId?: string; reference?: string }, request: ListRequest): Page<Specimen> {
    return this.#page('specimens', [['seizure_id = ?', filter.seizureId], ['exhibit_id = ?', filter.exhibitId], ['reference = ?', filter.reference]], request, specimenOf);
  }

  /** Newest first; the cursor is the last id of the page before. */
  #page<Item extends { readonly id: string }>(table: string, conditions: Conditions, { limit, cursor, count }: ListRequest, read: (row: Row) => Item): Page<Item> {
    const given = conditions.filter(([, value]) => value !== undefined);
    const where = (clauses: string[]): string => (clauses.length > 0 ? ` WHERE ${clauses.join(' AND ')}` : '');
    const clauses = given.map(([clause]) => clause);
    const values = given.map(([, value]) => value!);
    const after = cursor === undefined ? [] : [decodeCursor(cursor)];
    const rows = this.#db.prepare<Row>(`SELECT * FROM ${table}${where(after.length > 0 ? [...clauses, 'id < ?'] : clauses)} ORDER BY id DESC LIMIT ?`).all([...values, ...after, limit + 1]);
    const items = rows.slice(0, limit).map(read);
    const all = count === 'exact' ? { count: (this.#db.prepare(`SELECT count(*) AS n FROM ${table}${where(clauses)}`).get([...values]) as { n: number }).n } : {};
    return { items, nextCursor: rows.length > limit ? encodeCursor(items.at(-1)!.id) : null, ...all };
  }
}

const seizureOf = (row: Row): Seizure => ({
  id: row['id'] as string,
  country: row['country'] as string,
  agency: row['agency'] as string,
  seizedOn: row['seized_on'] as string,
  place: row['place'] as string | null,
  drugType: row['drug_type'] as string | null,
  reference: row['reference'] as string | null,
  caseReference: row['case_reference'] as string | null,
  createdAt: row['created_at'] as string,
});

const exhibitOf = (row: Row): Exhibit => ({
  id: row['id'] as string,
  seizureId: row['seizure_id'] as string,
  reference: row['reference'] as string | null,
  description: row['description'] as string | null,
  createdAt: row['created_at'] as string,
});

const specimenOf = (row: Row): Specimen => ({
  id: row['id'] as string,
  seizureId: row['seizure_id'] as string,
  exhibitId: row['exhibit_id'] as string | null,
  kind: row['kind'] as Specimen['kind'],
  reference: row['reference'] as string | null,
  createdAt: row['created_at'] as string,
});
