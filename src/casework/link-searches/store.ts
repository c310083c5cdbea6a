/** Searches for links and their candidates in the database. */
import type { Database } from '../../platform/database/index.ts';
import type { Row } from '../rows.ts';
import type { ProblemRecord, Provenance } from '../types.ts';
import type { FoundPlace, LinkEvidence, LinkPlan, LinkSearch, LinkSearchRequest, RankedLink } from './types.ts';

export interface LinkCandidateRow extends RankedLink {
  readonly rank: number;
}

export class LinkSearchStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add({ id, keyId, request, homeCountry, jobId, createdAt }: Pick<LinkSearch, 'id' | 'keyId' | 'request' | 'homeCountry' | 'jobId' | 'createdAt'>): void {
    this.#db.prepare('INSERT INTO link_searches (id, key_id, request, home_country, job_id, created_at) VALUES (?, ?, ?, ?, ?, ?)').run([id, keyId, JSON.stringify(request), homeCountry, jobId, createdAt]);
  }

  search(id: string): LinkSearch | undefined {
    const row = this.#db.prepare<Row>("SELECT link_searches.*, (SELECT count(*) FROM link_candidates WHERE search_id = link_searches.id) AS candidate_count, (SELECT problem FROM jobs WHERE jobs.id = job_id AND status = 'failed') AS problem FROM link_searches WHERE id = ?").get([id]);
    if (!row) return undefined;
    const parsed = <Value>(column: string): Value | null => (row[column] === null ? null : (JSON.parse(row[column] as string) as Value));
    return {
      id: row['id'] as string,
      keyId: row['key_id'] as string,
      request: parsed<LinkSearchRequest>('request')!,
      homeCountry: row['home_country'] as string,
      status: row['finished_at'] !== null ? 'done' : row['problem'] !== null ? 'refused' : 'waiting',
      problem: parsed<ProblemRecord>('problem'),
      plan: parsed<LinkPlan>('plan'),
      provenance: parsed<Provenance>('provenance'),
      candidateCount: row['candidate_count'] as number,
      jobId: row['job_id'] as string,
      createdAt: row['created_at'] as string,
      finishedAt: row['finished_at'] as string | null,
    };
  }

  finish(id: string, plan: LinkPlan, provenance: Provenance, finishedAt: string): void {
    this.#db.prepare('UPDATE link_searches SET plan = ?, provenance = ?, finished_at = ? WHERE id = ?').run([JSON.stringify(plan), JSON.stringify(provenance), finishedAt, id]);
  }

  addCandidate(searchId: string, { rank, specimenId, foundBy, evidence }: LinkCandidateRow): void {
    this.#db.prepare('INSERT INTO link_candidates (search_id, rank, specimen_id, found_by, evidence) VALUES (?, ?, ?, ?, ?)').run([searchId, rank, specimenId, JSON.stringify(foundBy), JSON.stringify(evidence)]);
  }

  candidates(searchId: string, afterRank: number, limit: number): LinkCandidateRow[] {
    return this.#db.prepare<Row>('SELECT * FROM link_candidates WHERE search_id = ? AND rank > ? ORDER BY rank LIMIT ?').all([searchId, afterRank, limit]).map((row) => ({
      rank: row['rank'] as number,
      specimenId: row['specimen_id'] as string,
      foundBy: JSON.parse(row['found_by'] as string) as FoundPlace[],
      evidence: JSON.parse(row['evidence'] as string) as LinkEvidence,
    }));
  }
}
