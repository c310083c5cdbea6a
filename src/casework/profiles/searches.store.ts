/** Profile searches and their candidates in the database. */
import type { Evaluation } from '../../likelihood/index.ts';
import type { ComparedProfiles } from '../../profiling/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Row } from '../rows.ts';
import type { ProblemRecord, Provenance } from '../types.ts';
import type { ProfileAnswerRecord, ProfileSearch, ProfileSearchRequest } from './types.ts';

export interface ProfileCandidateRow {
  readonly rank: number;
  readonly serial: number;
  readonly comparison: ComparedProfiles;
  /** null: of before there were calibrations of batches. */
  readonly evaluation: Evaluation | null;
}

export class ProfileSearchStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add({ id, keyId, request, homeCountry, jobId, createdAt }: Pick<ProfileSearch, 'id' | 'keyId' | 'request' | 'homeCountry' | 'jobId' | 'createdAt'>): void {
    this.#db.prepare('INSERT INTO profile_searches (id, key_id, request, home_country, job_id, created_at) VALUES (?, ?, ?, ?, ?, ?)').run([id, keyId, JSON.stringify(request), homeCountry, jobId, createdAt]);
  }

  search(id: string): ProfileSearch | undefined {
    const row = this.#db.prepare<Row>("SELECT profile_searches.*, (SELECT count(*) FROM profile_candidates WHERE search_id = profile_searches.id) AS candidate_count, (SELECT problem FROM jobs WHERE jobs.id = job_id AND status = 'failed') AS problem FROM profile_searches WHERE id = ?").get([id]);
    if (!row) return undefined;
    const parsed = <Value>(column: string): Value | null => (row[column] === null ? null : (JSON.parse(row[column] as string) as Value));
    return {
      id: row['id'] as string,
      keyId: row['key_id'] as string,
      request: parsed<ProfileSearchRequest>('request')!,
      homeCountry: row['home_country'] as string | null,
      status: row['finished_at'] !== null ? 'done' : row['problem'] !== null ? 'refused' : 'waiting',
      problem: parsed<ProblemRecord>('problem'),
      answer: parsed<ProfileAnswerRecord>('answer'),
      provenance: parsed<Provenance>('provenance'),
      candidateCount: row['candidate_count'] as number,
      jobId: row['job_id'] as string,
      createdAt: row['created_at'] as string,
      finishedAt: row['finished_at'] as string | null,
    };
  }

  finish(id: string, answer: ProfileAnswerRecord, provenance: Provenance, finishedAt: string): void {
    this.#db.prepare('UPDATE profile_searches SET answer = ?, provenance = ?, finished_at = ? WHERE id = ?').run([JSON.stringify(answer), JSON.stringify(provenance), finishedAt, id]);
  }

  addCandidate(searchId: string, { rank, serial, comparison, evaluation }: ProfileCandidateRow): void {
    this.#db.prepare('INSERT INTO profile_candidates (search_id, rank, profile_serial, comparison, evaluation) VALUES (?, ?, ?, ?, ?)').run([searchId, rank, serial, JSON.stringify(comparison), evaluation && JSON.stringify(evaluation)]);
  }

  candidates(searchId: string, afterRank: number, limit: number): ProfileCandidateRow[] {
    return this.#db.prepare<Row>('SELECT * FROM profile_candidates WHERE search_id = ? AND rank > ? ORDER BY rank LIMIT ?').all([searchId, afterRank, limit]).map((row) => ({
      rank: row['rank'] as number, serial: row['profile_serial'] as number, comparison: JSON.parse(row['comparison'] as string) as ComparedProfiles,
      evaluation: row['evaluation'] === null ? null : (JSON.parse(row['evaluation'] as string) as Evaluation),
    }));
  }
}
