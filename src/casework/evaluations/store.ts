/** Evaluations in the database, and what two sides hold. */
import type { Database } from '../../platform/database/index.ts';
import type { Row } from '../rows.ts';
import type { ProblemRecord, Provenance } from '../types.ts';
import type { EvaluationAnswer, EvaluationRequest, EvaluationSide, StoredEvaluation } from './types.ts';

export class EvaluationStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add({ id, keyId, request, jobId, createdAt }: Pick<StoredEvaluation, 'id' | 'keyId' | 'request' | 'jobId' | 'createdAt'>): void {
    this.#db.prepare('INSERT INTO evaluations (id, key_id, request, job_id, created_at) VALUES (?, ?, ?, ?, ?)').run([id, keyId, JSON.stringify(request), jobId, createdAt]);
  }

  evaluation(id: string): StoredEvaluation | undefined {
    const row = this.#db.prepare<Row>("SELECT evaluations.*, (SELECT problem FROM jobs WHERE jobs.id = job_id AND status = 'failed') AS problem FROM evaluations WHERE id = ?").get([id]);
    if (!row) return undefined;
    const parsed = <Value>(column: string): Value | null => (row[column] === null ? null : (JSON.parse(row[column] as string) as Value));
    return {
      id: row['id'] as string,
      keyId: row['key_id'] as string,
      request: parsed<EvaluationRequest>('request')!,
      status: row['finished_at'] !== null ? 'done' : row['problem'] !== null ? 'refused' : 'waiting',
      problem: parsed<ProblemRecord>('problem'),
      answer: parsed<EvaluationAnswer>('answer'),
      provenance: parsed<Provenance>('provenance'),
      jobId: row['job_id'] as string,
      createdAt: row['created_at'] as string,
      finishedAt: row['finished_at'] as string | null,
    };
  }

  finish(id: string, answer: EvaluationAnswer, provenance: Provenance, finishedAt: string): void {
    this.#db.prepare('UPDATE evaluations SET answer = ?, provenance = ?, finished_at = ? WHERE id = ?').run([JSON.stringify(answer), JSON.stringify(provenance), finishedAt, id]);
  }

  /** The specimens of a side in the order of their registration. */
  specimenIds(side: EvaluationSide): string[] {
    if ('specimenId' in side) return [side.specimenId];
    return this.#db.prepare<{ id: string }>('SELECT id FROM specimens WHERE seizure_id = ? ORDER BY id').all([side.seizureId]).map(({ id }) => id);
  }

  faceSerials(specimenId: string): number[] {
    return this.#db.prepare<{ serial: number }>('SELECT serial FROM faces WHERE specimen_id = ? ORDER BY serial').all([specimenId]).map(({ serial }) => serial);
  }

  /** Of its own profiles; control samples are none. */
  panelIds(specimenId: string): string[] {
    return this.#db.prepare<{ panel_id: string }>("SELECT DISTINCT panel_id FROM profiles WHERE specimen_id = ? AND NOT json_extract(profile, '$.control') ORDER BY panel_id").all([specimenId]).map((row) => row.panel_id);
  }

  /** The newest comparison of two faces, whichever was searched with. */
  comparisonOf(faceId: string, otherId: string): string | null {
    const one = this.#db.prepare<{ comparison_id: string }>(
      'SELECT comparison_id FROM search_candidates JOIN searches ON searches.id = search_id WHERE probe_face_id = ? AND face_serial = (SELECT serial FROM faces WHERE id = ?) ORDER BY search_id DESC LIMIT 1',
    );
    return (one.get([faceId, otherId]) ?? one.get([otherId, faceId]))?.comparison_id ?? null;
  }
}
