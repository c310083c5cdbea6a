/** Searches, their candidates, and which faces a filter lets pass. */
import type { DesignComparison } from '../../comparison/index.ts';
import type { Database, SqlValue } from '../../platform/database/index.ts';
import type { Row } from '../rows.ts';
import type { ProblemRecord, Provenance } from '../types.ts';
import type { AnsweredPlan, Search, SearchFilter, SearchRequest, ToolEvidence } from './types.ts';

export interface FaceScope extends SearchFilter {
  /** Only faces of seizures in other countries than this one. */
  readonly notCountry?: string;
}

/** What a shortlist needs to know of a face to group and leave out. */
export interface FacePlace {
  readonly serial: number;
  readonly specimenId: string;
  readonly imageSha256: string;
}

export interface CandidateRow {
  readonly rank: number;
  readonly comparisonId: string;
  readonly searchId: string;
  readonly serial: number;
  readonly comparison: DesignComparison;
  readonly tool: ToolEvidence;
}

export class SearchStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(search: Search): void {
    this.#db
      .prepare('INSERT INTO searches (id, key_id, request, home_country, photograph_id, probe_face_id, job_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run([search.id, search.keyId, JSON.stringify(search.request), search.homeCountry, search.photographId, search.probeFaceId, search.jobId, search.createdAt]);
  }

  search(id: string): Search | undefined {
    const row = this.#db.prepare<Row>("SELECT searches.*, (SELECT count(*) FROM search_candidates WHERE search_id = searches.id) AS candidate_count, (SELECT problem FROM jobs WHERE jobs.id = job_id AND status = 'failed') AS problem FROM searches WHERE id = ?").get([id]);
    if (!row) return undefined;
    const parsed = <Value>(column: string): Value | null => (row[column] === null ? null : (JSON.parse(row[column] as string) as Value));
    return {
      id: row['id'] as string,
      keyId: row['key_id'] as string,
      request: parsed<SearchRequest>('request')!,
      homeCountry: row['home_country'] as string | null,
      photographId: row['photograph_id'] as string | null,
      probeFaceId: row['probe_face_id'] as string | null,
      status: row['finished_at'] !== null ? 'done' : row['problem'] !== null ? 'refused' : 'waiting',
      problem: parsed<ProblemRecord>('problem'),
      plan: parsed<AnsweredPlan>('plan'),
      provenance: parsed<Provenance>('provenance'),
      candidateCount: row['candidate_count'] as number,
      jobId: row['job_id'] as string,
      createdAt: row['created_at'] as string,
      finishedAt: row['finished_at'] as string | null,
    };
  }

  finish(id: string, answer: { probeFaceId: string; plan: AnsweredPlan; provenance: Provenance; finishedAt: string }): void {
    this.#db.prepare('UPDATE searches SET probe_face_id = ?, plan = ?, provenance = ?, finished_at = ? WHERE id = ?').run([answer.probeFaceId, JSON.stringify(answer.plan), JSON.stringify(answer.provenance), answer.finishedAt, id]);
  }

  addCandidate(row: CandidateRow): void {
    this.#db.prepare('INSERT INTO search_candidates (search_id, rank, comparison_id, face_serial, comparison, tool) VALUES (?, ?, ?, ?, ?, ?)').run([row.searchId, row.rank, row.comparisonId, row.serial, JSON.stringify(row.comparison), JSON.stringify(row.tool)]);
  }

  candidates(searchId: string, afterRank: number, limit: number): CandidateRow[] {
    return this.#db.prepare<Row>('SELECT * FROM search_candidates WHERE search_id = ? AND rank > ? ORDER BY rank LIMIT ?').all([searchId, afterRank, limit]).map(candidateOf);
  }

  comparison(id: string): CandidateRow | undefined {
    const row = this.#db.prepare<Row>('SELECT * FROM search_candidates WHERE comparison_id = ?').get([id]);
    return row && candidateOf(row);
  }

  place(serial: number): FacePlace | undefined {
    const row = this.#db.prepare<{ specimen_id: string; image_sha256: string }>('SELECT specimen_id, image_sha256 FROM faces WHERE serial = ? AND specimen_id IS NOT NULL').get([serial]);
    return row && { serial, specimenId: row.specimen_id, imageSha256: row.image_sha256 };
  }

  /** Faces of casework that would tell nothing: those of the same specimen or the same image. */
  ownSerials(imageSha256: string, specimenId: string | null): number[] {
    return this.#db.prepare<{ serial: number }>('SELECT serial FROM faces WHERE (image_sha256 = ? OR specimen_id = ?) AND specimen_id IS NOT NULL').all([imageSha256, specimenId]).map((row) => row.serial);
  }

  /** Serials of the faces a scope lets pass, or undefined when it lets all pass. */
  serialsIn(scope: FaceScope): number[] | undefined {
    const conditions = scopeConditions(scope, 'faces.kind');
    if (conditions.length === 0) return undefined;
    const sql = `SELECT faces.serial FROM faces JOIN seizures ON seizures.id = faces.seizure_id WHERE ${conditions.map(([clause]) => clause).join(' AND ')}`;
    return this.#db.prepare<{ serial: number }>(sql).all(conditions.flatMap(([, values]) => values)).map((row) => row.serial);
  }
}

const candidateOf = (row: Row): CandidateRow => ({
  rank: row['rank'] as number,
  comparisonId: row['comparison_id'] as string,
  searchId: row['search_id'] as string,
  serial: row['face_serial'] as number,
  comparison: JSON.parse(row['comparison'] as string) as DesignComparison,
  // searches of before tools were compared have none
  tool: row['tool'] === null ? { outcome: 'not-asked' } : (JSON.parse(row['tool'] as string) as ToolEvidence),
});

/** What a scope asks of a seizure and of a kind of specimen: clauses to be joined by AND, each with its values. */
export function scopeConditions(scope: FaceScope, kindColumn: string): [string, SqlValue[]][] {
  const countries = scope.countries ?? [];
  const conditions: [string, SqlValue[]][] = [];
  if (countries.length > 0) conditions.push([`seizures.country IN (${countries.map(() => '?').join(', ')})`, [...countries]]);
  if (scope.notCountry !== undefined) conditions.push(['seizures.country <> ?', [scope.notCountry]]);
  if (scope.drugType !== undefined) conditions.push(['seizures.drug_type = ?', [scope.drugType]]);
  if (scope.dateFrom !== undefined) conditions.push(['seizures.seized_on >= ?', [scope.dateFrom]]);
  if (scope.dateTo !== undefined) conditions.push(['seizures.seized_on <= ?', [scope.dateTo]]);
  if (scope.kind !== undefined) conditions.push([`${kindColumn} = ?`, [scope.kind]]);
  return conditions;
}
